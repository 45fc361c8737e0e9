"""The audit journal, as those who answer for it read it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session

from inters4.core.audit import AuditEntry
from inters4.core.clock import LOCAL_ZONE
from inters4.core.paging import PAGE_SIZE as SIZE
from inters4.core.paging import Page, nearest_page, page_start
from inters4.core.values import dataclass
from inters4.members.models import Member, Organisation

_BATCH = 500
_MEMBER, _PERSON = "member:", "person:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries: empty asks for all.

    Attributes:
        action: `domain.verb`, or a whole domain.
        person: piece of the name or address of who did it, or of whom it was done to.
        request_id: the number that an error page shows.
    """

    action: str = ""
    person: str = ""
    request_id: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened; people by the name they have now, and by their public id.

    Attributes:
        subject: what it was done to; a person is `person:PUBLIC_ID`.
        subject_name: the name of that person, empty for anything else.
        detail: what the action kept; an organisation by its name.
    """

    at: datetime
    actor: str
    actor_id: str
    action: str
    subject: str
    subject_name: str
    detail: Mapping[str, object]
    request_id: str


def read_journal(session: Session, wanted: Wanted, *, page: int) -> Page[Entry]:
    """The latest entries first, in four statements, five when a person is asked for."""
    chosen = _filtered(session, wanted)
    statement = _statement(chosen)
    total = session.scalar(select(func.count()).select_from(chosen.subquery()))
    number = nearest_page(page, total or 0)
    rows = session.execute(statement.offset(page_start(number)).limit(SIZE)).all()
    return Page(_entries(session, rows), number, total or 0)


def every_entry(session: Session, wanted: Wanted) -> Iterator[Entry]:
    """All of them, the latest first, a few at a time."""
    chosen = _filtered(session, wanted)
    last: int | None = None
    while True:
        statement = _statement(chosen)
        if last is not None:
            statement = statement.where(AuditEntry.id < last)
        rows = session.execute(statement.limit(_BATCH)).all()
        yield from _entries(session, rows)
        if len(rows) < _BATCH:
            return
        last = rows[-1][0].id


def actions(session: Session) -> list[str]:
    """Every action that the journal holds, in order."""
    return list(session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)))


def entries_about(session: Session, member_id: int) -> Iterator[AuditEntry]:
    """What the journal says of a person: done by them, or to them."""
    public_id = session.scalar(select(Member.public_id).where(Member.id == member_id))
    yield from session.scalars(
        select(AuditEntry)
        .where(
            or_(
                AuditEntry.actor_id == member_id,
                AuditEntry.subject.in_((f"member:{member_id}", f"person:{public_id}")),
            )
        )
        .order_by(AuditEntry.id)
    )


def _statement(entries: Select[int]) -> Select[AuditEntry, str, str]:
    chosen = entries.subquery()
    return (
        select(AuditEntry, Member.name, Member.public_id)
        .join(chosen, chosen.c.id == AuditEntry.id)
        .outerjoin(Member, Member.id == AuditEntry.actor_id)
        .order_by(AuditEntry.id.desc())
    )


def _filtered(session: Session, wanted: Wanted) -> Select[int]:
    statement = select(AuditEntry.id)
    if "." in wanted.action:
        statement = statement.where(AuditEntry.action == wanted.action)
    elif wanted.action:
        statement = statement.where(
            AuditEntry.action.startswith(f"{wanted.action}.", autoescape=True)
        )
    if wanted.request_id:
        statement = statement.where(AuditEntry.request_id == wanted.request_id)
    if wanted.since is not None:
        statement = statement.where(AuditEntry.at >= _midnight(wanted.since))
    if wanted.until is not None:
        statement = statement.where(AuditEntry.at < _midnight(wanted.until + timedelta(days=1)))
    if wanted.person:
        people = people_named(session, wanted.person)
        subjects = [f"{_MEMBER}{number}" for number in people]
        subjects += [f"{_PERSON}{public_id}" for public_id in people.values()]
        statement = statement.where(
            or_(AuditEntry.actor_id.in_(list(people)), AuditEntry.subject.in_(subjects))
        )
    return statement


def people_named(session: Session, text: str) -> dict[int, str]:
    """Public ids, by number, of a few people whose name or address holds `text`."""
    found = session.execute(
        select(Member.id, Member.public_id)
        .where(
            or_(
                Member.name.icontains(text, autoescape=True),
                Member.email.icontains(text, autoescape=True),
                Member.public_id == text,
            )
        )
        .order_by(Member.id)
        .limit(SIZE)
    )
    return {row.id: row.public_id for row in found}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL_ZONE)


def _entries(session: Session, rows: Sequence[Row[AuditEntry, str, str]]) -> list[Entry]:
    """The rows in words; numbers of people stay in the database."""
    numbers = {number for row in rows if (number := _member_of(row[0].subject)) is not None}
    public_ids = {row[0].subject.removeprefix(_PERSON) for row in rows}
    people = session.execute(
        select(Member.id, Member.public_id, Member.name).where(
            or_(Member.id.in_(numbers), Member.public_id.in_(public_ids))
        )
    ).all()
    by_subject = {f"{_MEMBER}{one.id}": one for one in people}
    by_subject |= {f"{_PERSON}{one.public_id}": one for one in people}
    cited = {row[0].detail.get("organisation") for row in rows}
    cited_rows = session.execute(
        select(Organisation.id, Organisation.name).where(
            Organisation.id.in_([one for one in cited if isinstance(one, int)])
        )
    )
    organisations = {one.id: one.name for one in cited_rows}
    found = []
    for row, name, public_id in rows:
        whom = by_subject.get(row.subject)
        found.append(
            Entry(
                at=row.at,
                actor=name or "",
                actor_id=public_id or "",
                action=row.action,
                subject=f"{_PERSON}{whom.public_id}" if whom else row.subject,
                subject_name=whom.name if whom else "",
                detail=_with_names(row.detail, organisations),
                request_id=row.request_id,
            )
        )
    return found


def _with_names(
    detail: Mapping[str, object], organisations: Mapping[int, str]
) -> Mapping[str, object]:
    number = detail.get("organisation")
    if not isinstance(number, int) or number not in organisations:
        return detail
    return {**detail, "organisation": organisations[number]}


def _member_of(subject: str) -> int | None:
    number = subject.removeprefix(_MEMBER)
    return int(number) if subject.startswith(_MEMBER) and number.isdecimal() else None
