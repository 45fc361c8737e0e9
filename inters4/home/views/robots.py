"""What robots and browsers ask for by habit."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from inters4.core.web.assets import static_url
from inters4.core.web.requests import public
from inters4.home.views.blueprint import bp


@bp.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """What robots need not read."""
    text = f"User-agent: *\nDisallow: {url_for('members.sign_in')}\n"
    return text, 200, {"Content-Type": "text/plain; charset=utf-8"}


@bp.get("/favicon.ico")
@public
def favicon() -> ResponseReturnValue:
    """The icon, for browsers that ask without reading the page."""
    return redirect(static_url("favicon.svg"), code=302)
