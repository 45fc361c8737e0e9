"""`/infolettres/NEWSLETTER/NUMBER/correction`: the note of an issue that is read, and its erratum.

A note that somebody else wrote meanwhile is shown beside what was typed; nothing is lost.
"""

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _
from inters4.core.web.requests import request_id, signed_in, viewer
from inters4.newsletters.models import IssueState
from inters4.newsletters.queries.composing import find_to_compose
from inters4.newsletters.queries.errata import amended, erratum_in_progress
from inters4.newsletters.services.amending import (
    LONGEST_NOTE,
    StaleNote,
    may_have_erratum,
    note_mark,
    prepare_erratum,
    write_note,
)
from inters4.newsletters.views.blueprint import bp


@bp.get("/<newsletter_id>/<int:number>/correction")
@signed_in
def amending(newsletter_id: str, number: int) -> ResponseReturnValue:
    """The note, and the way to an erratum, for the team."""
    return _page(newsletter_id, number)


@bp.post("/<newsletter_id>/<int:number>/correction")
@signed_in
def save_note(newsletter_id: str, number: int) -> ResponseReturnValue:
    """Keep the note, dated."""
    try:
        with writing() as session:
            found = find_to_compose(session, newsletter_id, number, viewer=viewer(), is_locked=True)
            write_note(
                session,
                found or abort(404),
                request.form.get("note", ""),
                seen=request.form.get("vu", ""),
                by=viewer(),
                request_id=request_id(),
            )
    except DomainError as refusal:
        if refusal.status not in {DomainError.status, Conflict.status}:
            raise
        status = 409 if isinstance(refusal, Conflict) else 422
        return _page(newsletter_id, number, refusal=refusal, status=status)
    flash(_("La note est en ligne, au début du numéro."), "success")
    return redirect(url_for(".issue", newsletter_id=newsletter_id, number=number), 303)


@bp.post("/<newsletter_id>/<int:number>/erratum")
@signed_in
def erratum(newsletter_id: str, number: int) -> ResponseReturnValue:
    """Make the draft that corrects the issue, or go to the one that is being made."""
    try:
        with writing() as session:
            found = find_to_compose(session, newsletter_id, number, viewer=viewer(), is_locked=True)
            made = prepare_erratum(
                session, found or abort(404), by=viewer(), request_id=request_id()
            )
            page = ".compose" if made.state is IssueState.DRAFT else ".approval"
            at: dict[str, Any] = {"newsletter_id": newsletter_id, "number": made.number}
    except Conflict as refusal:
        flash(refusal.message, "warning")
        return redirect(url_for(".approval", newsletter_id=newsletter_id, number=number), 303)
    return redirect(url_for(page, **at), 303)


def _page(
    newsletter_id: str, number: int, *, refusal: DomainError | None = None, status: int = 200
) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        issue = find_to_compose(session, newsletter_id, number, viewer=viewer()) or abort(404)
        if not issue.is_readable:
            if refusal:
                flash(refusal.message, "warning")
            return redirect(url_for(".approval", newsletter_id=newsletter_id, number=number), 303)
        body = render_template(
            "newsletters/desk/amending.html",
            issue=issue,
            typed=request.form.get("note", issue.correction) if refusal else issue.correction,
            mark=note_mark(issue),
            told=refusal.message if refusal else "",
            is_stale=isinstance(refusal, StaleNote),
            amended=amended(session, issue, viewer=viewer()),
            present=erratum_in_progress(session, issue.id),
            may_have_erratum=may_have_erratum(issue),
            longest_note=LONGEST_NOTE,
        )
    return body, status
