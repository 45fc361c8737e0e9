"""Files that wait for a proof: the page that holds the link comes back, and the file starts there.

A browser that saves a file stays where it was: on the question about the password, when that is
what led to the file. So the answer to a proof is the page with the link; it says that the file
starts, gives its address, and a header makes the browser fetch it, without any script.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, flash, g, redirect
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.urls import iri_to_uri

View = TypeVar("View", bound=Callable[..., Any])
CATEGORY = "download"


def gives_file(view: View) -> View:
    """Stands just above the function: what it answers is saved, not shown."""
    view.gives_file = True  # type: ignore[attr-defined]
    return view


def go_on(target: str) -> ResponseReturnValue:
    """Lead to `target` once who asks was proved; when it is a file, to the page that offers it."""
    holder = _holder_of(target)
    if holder is None:
        return redirect(target, code=303)
    flash(target, CATEGORY)
    return redirect(holder, code=303)


def install(app: Flask) -> None:
    """Let a page start a file, once it is drawn."""
    app.jinja_env.globals["start_download"] = _start
    app.after_request(_fetch)


def _holder_of(target: str) -> str | None:
    """The page whose address is that of the file without its ending; None for what is no file."""
    parts = urlsplit(target)
    endpoint = _endpoint(parts.path)
    if not getattr(current_app.view_functions.get(endpoint), "gives_file", False):
        return None
    page = parts.path.rpartition(".")[0]
    if not _endpoint(page):
        return None
    return f"{page}?{parts.query}" if parts.query else page


def _endpoint(path: str) -> str:
    try:
        endpoint, _values = current_app.url_map.bind("").match(path, "GET")
    except (HTTPException, RequestRedirect):
        return ""
    return str(endpoint)


def _start(address: str) -> str:
    """The address of a file that the page being drawn offers: the browser fetches it at once."""
    g.starting_download = address
    return address


def _fetch(response: Response) -> Response:
    address = g.pop("starting_download", "")
    if address:
        response.headers["Refresh"] = f"0; url={iri_to_uri(address)}"
    return response
