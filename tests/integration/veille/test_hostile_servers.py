"""Servers that hang, lie and swell: each visit ends, is told in words, and delays no other."""

import threading
from collections.abc import Iterator, Mapping

import pytest
from sqlalchemy import event, select

from inters4.core.clock import now
from inters4.core.db import engine, reading, writing
from inters4.core.fetch import Fetcher, FetchPolicy
from inters4.core.jobs import jobs
from inters4.settings import Settings
from inters4.veille.exports.failures import worded
from inters4.veille.jobs import Outcome, Tally, visit_all
from inters4.veille.models import Finding, Source, SourceState
from inters4.veille.services.polling import take_due
from inters4.veille.services.visiting import Ending
from tests.builders.hostile import Case, feed, misbehaving, resolve, rss, tolerated
from tests.builders.sites import Site, page
from tests.builders.watches import make_source, make_watch

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SECONDS = 1.5


@pytest.fixture
def site() -> Iterator[Site]:
    running = Site()
    yield running
    running.close()


@pytest.fixture(autouse=True)
def _bound(settings: Settings, database: str) -> Iterator[None]:
    jobs.bind(settings)
    yield
    jobs.close()


def add_sources(site: Site, names: Mapping[str, int]) -> None:
    """Sources that are due, each at a host of its own, with the failures that it had."""
    with writing() as session:
        watch = make_watch(session)
        for name, failures in names.items():
            url = f"http://{name}.test:{site.port}/{name}"
            make_source(
                session,
                watch,
                name=name,
                url=url,
                failures=failures,
                next_check_at=now(),
                etag='"e"',
            )


def visit_round(site: Site) -> tuple[Tally, dict[str, Outcome]]:
    """One round of everything that is due, under small limits; outcomes in order of ending."""
    with writing() as session:
        visits = take_due(session, at=now())
    policy = FetchPolicy(
        allowed=frozenset(f"{visit.host}:{site.port}" for visit in visits),
        total_seconds=SECONDS,
        connect_seconds=SECONDS,
        max_bytes=1_000_000,
    )
    ended: dict[str, Outcome] = {}
    tally = visit_all(
        visits,
        fetcher=Fetcher(policy, resolve=resolve),
        pause=0,
        tell=lambda outcome: ended.update({outcome.visit.name: outcome}),
    )
    return tally, ended


def told(outcome: Outcome) -> tuple[Ending, str, int]:
    assert outcome.collected is not None
    return outcome.visited.ending, outcome.visited.remark, len(outcome.collected.new)


def expected(cases: Mapping[str, Case]) -> dict[str, tuple[Ending, str, int]]:
    return {name: (case.ending, case.remark, case.found) for name, case in cases.items()}


def test_whatever_a_server_does_its_visit_ends_and_is_told_in_words(site: Site) -> None:
    cases = misbehaving(site)
    site.pages = {f"/{name}": case.answer for name, case in cases.items()}
    add_sources(site, dict.fromkeys(cases, 0))

    tally, ended = visit_round(site)

    assert {name: told(outcome) for name, outcome in ended.items()} == expected(cases)
    assert (tally.visited, tally.failed, tally.new) == (len(cases), len(cases), 0)
    nameless = worded("nobody knows this code")
    with reading() as session:
        for source in session.scalars(select(Source)):
            assert worded(source.failure) not in {"", nameless}, source.name
            assert (source.failures, source.etag, source.lease_until) == (1, '"e"', None)
            assert source.last_check_at is not None
            is_gone = source.name == "gone"
            assert (source.state is SourceState.GONE, source.next_check_at is None) == (
                (is_gone,) * 2
            )


def test_what_is_odd_is_read_all_the_same(site: Site) -> None:
    cases = tolerated()
    site.pages = {f"/{name}": case.answer for name, case in cases.items()}
    add_sources(site, dict.fromkeys(cases, 0))

    _tally, ended = visit_round(site)

    found = {name: told(outcome) for name, outcome in ended.items()}
    shared = {"moved", "same-guids"}  # the same articles, new from whichever ends first
    assert sum(found[name][2] for name in shared) == 3
    assert {name: found[name] for name in found.keys() - shared} == {
        name: said for name, said in expected(cases).items() if name not in shared
    }
    with reading() as session:
        titles = set(session.scalars(select(Finding.title)))
        assert {"Légende", "Évaluation", "Article 0", "Article 999"} <= titles
        rows = {source.name: source for source in session.scalars(select(Source))}
    assert all(row.failures == 0 for row in rows.values())
    assert rows["moved"].moved_to.endswith("/same-guids")
    assert rows["too-many-entries"].failure == "truncated"


