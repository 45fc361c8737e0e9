"""What people say of themselves, as each viewer may read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, selectinload

from indexer.analysis import fold
from inters4.core.access import Viewer
from inters4.core.hooks import hooks
from inters4.members.models import (
    DirectoryListing,
    Member,
    MemberOrganisation,
    MemberState,
    ProfileField,
    ProfileKey,
    Visibility,
)


@dataclass(frozen=True, slots=True)
class Person:
    """Someone, as a viewer sees them. Their address is never part of it."""

    public_id: str
    name: str
    organisations: tuple[str, ...] = ()
    fields: Mapping[ProfileKey, str] = field(default_factory=dict)


def own_fields(session: Session, member_id: int) -> dict[ProfileKey, ProfileField]:
    """Everything one said of oneself."""
    rows = session.scalars(select(ProfileField).where(ProfileField.member_id == member_id))
    return {row.key: row for row in rows}


def is_listed(session: Session, member_id: int) -> bool:
    """True when the person chose to appear in the directory."""
    return session.get(DirectoryListing, member_id) is not None


def find_person(session: Session, public_id: str, *, viewer: Viewer) -> Person | None:
    """A person of whom `viewer` may read at least one thing, or who is `viewer`."""
    found = list(_people(session, viewer, Member.public_id == public_id))
    return found[0] if found else None


def member_behind(session: Session, public_id: str) -> Member | None:
    """The active account of this id, for a service; what it shows is for `find_person` to say."""
    return session.scalars(
        select(Member).where(Member.public_id == public_id, Member.state == MemberState.ACTIVE)
    ).first()


def takes_letters(session: Session, public_id: str, *, kind: str) -> bool:
    """True when this person lets others write to them from their page."""
    member_id = session.scalar(select(Member.id).where(Member.public_id == public_id))
    return bool(member_id and hooks.notifier.letters(session, kind, [member_id]))


def search_directory(
    session: Session, *, viewer: Viewer, words: str = "", region: str = "", profession: str = ""
) -> list[Person]:
    """Those who chose to appear and of whom `viewer` may read something, by name.

    A word or a filter finds only what `viewer` may read.
    """
    wanted = fold(words).split()
    listed = exists().where(DirectoryListing.member_id == Member.id)
    return sorted(
        (
            person
            for person in _people(session, viewer, listed)
            if (not region or person.fields.get(ProfileKey.REGION) == region)
            and (not profession or person.fields.get(ProfileKey.PROFESSION) == profession)
            and all(word in _searched(person) for word in wanted)
        ),
        key=lambda person: (fold(person.name), person.public_id),
    )


def _people(session: Session, viewer: Viewer, condition: ColumnElement[bool]) -> list[Person]:
    """In four statements at most, however many there are."""
    own = viewer.member_id or 0
    shown = (
        select(ProfileField)
        .join(Member, Member.id == ProfileField.member_id)
        .where(condition, Member.state == MemberState.ACTIVE, _readable(viewer))
    )
    fields: dict[int, dict[ProfileKey, str]] = {}
    for row in session.scalars(shown):
        fields.setdefault(row.member_id, {})[row.key] = row.value
    members = session.scalars(
        select(Member)
        .options(selectinload(Member.organisations).joinedload(MemberOrganisation.organisation))
        .where(
            condition,
            Member.state == MemberState.ACTIVE,
            or_(
                Member.id == own,
                exists().where(ProfileField.member_id == Member.id, _readable(viewer)),
            ),
        )
    )
    return [
        Person(
            public_id=member.public_id,
            name=member.name,
            organisations=tuple(
                sorted(
                    link.organisation.label
                    for link in member.organisations
                    if link.confirmed_at is not None
                )
            ),
            fields=fields.get(member.id, {}),
        )
        for member in members
    ]


def _readable(viewer: Viewer) -> ColumnElement[bool]:
    """What `viewer` may read of a profile."""
    everyone = ProfileField.visibility == Visibility.EVERYONE
    if not viewer.is_signed_in:
        return everyone
    colleague = exists().where(
        MemberOrganisation.member_id == ProfileField.member_id,
        MemberOrganisation.organisation_id.in_(viewer.organisations),
        MemberOrganisation.confirmed_at.is_not(None),
    )
    return or_(
        ProfileField.member_id == viewer.member_id,
        ProfileField.visibility.in_((Visibility.EVERYONE, Visibility.MEMBERS)),
        and_(ProfileField.visibility == Visibility.ORGANISATION, colleague),
    )


def _searched(person: Person) -> str:
    said = (
        value
        for key, value in person.fields.items()
        if key not in {ProfileKey.REGION, ProfileKey.PROFESSION}
    )
    return fold(" ".join([person.name, *person.organisations, *said]))
