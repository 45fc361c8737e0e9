"""The blueprint of `/pratiques`, and what its answers share."""

from flask import Blueprint, Response, current_app

bp = Blueprint("practices", __name__, url_prefix="/pratiques")


def site() -> str:
    """Where the portal is, for links that leave it."""
    address: str = current_app.config["SETTINGS"].url
    return address


def as_file(text: str, media_type: str, name: str) -> Response:
    """A file to keep, which no search engine lists."""
    answer = Response(text, content_type=f"{media_type}; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
