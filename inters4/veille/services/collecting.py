"""Taking in what a source shows: one finding however often it is seen, a few statements a batch.

What was refused never comes back as new: its keys are kept when it is forgotten.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, bindparam, insert, update
from sqlalchemy.orm import Session

from inters4.core.turns import Turn, wait_for_turn
from inters4.core.values import dataclass
from inters4.veille.models import Finding, FindingKey, FindingTheme, Sighting, Source
from inters4.veille.queries.known import (
    Key,
    known_findings,
    known_keys,
    seen_by,
    themes_given_by,
)
from inters4.veille.services.entries import Entry
from inters4.veille.services.filling import columns_of, gains
from inters4.veille.services.matching import Match, match, with_keys
from inters4.veille.services.rules import apply_rules

_FINDINGS: Table = Finding.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Collected:
    """What a batch brought.

    Attributes:
        new: numbers of the findings made.
        seen: findings of the batch that were known, those that were forgotten included.
        suggested: findings that may duplicate another.
    """

    new: tuple[int, ...] = ()
    seen: int = 0
    suggested: int = 0


def take_in(
    session: Session, entries: Iterable[Entry], *, source: Source, at: datetime
) -> Collected:
    """Keep what `source` shows at `at`: new findings, sightings of those that are known.

    Entries are as `cleaned` leaves them. A finding that is known gains what it lacked, keeps what
    it has and the state where it stands. Rules of the watch are tried on the new ones.
    """
    keyed = with_keys(entries, source=source.public_id)
    if not keyed:
        return Collected()
    wait_for_turn(session, Turn.FINDINGS)
    held, rows = _held(session, {key for one in keyed for key in (*one.keys, one.like) if key})
    shown = match(keyed, held)
    known = [found for found in shown if found.finding_id is not None]
    made = _make(session, [found for found in shown if found.is_new], source=source, at=at)
    suggested = _suggest(session, shown, rows)
    _see_again(session, known, rows, at=at)
    _keep_keys(session, shown, at=at)
    _keep_sightings(session, shown, known, source=source, at=at)
    apply_rules(session, made, watch_id=source.watch_id)
    return Collected(tuple(finding.id for finding in made), len(shown) - len(made), suggested)


def _held(session: Session, keys: set[Key]) -> tuple[dict[Key, Match], Mapping[int, Row[Any]]]:
    """What is known by `keys`, and the rows of those findings."""
    owners = known_keys(session, keys)
    ids = {owner for owner in owners.values() if owner is not None}
    rows = known_findings(session, ids) if ids else {}
    matches = {
        number: Match(finding_id=number, doi=row.doi, pmid=row.pmid) for number, row in rows.items()
    }
    return {
        key: Match(is_buried=True) if owner is None else matches[owner]
        for key, owner in owners.items()
    }, rows


def _make(
    session: Session, fresh: Sequence[Match], *, source: Source, at: datetime
) -> Sequence[Finding]:
    if not fresh:
        return ()
    values = [
        columns_of(found.entries)
        | {
            "public_id": secrets.token_hex(6),
            "watch_id": source.watch_id,
            "first_seen_at": at,
            "last_seen_at": at,
        }
        for found in fresh
    ]
    rows = session.scalars(insert(Finding).returning(Finding), values)
    by_name = {finding.public_id: finding for finding in rows}  # they come back in any order
    made = [by_name[one["public_id"]] for one in values]
    for found, finding in zip(fresh, made, strict=True):
        found.finding_id = finding.id
    themes = themes_given_by(session, source.id)
    if themes:
        session.execute(
            insert(FindingTheme),
            [
                {"finding_id": finding.id, "theme": theme, "position": position}
                for finding in made
                for position, theme in enumerate(themes)
            ],
        )
    return made


def _suggest(session: Session, shown: Iterable[Match], rows: Mapping[int, Row[Any]]) -> int:
    """Say which findings may duplicate another; what was said before stays."""
    told = {number for number, row in rows.items() if row.like_id is not None}
    likes = [
        {"finding": found.finding_id, "other": found.likes.finding_id}
        for found in shown
        if found.likes is not None and found.finding_id not in told
    ]
    if likes:
        session.connection().execute(
            update(_FINDINGS)
            .where(_FINDINGS.c.id == bindparam("finding"))
            .values(like_id=bindparam("other")),
            likes,
        )
    return len(likes)


def _see_again(
    session: Session, known: Iterable[Match], rows: Mapping[int, Row[Any]], *, at: datetime
) -> None:
    """Note that known findings were shown again, and what they gained."""
    seen = {found.finding_id: found for found in known if found.finding_id is not None}
    if not seen:
        return
    door = session.connection()
    door.execute(
        update(_FINDINGS)
        .where(_FINDINGS.c.id.in_(sorted(seen)))
        .values(last_seen_at=at, updated_at=_FINDINGS.c.updated_at)
    )
    for number, found in seen.items():
        gained = gains(rows[number], found.entries)
        if gained:
            door.execute(update(_FINDINGS).where(_FINDINGS.c.id == number).values(gained))


def _keep_keys(session: Session, shown: Iterable[Match], *, at: datetime) -> None:
    keys = [
        {
            "kind": kind,
            "value": value,
            "finding_id": found.finding_id,
            "buried_at": at if found.is_buried else None,
        }
        for found in shown
        for kind, value in found.fresh
    ]
    if keys:
        session.execute(insert(FindingKey), keys)


def _keep_sightings(
    session: Session,
    shown: Sequence[Match],
    known: Sequence[Match],
    *,
    source: Source,
    at: datetime,
) -> None:
    ids = [found.finding_id for found in known if found.finding_id is not None]
    before = seen_by(session, source.id, ids) if ids else frozenset()
    sightings = [
        {
            "finding_id": found.finding_id,
            "source_id": source.id,
            "guid": found.entries[0].guid or found.entries[0].url,
            "url": found.entries[0].url,
            "seen_at": at,
        }
        for found in shown
        if found.finding_id is not None and found.finding_id not in before
    ]
    if sightings:
        session.execute(insert(Sighting), sightings)
