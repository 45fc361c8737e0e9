"""Seats of a meeting: given once, never left empty, whoever asks at once."""

import threading

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.models import (
    JoinPolicy,
    Meeting,
    Membership,
    Seat,
    SeatState,
    Space,
    SpaceStage,
    Visibility,
)
from inters4.community.queries.meeting_telling import MEETING_KIND, WAITING_KIND
from inters4.community.services.belonging import go_out
from inters4.community.services.meetings.planning import Plan, cancel_meeting, revise_meeting
from inters4.community.services.meetings.seating import confirm, register, remove, withdraw
from inters4.community.services.meetings.telling import (
    Happening,
    tell,
    tell_seat_waits,
)
from inters4.community.services.revising import set_stage
from inters4.community.services.visibility_changes import change_visibility
from inters4.core.access import ANONYMOUS, Viewer
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, NotAllowed
from inters4.core.hooks import hooks
from inters4.members.models import Member, MemberState
from inters4.notices.models import Notice
from tests.builders.community import again, make_space
from tests.builders.meetings import give_seat, hold, make_meeting, state_of
from tests.builders.members import make_viewer

CONFIRMED, WAITING = SeatState.CONFIRMED, SeatState.WAITING
PENDING, WITHDRAWN = SeatState.PENDING, SeatState.WITHDRAWN


@pytest.fixture
def host(session: Session) -> Viewer:
    return make_viewer(session, name="Maude Essai")


@pytest.fixture
def people(session: Session) -> tuple[Viewer, ...]:
    return tuple(make_viewer(session, name=f"Personne {number}") for number in range(5))


@pytest.fixture
def space(session: Session, host: Viewer, people: tuple[Viewer, ...]) -> Space:
    return make_space(session, facilitator=host, members=people)


def facts(session: Session, kind: str = MEETING_KIND) -> list[tuple[int, str]]:
    """Who was told what, in order."""
    session.flush()
    rows = session.scalars(select(Notice).where(Notice.kind == kind).order_by(Notice.id))
    return [(one.member_id, str(one.facts.get("what", ""))) for one in rows]


def waiting(session: Session, kind: str) -> list[int]:
    """Who has still something to do about it."""
    session.flush()
    rows = session.scalars(
        select(Notice).where(Notice.kind == kind, Notice.read_at.is_(None)).order_by(Notice.id)
    )
    return [one.member_id for one in rows]


def test_whoever_comes_past_the_last_seat_waits_in_line(
    session: Session, space: Space, host: Viewer, people: tuple[Viewer, ...]
) -> None:
    meeting = make_meeting(session, space, host=host, capacity=2)

    states = [register(session, meeting, by=again(session, one)) for one in people]

    assert states == [CONFIRMED, CONFIRMED, WAITING, WAITING, WAITING]


def test_a_seat_given_back_goes_to_the_first_in_line_who_is_told(
    session: Session, space: Space, host: Viewer, people: tuple[Viewer, ...]
) -> None:
    meeting = make_meeting(session, space, host=host, capacity=1)
    viewers = [again(session, one) for one in people]
    for one in viewers:
        register(session, meeting, by=one)

    withdraw(session, meeting, by=viewers[0])

    assert [state_of(session, meeting, one) for one in people] == [
        WITHDRAWN,
        CONFIRMED,
        WAITING,
        WAITING,
        WAITING,
    ]
    assert facts(session) == [(people[1].member_id, "promoted")]


def test_whoever_comes_back_goes_to_the_end_of_the_line(
    session: Session, space: Space, host: Viewer, people: tuple[Viewer, ...]
) -> None:
    meeting = make_meeting(session, space, host=host, capacity=1)
    first, second, third = (again(session, one) for one in people[:3])
    for one in (first, second, third):
        register(session, meeting, by=one)
    withdraw(session, meeting, by=second)
    register(session, meeting, by=second)

    withdraw(session, meeting, by=first)

    assert state_of(session, meeting, third) is CONFIRMED
    assert state_of(session, meeting, second) is WAITING


def test_asking_and_giving_back_twice_is_once(
    session: Session, space: Space, host: Viewer, people: tuple[Viewer, ...]
) -> None:
    meeting = make_meeting(session, space, host=host, capacity=1)
    one, other = (again(session, who) for who in people[:2])

    assert register(session, meeting, by=one) is register(session, meeting, by=one) is CONFIRMED
    register(session, meeting, by=other)
    withdraw(session, meeting, by=one)
    withdraw(session, meeting, by=one)

    assert state_of(session, meeting, other) is CONFIRMED
    assert facts(session) == [(other.member_id, "promoted")]


