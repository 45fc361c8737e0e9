"""What the coordination looks at: people, and how the queues are doing."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, selectinload

from indexer.analysis import fold
from inters4.core.access import Role
from inters4.core.mail import MailState, QueuedMail
from inters4.core.outbox import OutboxRow
from inters4.core.paging import PAGE_SIZE, Page, nearest_page, page_start
from inters4.core.values import dataclass
from inters4.members.models import (
    Member,
    MemberOrganisation,
    MemberState,
    RoleGrant,
    StateChange,
)

_WHOLE = (
    selectinload(Member.organisations).joinedload(MemberOrganisation.organisation),
    selectinload(Member.grants).joinedload(RoleGrant.organisation),
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which people are looked for; nothing chosen is everybody."""

    words: str = ""
    state: MemberState | None = None
    role: Role | None = None
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """How the queues are doing.

    Attributes:
        mail: how many letters stand in each state.
        oldest_mail: since when the first waits.
        outbox: documents that the index has not seen yet.
    """

    mail: Mapping[MailState, int]
    oldest_mail: datetime | None
    outbox: int


def search_members(session: Session, wanted: Filter, *, page: int) -> Page[Member]:
    """One page of people, by name, with their organisations and roles; five statements."""
    numbers = _numbers(session, wanted)
    number = nearest_page(page, len(numbers))
    start = page_start(number)
    return Page(_load(session, numbers[start : start + PAGE_SIZE]), number, len(numbers))


def every_member(session: Session, wanted: Filter) -> Sequence[Member]:
    """All those looked for, by name, with their organisations and roles."""
    return _load(session, _numbers(session, wanted))


def load_member(session: Session, public_id: str) -> Member | None:
    """One person, in whatever state, with their organisations and roles."""
    return session.scalars(
        select(Member)
        .options(*_WHOLE)
        .where(Member.public_id == public_id)
        .execution_options(populate_existing=True)
    ).first()


def changes_of(session: Session, member_id: int) -> list[tuple[StateChange, str]]:
    """How the account came to where it stands, the latest first, and who decided."""
    rows = session.execute(
        select(StateChange, Member.name)
        .outerjoin(Member, Member.id == StateChange.by_id)
        .where(StateChange.member_id == member_id)
        .order_by(StateChange.id.desc())
    )
    return [(row[0], row[1] or "") for row in rows]


def count_by_state(session: Session) -> dict[MemberState, int]:
    """How many accounts stand in each state."""
    rows = session.execute(select(Member.state, func.count()).group_by(Member.state)).all()
    return {row[0]: row[1] for row in rows}


def health(session: Session) -> Health:
    """How the queues are doing, in three statements."""
    rows = session.execute(select(QueuedMail.state, func.count()).group_by(QueuedMail.state)).all()
    return Health(
        mail={row[0]: row[1] for row in rows},
        oldest_mail=session.scalar(
            select(func.min(QueuedMail.created_at)).where(QueuedMail.state == MailState.QUEUED)
        ),
        outbox=session.scalar(select(func.count()).select_from(OutboxRow)) or 0,
    )


def approvers_by_organisation(session: Session) -> dict[int, list[str]]:
    """Who approves for each organisation."""
    found: dict[int, list[str]] = {}
    for number, name in session.execute(
        select(RoleGrant.organisation_id, Member.name)
        .join(Member, Member.id == RoleGrant.member_id)
        .where(RoleGrant.role == Role.APPROVER, Member.state == MemberState.ACTIVE)
        .order_by(Member.name)
    ):
        found.setdefault(number or 0, []).append(name)
    return found


def _numbers(session: Session, wanted: Filter) -> list[int]:
    statement = select(Member.id, Member.name, Member.email)
    if wanted.state is not None:
        statement = statement.where(Member.state == wanted.state)
    if wanted.role is not None:
        statement = statement.where(
            exists().where(RoleGrant.member_id == Member.id, RoleGrant.role == wanted.role)
        )
    if wanted.organisation_id is not None:
        statement = statement.where(
            exists().where(
                MemberOrganisation.member_id == Member.id,
                MemberOrganisation.organisation_id == wanted.organisation_id,
            )
        )
    words = fold(wanted.words).split()
    rows = [
        (fold(row.name), row.email, row.id)
        for row in session.execute(statement)
        if all(word in fold(f"{row.name} {row.email}") for word in words)
    ]
    return [number for _name, _email, number in sorted(rows)]


def _load(session: Session, numbers: Sequence[int]) -> list[Member]:
    rows = session.scalars(select(Member).options(*_WHOLE).where(Member.id.in_(numbers)))
    found = {member.id: member for member in rows}
    return [found[number] for number in numbers]
