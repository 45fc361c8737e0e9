"""`/infolettres/NEWSLETTER/NUMBER/envoi`: how a sending goes, and what the team decides of it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.core.web.requests import is_htmx, request_id, signed_in, site, viewer
from inters4.newsletters.exports.links import link_words
from inters4.newsletters.exports.sending_notices import why_waiting
from inters4.newsletters.models import CONFIRMED, Issue, IssueState
from inters4.newsletters.queries.deliveries import (
    LATELY,
    find_frozen,
    find_sending,
    followed_links,
    progress_of,
    refusals_of,
)
from inters4.newsletters.services.pausing import pause_sending, resume_sending, stop_sending
from inters4.newsletters.services.starting import confirm_start
from inters4.newsletters.views.blueprint import bp
from inters4.newsletters.views.sending_words import DELIVERIES
from inters4.newsletters.views.wording import STATES

_SOON = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class _Gesture:
    """What a button does, and what is said once it is done."""

    work: Callable[[Session, Issue], object]
    said: Callable[[], str]


def _confirm(session: Session, issue: Issue) -> None:
    settings = current_app.config["SETTINGS"]
    confirm_start(session, issue, by=viewer(), settings=settings, request_id=request_id())


GESTURES: Mapping[str, _Gesture] = {
    "confirmation": _Gesture(_confirm, lambda: _("L’envoi commence.")),
    "pause": _Gesture(
        lambda session, issue: pause_sending(session, issue, by=viewer(), request_id=request_id()),
        lambda: _("L’envoi est suspendu."),
    ),
    "reprise": _Gesture(
        lambda session, issue: resume_sending(session, issue, by=viewer(), request_id=request_id()),
        lambda: _("L’envoi reprend où il s’était arrêté."),
    ),
    "arret": _Gesture(
        lambda session, issue: stop_sending(session, issue, by=viewer(), request_id=request_id()),
        lambda: _("L’envoi est terminé : ce qui n’était pas parti ne partira pas."),
    ),
}


@bp.get("/<newsletter_id>/<int:number>/envoi")
@signed_in
def sending(newsletter_id: str, number: int) -> ResponseReturnValue:
    """How it goes; htmx asks for the middle of the page every few seconds."""
    return _page(newsletter_id, number)


@bp.post("/<newsletter_id>/<int:number>/envoi/<which>")
@signed_in
def conduct(newsletter_id: str, number: int, which: str) -> ResponseReturnValue:
    """Make a gesture; what changed meanwhile is shown with the page as it is now."""
    gesture = GESTURES.get(which) or abort(404)
    try:
        with writing() as session:
            issue = find_sending(session, newsletter_id, number, viewer=viewer()) or abort(404)
            gesture.work(session, issue)
    except DomainError as refusal:
        if refusal.status not in {DomainError.status, Conflict.status}:
            raise
        return _page(newsletter_id, number, told=refusal.message), max(refusal.status, 409)
    flash(gesture.said(), "success")
    return redirect(url_for(".sending", newsletter_id=newsletter_id, number=number), 303)


def _page(newsletter_id: str, number: int, *, told: str = "") -> str:
    with reading() as session:
        g.session = session
        issue = find_sending(session, newsletter_id, number, viewer=viewer()) or abort(404)
        frozen = find_frozen(session, issue.id)
        part = is_htmx() and request.method == "GET"
        return render_template(
            "newsletters/desk/_sending.html" if part else "newsletters/desk/sending.html",
            issue=issue,
            frozen=frozen,
            progress=progress_of(session, issue.id),
            refusals=refusals_of(session, issue.id) if frozen else (),
            links=followed_links(session, issue.id) if issue.state is IssueState.SENT else (),
            link_words=partial(link_words, site=site()),
            why=why_waiting(issue, frozen),
            is_moving=_is_moving(issue),
            is_beginning=frozen is not None and frozen.frozen_at > now() - LATELY,
            may_confirm=issue.held_for in CONFIRMED,
            states=STATES,
            deliveries=DELIVERIES,
            told=told,
        )


def _is_moving(issue: Issue) -> bool:
    """True while the page has news by itself: it is leaving, or its hour has come."""
    if issue.state is IssueState.SCHEDULED:
        return not issue.held_for and issue.send_at is not None and issue.send_at <= now() + _SOON
    return issue.state is IssueState.SENDING