def test_by_hand_each_waits_for_an_answer_and_a_full_room_puts_them_in_line(
    session: Session, space: Space, host: Viewer, people: tuple[Viewer, ...]
) -> None:
    meeting = make_meeting(session, space, host=host, capacity=1, is_confirmed_by_hand=True)
    by = again(session, host)
    for one in people[:3]:
        assert register(session, meeting, by=again(session, one)) is PENDING
    names = [session.get_one(Member, one.member_id).public_id for one in people]

    assert confirm(session, meeting, names[0], by=by) is CONFIRMED
    assert confirm(session, meeting, names[1], by=by) is WAITING
    remove(session, meeting, names[2], by=by)

    assert facts(session) == [
        (people[0].member_id, "confirmed"),
        (people[1].member_id, "listed"),
        (people[2].member_id, "refused"),
    ]
    assert {who for who, _what in facts(session, WAITING_KIND)} == {host.member_id}
    with pytest.raises(Conflict):
        confirm(session, meeting, names[0], by=by)
    with pytest.raises(NotAllowed):
        confirm(session, meeting, names[0], by=again(session, people[0]))


def test_more_seats_are_given_to_those_who_wait_and_fewer_take_none_away(
    session: Session, space: Space, host: Viewer, people: tuple[Viewer, ...]
) -> None:
    meeting = make_meeting(session, space, host=host, capacity=1)
    for one in people[:4]:
        register(session, meeting, by=again(session, one))

    for capacity, confirmed in ((3, 3), (1, 3), (None, 4)):
        plan = Plan(title="Rencontre", starts_at=meeting.starts_at, capacity=capacity)
        revise_meeting(session, meeting, plan, version=meeting.version, by=again(session, host))
        states = [state_of(session, meeting, one) for one in people[:4]]
        assert states.count(CONFIRMED) == confirmed


def test_leaving_the_space_gives_the_seat_to_whoever_waits(
    session: Session, space: Space, host: Viewer, people: tuple[Viewer, ...]
) -> None:
    meeting = make_meeting(session, space, host=host, capacity=1)
    register(session, meeting, by=again(session, people[0]))
    register(session, meeting, by=again(session, people[1]))
    assert people[0].member_id is not None

    go_out(session, space, people[0].member_id, by=people[0], how="left")

    assert state_of(session, meeting, people[0]) is WITHDRAWN
    assert state_of(session, meeting, people[1]) is CONFIRMED


@pytest.mark.parametrize("visibility", [Visibility.PRIVATE_LISTED, Visibility.PRIVATE_HIDDEN])
def test_a_space_that_turns_private_gives_the_seats_of_outsiders_to_its_people(
    session: Session,
    space: Space,
    host: Viewer,
    people: tuple[Viewer, ...],
    visibility: Visibility,
) -> None:
    outsider, by = make_viewer(session, name="Odile Ailleurs"), again(session, host)
    meeting = make_meeting(session, space, host=host, capacity=1)
    by_hand = make_meeting(session, space, host=host, is_confirmed_by_hand=True)
    held = make_meeting(session, space, host=host)
    give_seat(session, meeting, outsider)
    give_seat(session, by_hand, outsider, PENDING)
    give_seat(session, held, outsider)
    hold(session, held)
    register(session, meeting, by=again(session, people[0]))
    tell_seat_waits(session, by_hand)

    tell(session, meeting, Happening.MOVED, [outsider.member_id or 0])

    change_visibility(session, space, visibility, by=by)

    assert waiting(session, MEETING_KIND) == [people[0].member_id]
    assert state_of(session, meeting, outsider) is WITHDRAWN
    assert state_of(session, by_hand, outsider) is WITHDRAWN
    assert state_of(session, held, outsider) is CONFIRMED, "who came is kept for the balance sheet"
    assert state_of(session, meeting, people[0]) is CONFIRMED
    assert facts(session) == [(outsider.member_id, "moved"), (people[0].member_id, "promoted")]
    assert waiting(session, WAITING_KIND) == []


def test_a_space_for_members_only_takes_no_seat(
    session: Session, space: Space, host: Viewer, people: tuple[Viewer, ...]
) -> None:
    space.visibility = Visibility.PUBLIC
    meeting = make_meeting(session, space, host=host)
    give_seat(session, meeting, outsider := make_viewer(session, name="Odile Ailleurs"))

    change_visibility(session, space, Visibility.MEMBERS, by=again(session, host))

    assert state_of(session, meeting, outsider) is CONFIRMED


def test_a_space_that_closes_cancels_what_is_to_come_and_says_why(
    session: Session, space: Space, host: Viewer, people: tuple[Viewer, ...]
) -> None:
    meeting, held = (make_meeting(session, space, host=host) for _one in range(2))
    give_seat(session, meeting, people[0])
    give_seat(session, meeting, people[1], PENDING)
    give_seat(session, held, people[0])
    hold(session, held)
    tell_seat_waits(session, meeting)

    set_stage(session, space, SpaceStage.CLOSED, by=again(session, host))

    assert meeting.cancelled_at is not None
    assert meeting.cancelled_for == "L’espace est archivé."
    assert held.cancelled_at is None
    assert sorted(facts(session)) == sorted(
        (one.member_id, "cancelled") for one in people[:2] if one.member_id is not None
    )
    assert waiting(session, WAITING_KIND) == []


