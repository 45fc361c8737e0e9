"""Reads of the register of incidents."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.paging import Page, read_page
from inters4.core.values import dataclass
from inters4.members.models import Incident, IncidentEntry, IncidentStep, Member


@dataclass(frozen=True, slots=True)
class Record:
    """An incident, what followed, and the present names of those who wrote."""

    incident: Incident
    entries: Sequence[IncidentEntry]
    names: Mapping[int, str]

    @property
    def is_closed(self) -> bool:
        """True when the last word is that it is closed."""
        return bool(self.entries) and self.entries[-1].step is IncidentStep.CLOSED

    def did(self, step: IncidentStep) -> bool:
        """True once that was done."""
        return any(entry.step is step for entry in self.entries)


def list_incidents(session: Session, *, page: int) -> tuple[Page[Incident], dict[int, Record]]:
    """The latest first, in four statements, with what followed each."""
    found = read_page(
        session, select(Incident).order_by(Incident.noticed_on.desc(), Incident.id.desc()), page
    )
    return found, _records(session, list(found.rows))


def every_incident(session: Session) -> list[Record]:
    """The whole register, oldest first: a few rows a year."""
    rows = list(session.scalars(select(Incident).order_by(Incident.id)))
    records = _records(session, rows)
    return [records[row.id] for row in rows]


def find_incident(session: Session, public_id: str) -> Record | None:
    """One incident with all that followed."""
    incident = session.scalars(select(Incident).where(Incident.public_id == public_id)).first()
    return _records(session, [incident])[incident.id] if incident is not None else None


def _records(session: Session, incidents: list[Incident]) -> dict[int, Record]:
    entries: dict[int, list[IncidentEntry]] = {incident.id: [] for incident in incidents}
    for entry in session.scalars(
        select(IncidentEntry)
        .where(IncidentEntry.incident_id.in_(list(entries)))
        .order_by(IncidentEntry.id)
    ):
        entries[entry.incident_id].append(entry)
    writers = {incident.reported_by_id for incident in incidents}
    writers |= {entry.by_id for rows in entries.values() for entry in rows}
    named = select(Member.id, Member.name).where(Member.id.in_([one for one in writers if one]))
    names = {row.id: row.name for row in session.execute(named)}
    return {incident.id: Record(incident, entries[incident.id], names) for incident in incidents}
