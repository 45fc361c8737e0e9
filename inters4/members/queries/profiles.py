"""What people say of themselves, as each viewer may read it.

One's own page and card show what one's colleagues see of them: the whole is in « Mon profil ».
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from indexer.analysis import fold
from inters4.core.access import Viewer
from inters4.core.hooks import hooks
from inters4.core.paging import PAGE_SIZE, Page, nearest_page, page_start
from inters4.core.values import dataclass
from inters4.members.models import (
    DirectoryListing,
    Member,
    MemberOrganisation,
    MemberState,
    Organisation,
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


@dataclass(frozen=True, slots=True)
class _Shown:
    """Someone of whom something may be read."""

    id: int
    public_id: str
    name: str


def own_fields(session: Session, member_id: int) -> dict[ProfileKey, ProfileField]:
    """Everything one said of oneself."""
    rows = session.scalars(select(ProfileField).where(ProfileField.member_id == member_id))
    return {row.key: row for row in rows}


def is_listed(session: Session, member_id: int) -> bool:
    """True when the person chose to appear in the directory."""
    return session.get(DirectoryListing, member_id) is not None


def find_person(session: Session, public_id: str, *, viewer: Viewer) -> Person | None:
    """A person of whom `viewer` may read at least one thing, or who is `viewer`."""
    own = Member.id == (viewer.member_id or 0)
    shown = _shown(session, viewer, Member.public_id == public_id, even=own)
    return next(iter(_people(session, viewer, shown)), None)


def member_behind(session: Session, public_id: str) -> Member | None:
    """The active account of this id, for a service; what it shows is for `find_person` to say."""
    return session.scalars(
        select(Member).where(Member.public_id == public_id, Member.state == MemberState.ACTIVE)
    ).first()


def takes_letters(session: Session, public_id: str, *, kind: str) -> bool:
    """True when this person lets others write to them from their page."""
    member_id = session.scalar(select(Member.id).where(Member.public_id == public_id))
    return bool(member_id and hooks.notifier.letters(session, kind, [member_id]))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is looked for in the directory; nothing chosen is everyone who appears there."""

    words: str = ""
    region: str = ""
    profession: str = ""


def search_directory(
    session: Session, wanted: Wanted, *, viewer: Viewer, page: int = 1
) -> Page[Person]:
    """One page of those who chose to appear and of whom `viewer` may read something, by name.

    A word or a filter finds only what `viewer` may read. Five statements at most, however many
    people there are: all are looked through as plain values, one page is made whole.
    """
    listed = exists().where(DirectoryListing.member_id == Member.id)
    found = _matching(session, wanted, viewer, _shown(session, viewer, listed))
    found.sort(key=lambda one: (fold(one.name), one.public_id))
    number = nearest_page(page, len(found))
    start = page_start(number)
    people = _people(session, viewer, found[start : start + PAGE_SIZE])
    return Page(people, number, len(found))


def _matching(
    session: Session, wanted: Wanted, viewer: Viewer, shown: Sequence[_Shown]
) -> list[_Shown]:
    """Those who say what is wanted, where `viewer` may read it."""
    words = fold(wanted.words).split()
    if not (words or wanted.region or wanted.profession):
        return list(shown)
    fields = _fields(session, viewer, [one.id for one in shown])
    seen = [one.id for one in shown if _sees_organisations(one.id, fields)]
    labels = _labels(session, seen) if words else {}
    found = []
    for one in shown:
        said = fields.get(one.id, {})
        if (
            wanted.region in {"", said.get(ProfileKey.REGION)}
            and wanted.profession in {"", said.get(ProfileKey.PROFESSION)}
            and _says(words, one.name, said, labels.get(one.id, ()))
        ):
            found.append(one)
    return found


def _shown(
    session: Session,
    viewer: Viewer,
    condition: ColumnElement[bool],
    *,
    even: ColumnElement[bool] | None = None,
) -> list[_Shown]:
    """Active people of whom `viewer` may read at least one thing, and those of `even`.

    Letting one's organisations be seen is something once one of them confirmed the person.
    """
    confirmed = exists().where(
        MemberOrganisation.member_id == Member.id, MemberOrganisation.confirmed_at.is_not(None)
    )
    said = exists().where(
        ProfileField.member_id == Member.id,
        _readable(viewer),
        or_(ProfileField.key != ProfileKey.ORGANISATIONS, confirmed),
    )
    rows = session.execute(
        select(Member.id, Member.public_id, Member.name).where(
            condition,
            Member.state == MemberState.ACTIVE,
            said if even is None else or_(even, said),
        )
    )
    return [_Shown(*row) for row in rows]


def _people(session: Session, viewer: Viewer, shown: Sequence[_Shown]) -> list[Person]:
    """The same, with all that `viewer` may read; two statements, none for nobody."""
    if not shown:
        return []
    fields = _fields(session, viewer, [one.id for one in shown])
    seen = [one.id for one in shown if _sees_organisations(one.id, fields)]
    labels = _labels(session, seen)
    return [
        Person(
            public_id=one.public_id,
            name=one.name,
            organisations=labels.get(one.id, ()),
            fields={
                key: value
                for key, value in fields.get(one.id, {}).items()
                if key is not ProfileKey.ORGANISATIONS
            },
        )
        for one in shown
    ]


def _fields(
    session: Session, viewer: Viewer, numbers: Collection[int]
) -> dict[int, dict[ProfileKey, str]]:
    """What `viewer` may read of each person."""
    found: dict[int, dict[ProfileKey, str]] = {}
    for row in session.execute(
        select(ProfileField.member_id, ProfileField.key, ProfileField.value).where(
            ProfileField.member_id.in_(numbers), _readable(viewer)
        )
    ):
        found.setdefault(row.member_id, {})[row.key] = row.value
    return found


def _labels(session: Session, numbers: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The confirmed organisations of each person, by name."""
    found: dict[int, list[str]] = {}
    rows = session.execute(
        select(MemberOrganisation.member_id, Organisation.name, Organisation.short_name)
        .join(Organisation, Organisation.id == MemberOrganisation.organisation_id)
        .where(
            MemberOrganisation.member_id.in_(numbers), MemberOrganisation.confirmed_at.is_not(None)
        )
    )
    for row in rows:
        found.setdefault(row.member_id, []).append(row.short_name or row.name)
    return {number: tuple(sorted(labels)) for number, labels in found.items()}


def _sees_organisations(number: int, fields: Mapping[int, Mapping[ProfileKey, str]]) -> bool:
    """True when the person lets the viewer see where they work."""
    return ProfileKey.ORGANISATIONS in fields.get(number, {})


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
        ProfileField.visibility.in_((Visibility.EVERYONE, Visibility.MEMBERS)),
        and_(ProfileField.visibility == Visibility.ORGANISATION, colleague),
    )


def _says(
    words: Sequence[str], name: str, said: Mapping[ProfileKey, str], organisations: Sequence[str]
) -> bool:
    """True when every word is in what the person writes, in their name or where they work."""
    written = (
        value
        for key, value in said.items()
        if key not in {ProfileKey.REGION, ProfileKey.PROFESSION}
    )
    text = fold(" ".join([name, *organisations, *written]))
    return all(word in text for word in words)
