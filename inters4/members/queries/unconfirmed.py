"""Reads of the forms that wait for the link of their letter to be used."""

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from inters4.core.paging import Page, read_page
from inters4.core.values import dataclass
from inters4.members.models import (
    Member,
    MemberState,
    Organisation,
    Registration,
    normalise_email,
)


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A form that waits, with the name of the organisation that it names."""

    form: Registration
    organisation: str


def waiting_form(session: Session, email: str) -> Registration | None:
    """The latest form with a password that waits for this address, its link still good or not."""
    return session.scalars(
        select(Registration)
        .where(
            Registration.email == normalise_email(email),
            Registration.used_at.is_(None),
            Registration.password_hash != "",
        )
        .order_by(Registration.id.desc())
        .limit(1)
    ).first()


def find_unconfirmed(session: Session, number: int) -> Registration | None:
    """A form that still waits."""
    statement = select(Registration).where(Registration.id == number, _waits())
    return session.scalars(statement).first()


def list_unconfirmed(session: Session, words: str, *, page: int) -> Page[Unconfirmed]:
    """Those who wait for their link, the latest first; one line an address, its latest form."""
    found = read_page(
        session, _waiting().where(_says(words)).order_by(Registration.id.desc()), page
    )
    numbers = {one.organisation_id for one in found.rows}
    names = {
        row.id: row.name
        for row in session.execute(
            select(Organisation.id, Organisation.name).where(Organisation.id.in_(numbers))
        )
    }
    rows = [
        Unconfirmed(one, names.get(one.organisation_id or 0, one.other_organisation))
        for one in found.rows
    ]
    return Page(rows, found.number, found.total)


def count_unconfirmed(session: Session, words: str = "") -> int:
    """How many wait, among those whose name or address has `words`."""
    counted = _waiting().where(_says(words)).subquery()
    return session.scalar(select(func.count()).select_from(counted)) or 0


def _waiting() -> Select[Registration]:
    """The latest form of each address that no account has yet."""
    latest = (
        select(func.max(Registration.id))
        .where(Registration.used_at.is_(None))
        .group_by(Registration.email)
    )
    return select(Registration).where(Registration.id.in_(latest), _waits())


def _waits() -> ColumnElement[bool]:
    has_account = exists().where(
        Member.email == Registration.email,
        Member.state.not_in((MemberState.UNVERIFIED, MemberState.REFUSED)),
    )
    return and_(Registration.used_at.is_(None), ~has_account)


def _says(words: str) -> ColumnElement[bool]:
    text = words.strip().lower()
    return or_(
        func.lower(Registration.name).contains(text, autoescape=True),
        Registration.email.contains(text, autoescape=True),
    )
