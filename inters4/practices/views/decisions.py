"""`/pratiques/dossiers/ID/decisions/…`: the buttons with which a sheet is decided.

A refusal comes back with the sheet as it stands now, and what was typed.
"""

from collections.abc import Callable
from datetime import date

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import writing
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.i18n import _
from inters4.core.web.errors import overtaken
from inters4.core.web.requests import request_id, signed_in, viewer
from inters4.practices.exports.step_words import state_word
from inters4.practices.forms.posted import read_reason
from inters4.practices.models import Move, PracticeRevision
from inters4.practices.queries import find_head_of, readable_practices
from inters4.practices.queries.known import citable
from inters4.practices.queries.reviewers import everyone_asked, reviewing_people
from inters4.practices.queries.revisions import find_revision
from inters4.practices.services.approving import record_approval
from inters4.practices.services.drafts import one_line
from inters4.practices.services.life import Incomplete, move
from inters4.practices.services.naming import ask_reviews, decline_review
from inters4.practices.services.revising import publish
from inters4.practices.services.seen import check_unmoved, is_done
from inters4.practices.views.blueprint import bp
from inters4.practices.views.dossier import dossier_page
from inters4.practices.views.panel import ADDRESSES

_PUBLISHING = frozenset({Move.PUBLISH, Move.PUBLISH_MINOR})


@bp.post("/dossiers/<practice_id>/decisions/<which>")
@signed_in
def decide(practice_id: str, which: str) -> ResponseReturnValue:
    """Make a move; pressed twice, it is made once."""
    chosen = ADDRESSES.get(which) or abort(404)

    def change(session: Session, revision: PracticeRevision) -> str:
        check_unmoved(revision, request.form.get("vu", ""))
        known, note = citable(session), request.form.get("note", "")
        if chosen in _PUBLISHING:
            practice = publish(
                session,
                revision,
                by=viewer(),
                known=known,
                note=one_line(note)[:300],
                is_minor=chosen is Move.PUBLISH_MINOR,
                request_id=request_id(),
            )
            flash(_("« %(title)s » est publiée.", title=practice.title), "success")
            return url_for(".show", slug=practice.slug)
        move(
            session,
            revision,
            chosen,
            by=viewer(),
            known=known,
            reason=read_reason(request.form),
            request_id=request_id(),
        )
        flash(
            _("La fiche est maintenant : %(state)s.", state=state_word(revision.state)), "success"
        )
        return url_for(".dossier", practice_id=practice_id)

    return _changed(practice_id, change, done=chosen)


@bp.post("/dossiers/<practice_id>/decisions/relectures")
@signed_in
def ask_reviewers(practice_id: str) -> ResponseReturnValue:
    """Ask the people chosen to review, or to settle the gap."""

    def change(session: Session, revision: PracticeRevision) -> str:
        wanted = set(request.form.getlist("personne"))
        people = [one.id for one in reviewing_people(session) if one.public_id in wanted]
        ask_reviews(session, revision, people, by=viewer(), request_id=request_id())
        flash(_("La relecture est demandée."), "success")
        return url_for(".dossier", practice_id=practice_id)

    return _changed(practice_id, change)


@bp.post("/dossiers/<practice_id>/decisions/relectures/<public_id>/retrait")
@signed_in
def release_reviewer(practice_id: str, public_id: str) -> ResponseReturnValue:
    """Take a demand back, so that somebody else may be asked."""

    def change(session: Session, revision: PracticeRevision) -> str:
        asked = {one.public_id: one for one in everyone_asked(session, revision).values()}
        review = asked.get(public_id) or abort(404)
        if review.declined_at is None:
            decline_review(
                session,
                review,
                revision,
                by=viewer(),
                reason=request.form.get("raison", ""),
                request_id=request_id(),
            )
        flash(_("La demande est retirée : choisissez une autre personne."), "success")
        return url_for(".dossier", practice_id=practice_id)

    return _changed(practice_id, change)


@bp.post("/dossiers/<practice_id>/decisions/approbation")
@signed_in
def note_approval(practice_id: str) -> ResponseReturnValue:
    """Write down the approval of an organisation that is not on the portal."""

    def change(session: Session, revision: PracticeRevision) -> str:
        record_approval(
            session,
            revision,
            given_by=request.form.get("qui", ""),
            on=_day(request.form.get("jour", "")),
            organisation=request.form.get("organisation", ""),
            by=viewer(),
            request_id=request_id(),
        )
        flash(_("L’approbation est notée."), "success")
        return url_for(".dossier", practice_id=practice_id)

    return _changed(practice_id, change)


def _changed(
    practice_id: str,
    change: Callable[[Session, PracticeRevision], str],
    *,
    done: Move | None = None,
) -> ResponseReturnValue:
    """Load and lock, change, commit, go where `change` says; or the dossier with the refusal."""
    try:
        with writing() as session:
            if done is not None and is_done(session, practice_id, done, by=viewer()):
                return redirect(_after(session, practice_id), code=303)
            revision = find_revision(session, practice_id, viewer=viewer(), for_update=True)
            if revision is None:
                return _closed(session, practice_id)
            target = change(session, revision)
    except Incomplete as refusal:
        return dossier_page(practice_id, told=refusal.message, lacks=refusal.lacks, status=422)
    except NotAllowed:
        raise
    except DomainError as refusal:
        status = 409 if isinstance(refusal, Conflict) else 422
        return dossier_page(practice_id, told=refusal.message, typed=request.form, status=status)
    return redirect(target, code=303)


def _closed(session: Session, practice_id: str) -> ResponseReturnValue:
    """Nothing is being written any more: say where the sheet stands, to whoever may see it."""
    practice = find_head_of(session, practice_id, viewer=viewer()) or abort(404)
    told = _(
        "Cette fiche est sortie de rédaction entre-temps : « %(state)s ». Rien n’a été changé.",
        state=state_word(practice.state),
    )
    return overtaken(told)


def _after(session: Session, practice_id: str) -> str:
    """Where a decision that was made already leads."""
    revision = find_revision(session, practice_id, viewer=viewer())
    if revision is not None:
        return url_for(".dossier", practice_id=practice_id)
    practice = readable_practices(session, [practice_id], viewer=viewer())
    return url_for(".show", slug=practice[0].slug) if practice else url_for("members.account")


def _day(text: str) -> date:
    """The day of a form.

    Raises:
        DomainError: it is no day.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DomainError(_("Dites qui a approuvé, et quel jour.")) from None
