"""What people bring themselves: references, alerts pasted, pages noted; findings like any other."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.veille.models import Source, SourceKind, Watch
from inters4.veille.queries.known import known_keys
from inters4.veille.queries.sources import filled_by_hand
from inters4.veille.services.collecting import take_in
from inters4.veille.services.entries import Entry
from inters4.veille.services.matching import with_keys
from inters4.veille.services.sources import LONGEST_NAME, check_hand


class Fate(StrEnum):
    """What became of something brought."""

    NEW = "new"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Brought:
    """One thing that was brought: its line in the file, what it says or why it says nothing."""

    line: int
    entry: Entry | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Deposited:
    """What became of it."""

    line: int
    title: str
    fate: Fate
    trouble: str = ""


def deposit(
    session: Session,
    watch: Watch,
    brought: Sequence[Brought],
    *,
    kind: SourceKind,
    name: str,
    by: Viewer,
) -> list[Deposited]:
    """Take in what was brought to a watch, under its source of this kind and name.

    The source is made when there is none; what nobody had seen becomes a finding.

    Raises:
        NotFound: `by` is not of the team.
        Conflict: the watch is closed.
        DomainError: the name is missing or too long.
    """
    by_id = check_hand(by)
    if watch.closed_at is not None:
        raise Conflict(_("Ce dispositif est fermé : rouvrez-le d’abord."))
    if not name or len(name) > LONGEST_NAME:
        raise DomainError(_("Donnez un nom à la source."), about="nom")
    source = _source(session, watch, kind=kind, name=name, by_id=by_id)
    entries = [one.entry for one in brought if one.entry is not None]
    report = _fates(session, source, brought)
    take_in(session, entries, source=source, at=now())
    source.last_success_at = now()
    audit.record(
        session,
        "veille.references_deposited",
        by=by,
        subject=f"source:{source.public_id}",
        name=source.name,
        count=len(entries),
    )
    return report


def _source(
    session: Session, watch: Watch, *, kind: SourceKind, name: str, by_id: int | None
) -> Source:
    for found in filled_by_hand(session, watch.id, kind):
        if found.name.casefold() == name.casefold():
            return found
    source = Source(watch_id=watch.id, kind=kind, name=name, added_by_id=by_id, themes=[])
    session.add(source)
    session.flush()
    return source


def _fates(session: Session, source: Source, brought: Sequence[Brought]) -> list[Deposited]:
    """What each will become: known by a sure key, here or above in the file, or new."""
    keyed = with_keys(
        (one.entry for one in brought if one.entry is not None), source=source.public_id
    )
    seen = set(known_keys(session, {key for one in keyed for key in one.keys})) if keyed else set()
    waiting = iter(keyed)
    report = []
    for one in brought:
        if one.entry is None:
            report.append(Deposited(one.line, "", Fate.REFUSED, one.trouble))
            continue
        keys = next(waiting).keys
        fate = Fate.KNOWN if seen.intersection(keys) else Fate.NEW
        seen.update(keys)
        report.append(Deposited(one.line, one.entry.title, fate))
    return report
