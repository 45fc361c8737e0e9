"""`/infolettres/NEWSLETTER/NUMBER/emporter`: an approved issue is taken away, then told as sent.

Each file is asked for by a button: who takes the addresses of readers is written in the journal.
"""

from collections.abc import Callable, Mapping
from datetime import date

from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.clock import local, now
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _
from inters4.core.mail.compose import UnsafeFieldError
from inters4.core.values import dataclass
from inters4.core.web.downloads import as_attachment
from inters4.core.web.requests import request_id, signed_in, viewer
from inters4.newsletters.exports.carried import Carried
from inters4.newsletters.models import IssueState
from inters4.newsletters.queries.audience import count_audience
from inters4.newsletters.queries.composing import find_to_compose
from inters4.newsletters.services.carrying import (
    CARRIED,
    carry_away,
    tell_sent_elsewhere,
    was_sent_elsewhere,
)
from inters4.newsletters.views.blueprint import bp
from inters4.newsletters.views.wording import STATES


@dataclass(frozen=True, slots=True)
class _Piece:
    """A file to take: how it is written, what it is, how its name ends."""

    write: Callable[[Carried], bytes]
    media_type: str
    ending: str


PIECES: Mapping[str, _Piece] = {
    "tout": _Piece(Carried.as_archive, "application/zip", ".zip"),
    "message": _Piece(Carried.as_mail, "message/rfc822", ".eml"),
    "html": _Piece(Carried.as_html, "text/html", ".html"),
    "texte": _Piece(Carried.as_text, "text/plain", ".txt"),
    "destinataires": _Piece(Carried.as_table, "text/csv", "-destinataires.csv"),
}


@bp.get("/<newsletter_id>/<int:number>/emporter")
@signed_in
def carrying(newsletter_id: str, number: int) -> ResponseReturnValue:
    """The files, and the form that says that it left; the way to the issue when it is neither."""
    return _page(newsletter_id, number)


@bp.post("/<newsletter_id>/<int:number>/emporter/<piece>")
@signed_in
def carry(newsletter_id: str, number: int, piece: str) -> ResponseReturnValue:
    """One file, or all of them."""
    wanted = PIECES.get(piece) or abort(404)
    try:
        with writing() as session:
            found = find_to_compose(session, newsletter_id, number, viewer=viewer())
            carried = carry_away(
                session,
                found or abort(404),
                piece=piece,
                by=viewer(),
                settings=current_app.config["SETTINGS"],
                request_id=request_id(),
            )
            name, data = carried.issue.id + wanted.ending, wanted.write(carried)
    except UnsafeFieldError as error:
        return _page(newsletter_id, number, told=("", str(error)), status=422)
    except Conflict as refusal:
        flash(refusal.message, "warning")
        return redirect(url_for(".approval", newsletter_id=newsletter_id, number=number), 303)
    return as_attachment(data, wanted.media_type, name)


@bp.post("/<newsletter_id>/<int:number>/envoye-hors-du-portail")
@signed_in
def sent_elsewhere(newsletter_id: str, number: int) -> ResponseReturnValue:
    """Keep when it left, and to how many people; said twice, it is said once."""
    try:
        with writing() as session:
            found = find_to_compose(session, newsletter_id, number, viewer=viewer(), is_locked=True)
            tell_sent_elsewhere(
                session,
                found or abort(404),
                day=_day(request.form.get("jour", "")),
                people=request.form.get("personnes", 0, type=int),
                by=viewer(),
                request_id=request_id(),
            )
    except DomainError as refusal:
        if refusal.status not in {DomainError.status, Conflict.status}:
            raise
        status = 409 if isinstance(refusal, Conflict) else 422
        told = (refusal.about, refusal.message)
        return _page(newsletter_id, number, told=told, status=status)
    flash(_("C’est noté : le numéro est en ligne, et dit envoyé hors du portail."), "success")
    return redirect(url_for(".carrying", newsletter_id=newsletter_id, number=number), 303)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _page(
    newsletter_id: str, number: int, *, told: tuple[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        issue = find_to_compose(session, newsletter_id, number, viewer=viewer()) or abort(404)
        is_said = was_sent_elsewhere(issue)
        if issue.state not in CARRIED and not is_said:
            if told:
                flash(told[1], "warning")
            elif issue.state is IssueState.DRAFT:
                flash(_("Un numéro s’emporte une fois approuvé."), "warning")
            return redirect(url_for(".approval", newsletter_id=newsletter_id, number=number), 303)
        moment = now()
        count = None if is_said else count_audience(session, issue, at=moment)
        day = local(issue.published_at if is_said and issue.published_at else moment).date()
        held = {"jour": day.isoformat(), "personnes": str(issue.sent_elsewhere or count or "")}
        body = render_template(
            "newsletters/desk/carrying.html",
            issue=issue,
            is_said=is_said,
            count=count,
            typed={**held, **{name: request.form[name] for name in held if name in request.form}},
            today=local(moment).date().isoformat(),
            told=told,
            states=STATES,
        )
    return body, status
