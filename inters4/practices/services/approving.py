"""The carrying organisations say yes by a named person; silence never counts as yes."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.i18n import _
from inters4.members.models import Organisation
from inters4.practices.exports.notices import Task
from inters4.practices.models import (
    Move,
    PracticeApproval,
    PracticeRevision,
    PracticeState,
)
from inters4.practices.queries.revisions import (
    approvals_of,
    author_ids,
    has_signatory,
)
from inters4.practices.services.drafts import one_line
from inters4.practices.services.life import go, today
from inters4.practices.services.telling import tell_signers, tell_team


def ask_organisations(session: Session, revision: PracticeRevision) -> None:
    """Ask each organisation of ours that the revision names, once more after each passage."""
    slugs = [row.get("id", "") for row in revision.values.get("organisations", [])]
    numbers = session.scalars(
        select(Organisation.id).where(Organisation.slug.in_([slug for slug in slugs if slug]))
    ).all()
    asked = {one.organisation_id: one for one in approvals_of(session, revision)}
    for number, row in asked.items():
        if number not in numbers:
            session.delete(row)
    for number in numbers:
        again = asked.get(number)
        if again is None:
            session.add(PracticeApproval(revision_id=revision.id, organisation_id=number))
        else:
            again.asked_at, again.is_granted, again.decided_at = now(), None, None
            again.by_id, again.reason, again.reminded_at, again.escalated_at = None, "", None, None
    session.flush()
    waiting = approvals_of(session, revision)
    for approval in waiting:
        if not tell_signers(session, revision, approval):
            pass_on(session, revision, approval)
    if not waiting:
        tell_team(
            session,
            revision,
            Task.RECORD_APPROVAL,
            once=f"{revision.id}/{revision.round}",
            but=Viewer(),
        )


def pass_on(session: Session, revision: PracticeRevision, approval: PracticeApproval) -> None:
    """Tell the coordination that an organisation is silent, or has nobody to answer."""
    approval.escalated_at = now()
    name = f"{approval.organisation_id}/{approval.asked_at.isoformat()}"
    tell_team(session, revision, Task.SILENCE, once=name, but=Viewer())


def may_sign(session: Session, organisation_id: int, *, by: Viewer) -> bool:
    """True of a signatory of the organisation; of its respondent when it has none."""
    scope = {"organisation": organisation_id}
    if any(
        grant.role is Role.SIGNATORY and grant.organisation == organisation_id
        for grant in by.grants
    ):
        return True
    return by.has(Role.RESPONDENT, **scope) and not has_signatory(session, organisation_id)


def decide_approval(
    session: Session,
    revision: PracticeRevision,
    approval: PracticeApproval,
    *,
    is_granted: bool,
    reason: str,
    by: Viewer,
    request_id: str = "",
) -> None:
    """Sign for an organisation, or refuse with a reason, which sends the sheet back.

    Raises:
        NotAllowed: `by` does not sign for it.
        Conflict: it was decided already, or is not asked any more.
        DomainError: a refusal needs its reason.
    """
    if not may_sign(session, approval.organisation_id, by=by):
        raise NotAllowed(_("La personne signataire de l’organisation décide."))
    if revision.state is not PracticeState.APPROVAL or not revision.is_open:
        raise Conflict(_("Cette approbation n’est plus demandée."))
    if approval.decided_at is not None:
        raise Conflict(_("Cette approbation est déjà donnée : voyez la décision plus bas."))
    if not is_granted and not reason.strip():
        raise DomainError(_("Écrivez pourquoi : l’équipe porteuse le lira."))
    approval.is_granted, approval.decided_at = is_granted, now()
    approval.by_id, approval.reason = by.member_id, reason.strip()
    audit.record(
        session,
        "practices.approval_granted" if is_granted else "practices.approval_refused",
        by=by,
        subject=f"fiche:{revision.practice_id}",
        request_id=request_id,
        organisation=approval.organisation_id,
    )
    if not is_granted:
        go(session, revision, Move.RETURN, by=by, reason=reason, request_id=request_id)
        return
    _write_approval(session, revision, by=by)


def record_approval(
    session: Session,
    revision: PracticeRevision,
    *,
    given_by: str,
    on: date,
    by: Viewer,
    request_id: str = "",
) -> None:
    """Write down the approval of an organisation that is not on the portal.

    Raises:
        NotAllowed: `by` does not coordinate, or carries the sheet.
        Conflict: an organisation of the portal answers for itself.
        DomainError: nobody is named, or the day has not come.
    """
    if not by.has(Role.COORDINATION) or by.member_id in author_ids(session, revision.practice_id):
        raise NotAllowed(_("La coordination note l’approbation reçue d’ailleurs."))
    if revision.state is not PracticeState.APPROVAL:
        raise Conflict(_("Cette approbation n’est pas demandée maintenant."))
    if approvals_of(session, revision):
        raise Conflict(_("L’organisation est sur le portail : sa personne signataire répond."))
    if not given_by.strip() or on > today():
        raise DomainError(_("Dites qui a approuvé, et quel jour."))
    revision.values = {
        **revision.values,
        "approval": one_line(given_by)[:300],
        "approved_on": on.isoformat(),
    }
    audit.record(
        session,
        "practices.approval_recorded",
        by=by,
        subject=f"fiche:{revision.practice_id}",
        request_id=request_id,
    )
    session.flush()


def is_approved(session: Session, revision: PracticeRevision) -> bool:
    """True when every organisation asked said yes."""
    return all(one.is_granted for one in approvals_of(session, revision))


def _write_approval(session: Session, revision: PracticeRevision, *, by: Viewer) -> None:
    """Once everyone said yes, the sheet says so; it names organisations, not people."""
    asked = approvals_of(session, revision)
    if not all(one.is_granted for one in asked):
        return
    names = session.scalars(
        select(Organisation.name)
        .where(Organisation.id.in_([one.organisation_id for one in asked]))
        .order_by(Organisation.name)
    ).all()
    revision.values = {
        **revision.values,
        "approval": "; ".join(names)[:300],
        "approved_on": today().isoformat(),
    }
    session.flush()
    tell_team(session, revision, Task.PUBLISH, once=f"{revision.id}/{revision.round}", but=by)
