"""How far a team comes with a practice: the ways it may go, who answers for it, who is asked.

Whoever calls has locked the sheet first: an adoption is part of what the sheet says.
"""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.members.queries import keeps_posts
from inters4.practices.exports.adoption_notices import (
    HIDDEN_KIND,
    NEWS_KIND,
    UNHELD_KIND,
    about_adoption,
    told_of_unheld,
)
from inters4.practices.models import (
    Adoption,
    AdoptionEntry,
    AdoptionHolder,
    AdoptionResult,
    AdoptionState,
    AdoptionStep,
    Practice,
)
from inters4.practices.queries.adoptions import holder_ids, is_holder
from inters4.practices.queries.telling import is_unheld

LONGEST_REASON = 600
SILENCE = timedelta(days=365)
"""After this long without news, those who hold an adoption are asked for some."""
_BATCH = 200

_S = AdoptionState
WAYS: Mapping[AdoptionState, frozenset[AdoptionState]] = {
    _S.INTENTION: frozenset({_S.TRIAL, _S.ABANDONED}),
    _S.TRIAL: frozenset({_S.IN_PLACE, _S.ABANDONED}),
    _S.IN_PLACE: frozenset({_S.EXTENDED, _S.ABANDONED}),
    _S.EXTENDED: frozenset({_S.ABANDONED}),
    _S.ABANDONED: frozenset({_S.TRIAL}),
}
"""Where a team may go from where it is; who gave up may try again."""


def change_state(
    session: Session,
    adoption: Adoption,
    to: AdoptionState,
    *,
    by: Viewer,
    reason: str = "",
    request_id: str = "",
) -> None:
    """The team came further, gave up, or tries again. Saying the same twice changes nothing.

    Raises:
        NotAllowed: `by` does not answer for it.
        Conflict: it does not lead there from where it is now.
        DomainError: giving up needs a reason.
    """
    must_hold(session, adoption, by=by)
    if to is adoption.state:
        return
    if to not in WAYS[adoption.state]:
        raise Conflict(_("Cette adoption a changé d’étape entre-temps : voyez où elle en est."))
    kept = reason_for(to, reason)
    before, adoption.state, adoption.state_reason = adoption.state, to, kept
    adoption.state_since = now()
    note_news(adoption)
    add_step(session, adoption, from_state=before, by=by)
    record(session, "practices.adoption_state", adoption, by=by, request_id=request_id, to=to.value)
    session.flush()


def confirm_adoption(session: Session, adoption: Adoption, *, by: Viewer) -> None:
    """« Rien de neuf »: it is still as it says.

    Raises:
        NotAllowed: `by` does not answer for it.
    """
    must_hold(session, adoption, by=by)
    note_news(adoption)
    session.flush()


def join_adoption(session: Session, adoption: Adoption, *, by: Viewer) -> None:
    """Answer for it too: any member of its organisation may.

    Raises:
        NotAllowed: `by` is not of that organisation.
    """
    if by.member_id is None or adoption.organisation_id not in by.organisations:
        raise NotAllowed(_("Seule une personne de l’organisation peut répondre de cette adoption."))
    if not is_holder(session, adoption, by):
        session.add(AdoptionHolder(adoption_id=adoption.id, member_id=by.member_id))
        record(session, "practices.adoption_joined", adoption, by=by)
        session.flush()


def leave_adoption(session: Session, adoption: Adoption, *, by: Viewer) -> None:
    """Answer for it no more. It stays: another person of the organisation may take it up."""
    row = session.get(AdoptionHolder, (adoption.id, by.member_id)) if by.member_id else None
    if row is not None:
        session.delete(row)
        record(session, "practices.adoption_left", adoption, by=by)
        session.flush()


def moderate_adoption(
    session: Session, adoption: Adoption, *, is_hidden: bool, reason: str, by: Viewer
) -> None:
    """Take it out of others' sight, or bring it back; its organisation still reads it, and why.

    Raises:
        NotAllowed: `by` does not coordinate the consortium.
        DomainError: hiding needs a reason.
    """
    if not by.has(Role.COORDINATION):
        raise NotAllowed(_("Seule la coordination retire une adoption de la vue."))
    reason = reason.strip()[:LONGEST_REASON]
    if is_hidden and not reason:
        raise DomainError(_("Écrivez pourquoi : l’équipe le lira."))
    if is_hidden is adoption.is_hidden:
        return
    adoption.hidden_at = now() if is_hidden else None
    adoption.hidden_reason = reason if is_hidden else ""
    action = "practices.adoption_hidden" if is_hidden else "practices.adoption_shown"
    record(session, action, adoption, by=by)
    if is_hidden:
        hooks.notifier.notify(
            session,
            HIDDEN_KIND,
            holder_ids(session, adoption.id),
            subject=about_adoption(adoption),
        )
    session.flush()


