"""Sources taken for a visit, and what each visit leaves in their rows.

A lease keeps two from visiting the same source; what comes back once the lease went to someone
else is dropped. One transaction keeps the whole result of one visit.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, case, update
from sqlalchemy.orm import Session

from inters4.veille.exports.source_notices import Trouble
from inters4.veille.models import MOVE_REFUSED, SEEN_TO_MOVE, Source, SourceState
from inters4.veille.queries.due import due_sources, named_source
from inters4.veille.services.collecting import Collected, take_in
from inters4.veille.services.schedule import adapted, asked_minutes, backed_off, next_check
from inters4.veille.services.telling import settle_source, tell_team
from inters4.veille.services.visiting import Ending, Visit, Visited

LEASE = timedelta(minutes=15)
MOST_AT_ONCE = 400
MOST_OF_A_HOST = 60
"""Sources of one host in one round: at one a second, none holds a round for minutes."""
TOLD_AFTER = timedelta(days=7)
_SOURCES: Table = Source.__table__  # type: ignore[assignment]
_LEFT_BY_VISITS = (
    *("state", "etag", "last_modified", "body_digest", "next_check_at", "lease_until"),
    *("interval_minutes", "last_check_at", "last_success_at", "last_new_at", "failures"),
    *("failing_since", "failure", "moved_to", "moved_seen", "told_at", "updated_at"),
)
_LONGEST_HEADER = 500
_LONGEST_ADDRESS = 2_000


def take_due(session: Session, *, at: datetime, most: int = MOST_AT_ONCE) -> tuple[Visit, ...]:
    """Take a lease on what is due at `at`: nobody else visits it meanwhile."""
    hosts: Counter[str] = Counter()
    visits = []
    for source in due_sources(session, at=at, most=most):
        visit = _visit(source, at=at)
        if hosts[visit.host] < MOST_OF_A_HOST:
            hosts[visit.host] += 1
            visits.append(visit)
    _lease(session, visits, at=at)
    return tuple(visits)


def take_source(session: Session, public_id: str, *, at: datetime) -> Visit | None:
    """Take a lease on one source, due or not; None when it is not polled, or is being visited."""
    source = named_source(session, public_id, at=at)
    if source is None:
        return None
    visit = _visit(source, at=at)
    _lease(session, [visit], at=at)
    return visit


def give_back(
    session: Session,
    visits: Iterable[Visit],
    *,
    until: datetime | None = None,
    remark: str = "",
) -> None:
    """Let go of sources that were not visited; not before `until`, and why, when it is said.

    What a failed visit said of a source stays.
    """
    again: dict[str, Any] = {} if until is None else {"next_check_at": until}
    if remark:
        is_fine = _SOURCES.c.failures == 0
        again["failure"] = case((is_fine, remark), else_=_SOURCES.c.failure)
    for visit in visits:
        session.connection().execute(
            update(_SOURCES)
            .where(_SOURCES.c.id == visit.source_id, _SOURCES.c.lease_until == visit.lease_until)
            .values(lease_until=None, updated_at=_SOURCES.c.updated_at, **again)
        )


def check_now(session: Session, source_ids: Iterable[int], *, at: datetime) -> None:
    """Make sources due at once; the next round visits them. Those that are paused stay so."""
    session.connection().execute(
        update(_SOURCES)
        .where(_SOURCES.c.id.in_(sorted(source_ids)), _SOURCES.c.state == SourceState.ACTIVE)
        .values(next_check_at=at, updated_at=_SOURCES.c.updated_at)
    )


def start_over(source: Source, *, at: datetime) -> None:
    """Forget what former visits taught: the address changed, or someone resumes the source."""
    source.state = SourceState.ACTIVE
    source.etag = source.last_modified = source.failure = source.moved_to = ""
    source.body_digest = None
    source.failures = source.moved_seen = 0
    source.failing_since = source.told_at = source.lease_until = None
    source.next_check_at = at


def keep_visit(
    session: Session, visit: Visit, visited: Visited, *, at: datetime, chance: float = 0.0
) -> Collected | None:
    """Keep what `visit` taught: findings, and when the source is due again.

    `chance`, from 0 to 1, spreads the next visits. None when someone else took the source over,
    or deleted it: nothing is kept.
    """
    source = session.get(Source, visit.source_id, with_for_update=True, populate_existing=True)
    if source is None or source.lease_until != visit.lease_until or source.url != visit.url:
        return None
    session.expunge(source)  # a visit is no edit: whoever has the form open must not be refused
    source.lease_until = None
    source.last_check_at = at
    asked = asked_minutes(visited.headers, at=at)
    collected = Collected()
    match visited.ending:
        case Ending.READ | Ending.UNCHANGED:
            collected = take_in(session, visited.entries, source=source, at=at)
            _succeed(session, source, visited, at=at)
            has_news = bool(collected.new)
            source.last_new_at = at if has_news else source.last_new_at
            source.interval_minutes = adapted(
                source.interval_minutes, has_news=has_news, ttl=visited.ttl_minutes
            )
        case Ending.ASKED_TO_WAIT:
            source.failure = visited.remark
        case Ending.GONE:
            _fail(session, source, visited, at=at)
            source.state, source.next_check_at = SourceState.GONE, None
            tell_team(session, source, Trouble.GONE)
        case Ending.FAILED:
            _fail(session, source, visited, at=at)
    if source.state is not SourceState.GONE:
        minutes = backed_off(source.failures) if source.failures else source.interval_minutes
        source.next_check_at = next_check(minutes, at=at, asked=asked, chance=chance)
    session.connection().execute(
        update(_SOURCES)
        .where(_SOURCES.c.id == source.id)
        .values({name: getattr(source, name) for name in _LEFT_BY_VISITS})
    )
    return collected


def _succeed(session: Session, source: Source, visited: Visited, *, at: datetime) -> None:
    if source.failures:
        settle_source(session, source)
    source.last_success_at = at
    source.failures, source.failing_since, source.told_at = 0, None, None
    if visited.body_digest is not None:  # a whole answer replaces what the last one said of itself
        source.etag = visited.headers.get("etag", "")[:_LONGEST_HEADER]
        source.last_modified = visited.headers.get("last-modified", "")[:_LONGEST_HEADER]
        source.body_digest = visited.body_digest
    source.failure = visited.remark
    _note_move(session, source, visited.moved_to)


def _fail(session: Session, source: Source, visited: Visited, *, at: datetime) -> None:
    source.failures += 1
    source.failing_since = source.failing_since or at
    source.failure = visited.remark
    if source.told_at is None and source.failing_since <= at - TOLD_AFTER:
        source.told_at = at
        tell_team(session, source, Trouble.FAILING)


def _note_move(session: Session, source: Source, address: str) -> None:
    """The same new address twice in a row is proposed to the team, never taken by itself."""
    if not address or len(address) > _LONGEST_ADDRESS:
        source.moved_to, source.moved_seen = "", 0
        return
    if address == source.moved_to and source.moved_seen == MOVE_REFUSED:
        return
    source.moved_seen = source.moved_seen + 1 if address == source.moved_to else 1
    source.moved_to = address
    if source.moved_seen == SEEN_TO_MOVE:
        tell_team(session, source, Trouble.MOVED)


def _visit(source: Source, *, at: datetime) -> Visit:
    return Visit(
        source_id=source.id,
        public_id=source.public_id,
        name=source.name,
        url=source.url,
        etag=source.etag,
        last_modified=source.last_modified,
        body_digest=source.body_digest,
        language=source.language,
        failures=source.failures,
        lease_until=at + LEASE,
    )


def _lease(session: Session, visits: Iterable[Visit], *, at: datetime) -> None:
    ids = [visit.source_id for visit in visits]
    if ids:
        session.connection().execute(
            update(_SOURCES)
            .where(_SOURCES.c.id.in_(ids))
            .values(lease_until=at + LEASE, updated_at=_SOURCES.c.updated_at)
        )
