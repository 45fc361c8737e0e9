"""« Boîte d'envoi »: in a demonstration, whoever is there reads the letters that would have left.

These pages do not exist in a real database, whatever its settings.
"""

import re
from pathlib import Path

from flask import Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from inters4.core.web.requests import public, site
from inters4.members.queries.outgoing import find_letter, list_letters
from inters4.members.views import demo
from inters4.members.views.sign_in import bp

_LINK = re.compile(r"https?://[^\s<>\"]+")
_STYLED = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups"


@bp.get("/demonstration/courriels")
@public
def outgoing() -> ResponseReturnValue:
    """The latest letters."""
    return render_template("members/outgoing.html", letters=list_letters(_folder()))


@bp.get("/demonstration/courriels/<name>")
@public
def outgoing_letter(name: str) -> ResponseReturnValue:
    """One letter: its text, and its links to follow here."""
    letter = find_letter(_folder(), name) or abort(404)
    here = site() + "/"
    links = dict.fromkeys(link for link in _LINK.findall(letter.text) if link.startswith(here))
    return render_template(
        "members/outgoing_letter.html",
        letter=letter,
        links=[link.removeprefix(site()) for link in links if link != here],
    )


@bp.get("/demonstration/courriels/<name>.html")
@public
def outgoing_html(name: str) -> ResponseReturnValue:
    """The same letter as a mail program draws it, in a page that runs and loads nothing."""
    letter = find_letter(_folder(), name) or abort(404)
    response = Response(letter.html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = _STYLED
    return response


def _folder() -> Path:
    if not demo.database_is_demo():
        abort(404)
    data: Path = current_app.config["SETTINGS"].data_dir
    return data / "courriels"
