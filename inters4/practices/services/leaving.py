"""A sheet that readers see no more, or should look at again."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.practices.exports.adoption_notices import GONE_KIND, about_adoption
from inters4.practices.models import (
    READABLE,
    Adoption,
    AdoptionHolder,
    AdoptionState,
    Move,
    Practice,
    PracticeState,
    PracticeStep,
)
from inters4.practices.queries.revisions import open_revision_of
from inters4.practices.services.drafts import one_line
from inters4.practices.services.life import note_step, today
from inters4.practices.services.saying import words_in


def withdraw(
    session: Session,
    practice: Practice,
    *,
    reason: str,
    by: Viewer,
    replaced_by: Practice | None = None,
    request_id: str = "",
) -> PracticeStep:
    """Take a sheet away from readers; its address says why, or what replaces it.

    Raises:
        NotAllowed: `by` does not coordinate.
        Conflict: readers do not see it.
        DomainError: no reason is given.
    """
    if not by.has(Role.COORDINATION):
        raise NotAllowed(_("La coordination retire une fiche."))
    if practice.state not in READABLE:
        raise Conflict(_("Cette fiche n’est pas publiée."))
    reason = one_line(reason)
    if not words_in(reason):
        raise DomainError(_("Écrivez pourquoi : la page le dira à qui cherche la fiche."))
    target = PracticeState.REPLACED if replaced_by else PracticeState.WITHDRAWN
    step = note_step(
        session,
        practice,
        Move.REPLACE if replaced_by else Move.WITHDRAW,
        by=by,
        from_state=practice.state,
        to_state=target,
        reason=reason,
        request_id=request_id,
    )
    step.replaced_by = replaced_by.id if replaced_by else None
    practice.state, practice.state_reason = target, reason
    revision = open_revision_of(session, practice.id)
    if revision is not None:
        revision.closed_at = now()
    session.flush()
    _tell_adopters(session, practice)
    return step


def _tell_adopters(session: Session, practice: Practice) -> None:
    """Those who answer for an adoption that goes on read why the sheet is gone."""
    rows = session.execute(
        select(Adoption, AdoptionHolder.member_id)
        .join(AdoptionHolder, AdoptionHolder.adoption_id == Adoption.id)
        .where(Adoption.practice_id == practice.id, Adoption.state != AdoptionState.ABANDONED)
    )
    for adoption, member_id in rows.all():
        hooks.notifier.notify(session, GONE_KIND, [member_id], subject=about_adoption(adoption))


def mark_overdue(session: Session) -> int:
    """Sheets whose review is due say so; how many just came to it."""
    late = session.scalars(
        select(Practice).where(
            Practice.state == PracticeState.PUBLISHED, Practice.review_due < today()
        )
    ).all()
    for practice in late:
        note_step(
            session,
            practice,
            Move.REVIEW_DUE,
            by=Viewer(),
            from_state=practice.state,
            to_state=PracticeState.REVIEW_DUE,
        )
        practice.state = PracticeState.REVIEW_DUE
    return len(late)