def test_servers_that_hang_keep_nobody_waiting(site: Site) -> None:
    """The healthy are served while those that failed before hang still."""
    served = {f"good-{number}": threading.Event() for number in range(3)}
    late: list[str] = []

    def hang(_connection: object) -> None:
        for name, is_served in served.items():
            if not is_served.wait(20):
                late.append(name)
        site.wait()

    def serve(name: str) -> None:
        def answer(connection: object) -> None:
            served[name].set()
            connection.sendall(feed(rss(name)))  # type: ignore[attr-defined]

        site.pages[f"/{name}"] = answer

    for name in served:
        serve(name)
    hanging = {f"bad-{number}": 3 for number in range(6)}
    site.pages |= {f"/{name}": hang for name in hanging}
    add_sources(site, {**hanging, **dict.fromkeys(served, 0)})

    tally, ended = visit_round(site)

    assert late == []
    assert {name for name, one in ended.items() if one.visited.remark == "late"} == set(hanging)
    assert (tally.visited, tally.new) == (9, 3)


def test_a_host_that_hangs_twice_is_not_asked_again_in_the_same_round(site: Site) -> None:
    site.pages = {"/lent": lambda _connection: site.wait()}
    with writing() as session:
        watch = make_watch(session)
        for number in range(4):
            url = f"http://lent.test:{site.port}/lent?{number}"
            make_source(session, watch, name="lent", url=url, next_check_at=now())
    site.pages |= {f"/lent?{number}": site.pages["/lent"] for number in range(4)}

    tally, _ended = visit_round(site)

    assert (tally.visited, tally.failed, len(site.requests)) == (2, 2, 2)
    with reading() as session:
        rows = session.scalars(select(Source).order_by(Source.id)).all()
    assert [row.failures for row in rows] == [1, 1, 0, 0]
    assert [row.failure for row in rows] == ["late", "late", *["spared lent.test"] * 2]
    assert "lent.test » laisse passer le temps" in worded(rows[3].failure)
    assert all(row.lease_until is None and row.next_check_at for row in rows)
    assert min(row.next_check_at for row in rows if row.next_check_at) > now()


def test_a_round_that_is_stopped_gives_back_what_it_did_not_visit(site: Site) -> None:
    def answer(connection: object) -> None:
        jobs.stop()
        connection.sendall(feed(rss("Un")))  # type: ignore[attr-defined]

    with writing() as session:
        watch = make_watch(session)
        for number in range(3):
            url = f"http://un.test:{site.port}/{number}"
            make_source(session, watch, url=url, next_check_at=now())
            site.pages[f"/{number}"] = answer

    tally, _ended = visit_round(site)

    assert tally.visited == 1
    with writing() as session:
        assert len(take_due(session, at=now())) == 2


def test_what_cannot_be_kept_is_a_failure_of_its_source_alone(site: Site) -> None:
    """A defect of ours must neither stop the round nor hide."""

    def refuse(*call: object) -> None:
        if "INSERT INTO sightings" in str(call[2]):
            raise RuntimeError("the disk is made of cheese")

    site.pages = {"/un": feed(rss("Un")), "/deux": page(b"", status="304 Not Modified")}
    add_sources(site, {"un": 0, "deux": 0})
    event.listen(engine(), "before_cursor_execute", refuse)
    try:
        tally, ended = visit_round(site)
    finally:
        event.remove(engine(), "before_cursor_execute", refuse)

    assert (tally.failed, tally.unchanged) == (1, 1)
    assert ended["un"].visited.remark == "defect"
    with reading() as session:
        assert set(session.scalars(select(Source.failure))) == {"defect", ""}
        assert session.scalars(select(Finding)).all() == []
