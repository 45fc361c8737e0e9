"""What several processes do at the same instant is done once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, update

from inters4.core import db
from inters4.core.clock import now
from inters4.core.hooks import hooks
from inters4.core.jobs import jobs
from inters4.core.mail import QueuedMail
from inters4.core.notices import Channel
from inters4.notices.models import Notice, NoticeDigest
from inters4.notices.services.digests import make_due_digests
from inters4.settings import Settings
from tests.builders.members import make_member
from tests.builders.notices import POST, Posts, kind_of_posts

THREADS = 6


@pytest.fixture
def posts(settings: Settings, database: str) -> Iterator[Posts]:
    jobs.bind(settings)
    with kind_of_posts() as kind:
        yield kind


def test_a_group_told_by_several_at_once_has_one_mail(posts: Posts) -> None:
    with db.writing() as session:
        number = make_member(session, password=None).id

    def tell(one: int) -> None:
        with db.writing() as session:
            hooks.notifier.notify(session, POST, [number], subject=f"fil-{one}", group="fil")

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(tell, range(THREADS)))

    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Notice)) == THREADS
        assert session.scalar(select(func.count()).select_from(QueuedMail)) == 1


def test_the_same_thing_told_by_several_at_once_is_told_once(posts: Posts) -> None:
    with db.writing() as session:
        number = make_member(session, password=None).id

    def tell(_one: int) -> int:
        with db.writing() as session:
            return hooks.notifier.notify(session, POST, [number], subject="fil", once="post-1")

    with ThreadPoolExecutor(THREADS) as pool:
        assert sum(pool.map(tell, range(THREADS))) == 1


def test_several_workers_make_each_digest_once_and_lose_none(posts: Posts) -> None:
    people = 40
    with kind_of_posts(Channel.DIGEST):
        with db.writing() as session:
            ids = [make_member(session, password=None).id for _one in range(people)]
            hooks.notifier.notify(session, POST, ids, subject="fil")
            session.execute(update(NoticeDigest).values(due_at=now()))

        def work(_one: int) -> int:
            made = 0
            while True:
                with db.writing() as session:
                    tally = make_due_digests(session, most=3)
                made += tally.mailed
                if not tally.total:
                    return made

        with ThreadPoolExecutor(THREADS) as pool:
            assert sum(pool.map(work, range(THREADS))) >= people - THREADS * 3
        work(0)

    with db.reading() as session:
        told = select(func.count(QueuedMail.member_id.distinct()))
        assert session.scalar(told) == people
        assert session.scalar(select(func.count()).select_from(QueuedMail)) == people


def test_what_is_told_while_a_digest_is_made_waits_for_the_next(posts: Posts) -> None:
    with kind_of_posts(Channel.DIGEST):
        with db.writing() as session:
            number = make_member(session, password=None).id
            hooks.notifier.notify(session, POST, [number], subject="avant")
            session.execute(update(NoticeDigest).values(due_at=now()))

        def tell(one: int) -> None:
            with db.writing() as session:
                if one % 2:
                    make_due_digests(session)
                else:
                    hooks.notifier.notify(session, POST, [number], subject=f"fil-{one}")

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(tell, range(THREADS)))

    with db.reading() as session:
        left = session.scalar(select(func.count()).where(Notice.digest_id.is_(None)))
        waiting = session.scalar(select(func.count()).where(NoticeDigest.made_at.is_(None)))
        assert (waiting == 1) == bool(left)
