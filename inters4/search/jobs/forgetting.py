"""What is left of an erased person, or of a redacted passage, in files goes within the day.

The index keeps the words of a document until its segments are written anew, and one generation
besides the current one: two rebuilds, one after the other, leave neither. Then the write-ahead
log of SQLite is emptied; freed pages were overwritten already (`secure_delete`). Before all of it,
the list from which a restore erases again is brought up to date.
"""

from collections.abc import Collection

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.community.queries.moderation import waiting_redactions
from inters4.core import audit
from inters4.core.access import ANONYMOUS
from inters4.core.backup import ERASED, note_erased
from inters4.core.clock import now
from inters4.core.db import engine, writing
from inters4.core.jobs import jobs
from inters4.core.outbox import OutboxRow
from inters4.members.services.erasure import ROUNDS, erased_people, waiting_erasures
from inters4.search.jobs.following import NAME as FOLLOW_JOB
from inters4.search.models import IndexRequest, IndexTask, RequestState
from inters4.search.services.requests import request_index

log = structlog.get_logger(__name__)
FORGET_SECONDS = 300.0


def scrub() -> bool:
    """Take the next step for those who left; True once nothing waits."""
    with writing() as session:
        waiting = {one.member_id: one for one in waiting_erasures(session)}
        redacted = {one.id: one for one in waiting_redactions(session)}
        if not waiting and not redacted:
            return True
        if waiting:
            note_erased(jobs.settings.data_dir / ERASED, erased_people(session, only_waiting=True))
        for one in waiting.values():
            one.rounds = max(one.rounds, _rounds_since(session, one.requested_at))
        is_index_clean = all(one.rounds >= ROUNDS for one in waiting.values()) and all(
            _rounds_since(session, one.at) >= ROUNDS for one in redacted.values()
        )
        if not is_index_clean:
            if not _is_behind(session):
                request_index(session, IndexTask.REBUILD)
                jobs.nudge(FOLLOW_JOB)
            return False
    if not _empty_log():
        return False
    with writing() as session:
        _note_scrubbed(session, members=waiting.keys(), acts=redacted.keys())
    return True


def _note_scrubbed(session: Session, *, members: Collection[int], acts: Collection[int]) -> None:
    for one in waiting_erasures(session):
        if one.member_id in members and one.rounds >= ROUNDS:
            one.scrubbed_at = now()
            audit.record(
                session, "members.scrubbed", by=ANONYMOUS, subject=f"member:{one.member_id}"
            )
    for act in waiting_redactions(session):
        if act.id in acts:
            act.scrubbed_at = now()
            audit.record(
                session, "community.scrubbed", by=ANONYMOUS, subject=f"fil:{act.thread_id}"
            )


def _rounds_since(session: Session, moment: object) -> int:
    """How many rebuilds began after that instant and ended well."""
    return (
        session.scalar(
            select(func.count())
            .select_from(IndexRequest)
            .where(
                IndexRequest.task == IndexTask.REBUILD,
                IndexRequest.state == RequestState.DONE,
                IndexRequest.started_at > moment,
            )
        )
        or 0
    )


def _is_behind(session: Session) -> bool:
    """True while the index has not seen every change."""
    return session.scalar(select(OutboxRow.id).where(OutboxRow.attempts == 0).limit(1)) is not None


def _empty_log() -> bool:
    """Bring the write-ahead log into the database and cut it; False while someone reads it."""
    if engine().dialect.name != "sqlite":
        return True
    connection = engine().raw_connection()
    try:
        row = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    if row[0]:
        log.info("log_in_use")
    return not row[0]
