"""Who is written to about requests, when, and what happens when two decide at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from inters4.core import db
from inters4.core.access import ORGANISATION_ROLES, WATCHED_ROLES, Role, Viewer
from inters4.core.audit import AuditEntry
from inters4.core.clock import LOCAL_ZONE, now
from inters4.core.errors import Conflict, DomainError, NotAllowed, NotFound
from inters4.core.jobs import jobs
from inters4.core.working_days import working_days_since
from inters4.members.exports.letters import DECISION, REQUESTS
from inters4.members.models import (
    ApprovalRequest,
    ApproverNotice,
    Decision,
    Invitation,
    Member,
    MemberOrganisation,
    MemberState,
    RoleGrant,
)
from inters4.members.models.approvals import ESCALATED_AFTER
from inters4.members.queries import load_viewer
from inters4.members.services.approvals import (
    AlreadyDecided,
    ask_to_join,
    decide,
    request_approval,
    withdraw_request,
)
from inters4.members.services.invitations import accept_invitation, invite, revoke_invitation
from inters4.members.services.notices import SECURITY_NOTICE
from inters4.members.services.people import OPERATOR, grant_role, join_organisation
from inters4.members.services.reminders import tell_deciders
from inters4.members.services.roles import (
    confirm_organisation,
    leave_organisation,
    withdraw_role,
)
from inters4.members.services.roles import give_role as give_by_hand
from inters4.members.services.states import change_state
from inters4.members.services.tokens import DeadToken
from inters4.settings import Settings
from tests.builders.joining import letter, make_request, queued
from tests.builders.members import give_role, make_member, make_organisation, make_viewer

PASSES_ON = "Sans réponse en 5 jours ouvrables"


@pytest.fixture(autouse=True)
def _bound(settings: Settings) -> None:
    jobs.bind(settings)


def earlier(session: Session, request: ApprovalRequest, days: int) -> None:
    """Let the request be `days` days of work older."""
    moment = now()
    while working_days_since(moment, now()) < days:
        moment -= timedelta(days=1)
    request.created_at = moment
    session.flush()


def an_hour_later(session: Session) -> None:
    gone = timedelta(hours=1, seconds=1)
    for notice in session.scalars(select(ApproverNotice)):
        notice.at -= gone
    for request in session.scalars(select(ApprovalRequest)):
        request.created_at -= gone
        request.reminded_at = request.reminded_at and request.reminded_at - gone
    session.flush()


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ((20, 15), (20, 23), 0),
        ((20, 15), (23, 14), 0),  # Friday to Monday
        ((20, 15), (23, 15), 1),
        ((20, 15), (24, 15), 2),
        ((16, 9), (23, 9), 5),
    ],
)
def test_saturdays_and_sundays_do_not_count(
    start: tuple[int, int], end: tuple[int, int], days: int
) -> None:
    begun, ended = (datetime(2026, 11, day, hour, tzinfo=LOCAL_ZONE) for day, hour in (start, end))

    assert working_days_since(begun, ended) == days


def test_a_request_goes_to_the_coordination_on_the_day_that_its_pages_say(
    session: Session,
) -> None:
    request = make_request(session, organisation=make_organisation(session))
    request.created_at = datetime(2026, 12, 22, 9, tzinfo=LOCAL_ZONE)

    day = datetime.combine(request.passed_on, request.created_at.timetz())

    assert request.passed_on == date(2027, 1, 4)
    assert working_days_since(request.created_at, day) == ESCALATED_AFTER
    assert working_days_since(request.created_at, day - timedelta(days=1)) < ESCALATED_AFTER


def test_requests_are_told_together_once_an_hour(session: Session) -> None:
    bsl = make_organisation(session)
    approver = make_viewer(session, role=Role.APPROVER, organisation=bsl)
    make_request(session, organisation=bsl)

    assert tell_deciders(session) == 1
    make_request(session, organisation=bsl, name="Béatrice Essai")
    assert tell_deciders(session) == 0  # the hour is not over
    an_hour_later(session)
    assert tell_deciders(session) == 1
    an_hour_later(session)
    assert tell_deciders(session) == 0  # nothing new

    mails = queued(session, REQUESTS)
    assert [mail.member_id for mail in mails] == [approver.member_id] * 2
    told = letter(session, mails[0])
    assert told is not None
    assert told.subject == "2 demandes attendent votre décision"
    assert "/approbations/" in told.text


def test_a_letter_with_nothing_left_to_say_does_not_leave(session: Session) -> None:
    bsl = make_organisation(session)
    approver = make_viewer(session, role=Role.APPROVER, organisation=bsl)
    request = make_request(session, organisation=bsl)
    tell_deciders(session)
    decide(session, request.public_id, is_approved=True, by=approver)

    assert letter(session, queued(session, REQUESTS)[0]) is None


def test_a_request_is_reminded_then_passed_on(session: Session) -> None:
    bsl = make_organisation(session)
    approver = make_viewer(session, role=Role.APPROVER, organisation=bsl)
    coordination = make_viewer(session, role=Role.COORDINATION)
    request = make_request(session, organisation=bsl)
    tell_deciders(session)

    earlier(session, request, 2)
    an_hour_later(session)
    assert tell_deciders(session) == 1
    assert (request.reminded_at is None, request.escalated_at is None) == (False, True)

    earlier(session, request, 5)
    an_hour_later(session)
    assert tell_deciders(session) == 1
    assert [mail.member_id for mail in queued(session, REQUESTS)] == [
        approver.member_id,
        approver.member_id,
        coordination.member_id,
    ]


def test_without_an_approver_the_coordination_is_told_at_once(session: Session) -> None:
    coordination = make_viewer(session, role=Role.COORDINATION)
    make_request(session, organisation=make_organisation(session))
    make_request(session, other="Clinique du Fleuve")

    tell_deciders(session)

    assert [mail.member_id for mail in queued(session, REQUESTS)] == [coordination.member_id]


def test_a_letter_speaks_of_passing_on_while_something_may_be(session: Session) -> None:
    bsl = make_organisation(session)
    approver = make_viewer(session, role=Role.APPROVER, organisation=bsl)
    coordination = make_viewer(session, role=Role.COORDINATION)
    make_request(session, organisation=bsl)
    make_request(session, other="Clinique du Fleuve")

    tell_deciders(session)

    letters = {mail.member_id: letter(session, mail) for mail in queued(session, REQUESTS)}
    for_approver = letters[approver.member_id]
    for_coordination = letters[coordination.member_id]
    assert for_approver is not None
    assert for_coordination is not None
    for told in (for_approver.html, for_approver.text):
        assert PASSES_ON in told
    for told in (for_coordination.html, for_coordination.text):
        assert "Clinique du Fleuve" in told
        assert PASSES_ON not in told


def test_without_a_coordination_administrators_are_told(session: Session) -> None:
    admin = make_viewer(session, role=Role.ADMIN)
    make_request(session)

    tell_deciders(session)

    assert [mail.member_id for mail in queued(session, REQUESTS)] == [admin.member_id]


def test_nobody_decides_on_their_own_request(session: Session) -> None:
    request = make_request(session)
    own = Viewer(member_id=request.member_id, grants=OPERATOR.grants)

    with pytest.raises(NotFound):
        decide(session, request.public_id, is_approved=True, by=own)


def test_a_refusal_forgets_the_organisation_that_was_named(session: Session) -> None:
    bsl = make_organisation(session)
    approver = make_viewer(session, role=Role.APPROVER, organisation=bsl)
    request = make_request(session, organisation=bsl)

    decide(session, request.public_id, is_approved=False, reason="Inconnue", by=approver)

    assert session.get(MemberOrganisation, (request.member_id, bsl.id)) is None
    told = letter(session, queued(session, DECISION)[0])
    assert told is not None
    assert "Inconnue" in told.text


def test_the_coordination_names_the_organisation_of_a_request_that_has_none(
    session: Session,
) -> None:
    bsl = make_organisation(session)
    coordination = make_viewer(session, role=Role.COORDINATION)
    request = make_request(session, other="CISSS BSL, je crois")

    decide(session, request.public_id, is_approved=True, organisation=bsl, by=coordination)

    assert load_viewer(session, request.member_id).organisations == {bsl.id}


def test_of_two_approvers_at_once_one_decides_and_the_other_is_told(database: str) -> None:
    with db.writing() as session:
        bsl = make_organisation(session)
        names = ("Première Main", "Seconde Main")
        approvers = [
            make_viewer(session, role=Role.APPROVER, organisation=bsl, name=name) for name in names
        ]
        public_id = make_request(session, organisation=bsl).public_id

    def answer(number: int) -> str:
        try:
            with db.writing() as session:
                decide(
                    session,
                    public_id,
                    is_approved=number == 0,
                    reason="Inconnue",
                    by=approvers[number],
                )
        except AlreadyDecided as refusal:
            return refusal.message
        return ""

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(answer, range(2))

    assert sorted(map(bool, (first, second))) == [False, True]
    with db.reading() as session:
        request = session.scalars(select(ApprovalRequest)).one()
        winner = 0 if request.decision is Decision.APPROVED else 1
        assert request.decided_by_id == approvers[winner].member_id
        assert names[winner] in first + second
        assert len(queued(session, DECISION)) == 1


def test_two_administrators_do_not_leave_together(database: str) -> None:
    with db.writing() as session:
        members = [make_member(session, password=None) for _time in range(2)]
        for member in members:
            give_role(session, member, Role.ADMIN)
        numbers = [member.id for member in members]

    def leave(number: int) -> bool:
        try:
            with db.writing() as session:
                member = session.get_one(Member, number)
                withdraw_role(session, member, Role.ADMIN, by=load_viewer(session, number))
        except NotAllowed:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, numbers)) == [False, True]


def test_the_last_administrator_is_not_suspended(session: Session) -> None:
    member = make_member(session, password=None)
    give_role(session, member, Role.ADMIN)

    with pytest.raises(NotAllowed, match="la dernière"):
        change_state(session, member, MemberState.SUSPENDED, by=OPERATOR)


def test_the_last_facilitator_of_a_space_stays(session: Session) -> None:
    one, other = make_member(session, password=None), make_member(session, password=None)
    give_role(session, one, Role.FACILITATOR, space=7)
    give_role(session, other, Role.FACILITATOR, space=8)

    with pytest.raises(NotAllowed):
        withdraw_role(session, one, Role.FACILITATOR, by=OPERATOR, space=7)


def test_an_account_moves_by_known_steps_only(session: Session) -> None:
    member = make_member(session, password=None, state=MemberState.ERASED)

    with pytest.raises(Conflict):
        change_state(session, member, MemberState.ACTIVE, by=OPERATOR)


def test_an_invitation_gives_no_more_than_its_giver_may(session: Session) -> None:
    here, elsewhere = make_organisation(session), make_organisation(session)
    approver = make_viewer(session, role=Role.APPROVER, organisation=here)

    for wrong in (
        {},
        {"organisation": elsewhere},
        {"organisation": here, "role": Role.SIGNATORY},
        {"organisation": here, "role": Role.BROKER},
    ):
        with pytest.raises(NotAllowed):
            invite(session, by=approver, **wrong)
    with pytest.raises(DomainError, match="organisation"):
        invite(session, by=OPERATOR, role=Role.APPROVER)
    row = invite(session, by=approver, organisation=here, role=Role.RESPONDENT, max_uses=2)
    assert row.max_uses == 2


def test_a_role_that_opens_much_is_offered_to_one_address_and_the_administrators_know(
    session: Session,
) -> None:
    giver = make_viewer(session, role=Role.ADMIN)
    other = make_viewer(session, role=Role.ADMIN)

    here = make_organisation(session)

    for role in (Role.COORDINATION, Role.APPROVER, Role.SIGNATORY):
        with pytest.raises(DomainError, match="une seule personne"):
            invite(session, by=giver, organisation=here, role=role, max_uses=100)
    assert invite(session, by=giver, email="a@exemple.ca", role=Role.COORDINATION).max_uses == 1

    (told,) = queued(session, SECURITY_NOTICE)
    assert (told.member_id, told.parameters["event"]) == (other.member_id, "role_offered")
    written = letter(session, told)
    assert written is not None
    assert "/invitations" in written.text


def test_an_open_link_of_before_gives_no_role_that_opens_much(session: Session) -> None:
    here = make_organisation(session)
    row = invite(session, by=OPERATOR, organisation=here, max_uses=9)
    row.role = Role.SIGNATORY

    with pytest.raises(DeadToken):
        accept_invitation(session, row, make_member(session, password=None))


def test_a_role_that_opens_much_is_told_to_who_receives_it_and_to_administrators(
    session: Session,
) -> None:
    giver = make_viewer(session, role=Role.COORDINATION)
    admin = make_viewer(session, role=Role.ADMIN)
    here = make_organisation(session)
    receiver = make_member(session, password=None)

    give_by_hand(session, receiver, Role.SIGNATORY, by=giver, organisation=here.id)
    give_by_hand(session, receiver, Role.REVIEWER, by=giver)

    letters = queued(session, SECURITY_NOTICE)
    assert [(one.member_id, one.parameters["event"]) for one in letters] == [
        (admin.member_id, "role_given"),
        (receiver.id, "role_received"),
    ]
    to_admin, to_receiver = (letter(session, one) for one in letters)
    assert to_admin is not None
    assert to_receiver is not None
    assert "/admin/personnes" in to_admin.text
    assert "Si vous ne l’attendiez pas, écrivez-nous." in to_receiver.text
    assert "mot-de-passe-oublie" not in to_receiver.html + to_admin.html


@pytest.mark.parametrize("role", sorted(WATCHED_ROLES))
def test_nobody_gives_themselves_a_role_that_opens_much(session: Session, role: Role) -> None:
    admin = make_member(session, password=None)
    give_role(session, admin, Role.ADMIN)
    by = load_viewer(session, admin.id)
    here = make_organisation(session) if role in ORGANISATION_ROLES else None
    number = here.id if here else None
    row = invite(session, by=by, email=admin.email, role=role, organisation=here)

    with pytest.raises(NotAllowed):
        accept_invitation(session, row, admin)
    if role is Role.ADMIN:
        session.execute(delete(RoleGrant))
    with pytest.raises(NotAllowed):
        give_by_hand(session, admin, role, by=by, organisation=number)


def test_an_erased_account_receives_nothing(session: Session) -> None:
    here = make_organisation(session)
    gone = make_member(session, password=None, state=MemberState.ERASED)

    with pytest.raises(Conflict, match="effacé"):
        grant_role(session, gone, Role.BROKER, by=OPERATOR)
    with pytest.raises(Conflict, match="effacé"):
        confirm_organisation(session, gone, here, by=OPERATOR)


def test_whoever_leaves_an_organisation_asks_it_nothing_more(session: Session) -> None:
    here = make_organisation(session)
    member = make_member(session, password=None)
    join_organisation(session, member, here, is_confirmed=False)
    request_approval(session, member, organisation_id=here.id, is_for_entry=False)

    leave_organisation(session, member, here, by=load_viewer(session, member.id))

    assert session.scalars(select(ApprovalRequest)).all() == []


def test_an_invitation_dies_with_the_right_of_its_giver(session: Session) -> None:
    here = make_organisation(session)
    giver = make_member(session, password=None)
    give_role(session, giver, Role.APPROVER, organisation=here)
    row = invite(session, by=load_viewer(session, giver.id), organisation=here)
    withdraw_role(session, giver, Role.APPROVER, by=OPERATOR, organisation=here.id)

    with pytest.raises(DeadToken):
        accept_invitation(session, row, make_member(session, password=None))


def test_an_invitation_to_an_address_serves_that_address(session: Session) -> None:
    row = invite(session, by=OPERATOR, email="Ariane@Exemple.ca", max_uses=9)
    assert (row.email, row.max_uses) == ("ariane@exemple.ca", 1)

    with pytest.raises(DeadToken):
        accept_invitation(session, row, make_member(session, password=None))
    accept_invitation(session, row, make_member(session, email="ariane@exemple.ca", password=None))
    assert row.uses == 1


def test_a_revoked_invitation_lets_nobody_in(session: Session) -> None:
    row = invite(session, by=OPERATOR)
    stranger = make_viewer(session)
    with pytest.raises(NotFound):
        revoke_invitation(session, row.public_id, by=stranger)

    revoke_invitation(session, row.public_id, by=OPERATOR)

    with pytest.raises(DeadToken):
        accept_invitation(session, row, make_member(session, password=None))


def test_a_link_lets_in_as_many_as_it_says(database: str) -> None:
    with db.writing() as session:
        number = invite(session, by=OPERATOR, max_uses=3).id
        members = [make_member(session, password=None).id for _time in range(6)]

    def come(member_id: int) -> bool:
        try:
            with db.writing() as session:
                accept_invitation(
                    session,
                    session.get_one(Invitation, number),
                    session.get_one(Member, member_id),
                )
        except DeadToken:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(come, members)) == 3


def test_who_is_of_an_organisation_does_not_ask_it_again(session: Session) -> None:
    bsl = make_organisation(session)
    member = make_member(session, organisation=bsl)

    with pytest.raises(Conflict, match="déjà confirmé"):
        ask_to_join(session, member, bsl)


def test_asking_an_organisation_and_taking_it_back_are_in_the_journal(session: Session) -> None:
    bsl = make_organisation(session)
    member = make_member(session)

    ask_to_join(session, member, bsl)
    assert withdraw_request(session, member)
    session.flush()

    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions[-2:] == ["members.organisation_asked", "members.request_withdrawn"]