def test_whoever_is_erased_leaves_no_seat_and_no_name(
    session: Session, space: Space, host: Viewer, people: tuple[Viewer, ...]
) -> None:
    meeting = make_meeting(session, space, host=people[0], capacity=1)
    register(session, meeting, by=again(session, people[0]))
    register(session, meeting, by=again(session, people[1]))
    assert people[0].member_id is not None

    for handler in hooks.member_erased:
        if handler.__name__ == "forget_attendee":
            handler(session, people[0].member_id)

    assert state_of(session, meeting, people[0]) is None
    assert state_of(session, meeting, people[1]) is CONFIRMED
    assert (meeting.facilitator_id, meeting.author_id) == (None, None)


def test_whose_account_is_closed_is_passed_over(
    session: Session, space: Space, host: Viewer, people: tuple[Viewer, ...]
) -> None:
    meeting = make_meeting(session, space, host=host, capacity=1)
    for one in people[:3]:
        register(session, meeting, by=again(session, one))
    session.get_one(Member, people[1].member_id).state = MemberState.DEACTIVATED

    withdraw(session, meeting, by=again(session, people[0]))

    assert state_of(session, meeting, people[2]) is CONFIRMED


def test_nobody_registers_once_it_began_or_was_cancelled_or_in_an_archived_space(
    session: Session, space: Space, host: Viewer, people: tuple[Viewer, ...]
) -> None:
    begun, cancelled = (make_meeting(session, space, host=host) for _one in range(2))
    hold(session, begun)
    cancel_meeting(session, cancelled, reason="Tempête.", by=again(session, host))
    who = again(session, people[0])

    for meeting in (begun, cancelled):
        with pytest.raises(Conflict):
            register(session, meeting, by=who)
    closed = make_space(session, facilitator=host, members=people, stage="closed")
    with pytest.raises(NotAllowed):
        register(session, make_meeting(session, closed), by=again(session, people[0]))
    with pytest.raises(NotAllowed):
        register(session, make_meeting(session, space), by=ANONYMOUS)


@pytest.mark.parametrize(
    ("visibility", "policy", "joins"),
    [
        (Visibility.PUBLIC, JoinPolicy.OPEN, True),
        (Visibility.MEMBERS, JoinPolicy.OPEN, True),
        (Visibility.MEMBERS, JoinPolicy.REQUEST, False),
        (Visibility.PRIVATE_LISTED, JoinPolicy.OPEN, False),
    ],
)
def test_registering_is_joining_where_anyone_may_come_in(
    session: Session, host: Viewer, visibility: Visibility, policy: JoinPolicy, joins: bool
) -> None:
    space = make_space(session, facilitator=host, visibility=visibility, join_policy=policy)
    meeting, someone = make_meeting(session, space), make_viewer(session)

    if joins:
        assert register(session, meeting, by=someone) is CONFIRMED
    else:
        with pytest.raises(NotAllowed):
            register(session, meeting, by=someone)
    assert (session.get(Membership, (space.id, someone.member_id)) is not None) is joins


def test_no_seat_is_given_twice_nor_lost_to_people_who_come_at_once(database: str) -> None:
    """Ten ask for three seats at once, then those who have one give it back at once."""
    with writing() as session:
        people = tuple(make_viewer(session, name=f"Personne {number}") for number in range(10))
        space = make_space(session, facilitator=make_viewer(session), members=people)
        meeting_id = make_meeting(session, space, capacity=3).id
        viewers = [again(session, one) for one in people]

    def ask(who: Viewer) -> None:
        with writing() as session:
            register(session, session.get_one(Meeting, meeting_id), by=who)

    def give_back(who: Viewer) -> None:
        with writing() as session:
            withdraw(session, session.get_one(Meeting, meeting_id), by=who)

    _all_at_once([lambda who=who: ask(who) for who in viewers])
    first = _states(meeting_id)
    seated = [who for who in viewers if first[who.member_id or 0] is CONFIRMED]
    _all_at_once([lambda who=who: give_back(who) for who in seated])
    then = _states(meeting_id)

    assert list(first.values()).count(CONFIRMED) == 3
    assert list(first.values()).count(WAITING) == 7
    assert list(then.values()).count(CONFIRMED) == 3
    assert list(then.values()).count(WITHDRAWN) == 3


def _all_at_once(works: list[object]) -> None:
    failures: list[BaseException] = []
    start = threading.Barrier(len(works))

    def run(work: object) -> None:
        start.wait()
        try:
            work()  # type: ignore[operator]
        except BaseException as failure:  # noqa: BLE001  (told below)
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def _states(meeting_id: int) -> dict[int, SeatState]:
    with reading() as session:
        rows = session.scalars(select(Seat).where(Seat.meeting_id == meeting_id))
        return {one.member_id: one.state for one in rows}
