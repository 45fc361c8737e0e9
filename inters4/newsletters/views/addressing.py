"""`/infolettres/NEWSLETTER/NUMBER/composer/destinataires`: to whom an issue goes.

The count follows what is ticked; without JavaScript a button asks for it. Nothing is kept before
« Enregistrer ».
"""

from collections.abc import Mapping
from typing import Any

from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _
from inters4.core.web.requests import is_htmx, request_id, signed_in, viewer
from inters4.newsletters.exports.audience import PARTS, Choices, offered, told
from inters4.newsletters.models import Issue
from inters4.newsletters.queries.audience import count_audience
from inters4.newsletters.queries.composing import find_to_compose
from inters4.newsletters.services.addressing import audience_mark, set_audience
from inters4.newsletters.services.life import may_write
from inters4.newsletters.views.blueprint import bp

_COUNT = "compter"


@bp.get("/<newsletter_id>/<int:number>/composer/destinataires")
@signed_in
def addressing(newsletter_id: str, number: int) -> ResponseReturnValue:
    """The form, as the draft is."""
    return _page(newsletter_id, number)


@bp.post("/<newsletter_id>/<int:number>/composer/destinataires")
@signed_in
def save_audience(newsletter_id: str, number: int) -> ResponseReturnValue:
    """Keep what was ticked; or count it only."""
    if request.form.get("geste") == _COUNT:
        return _page(newsletter_id, number, is_typed=True)
    try:
        with writing() as session:
            found = find_to_compose(session, newsletter_id, number, viewer=viewer(), is_locked=True)
            issue = found or abort(404)
            set_audience(
                session,
                issue,
                _typed(issue, _offered(session)),
                seen=request.form.get("vu", ""),
                by=viewer(),
                request_id=request_id(),
            )
    except Conflict as refusal:
        return _page(newsletter_id, number, is_typed=True, refusal=refusal)
    flash(_("Les destinataires sont enregistrés."), "success")
    at = url_for(".compose", newsletter_id=newsletter_id, number=number, _anchor="destinataires")
    return redirect(at, 303)


def _offered(session: Session) -> Mapping[str, Choices]:
    return offered(session, current_app.config["SETTINGS"].languages)


def _typed(issue: Issue, choices: Mapping[str, Choices]) -> dict[str, list[str]]:
    """What was ticked of what there is, or was there already."""
    return {
        part: [
            one
            for one in request.form.getlist(part)
            if one in dict(choices[part]) or one in issue.audience.get(part, ())
        ]
        for part in PARTS
    }


def _page(
    newsletter_id: str,
    number: int,
    *,
    is_typed: bool = False,
    refusal: DomainError | None = None,
) -> ResponseReturnValue:
    at: dict[str, Any] = {"newsletter_id": newsletter_id, "number": number}
    with reading() as session:
        g.session = session
        issue = find_to_compose(session, newsletter_id, number, viewer=viewer()) or abort(404)
        if not may_write(issue, by=viewer()) or issue.erratum_of_id is not None:
            flash(refusal.message if refusal else _("Ses destinataires ne se changent pas."))
            return redirect(url_for(".approval", **at), 303)
        choices = _offered(session)
        chosen = _typed(issue, choices) if is_typed else issue.audience
        moment = now()
        part = is_htmx() and request.method == "POST"
        body = render_template(
            "newsletters/desk/_audience_count.html" if part else "newsletters/desk/audience.html",
            issue=issue,
            parts=[
                (name, label(), _with_kept(choices[name], issue.audience.get(name, ())))
                for name, label in PARTS.items()
            ],
            chosen=chosen,
            mark=audience_mark(issue),
            count=count_audience(session, issue, at=moment, audience=chosen),
            everyone=count_audience(session, issue, at=moment, audience={}),
            told=refusal.message if refusal else "",
            kept=told(session, issue) if refusal else (),
        )
    return body, refusal.status if refusal else 200


def _with_kept(choices: Choices, kept: tuple[str, ...] | list[str]) -> Choices:
    """What may be chosen, and what was and is offered no more."""
    known = dict(choices)
    return [*choices, *((one, one) for one in kept if one not in known)]
