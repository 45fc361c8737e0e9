"""Several people post at the same instant: no number twice, no post twice, nothing lost."""

from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

import pytest
from sqlalchemy import select

from inters4.community.models import Membership, Post, Space, Thread
from inters4.community.services.posting import post
from inters4.community.services.starting import start_thread
from inters4.core import db
from inters4.core.access import Viewer
from tests.builders.community import make_space, make_thread
from tests.builders.members import make_viewer

PEOPLE = 6


def answer(thread_id: int, by: Viewer, key: str) -> int:
    with db.writing() as session:
        thread = session.get_one(Thread, thread_id)
        return post(session, thread, "À mon tour.", by=by, key=key).id


@pytest.mark.usefixtures("database")
def test_posts_of_one_instant_share_no_number() -> None:
    with db.writing() as session:
        people = [make_viewer(session) for _number in range(PEOPLE)]
        space = make_space(session, members=tuple(people))
        threads = [make_thread(session, space).id for _number in range(2)]

    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(answer, threads * (PEOPLE // 2), people, map(str, range(PEOPLE))))

    with db.reading() as session:
        rows = session.scalars(select(Post).order_by(Post.seq)).all()
        assert [row.seq for row in rows] == list(range(1, PEOPLE + 3))
        for thread_id in threads:
            numbers = sorted(row.number for row in rows if row.thread_id == thread_id)
            assert numbers == list(range(1, PEOPLE // 2 + 2))
            thread = session.get_one(Thread, thread_id)
            assert thread.last_number == PEOPLE // 2 + 1
            assert thread.last_seq == max(row.seq for row in rows if row.thread_id == thread_id)
        assert session.get_one(Space, space.id).last_seq == PEOPLE + 2


@pytest.mark.usefixtures("database")
def test_one_form_sent_several_times_at_once_posts_once() -> None:
    with db.writing() as session:
        person = make_viewer(session)
        space = make_space(session, members=(person,))
        thread = make_thread(session, space)

    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(answer, repeat(thread.id, 4), repeat(person), repeat("k" * 32)))

    assert len(made) == 1


@pytest.mark.usefixtures("database")
def test_a_newcomer_who_writes_twice_at_once_joins_once() -> None:
    with db.writing() as session:
        newcomer = make_viewer(session)
        space = make_space(session)

    def start(key: str) -> int:
        with db.writing() as session:
            here = session.get_one(Space, space.id)
            title = f"Un fil de plus {key}"
            return start_thread(session, here, title=title, text="Oui.", by=newcomer, key=key).id

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(start, ["un", "deux"]))) == 2

    with db.reading() as session:
        found = session.scalars(select(Membership).where(Membership.space_id == space.id)).all()
        assert [one.member_id for one in found] == [newcomer.member_id]
