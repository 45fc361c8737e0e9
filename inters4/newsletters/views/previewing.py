"""`/infolettres/NEWSLETTER/NUMBER/apercu`: the very message, as readers of mail will show it."""

from flask import Response, abort, current_app, g, render_template, request
from flask.typing import ResponseReturnValue

from inters4.core.db import reading
from inters4.core.mail.render import Rendered
from inters4.core.web.requests import signed_in, site, viewer
from inters4.newsletters.exports.citations import path_of
from inters4.newsletters.exports.message import MessageParts, Places, assemble, parts_of
from inters4.newsletters.exports.message.assembling import is_touched
from inters4.newsletters.models import Issue
from inters4.newsletters.queries.composing import find_to_compose
from inters4.newsletters.services.composing import THEMES
from inters4.newsletters.views.blueprint import bp
from inters4.newsletters.views.wording import STATES
from inters4.vocabulary.queries import vocabulary

FORMS = ("large", "etroit", "sombre", "texte")
_DARK = "@media (prefers-color-scheme: dark)"
_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; sandbox allow-popups"
)


@bp.get("/<newsletter_id>/<int:number>/apercu")
@signed_in
def preview(newsletter_id: str, number: int) -> ResponseReturnValue:
    """The message in one of its forms, as everyone or whoever wants a theme receives it."""
    asked = request.args.get("forme", "")
    with reading() as session:
        g.session = session
        issue = find_to_compose(session, newsletter_id, number, viewer=viewer()) or abort(404)
        parts = parts_of(session, issue, settings=current_app.config["SETTINGS"])
        themes = [(one.entry.id, one.entry.label()) for one in vocabulary(session).tree(THEMES)]
        wanted = request.args.get("theme", "")
        theme = wanted if wanted in dict(themes) else ""
        return render_template(
            "newsletters/desk/preview.html",
            issue=issue,
            form=asked if asked in FORMS else FORMS[0],
            made=_made(parts, issue, theme),
            parts=parts,
            themes=themes,
            theme=theme,
            is_same=not is_touched(parts, (theme,)),
            states=STATES,
        )


@bp.get("/<newsletter_id>/<int:number>/apercu/message")
@signed_in
def message(newsletter_id: str, number: int) -> ResponseReturnValue:
    """The HTML of the message alone, for a frame of the portal; nothing in it runs."""
    with reading() as session:
        issue = find_to_compose(session, newsletter_id, number, viewer=viewer()) or abort(404)
        parts = parts_of(session, issue, settings=current_app.config["SETTINGS"])
    made = _made(parts, issue, request.args.get("theme", ""))
    medium = "@media all" if request.args.get("teinte") == "sombre" else "@media not all"
    html = made.html.replace(_DARK, medium, 1)
    html = html.replace("<head>", '<head><base target="_blank">', 1)
    answer = Response(html, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = _POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def _made(parts: MessageParts, issue: Issue, theme: str) -> Rendered:
    """The message as it comes to whoever wants this theme first; to everyone without one."""
    page = site() + path_of(issue)
    places = Places(unsubscribe=page, preferences=page, web=page)
    return assemble(parts, wanted=(theme,) if theme else (), places=places)