def ask_for_news(session: Session) -> int:
    """Ask those who hold an adoption silent for a year how it goes; say how many were silent."""
    moment = now()
    silence = moment - SILENCE
    is_silent = (
        Adoption.news_at < silence,
        Adoption.state != AdoptionState.ABANDONED,
        Adoption.hidden_at.is_(None),
        or_(Adoption.news_asked_at.is_(None), Adoption.news_asked_at < silence),
    )
    sheets = select(Adoption.practice_id).where(*is_silent).order_by(Adoption.news_at).limit(_BATCH)
    ids = sorted(set(session.scalars(sheets)))
    session.scalars(
        select(Practice).where(Practice.id.in_(ids)).order_by(Practice.id).with_for_update()
    ).all()
    silent = session.scalars(
        select(Adoption).where(*is_silent, Adoption.practice_id.in_(ids)).with_for_update()
    ).all()
    for adoption in silent:
        adoption.news_asked_at = moment
        hooks.notifier.notify(
            session,
            NEWS_KIND,
            holder_ids(session, adoption.id),
            subject=about_adoption(adoption),
            once=f"{NEWS_KIND}:{adoption.public_id}:{moment.date()}",
        )
    session.flush()
    return len(silent)


def tell_unheld(session: Session) -> int:
    """Tell once of each adoption for which nobody answers any more; say how many there are.

    Its last holder left it, its organisation or the portal. It stays: a colleague may take it up.
    """
    unheld = session.scalars(
        select(Adoption)
        .where(is_unheld(), Adoption.state != AdoptionState.ABANDONED)
        .order_by(Adoption.id)
    ).all()
    for adoption in unheld:
        hooks.notifier.notify(
            session,
            UNHELD_KIND,
            sorted(told_of_unheld(session, adoption)),
            subject=about_adoption(adoption),
            once=f"{UNHELD_KIND}:{adoption.public_id}:{adoption.news_at.date()}",
        )
    return len(unheld)


def note_news(adoption: Adoption) -> None:
    """Something was said of it: it is not asked about for a year."""
    adoption.news_at, adoption.news_asked_at = now(), None


def must_hold(session: Session, adoption: Adoption, *, by: Viewer) -> None:
    """Refuse whoever does not answer for it.

    Raises:
        NotAllowed: `by` holds it not, or left its organisation.
    """
    if not is_holder(session, adoption, by):
        raise NotAllowed(
            _("Seules les personnes qui répondent de cette adoption peuvent faire cela.")
        )


def reason_for(state: AdoptionState, reason: str) -> str:
    """What is kept of a reason: only giving up has one, and needs one."""
    reason = reason.strip()
    if len(reason) > LONGEST_REASON:
        raise DomainError(_("La raison dépasse %(most)s signes.", most=LONGEST_REASON))
    if state is not AdoptionState.ABANDONED:
        return ""
    if not reason:
        raise DomainError(
            _("Écrivez pourquoi vous avez cessé : c’est ce qui aide le plus les autres.")
        )
    return reason


def add_step(
    session: Session, adoption: Adoption, *, from_state: AdoptionState | None, by: Viewer
) -> None:
    """Write down that it came to its present state."""
    session.add(
        AdoptionStep(
            adoption_id=adoption.id,
            from_state=from_state,
            to_state=adoption.state,
            by_id=by.member_id,
            reason=adoption.state_reason,
        )
    )


def record(
    session: Session,
    action: str,
    adoption: Adoption,
    *,
    by: Viewer,
    request_id: str = "",
    **detail: str,
) -> None:
    """Write it in the audit journal."""
    audit.record(
        session,
        action,
        by=by,
        subject=f"adoption:{adoption.public_id}",
        request_id=request_id,
        **detail,
    )


def forget_holder(session: Session, member_id: int) -> None:
    """A person is erased: they answer for nothing any more.

    What they wrote in a journal is their team's, unless they take it with them.
    """
    session.execute(delete(AdoptionHolder).where(AdoptionHolder.member_id == member_id))
    if keeps_posts(session, member_id):
        return
    written = select(AdoptionEntry.id).where(AdoptionEntry.written_by_id == member_id)
    of_these = select(AdoptionEntry.adoption_id).where(AdoptionEntry.written_by_id == member_id)
    sheets = select(Adoption.practice_id).where(Adoption.id.in_(of_these))
    session.scalars(
        select(Practice).where(Practice.id.in_(sheets)).order_by(Practice.id).with_for_update()
    ).all()
    changed = session.scalars(select(Adoption).where(Adoption.id.in_(of_these))).all()
    session.execute(delete(AdoptionResult).where(AdoptionResult.entry_id.in_(written)))
    session.execute(delete(AdoptionEntry).where(AdoptionEntry.written_by_id == member_id))
    for adoption in changed:
        adoption.updated_at = now()  # which dates its sheet, drawn and indexed again
    session.flush()
