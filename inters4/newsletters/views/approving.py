"""`/infolettres/NEWSLETTER/NUMBER/approbation`: where an issue stands, and what one may decide.

A refusal comes back with the issue as it stands now, and what was typed.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.clock import local, now
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.i18n import _
from inters4.core.web.requests import request_id, signed_in, viewer
from inters4.newsletters.exports.approved import content_of
from inters4.newsletters.exports.audience import told
from inters4.newsletters.exports.message import parts_of
from inters4.newsletters.forms.composing import past_hour, read_hour, shown_hour
from inters4.newsletters.models import Issue
from inters4.newsletters.queries.approvals import approvals_of, steps_of
from inters4.newsletters.queries.composing import IN_PROGRESS, find_to_compose
from inters4.newsletters.services.approving import (
    approve,
    ask_approval,
    candidates,
    release,
    return_issue,
    take_back,
)
from inters4.newsletters.services.checking import NotReady, check_issue
from inters4.newsletters.services.life import (
    LONGEST_REASON,
    WAYS,
    Move,
    hands_of,
    may_move,
    tidied,
)
from inters4.newsletters.services.scheduling import cancel, schedule, unschedule
from inters4.newsletters.services.trial import send_trial
from inters4.newsletters.views.blueprint import bp
from inters4.newsletters.views.wording import DECISIONS, STATES, step_word
from inters4.settings import Settings
from inters4.veille.queries.writing import people_named

ADDRESSES: Mapping[str, Move] = {
    "demande": Move.ASK,
    "accord": Move.APPROVE,
    "renvoi": Move.RETURN,
    "liberation": Move.RELEASE,
    "reprise": Move.TAKE_BACK,
    "envoi": Move.SCHEDULE,
    "retenue": Move.UNSCHEDULE,
    "abandon": Move.CANCEL,
}
"""The move that each button makes."""
_MORNING = 9


@bp.get("/<newsletter_id>/<int:number>/approbation")
@signed_in
def approval(newsletter_id: str, number: int) -> ResponseReturnValue:
    """Where the issue stands, for the team."""
    return _page(newsletter_id, number)


@bp.post("/<newsletter_id>/<int:number>/approbation/<which>")
@signed_in
def decide(newsletter_id: str, number: int, which: str) -> ResponseReturnValue:
    """Make a move; pressed twice, it is made once."""
    move = ADDRESSES.get(which) or abort(404)
    try:
        with writing() as session:
            found = find_to_compose(session, newsletter_id, number, viewer=viewer(), is_locked=True)
            issue = found or abort(404)
            if not _is_done(session, issue, move):
                _MOVES[move](session, issue)
    except NotAllowed:
        raise
    except DomainError as refusal:
        if refusal.status not in {DomainError.status, NotReady.status, Conflict.status}:
            raise
        status = 409 if isinstance(refusal, Conflict) else 422
        return _page(
            newsletter_id, number, told_first=refusal.message, about=refusal.about, status=status
        )
    if move is Move.SCHEDULE and "maintenant" in request.form:
        return redirect(url_for(".sending", newsletter_id=newsletter_id, number=number), 303)
    flash(_SAID[move](), "success")
    page = ".compose" if move is Move.TAKE_BACK else ".approval"
    return redirect(url_for(page, newsletter_id=newsletter_id, number=number), 303)


@bp.post("/<newsletter_id>/<int:number>/essai")
@signed_in
def trial(newsletter_id: str, number: int) -> ResponseReturnValue:
    """Send the message to whoever asks."""
    with writing() as session:
        issue = find_to_compose(session, newsletter_id, number, viewer=viewer()) or abort(404)
        send_trial(session, issue, by=viewer(), request_id=request_id())
    flash(_("L’essai part vers votre adresse. Personne d’autre ne le reçoit."), "success")
    return redirect(url_for(".preview", newsletter_id=newsletter_id, number=number), 303)


def _is_done(session: Session, issue: Issue, move: Move) -> bool:
    """True when the same person just made that move."""
    if issue.state is not WAYS[move].target:
        return False
    last = next(iter(steps_of(session, issue.id)), None)
    return (
        last is not None
        and last.by_id == viewer().member_id
        and last.before in WAYS[move].sources
        and last.before is not last.after
        and last.reason == tidied(request.form.get("raison", ""))
    )


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found


def _ask(session: Session, issue: Issue) -> None:
    people = {one.public_id: one.id for one in candidates(session, issue)}
    hour = read_hour(request.form)
    if hour is None:
        raise DomainError(past_hour(), about="heure")
    ask_approval(
        session,
        issue,
        people.get(request.form.get("personne", ""), 0),
        people.get(request.form.get("suppleance", ""), 0),
        send_at=hour,
        by=viewer(),
        settings=_settings(),
        request_id=request_id(),
    )


def _approve(session: Session, issue: Issue) -> None:
    seen = request.form.get("message", "")
    approve(session, issue, seen=seen, by=viewer(), settings=_settings(), request_id=request_id())


def _release(session: Session, issue: Issue) -> None:
    release(
        session,
        issue,
        seen=request.form.get("message", ""),
        reason=request.form.get("raison", ""),
        by=viewer(),
        settings=_settings(),
        request_id=request_id(),
    )


def _schedule(session: Session, issue: Issue) -> None:
    hour = now() if "maintenant" in request.form else read_hour(request.form)
    if hour is None:
        raise DomainError(past_hour(), about="heure")
    schedule(session, issue, at=hour, by=viewer(), settings=_settings(), request_id=request_id())


def _with_reason(act: Callable[..., None]) -> Callable[[Session, Issue], None]:
    def make(session: Session, issue: Issue) -> None:
        reason = request.form.get("raison", "")
        act(session, issue, reason=reason, by=viewer(), request_id=request_id())

    return make


def _plain(act: Callable[..., None]) -> Callable[[Session, Issue], None]:
    def make(session: Session, issue: Issue) -> None:
        act(session, issue, by=viewer(), request_id=request_id())

    return make


_MOVES: Mapping[Move, Callable[[Session, Issue], None]] = {
    Move.ASK: _ask,
    Move.APPROVE: _approve,
    Move.RETURN: _with_reason(return_issue),
    Move.RELEASE: _release,
    Move.TAKE_BACK: _plain(take_back),
    Move.SCHEDULE: _schedule,
    Move.UNSCHEDULE: _plain(unschedule),
    Move.CANCEL: _with_reason(cancel),
}
_SAID: Mapping[Move, Callable[[], str]] = {
    Move.ASK: lambda: _("L’approbation est demandée."),
    Move.APPROVE: lambda: _("Merci : le numéro est approuvé."),
    Move.RETURN: lambda: _("Le numéro est renvoyé à qui le prépare, avec votre raison."),
    Move.RELEASE: lambda: _("Le numéro est libéré; votre raison est au journal et au bilan."),
    Move.TAKE_BACK: lambda: _("Le numéro est repris : vous pouvez l’écrire."),
    Move.SCHEDULE: lambda: _("L’envoi est programmé."),
    Move.UNSCHEDULE: lambda: _("Le numéro ne partira pas : il reste approuvé."),
    Move.CANCEL: lambda: _("Le numéro est abandonné."),
}


def _page(
    newsletter_id: str, number: int, *, told_first: str = "", about: str = "", status: int = 200
) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        issue = find_to_compose(session, newsletter_id, number, viewer=viewer()) or abort(404)
        hands = hands_of(session, issue, may_release=_settings().release_alone)
        may = {move for move in Move if may_move(issue, move, by=viewer(), hands=hands)}
        steps, approvals = steps_of(session, issue.id), approvals_of(session, issue.id)
        ids = [one.by_id for one in steps] + [issue.author_id]
        for one in approvals:
            ids += [one.approver_id, one.deputy_id, one.decided_by_id]
        names = {key: person.name for key, person in people_named(session, ids).items()}
        is_open = issue.state in IN_PROGRESS
        parts = parts_of(session, issue, settings=_settings())
        body = render_template(
            "newsletters/desk/approval.html",
            issue=issue,
            moves=Move,
            may=may,
            checked=check_issue(session, issue, parts, settings=_settings()) if is_open else None,
            message=content_of(parts, issue.audience),
            readers=told(session, issue),
            is_personal=any(block.themes for block in parts.blocks),
            people=[
                (one.public_id, one.name)
                for one in (candidates(session, issue) if Move.ASK in may else ())
            ],
            approvals=approvals,
            steps=[(step_word(one), names.get(one.by_id or 0, ""), one) for one in steps],
            names=names,
            states=STATES,
            decisions=DECISIONS,
            hour={**shown_hour(_proposed(issue)), **_typed("jour", "heure")},
            typed=request.form,
            told_first=told_first,
            about=about,
            longest_reason=LONGEST_REASON,
        )
    return body, status


def _typed(*names: str) -> dict[str, str]:
    return {name: request.form[name] for name in names if name in request.form}


def _proposed(issue: Issue) -> datetime:
    """The hour at stake; nine in the morning, two days from now, when there is none to come."""
    if issue.send_at is not None and issue.send_at > now():
        return issue.send_at
    there = local(now()) + timedelta(days=2)
    return there.replace(hour=_MORNING, minute=0, second=0, microsecond=0)
