"""What visits leave in the rows of their sources, and what the team is told."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.errors import Conflict
from inters4.core.hooks import hooks
from inters4.core.notices import Noticed
from inters4.notices.models import Notice
from inters4.veille.exports.source_notices import SOURCE_KIND, tell_sources
from inters4.veille.models import Finding, Source, SourceKind, SourceState, Watch, WatchMember
from inters4.veille.queries.due import Advance, advance
from inters4.veille.services.collecting import Collected
from inters4.veille.services.polling import (
    LEASE,
    MOST_OF_A_HOST,
    check_now,
    give_back,
    keep_visit,
    start_over,
    take_due,
    take_source,
)
from inters4.veille.services.sources import refuse_address
from inters4.veille.services.visiting import Ending, Visit, Visited
from tests.builders.members import make_viewer
from tests.builders.statements import statements
from tests.builders.watches import make_entry, make_source, make_watch

AT = datetime(2026, 11, 22, 15, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FAILED = Visited(ending=Ending.FAILED, remark="status 503")


@pytest.fixture
def watch(session: Session) -> Watch:
    return make_watch(session)


@pytest.fixture
def source(session: Session, watch: Watch) -> Source:
    return make_source(session, watch, next_check_at=AT)


def read(**values: Any) -> Visited:
    return Visited(ending=Ending.READ, **values)


def visit(session: Session, source: Source, visited: Visited, *, at: datetime = AT) -> Source:
    """One visit of `source`, whatever it brings, and the row that it leaves."""
    taken = take_source(session, source.public_id, at=at)
    assert taken is not None
    assert keep_visit(session, taken, visited, at=at) is not None
    return again(session, source)


def again(session: Session, source: Source) -> Source:
    found = session.get(Source, source.id, populate_existing=True)
    assert found is not None
    return found


def names(visits: Sequence[Visit]) -> list[str]:
    return [one.name for one in visits]


# ---- taking ----


def test_what_is_due_is_taken_once_the_healthy_first(session: Session, watch: Watch) -> None:
    due: dict[str, Any] = {"next_check_at": AT - HOUR}
    others: dict[str, dict[str, Any]] = {
        "plus tard": {"next_check_at": AT + HOUR},
        "en pause": {**due, "state": SourceState.PAUSED},
        "à la main": {**due, "kind": SourceKind.PAGE},
        "en panne": {**due, "failures": 2},
        "prise": {**due, "lease_until": AT + HOUR},
        "abandonnée": {**due, "lease_until": AT - HOUR},
        "à l’heure": {"next_check_at": AT},
    }
    for number, (name, values) in enumerate(others.items()):
        make_source(session, watch, name=name, url=f"https://r.example/{number}", **values)
    closed = make_watch(session, "Fermé", closed_at=AT)
    make_source(session, closed, name="d’un dispositif fermé", **due)

    assert names(take_due(session, at=AT)) == ["abandonnée", "à l’heure", "en panne"]
    assert take_due(session, at=AT) == ()
    assert len(take_due(session, at=AT + HOUR)) == 5


def test_a_host_with_many_sources_does_not_hold_a_round(session: Session, watch: Watch) -> None:
    for number in range(MOST_OF_A_HOST + 2):
        make_source(session, watch, url=f"https://r.example/{number}", next_check_at=AT)

    assert len(take_due(session, at=AT)) == MOST_OF_A_HOST
    assert len(take_due(session, at=AT)) == 2


def test_a_round_is_taken_in_two_statements_whatever_its_length(
    session: Session, watch: Watch
) -> None:
    for number in range(20):
        make_source(session, watch, url=f"https://h{number}.example/", next_check_at=AT)

    with statements(verb="") as sent:
        take_due(session, at=AT)

    assert len(sent) == 2


def test_one_source_is_taken_by_its_name_unless_someone_is_there(
    session: Session, watch: Watch
) -> None:
    paused = make_source(session, watch, state=SourceState.PAUSED)

    assert take_source(session, paused.public_id, at=AT) is not None
    assert take_source(session, paused.public_id, at=AT) is None
    assert take_source(session, "inconnue", at=AT) is None


def test_what_was_not_visited_is_given_back_as_it_was_or_later(
    session: Session, source: Source
) -> None:
    taken = take_due(session, at=AT)
    version = source.version

    give_back(session, taken)
    assert again(session, source).next_check_at == AT
    give_back(session, take_due(session, at=AT), until=AT + HOUR)

    left = again(session, source)
    assert (left.next_check_at, left.lease_until) == (AT + HOUR, None)
    assert left.version == version


def test_the_team_asks_for_a_visit_now(session: Session, watch: Watch) -> None:
    calm = make_source(session, watch, next_check_at=AT + DAY)
    paused = make_source(session, watch, url="https://r.example/2", state=SourceState.PAUSED)

    check_now(session, [calm.id, paused.id], at=AT)

    assert len(take_due(session, at=AT)) == 1


# ---- keeping ----


def test_a_feed_that_was_read_leaves_findings_and_what_the_next_visit_needs(
    session: Session, source: Source
) -> None:
    version, updated = source.version, source.updated_at

    left = visit(
        session,
        source,
        read(
            entries=(make_entry(guid="a"),),
            headers={"etag": '"e1"', "last-modified": "hier"},
            body_digest=b"d" * 32,
        ),
    )

    assert [finding.watch_id for finding in session.scalars(select(Finding))] == [left.watch_id]
    assert (left.etag, left.last_modified, left.body_digest) == ('"e1"', "hier", b"d" * 32)
    assert (left.last_check_at, left.last_success_at, left.last_new_at) == (AT, AT, AT)
    assert (left.next_check_at, left.lease_until) == (AT + HOUR, None)
    assert (left.version, left.updated_at) == (version, updated)


def test_conditions_last_until_a_whole_answer_gives_others(
    session: Session, source: Source
) -> None:
    visit(session, source, read(headers={"etag": '"a"'}, body_digest=b"a" * 32))
    left = visit(session, source, Visited(ending=Ending.UNCHANGED, headers={"etag": '"x"'}))
    assert left.etag == '"a"'

    left = visit(session, source, read(headers={"last-modified": "hier"}, body_digest=b"b" * 32))
    assert (left.etag, left.last_modified, left.body_digest) == ("", "hier", b"b" * 32)


def test_a_feed_without_news_is_seen_less_often(session: Session, source: Source) -> None:
    first = visit(session, source, read(entries=(make_entry(guid="a"),)))
    second = visit(session, first, Visited(ending=Ending.UNCHANGED), at=AT + HOUR)

    assert second.interval_minutes == 75
    assert (second.last_new_at, second.last_success_at) == (AT, AT + HOUR)


def test_a_feed_and_its_server_may_ask_for_patience(session: Session, source: Source) -> None:
    left = visit(session, source, read(ttl_minutes=180))
    assert left.next_check_at == AT + timedelta(minutes=180)

    patient = {"cache-control": "max-age=36000"}
    left = visit(session, source, Visited(ending=Ending.UNCHANGED, headers=patient))
    assert left.next_check_at == AT + timedelta(hours=10)


def test_failures_are_counted_dated_and_spaced(session: Session, source: Source) -> None:
    visit(session, source, FAILED)
    left = visit(session, source, FAILED, at=AT + HOUR)

    assert (left.failures, left.failing_since, left.failure) == (2, AT, "status 503")
    assert left.next_check_at == AT + 3 * HOUR
    assert left.last_success_at is None


def test_a_closed_server_that_says_until_when_is_believed(session: Session, source: Source) -> None:
    closed = Visited(ending=Ending.FAILED, remark="status 503", headers={"retry-after": "21600"})

    assert visit(session, source, closed).next_check_at == AT + 6 * HOUR


def test_a_server_that_asks_to_wait_is_no_failure(session: Session, source: Source) -> None:
    waiting = Visited(
        ending=Ending.ASKED_TO_WAIT, remark="status 429", headers={"retry-after": "7200"}
    )

    left = visit(session, source, waiting)

    assert (left.failures, left.failure) == (0, "status 429")
    assert left.next_check_at == AT + 2 * HOUR


def test_a_source_that_answers_again_starts_afresh(session: Session, source: Source) -> None:
    visit(session, source, FAILED)

    left = visit(session, source, read(), at=AT + HOUR)

    assert (left.failures, left.failing_since, left.failure) == (0, None, "")


def test_a_source_that_is_gone_is_visited_no_more(session: Session, source: Source) -> None:
    left = visit(session, source, Visited(ending=Ending.GONE, remark="status 410"))

    assert (left.state, left.next_check_at) == (SourceState.GONE, None)
    assert take_due(session, at=AT + 30 * DAY) == ()


def test_what_comes_back_too_late_is_dropped(session: Session, source: Source) -> None:
    late = take_due(session, at=AT)[0]
    take_due(session, at=AT + LEASE)

    assert keep_visit(session, late, read(), at=AT + LEASE) is None
    assert again(session, source).last_check_at is None


def test_what_comes_from_a_former_address_is_dropped(session: Session, source: Source) -> None:
    taken = take_due(session, at=AT)[0]
    source.url = "https://revue.example/autre"
    start_over(source, at=AT)
    session.flush()

    assert keep_visit(session, taken, read(), at=AT) is None


def test_an_address_that_changes_forgets_what_was_learnt(session: Session, source: Source) -> None:
    visit(session, source, read(headers={"etag": '"e"'}, body_digest=b"d" * 32))
    left = visit(session, source, FAILED)

    start_over(left, at=AT)

    assert (left.etag, left.body_digest, left.failures) == ("", None, 0)
    assert (left.failure, left.next_check_at) == ("", AT)


def test_how_far_a_round_has_come_is_known(session: Session, source: Source, watch: Watch) -> None:
    other = make_source(session, watch, url="https://r.example/2", next_check_at=AT)
    make_source(session, watch, url="https://r.example/3", next_check_at=AT)

    visit(session, source, FAILED)
    take_source(session, other.public_id, at=AT)

    assert advance(session, at=AT) == Advance(waiting=1, under_way=1, done=1, failed=1)
    assert not advance(session, at=AT).is_over


# ---- telling ----


def told(session: Session) -> dict[int, str]:
    """The titles of what is told, by member."""
    rows = session.scalars(select(Notice).where(Notice.kind == SOURCE_KIND).order_by(Notice.id))
    seen = [Noticed(row.id, row.member_id, row.subject, row.facts) for row in rows]
    said = tell_sources(session, seen)
    return {one.member_id: said[one.id].title for one in seen if one.id in said}


def team(session: Session, watch: Watch) -> int:
    broker = make_viewer(session, role=Role.BROKER)
    session.add(WatchMember(watch_id=watch.id, member_id=broker.member_id))
    session.flush()
    assert broker.member_id is not None
    return broker.member_id


def test_the_team_is_told_once_of_a_source_that_fails_for_a_week(
    session: Session, source: Source, watch: Watch
) -> None:
    make_viewer(session, role=Role.BROKER)
    member = team(session, watch)

    for day in range(10):
        visit(session, source, FAILED, at=AT + day * DAY)
        assert bool(told(session)) is (day >= 7)

    assert told(session) == {member: "«\u00a0Une revue\u00a0» ne répond plus depuis une semaine"}
    assert len(session.scalars(select(Notice).where(Notice.kind == SOURCE_KIND)).all()) == 1


def test_every_broker_is_told_when_nobody_is_of_the_watch(session: Session, source: Source) -> None:
    brokers = {make_viewer(session, role=Role.BROKER).member_id for _ in range(2)}
    make_viewer(session)

    visit(session, source, Visited(ending=Ending.GONE, remark="status 410"))

    assert told(session).keys() == brokers


def test_an_address_seen_to_move_twice_is_proposed_and_never_taken(
    session: Session, source: Source, watch: Watch
) -> None:
    team(session, watch)
    moved = read(moved_to="https://neuve.example/flux")

    assert visit(session, source, moved).moved_seen == 1
    assert told(session) == {}
    left = visit(session, source, moved, at=AT + HOUR)

    assert (left.moved_seen, left.url) == (2, "https://revue.example/flux")
    assert list(told(session).values()) == ["«\u00a0Une revue\u00a0» change d’adresse"]


def test_an_address_that_moves_elsewhere_each_time_is_proposed_to_nobody(
    session: Session, source: Source, watch: Watch
) -> None:
    team(session, watch)
    for number in range(4):
        left = visit(session, source, read(moved_to=f"https://n{number}.example/"))
    assert (left.moved_seen, told(session)) == (1, {})

    assert visit(session, source, read()).moved_to == ""


def test_a_source_that_answers_again_awaits_nobody(
    session: Session, source: Source, watch: Watch
) -> None:
    team(session, watch)
    for day in (0, 8):
        visit(session, source, FAILED, at=AT + day * DAY)
    assert told(session)

    visit(session, source, read(), at=AT + 9 * DAY)

    [notice] = session.scalars(select(Notice).where(Notice.kind == SOURCE_KIND))
    session.refresh(notice)
    assert notice.read_at is not None


def test_whoever_left_the_team_reads_nothing_more(
    session: Session, source: Source, watch: Watch
) -> None:
    visit(session, source, Visited(ending=Ending.GONE, remark="status 410"))
    stranger = make_viewer(session)
    assert stranger.member_id is not None
    one = Noticed(1, stranger.member_id, f"source:{source.public_id}", {"trouble": "gone"})

    assert tell_sources(session, [one]) == {}
    assert SOURCE_KIND in hooks.notice_kinds


def test_an_unchanged_source_costs_two_statements(session: Session, source: Source) -> None:
    taken = take_due(session, at=AT)[0]
    session.expunge_all()

    with statements(verb="") as sent:
        collected = keep_visit(session, taken, Visited(ending=Ending.UNCHANGED), at=AT)

    assert (len(sent), collected) == (2, Collected())


def test_an_address_refused_is_not_proposed_again_while_the_server_leads_to_it(
    session: Session,
) -> None:
    broker = make_viewer(session, role=Role.BROKER)
    there, elsewhere = "https://neuve.example/flux", "https://autre.example/flux"
    source = make_source(
        session, make_watch(session), moved_to=there, moved_seen=2, next_check_at=AT
    )

    refuse_address(session, source, by=broker)
    with pytest.raises(Conflict):
        refuse_address(session, source, by=broker)
    proposed = [
        visit(session, source, read(moved_to=address)).has_moved
        for address in (there, there, there, elsewhere, elsewhere)
    ]

    assert proposed == [False, False, False, False, True]
