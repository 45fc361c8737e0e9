"""Coming in and going out of a space: who may, what waits, who is told."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from inters4.community.exports.joining_notices import (
    DECISION_KIND,
    INVITATION_KIND,
    PLACE_KIND,
    REQUEST_KIND,
    WAITING_KIND,
)
from inters4.community.models import (
    JoinPolicy,
    JoinRequest,
    Level,
    Membership,
    RequestState,
    Space,
    SpaceInvitation,
    SpaceReading,
    SpaceStage,
    SpaceToken,
    ThreadReading,
    Visibility,
)
from inters4.community.queries.access import access_to
from inters4.community.queries.visibility import moderates
from inters4.community.services import chasing_requests, inviting, joining, leading, leaving
from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotAllowed, TooMany
from inters4.core.hooks import hooks
from inters4.core.notices import Noticed, Told
from inters4.core.working_days import working_days_since
from inters4.members.models import Member, RoleGrant
from inters4.notices.models import Notice
from tests.builders.community import again, make_space, make_thread
from tests.builders.members import make_viewer

HIDDEN, LISTED = Visibility.PRIVATE_HIDDEN, Visibility.PRIVATE_LISTED


@pytest.fixture
def lead(session: Session) -> Viewer:
    return make_viewer(session, name="Camille Essai")


@pytest.fixture
def second(session: Session) -> Viewer:
    return make_viewer(session, name="Dominique Essai")


@pytest.fixture
def someone(session: Session) -> Viewer:
    return make_viewer(session, name="Benoît Essai")


Making = Callable[..., Space]


@pytest.fixture
def make(session: Session, lead: Viewer, second: Viewer) -> Making:
    """A space that both lead, whose viewers are brought up to date."""

    def made(**fields: object) -> Space:
        return make_space(session, facilitator=lead, deputy=second, **fields)  # type: ignore[arg-type]

    return made


def belongs(session: Session, space: Space, who: Viewer) -> bool:
    return session.get(Membership, (space.id, who.member_id)) is not None


def member(session: Session, who: Viewer) -> Member:
    return session.get_one(Member, who.member_id)


def days_of_work_ago(count: int) -> datetime:
    moment = now()
    while working_days_since(moment, now()) < count:
        moment -= timedelta(days=1)
    return moment


def told(session: Session, kind: str) -> list[tuple[int, Told]]:
    """What each person is told now by notices of this kind."""
    session.flush()
    rows = session.scalars(select(Notice).where(Notice.kind == kind).order_by(Notice.id)).all()
    noticed = [Noticed(one.id, one.member_id, one.subject, one.facts) for one in rows]
    words = hooks.notice_kinds[kind].tell(session, noticed)
    return [(one.member_id, words[one.id]) for one in noticed if one.id in words]


def test_anyone_signed_in_comes_into_an_open_space_with_nothing_left_to_read(
    session: Session, make: Making, someone: Viewer, lead: Viewer
) -> None:
    space = make()
    make_thread(session, space, author=lead)

    joining.join(session, space, by=someone)
    joining.join(session, space, by=again(session, someone))

    assert belongs(session, space, someone)
    reading = session.get_one(SpaceReading, (someone.member_id, space.id))
    assert reading.read_seq == space.last_seq == 1


@pytest.mark.parametrize("policy", [JoinPolicy.REQUEST, JoinPolicy.INVITATION])
def test_nobody_comes_by_themselves_where_one_asks_or_is_invited(
    session: Session, make: Making, someone: Viewer, policy: JoinPolicy
) -> None:
    space = make(join_policy=policy)

    with pytest.raises(NotAllowed):
        joining.join(session, space, by=someone)


def test_a_private_space_is_never_open_even_if_its_row_says_so(
    session: Session, make: Making, someone: Viewer
) -> None:
    space = make(visibility=LISTED, join_policy=JoinPolicy.OPEN)

    with pytest.raises(NotAllowed):
        joining.join(session, space, by=someone)
    assert access_to(session, space, viewer=someone).may_ask


def test_a_request_is_told_to_both_who_lead_and_answered_once(
    session: Session, make: Making, someone: Viewer, lead: Viewer, second: Viewer
) -> None:
    space = make(visibility=LISTED, join_policy=JoinPolicy.REQUEST)
    request = joining.ask_to_join(session, space, " Bonjour! ", by=someone)

    asked = told(session, REQUEST_KIND)
    joining.accept_request(session, space, request, by=again(session, lead))

    assert {number for number, _words in asked} == {lead.member_id, second.member_id}
    assert asked[0][1].text == "Bonjour!"
    assert not asked[0][1].is_over
    assert belongs(session, space, someone)
    assert [one.is_over for _number, one in told(session, REQUEST_KIND)] == [True, True]
    ((number, answer),) = told(session, DECISION_KIND)
    assert (number, answer.path) == (someone.member_id, f"/communaute/{space.slug}")
    with pytest.raises(Conflict):
        joining.refuse_request(session, space, request, "Non", by=again(session, second))


def test_a_refusal_needs_a_reason_which_the_person_reads(
    session: Session, make: Making, someone: Viewer, lead: Viewer
) -> None:
    space = make(visibility=LISTED, join_policy=JoinPolicy.REQUEST)
    request = joining.ask_to_join(session, space, "", by=someone)

    with pytest.raises(DomainError):
        joining.refuse_request(session, space, request, "  ", by=again(session, lead))
    joining.refuse_request(session, space, request, "C’est complet.", by=again(session, lead))

    assert request.state is RequestState.REFUSED
    ((_number, answer),) = told(session, DECISION_KIND)
    assert answer.text == "C’est complet."
    assert not belongs(session, space, someone)


def test_one_request_waits_at_a_time_and_may_be_withdrawn(
    session: Session, make: Making, someone: Viewer, lead: Viewer
) -> None:
    space = make(visibility=LISTED, join_policy=JoinPolicy.REQUEST)
    first = joining.ask_to_join(session, space, "", by=someone)

    with pytest.raises(Conflict):
        joining.ask_to_join(session, space, "", by=someone)
    joining.withdraw_request(session, space, by=someone)
    with pytest.raises(Conflict):
        joining.accept_request(session, space, first, by=again(session, lead))

    assert first.state is RequestState.WITHDRAWN
    assert joining.ask_to_join(session, space, "", by=someone).id != first.id


def test_whoever_asks_over_and_over_waits(session: Session, make: Making, someone: Viewer) -> None:
    space = make(visibility=LISTED, join_policy=JoinPolicy.REQUEST)
    for _time in range(joining.MOST_REQUESTS):
        joining.ask_to_join(session, space, "", by=someone)
        joining.withdraw_request(session, space, by=someone)

    with pytest.raises(TooMany):
        joining.ask_to_join(session, space, "", by=someone)


def test_only_those_who_lead_decide(session: Session, make: Making, someone: Viewer) -> None:
    space = make(visibility=LISTED, join_policy=JoinPolicy.REQUEST)
    moderator = make_viewer(session, role=Role.MODERATOR, space=space.id)
    staff = make_viewer(session, role=Role.COORDINATION)
    session.add(Membership(space_id=space.id, member_id=moderator.member_id))
    request = joining.ask_to_join(session, space, "", by=someone)

    for who in (moderator, staff, someone):
        with pytest.raises(NotAllowed):
            joining.accept_request(session, space, request, by=again(session, who))


def test_whoever_leads_no_more_is_asked_nothing(
    session: Session, make: Making, someone: Viewer, lead: Viewer, second: Viewer
) -> None:
    space = make(visibility=LISTED, join_policy=JoinPolicy.REQUEST, members=(someone,))
    joining.ask_to_join(session, space, "", by=make_viewer(session))
    leading.hand_over(
        session,
        space,
        facilitator=member(session, someone),
        deputy=member(session, second),
        by=again(session, lead),
    )

    assert {number for number, _words in told(session, REQUEST_KIND)} == {second.member_id}
    assert not moderates(again(session, lead), space.id)
    assert moderates(again(session, someone), space.id)


def test_a_request_is_chased_by_days_of_work_once_each(
    session: Session, make: Making, someone: Viewer, lead: Viewer
) -> None:
    coordination = make_viewer(session, role=Role.COORDINATION)
    space = make(visibility=LISTED, join_policy=JoinPolicy.REQUEST)
    request = joining.ask_to_join(session, space, "", by=someone)

    assert chasing_requests.chase_requests(session) == 0
    request.asked_at = days_of_work_ago(3)
    assert chasing_requests.chase_requests(session) == 1
    request.asked_at = days_of_work_ago(5)
    assert chasing_requests.chase_requests(session) == 1
    assert chasing_requests.chase_requests(session) == 0

    reminders = [words for _number, words in told(session, REQUEST_KIND) if "Rappel" in words.title]
    assert len(reminders) == 2
    ((number, words),) = told(session, WAITING_KIND)
    assert number == coordination.member_id
    assert space.name in words.title
    joining.withdraw_request(session, space, by=someone)
    assert told(session, WAITING_KIND)[0][1].is_over


def test_an_invitation_is_accepted_declined_or_taken_back(
    session: Session, make: Making, someone: Viewer, lead: Viewer
) -> None:
    space = make(visibility=HIDDEN, join_policy=JoinPolicy.INVITATION)
    other = make_viewer(session)
    leader = again(session, lead)
    for who in (someone, other):
        inviting.invite(session, space, member(session, who), "Venez!", by=leader)

    with pytest.raises(Conflict):
        inviting.invite(session, space, member(session, other), "", by=leader)
    assert {number for number, _words in told(session, INVITATION_KIND)} == {
        someone.member_id,
        other.member_id,
    }
    inviting.accept_invitation(session, space, by=someone)
    inviting.decline_invitation(session, space, by=other)

    assert belongs(session, space, someone)
    assert not belongs(session, space, other)
    assert told(session, INVITATION_KIND) == []
    with pytest.raises(Conflict):
        inviting.accept_invitation(session, space, by=other)


def test_leaving_ends_roles_reading_and_private_addresses(
    session: Session, make: Making, someone: Viewer, lead: Viewer
) -> None:
    space = make(visibility=LISTED, join_policy=JoinPolicy.REQUEST, members=(someone,))
    thread = make_thread(session, space, author=lead)
    leading.name_moderator(session, space, member(session, someone), by=again(session, lead))
    session.add_all(
        [
            SpaceToken(
                space_id=space.id, member_id=someone.member_id, purpose="fil", token_hash="x"
            ),
            SpaceReading(member_id=someone.member_id, space_id=space.id),
            ThreadReading(
                member_id=someone.member_id,
                thread_id=thread.id,
                last_number=1,
                level=Level.FOLLOWED,
            ),
        ]
    )
    session.flush()

    leaving.leave(session, space, by=again(session, someone))

    session.expire_all()
    assert not belongs(session, space, someone)
    assert session.scalar(select(SpaceToken.id)) is None
    assert session.get(SpaceReading, (someone.member_id, space.id)) is None
    assert session.get_one(ThreadReading, (someone.member_id, thread.id)).level is None
    held = select(RoleGrant.id).where(RoleGrant.member_id == someone.member_id)
    assert session.scalar(held) is None


def test_whoever_leads_leaves_only_once_somebody_else_does(
    session: Session, make: Making, someone: Viewer, lead: Viewer, second: Viewer
) -> None:
    space = make(members=(someone,))

    with pytest.raises(NotAllowed):
        leaving.leave(session, space, by=again(session, lead))
    leading.hand_over(
        session,
        space,
        facilitator=member(session, someone),
        deputy=member(session, second),
        by=again(session, lead),
    )
    leaving.leave(session, space, by=again(session, lead))

    assert not belongs(session, space, lead)
    assert space.facilitator_id == someone.member_id


def test_two_people_who_belong_lead_and_not_one(
    session: Session, make: Making, someone: Viewer, lead: Viewer
) -> None:
    space = make(members=(someone,))
    leader = again(session, lead)
    both, outside = member(session, someone), member(session, make_viewer(session))

    for facilitator, deputy in ((both, both), (both, outside), (outside, both)):
        with pytest.raises(DomainError):
            leading.hand_over(session, space, facilitator=facilitator, deputy=deputy, by=leader)


def test_the_coordination_names_who_leads_only_where_nobody_does(
    session: Session, make: Making, someone: Viewer, lead: Viewer, second: Viewer
) -> None:
    other = make_viewer(session)
    space = make(members=(someone, other))
    staff = make_viewer(session, role=Role.COORDINATION)
    pair = {"facilitator": member(session, someone), "deputy": member(session, other)}

    with pytest.raises(NotAllowed):
        leading.hand_over(session, space, **pair, by=staff)
    for gone in (lead, second):
        session.delete(session.get_one(Membership, (space.id, gone.member_id)))
    session.flush()
    leading.hand_over(session, space, **pair, by=staff)

    assert moderates(again(session, someone), space.id)


@pytest.mark.parametrize("visibility", [LISTED, HIDDEN])
def test_the_coordination_names_nobody_in_a_private_space(
    session: Session, visibility: Visibility
) -> None:
    space = make_space(session, visibility=visibility)
    staff = make_viewer(session, role=Role.COORDINATION)

    assert not leading.may_choose_leaders(session, space, staff)


def test_someone_removed_is_told_why_and_a_space_they_see_no_more_is_not_named(
    session: Session, make: Making, someone: Viewer, lead: Viewer
) -> None:
    space = make(visibility=HIDDEN, join_policy=JoinPolicy.INVITATION, members=(someone,))

    leaving.remove(
        session, space, member(session, someone), "Fin du mandat.", by=again(session, lead)
    )

    ((number, words),) = told(session, PLACE_KIND)
    assert number == someone.member_id
    assert words.text == "Fin du mandat."
    assert space.name not in words.title
    assert space.slug not in words.path


def test_someone_banned_comes_back_only_once_it_is_lifted(
    session: Session, make: Making, someone: Viewer, lead: Viewer
) -> None:
    space = make(members=(someone,))
    leader = again(session, lead)
    leaving.ban(session, space, member(session, someone), "Propos répétés.", by=leader)

    with pytest.raises(NotAllowed):
        joining.join(session, space, by=again(session, someone))
    with pytest.raises(NotAllowed):
        inviting.invite(session, space, member(session, someone), "", by=leader)
    assert not access_to(session, space, viewer=again(session, someone)).can_post
    leaving.lift_ban(session, space, someone.member_id or 0, by=leader)
    joining.join(session, space, by=again(session, someone))

    assert belongs(session, space, someone)


def test_those_who_lead_are_not_removed(
    session: Session, make: Making, lead: Viewer, second: Viewer
) -> None:
    space = make()

    for verb in (leaving.remove, leaving.ban):
        with pytest.raises(NotAllowed):
            verb(session, space, member(session, second), "Non.", by=again(session, lead))


def test_nobody_comes_into_a_space_that_is_archived(
    session: Session, make: Making, someone: Viewer, lead: Viewer
) -> None:
    space = make(stage=SpaceStage.CLOSED)

    with pytest.raises(NotAllowed):
        joining.join(session, space, by=someone)
    with pytest.raises(NotAllowed):
        inviting.invite(session, space, member(session, someone), "", by=again(session, lead))
    assert not access_to(session, space, viewer=again(session, lead)).can_post


def test_nobody_is_let_into_a_space_archived_since_it_was_read(
    session: Session, make: Making, someone: Viewer, lead: Viewer
) -> None:
    space = make(join_policy=JoinPolicy.INVITATION)
    other = make_viewer(session)
    leader = again(session, lead)
    inviting.invite(session, space, member(session, someone), "", by=leader)
    session.connection().execute(
        text("UPDATE spaces SET stage = :stage"), {"stage": SpaceStage.CLOSED.value}
    )
    assert not space.is_archived

    with pytest.raises(NotAllowed):
        inviting.accept_invitation(session, space, by=someone)
    set_committed_value(space, "stage", SpaceStage.ACTIVE)
    with pytest.raises(NotAllowed):
        inviting.invite(session, space, member(session, other), "", by=leader)
    assert not belongs(session, space, someone)


def test_an_open_door_settles_the_request_that_waited(
    session: Session, make: Making, someone: Viewer
) -> None:
    space = make(join_policy=JoinPolicy.REQUEST)
    joining.ask_to_join(session, space, "", by=someone)
    space.join_policy = JoinPolicy.OPEN

    joining.join(session, space, by=someone)

    assert session.scalars(select(JoinRequest.state)).all() == [RequestState.ACCEPTED]
    assert session.scalar(select(SpaceInvitation.id)) is None


@pytest.mark.parametrize("message", ["a\0b", "x" * 1_000_000])
def test_a_message_is_cleaned_and_bounded(
    session: Session, make: Making, someone: Viewer, message: str
) -> None:
    space = make(join_policy=JoinPolicy.REQUEST)
    if len(message) > 10:
        with pytest.raises(DomainError):
            joining.ask_to_join(session, space, message, by=someone)
        return
    assert joining.ask_to_join(session, space, message, by=someone).message == "ab"
