"""Asking to be let in, and deciding: one decision a request, whoever comes first."""

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.db import after_commit
from inters4.core.errors import Conflict, DomainError, NotFound
from inters4.core.hooks import hooks
from inters4.core.i18n import _, format_moment
from inters4.core.jobs import jobs
from inters4.core.mail import enqueue
from inters4.members.exports.letters import DECISION
from inters4.members.exports.notices import DECISION_KIND, REQUEST_KIND, about_request
from inters4.members.models import (
    ApprovalRequest,
    Decision,
    Member,
    MemberOrganisation,
    MemberState,
    Organisation,
)
from inters4.members.queries.approvals import (
    deciders,
    find_request,
    has_approver,
    open_request,
)
from inters4.members.services.people import join_organisation
from inters4.members.services.states import change_state

TELL_JOB = "members.approvals"
_LONGEST_REASON = 500


class AlreadyDecided(Conflict):
    """Someone else decided first; `request` holds their decision."""

    def __init__(self, request: ApprovalRequest) -> None:
        name = request.decided_by.name if request.decided_by else _("le portail")
        moment = format_moment(request.decided_at) if request.decided_at else ""
        words = (
            _("%(name)s a déjà accepté cette demande (%(moment)s).", name=name, moment=moment)
            if request.decision is Decision.APPROVED
            else _("%(name)s a déjà refusé cette demande (%(moment)s).", name=name, moment=moment)
        )
        super().__init__(words)
        self.request = request


def request_approval(
    session: Session,
    member: Member,
    *,
    organisation_id: int | None,
    other_organisation: str = "",
    hinted_id: int | None = None,
    is_for_entry: bool,
) -> ApprovalRequest:
    """Ask the organisation's approvers; the coordination when it has none, or is not known.

    Raises:
        Conflict: this person waits for an answer already.
    """
    if open_request(session, member.id) is not None:
        raise Conflict(_("Une demande attend déjà une réponse."))
    moment = now()
    is_answerable = has_approver(deciders(session), organisation_id, but=member.id)
    request = ApprovalRequest(
        member_id=member.id,
        organisation_id=organisation_id,
        other_organisation=other_organisation,
        hinted_id=hinted_id,
        is_for_entry=is_for_entry,
        created_at=moment,
        escalated_at=None if is_answerable else moment,
    )
    session.add(request)
    session.flush()
    after_commit(session, _nudge)
    return request


def ask_to_join(
    session: Session, member: Member, organisation: Organisation | None
) -> Organisation:
    """Ask an organisation to say that one is of it; until then it is only said to be.

    Raises:
        DomainError: none was chosen.
        Conflict: it said so already, or this person waits for an answer.
    """
    if organisation is None:
        raise DomainError(_("Choisissez une organisation."))
    link = join_organisation(session, member, organisation, is_confirmed=False)
    if link.confirmed_at is not None:
        raise Conflict(_("Cette organisation a déjà confirmé que vous en faites partie."))
    request_approval(session, member, organisation_id=organisation.id, is_for_entry=False)
    audit.record(
        session,
        "members.organisation_asked",
        by=Viewer(member_id=member.id),
        subject=f"member:{member.id}",
        organisation=organisation.id,
    )
    return organisation


def may_name_organisation(by: Viewer) -> bool:
    """True for whoever may say of which organisation a person is, when the portal knew none."""
    return by.is_staff


def decide(
    session: Session,
    public_id: str,
    *,
    is_approved: bool,
    by: Viewer,
    reason: str = "",
    organisation: Organisation | None = None,
) -> ApprovalRequest:
    """Accept or refuse. The coordination may name the organisation of a request that has none.

    Raises:
        NotFound: there is no such request for `by`.
        AlreadyDecided: someone was first.
        DomainError: a refusal without a reason.
    """
    request = find_request(session, public_id, viewer=by, for_update=True)
    if request is None:
        raise NotFound(_("Cette demande n’existe pas."))
    if request.decided_at is not None:
        raise AlreadyDecided(request)
    reason = " ".join(reason.split())[:_LONGEST_REASON]
    if not is_approved and not reason:
        raise DomainError(_("Dites en une phrase pourquoi : la personne la lira."))
    if organisation is not None and may_name_organisation(by):
        request.organisation_id = organisation.id
        request.organisation = organisation
    request.decided_at = now()
    request.decided_by_id = by.member_id
    request.decision = Decision.APPROVED if is_approved else Decision.REFUSED
    request.reason = reason
    if is_approved:
        _let_in(session, request, by=by)
    else:
        _turn_away(session, request, by=by)
    audit.record(
        session,
        "members.request_decided",
        by=by,
        subject=f"member:{request.member_id}",
        decision=request.decision.value,
        organisation=request.organisation_id,
    )
    hooks.notifier.settle(session, REQUEST_KIND, subject=about_request(request))
    _tell(session, request)
    return request


def withdraw_request(session: Session, member: Member) -> bool:
    """Drop what a person waits for; False when they wait for nothing."""
    request = open_request(session, member.id)
    if request is None:
        return False
    request.decided_at = now()
    request.decision = Decision.WITHDRAWN
    hooks.notifier.settle(session, REQUEST_KIND, subject=about_request(request))
    _forget_declared(session, request)
    audit.record(
        session,
        "members.request_withdrawn",
        by=Viewer(member_id=member.id),
        subject=f"member:{member.id}",
        organisation=request.organisation_id,
    )
    return True


def _let_in(session: Session, request: ApprovalRequest, *, by: Viewer) -> None:
    if request.organisation is not None:
        join_organisation(session, request.member, request.organisation, is_confirmed=True)
    if request.is_for_entry and request.member.state is MemberState.PENDING_APPROVAL:
        change_state(
            session, request.member, MemberState.ACTIVE, by=by, reason=_("Demande acceptée")
        )


def _turn_away(session: Session, request: ApprovalRequest, *, by: Viewer) -> None:
    _forget_declared(session, request)
    if request.is_for_entry and request.member.state is MemberState.PENDING_APPROVAL:
        change_state(session, request.member, MemberState.REFUSED, by=by, reason=request.reason)


def _forget_declared(session: Session, request: ApprovalRequest) -> None:
    """An organisation that did not agree is no longer said to be the person's."""
    if request.organisation_id is None:
        return
    row = session.get(MemberOrganisation, (request.member_id, request.organisation_id))
    if row is not None and row.confirmed_at is None:
        session.delete(row)


def _tell(session: Session, request: ApprovalRequest) -> None:
    member = request.member
    enqueue(
        session,
        kind=DECISION,
        template=DECISION,
        recipient=member.email,
        locale=member.locale,
        member_id=member.id,
        parameters={"request": request.id},
    )
    hooks.notifier.notify(session, DECISION_KIND, [member.id], subject=about_request(request))


def _nudge() -> None:
    jobs.nudge(TELL_JOB)
