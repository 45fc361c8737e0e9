"""Two at once, on the very same sources and articles: nothing twice, nothing lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from sqlalchemy import func, select

from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.veille.models import Finding, Sighting, Source
from inters4.veille.services.collecting import Collected, take_in
from inters4.veille.services.polling import take_due
from inters4.veille.services.visiting import Visit
from tests.builders.watches import make_entry, make_source, make_watch

AT_ONCE = 4
T = TypeVar("T")


@pytest.fixture
def sources(database: str) -> list[int]:
    """Four sources that are due, each at a host of its own."""
    assert database
    with writing() as session:
        watch = make_watch(session)
        return [
            make_source(session, watch, url=f"https://h{n}.example/", next_check_at=now()).id
            for n in range(AT_ONCE)
        ]


def together(work: Callable[[int], T]) -> list[T]:
    barrier = Barrier(AT_ONCE)

    def begin(number: int) -> T:
        barrier.wait(20)
        return work(number)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(begin, range(AT_ONCE)))


def test_those_who_come_together_never_visit_the_same_source(sources: list[int]) -> None:
    def take(_number: int) -> tuple[Visit, ...]:
        with writing() as session:
            return take_due(session, at=now())

    taken = [visit.source_id for visits in together(take) for visit in visits]

    assert sorted(taken) == sorted(sources)


def test_an_article_that_sources_show_at_once_is_one_finding(sources: list[int]) -> None:
    def bring(number: int) -> Collected:
        with writing() as session:
            source = session.get_one(Source, sources[number])
            entry = make_entry(doi="10.1234/a", guid=str(number))
            return take_in(session, [entry], source=source, at=now())

    collected = together(bring)

    assert sum(len(one.new) for one in collected) == 1
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Finding)) == 1
        assert session.scalar(select(func.count()).select_from(Sighting)) == AT_ONCE
