"""Two people at once: one decision, one belonging, one request, whichever database."""

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.community.models import JoinPolicy, JoinRequest, Membership, Space, Visibility
from inters4.community.services import joining
from inters4.community.services.leading import hand_over
from inters4.community.services.leaving import leave
from inters4.core.access import Viewer
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError
from inters4.members.models import Member
from tests.builders.community import again, make_space
from tests.builders.members import make_viewer

Work = Callable[[Session, Space], object]


@pytest.fixture
def pair(session: Session) -> tuple[Viewer, Viewer]:
    return make_viewer(session), make_viewer(session)


def _at_once(space_id: int, *works: Work) -> list[str]:
    """Run each in its own transaction, all at the same instant; how each ended."""
    start, ends = threading.Barrier(len(works)), []

    def run(work: Work) -> None:
        start.wait()
        try:
            with writing() as session:
                work(session, session.get_one(Space, space_id))
            ends.append("done")
        except Conflict:
            ends.append("refused")

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ends)


def test_two_who_lead_decide_a_request_once(session: Session, pair: tuple[Viewer, Viewer]) -> None:
    space = make_space(
        session,
        facilitator=pair[0],
        deputy=pair[1],
        visibility=Visibility.PRIVATE_LISTED,
        join_policy=JoinPolicy.REQUEST,
    )
    request = joining.ask_to_join(session, space, "", by=make_viewer(session))
    first, second = (again(session, one) for one in pair)
    session.commit()

    def accept(within: Session, there: Space) -> None:
        found = within.get_one(JoinRequest, request.id)
        joining.accept_request(within, there, found, by=first)

    def refuse(within: Session, there: Space) -> None:
        found = within.get_one(JoinRequest, request.id)
        joining.refuse_request(within, there, found, "Complet.", by=second)

    assert _at_once(space.id, accept, refuse) == ["done", "refused"]
    with reading() as after:
        state = after.get_one(JoinRequest, request.id).state
        people = after.scalar(
            select(func.count()).where(
                Membership.space_id == space.id, Membership.member_id == request.member_id
            )
        )
    assert people == (1 if state == "accepted" else 0)


def test_one_who_comes_in_twice_at_once_belongs_once(
    session: Session, pair: tuple[Viewer, Viewer]
) -> None:
    space = make_space(session, facilitator=pair[0], deputy=pair[1])
    someone = make_viewer(session)
    session.commit()

    def join(within: Session, there: Space) -> None:
        joining.join(within, there, by=someone)

    assert _at_once(space.id, join, join, join) == ["done"] * 3
    with reading() as after:
        belonging = Membership.member_id == someone.member_id
        assert after.scalar(select(func.count()).where(belonging)) == 1


def test_one_who_asks_twice_at_once_asks_once(
    session: Session, pair: tuple[Viewer, Viewer]
) -> None:
    space = make_space(session, facilitator=pair[0], deputy=pair[1], join_policy=JoinPolicy.REQUEST)
    someone = make_viewer(session)
    session.commit()

    def ask(within: Session, there: Space) -> None:
        joining.ask_to_join(within, there, "", by=someone)

    assert _at_once(space.id, ask, ask) == ["done", "refused"]
    with reading() as after:
        assert after.scalar(select(func.count()).select_from(JoinRequest)) == 1


def test_nobody_leads_a_space_that_they_leave_at_the_same_instant(
    session: Session, pair: tuple[Viewer, Viewer]
) -> None:
    heir = make_viewer(session)
    space = make_space(session, facilitator=pair[0], deputy=pair[1], members=(heir,))
    lead, heir = again(session, pair[0]), again(session, heir)
    session.commit()

    def hand(within: Session, there: Space) -> None:
        names = {"facilitator": pair[0], "deputy": heir}
        chosen = {role: within.get_one(Member, who.member_id) for role, who in names.items()}
        with suppress(DomainError):
            hand_over(within, there, **chosen, by=lead)

    def go(within: Session, there: Space) -> None:
        with suppress(DomainError):
            leave(within, there, by=heir)

    _at_once(space.id, hand, go)

    with reading() as other:
        kept = other.get_one(Space, space.id)
        for number in (kept.facilitator_id, kept.deputy_id):
            assert other.get(Membership, (space.id, number)) is not None
