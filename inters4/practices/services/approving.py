"""The carrying organisations say yes by a named person; silence never counts as yes."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from indexer.analysis import fold
from inters4.core import audit
from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.i18n import _
from inters4.members.models import Organisation
from inters4.practices.exports.notices import Task
from inters4.practices.models import (
    FIRST_DAY,
    Move,
    PracticeApproval,
    PracticeRevision,
    PracticeState,
)
from inters4.practices.queries.informed import APPROVAL_ASKED
from inters4.practices.queries.revisions import (
    approvals_of,
    organisations_named,
    signs_for,
    worked_on,
)
from inters4.practices.queries.telling import signers_of
from inters4.practices.services.drafts import one_line
from inters4.practices.services.life import ELSEWHERE, go, today
from inters4.practices.services.settling import settle_approval
from inters4.practices.services.telling import tell_signers, tell_team


def ask_organisations(session: Session, revision: PracticeRevision) -> None:
    """Ask each organisation that the revision names, once more after each passage.

    Those of the portal answer by who signs for them; the coordination writes down what the others
    said.
    """
    numbers, others = organisations_named(session, revision)
    asked = {one.organisation_id: one for one in approvals_of(session, revision)}
    for number, row in asked.items():
        if number not in numbers:
            session.delete(row)
    for number in sorted(numbers):
        again = asked.get(number)
        if again is None:
            session.add(PracticeApproval(revision_id=revision.id, organisation_id=number))
        else:
            again.asked_at, again.is_granted, again.decided_at = now(), None, None
            again.by_id, again.reason, again.reminded_at, again.escalated_at = None, "", None, None
        audit.record(
            session,
            APPROVAL_ASKED,
            by=Viewer(),
            subject=f"fiche:{revision.practice_id}",
            organisation=number,
            revision=revision.id,
        )
    session.flush()
    waiting = approvals_of(session, revision)
    for approval in waiting:
        if not tell_signers(session, revision, approval):
            pass_on(session, revision, approval)
    if others or not waiting:
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


def may_sign(session: Session, practice_id: str, organisation_id: int, *, by: Viewer) -> bool:
    """True of a signatory of the organisation who had no hand in the sheet; else of its respondent.

    Where both worked on it, nobody signs: the coordination is told, so that someone else may.
    """
    if organisation_id not in signs_for(by):
        return False
    asked = (practice_id, organisation_id)
    return by.member_id in signers_of(session, [asked])[asked]


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
    if not may_sign(session, revision.practice_id, approval.organisation_id, by=by):
        raise NotAllowed(
            _(
                "La personne signataire de l’organisation décide; quelqu’un qui a travaillé à la "
                "fiche ne la signe pas."
            )
        )
    if revision.state is not PracticeState.APPROVAL or not revision.is_open:
        raise Conflict(_("Cette approbation n’est plus demandée."))
    if approval.decided_at is not None:
        raise Conflict(_("Cette approbation est déjà donnée : voyez la décision plus bas."))
    if not is_granted and not reason.strip():
        raise DomainError(_("Écrivez pourquoi : l’équipe porteuse le lira."))
    approval.is_granted, approval.decided_at = is_granted, now()
    approval.by_id, approval.reason = by.member_id, reason.strip()
    settle_approval(session, revision, approval)
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
    organisation: str = "",
    request_id: str = "",
) -> None:
    """Write down the approval of an organisation that is not on the portal: each has its own.

    `organisation` may be left out where one alone is waited for.

    Raises:
        NotAllowed: `by` does not coordinate, or worked on the sheet.
        Conflict: an organisation of the portal answers for itself.
        DomainError: nobody is named, the day has not come or is of another age, or several are
            waited for.
    """
    if not by.has(Role.COORDINATION) or by.member_id in worked_on(session, revision.practice_id):
        raise NotAllowed(_("La coordination note l’approbation reçue d’ailleurs."))
    if revision.state is not PracticeState.APPROVAL or not revision.is_open:
        raise Conflict(_("Cette approbation n’est pas demandée maintenant."))
    asked = approvals_of(session, revision)
    elsewhere = named_elsewhere(session, revision, asked)
    if not elsewhere:
        raise Conflict(_("L’organisation est sur le portail : sa personne signataire répond."))
    if not given_by.strip() or on > today():
        raise DomainError(_("Dites qui a approuvé, et quel jour."))
    if on < FIRST_DAY:
        raise DomainError(_("Écrivez l’année de la date en quatre chiffres, comme 2026."))
    awaited = to_note(revision, elsewhere)
    key = fold(organisation) if organisation.strip() else next(iter(awaited), "")
    if not organisation.strip() and len(awaited) > 1:
        raise DomainError(_("Dites laquelle des organisations a approuvé."))
    if key not in elsewhere:
        raise Conflict(_("La fiche ne nomme plus cette organisation, ou elle est sur le portail."))
    told = {"by": one_line(given_by)[:200], "on": on.isoformat()}
    revision.values = {**revision.values, ELSEWHERE: {**_heard(revision), key: told}}
    audit.record(
        session,
        "practices.approval_recorded",
        by=by,
        subject=f"fiche:{revision.practice_id}",
        request_id=request_id,
    )
    _write_approval(session, revision, by=by)
    session.flush()


def named_elsewhere(
    session: Session, revision: PracticeRevision, asked: Sequence[PracticeApproval]
) -> Mapping[str, str]:
    """Organisations that are not on the portal, by their name as it is compared.

    One without a name stands for a sheet that names nobody.
    """
    _ours, others = organisations_named(session, revision)
    named = {fold(name): name for name in others}
    return named or ({} if asked else {"": ""})


def to_note(revision: PracticeRevision, elsewhere: Mapping[str, str]) -> Mapping[str, str]:
    """Those of `elsewhere` whose approval is not written down yet."""
    heard = _heard(revision)
    return {key: name for key, name in elsewhere.items() if key not in heard}


def noted(revision: PracticeRevision) -> list[Mapping[str, str]]:
    """What was written down: who approved, which day."""
    return list(_heard(revision).values())


def is_approved(session: Session, revision: PracticeRevision) -> bool:
    """True when every organisation said yes: those asked here, and those heard from elsewhere."""
    asked = approvals_of(session, revision)
    is_heard = not to_note(revision, named_elsewhere(session, revision, asked))
    return is_heard and all(one.is_granted for one in asked)


def _heard(revision: PracticeRevision) -> Mapping[str, Mapping[str, str]]:
    held = revision.values.get(ELSEWHERE, {})
    return {key: told for key, told in held.items() if isinstance(told, dict)}


def _write_approval(session: Session, revision: PracticeRevision, *, by: Viewer) -> None:
    """Once everyone said yes, the sheet says so; it names organisations, not people."""
    if not is_approved(session, revision):
        return
    asked = approvals_of(session, revision)
    names = session.scalars(
        select(Organisation.name)
        .where(Organisation.id.in_([one.organisation_id for one in asked]))
        .order_by(Organisation.name)
    ).all()
    heard = noted(revision)
    revision.values = {
        **revision.values,
        "approval": "; ".join([*names, *(one["by"] for one in heard)])[:300],
        "approved_on": today().isoformat() if asked else max(one["on"] for one in heard),
    }
    session.flush()
    tell_team(session, revision, Task.PUBLISH, once=f"{revision.id}/{revision.round}", but=by)
