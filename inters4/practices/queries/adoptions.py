"""Reads of adoptions. Who may read one is part of every query, by `visible_adoptions`."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from inters4.core.access import ANONYMOUS, Role, Viewer
from inters4.core.paging import Page, read_page
from inters4.core.values import dataclass
from inters4.members.models import Member, Organisation
from inters4.practices.models import (
    READABLE,
    TOMBSTONES,
    Adoption,
    AdoptionEntry,
    AdoptionHolder,
    AdoptionResult,
    AdoptionState,
    AdoptionStep,
    Openness,
    Practice,
)

FILE_SIZE = 5_000
_AROUND = 50
_SHARED = (Openness.PUBLIC, Openness.MEMBERS)


@dataclass(frozen=True, slots=True)
class Journal:
    """What one page shows of an adoption: its entries, its steps, who holds it.

    Attributes:
        entries: the latest day first, with their figures.
        holders: number and name; for the organisation's own members, else empty.
        names: of whoever made a step or wrote an entry, by number; for the same, else empty.
    """

    entries: Sequence[AdoptionEntry]
    steps: Sequence[AdoptionStep]
    holders: Mapping[int, str]
    names: Mapping[int, str]


def visible_adoptions(viewer: Viewer) -> ColumnElement[bool]:
    """True of the adoptions that `viewer` may read; needs `Practice` joined.

    One's own organisation reads all of its own. The coordination, who moderates, reads what others
    do, hidden or not; no other role opens anything.
    """
    shown = and_(Adoption.hidden_at.is_(None), Practice.state.in_(READABLE))
    ways = [and_(shown, Adoption.openness == Openness.PUBLIC)]
    if viewer.is_signed_in:
        ways.append(and_(shown, Adoption.openness.in_(_SHARED)))
    if viewer.has(Role.COORDINATION):
        ways.append(Adoption.openness.in_(_SHARED))
    if viewer.organisations:
        ways.append(Adoption.organisation_id.in_(sorted(viewer.organisations)))
    return or_(*ways)


def find_adoption(
    session: Session, slug: str, public_id: str, *, viewer: Viewer
) -> Adoption | None:
    """One adoption of the sheet at this address, with the sheet and the organisation."""
    return session.scalars(
        _visible(viewer)
        .where(Practice.slug == slug, Adoption.public_id == public_id)
        .options(joinedload(Adoption.practice))
    ).first()


def hold_adoption(
    session: Session, slug: str, public_id: str, *, viewer: Viewer
) -> Adoption | None:
    """The same, others kept from changing it, or its sheet, until the transaction ends."""
    hold_practice(session, slug)
    return session.scalars(
        _visible(viewer)
        .where(Practice.slug == slug, Adoption.public_id == public_id)
        .options(joinedload(Adoption.practice))
        .with_for_update(of=Adoption)
    ).first()


def hold_practice(session: Session, slug: str) -> Practice | None:
    """A sheet that everyone may read or once did: any change of its adoptions dates it."""
    return session.scalars(
        select(Practice)
        .where(Practice.slug == slug, Practice.state.in_(READABLE | TOMBSTONES))
        .with_for_update()
    ).first()


def adoptions_of(session: Session, practice_id: str, *, viewer: Viewer) -> Sequence[Adoption]:
    """Those of a sheet, the latest news first."""
    return session.scalars(
        _visible(viewer)
        .where(Adoption.practice_id == practice_id)
        .order_by(Adoption.news_at.desc(), Adoption.id)
    ).all()


def public_adoptions_of(session: Session, practice_id: str) -> Sequence[Adoption]:
    """What everyone reads on a sheet: by a statement made once."""
    return session.scalars(_public_of_sheet(), {"sought": practice_id}).all()


def beside_public(session: Session, practice_id: str, *, viewer: Viewer) -> Sequence[Adoption]:
    """What `viewer` reads on a sheet and not everyone does."""
    if not viewer.is_signed_in:
        return ()
    return session.scalars(
        _visible(viewer)
        .where(
            Adoption.practice_id == practice_id,
            or_(Adoption.openness != Openness.PUBLIC, Adoption.hidden_at.is_not(None)),
        )
        .order_by(Adoption.news_at.desc(), Adoption.id)
    ).all()


def public_around(
    session: Session, *, organisation_id: int | None = None, region: str = ""
) -> Sequence[Adoption]:
    """What teams of an organisation, or of a region, declare to everyone; the latest, bounded."""
    which = (
        Adoption.region == region
        if organisation_id is None
        else Adoption.organisation_id == organisation_id
    )
    return session.scalars(
        _visible(ANONYMOUS)
        .where(which)
        .options(joinedload(Adoption.practice))
        .order_by(Adoption.news_at.desc(), Adoption.id)
        .limit(_AROUND)
    ).all()


def public_page(session: Session, number: int) -> Page[Adoption]:
    """Every adoption that everyone may read, the latest news first, page by page."""
    return read_page(
        session,
        _visible(ANONYMOUS)
        .options(joinedload(Adoption.practice))
        .order_by(Adoption.news_at.desc(), Adoption.id),
        number,
    )


def every_public(session: Session, practice_id: str = "") -> Iterator[Adoption]:
    """The same for files, of all sheets or of one; bounded."""
    wanted = _visible(ANONYMOUS).options(joinedload(Adoption.practice))
    if practice_id:
        wanted = wanted.where(Adoption.practice_id == practice_id)
    yield from session.scalars(
        wanted.order_by(Practice.title, Organisation.name, Adoption.id).limit(FILE_SIZE)
    )


def by_state(adoptions: Sequence[Adoption]) -> Mapping[AdoptionState, int]:
    """How many stand where, in the order of states; those where none stands left out."""
    counts = {state: sum(1 for one in adoptions if one.state is state) for state in AdoptionState}
    return {state: number for state, number in counts.items() if number}


def held_by(session: Session, viewer: Viewer) -> Sequence[Adoption]:
    """Those that a person holds for an organisation that still confirms them."""
    if viewer.member_id is None or not viewer.organisations:
        return ()
    return session.scalars(
        _whole()
        .join(AdoptionHolder, AdoptionHolder.adoption_id == Adoption.id)
        .where(
            AdoptionHolder.member_id == viewer.member_id,
            Adoption.organisation_id.in_(sorted(viewer.organisations)),
        )
        .options(joinedload(Adoption.practice))
        .order_by(Adoption.news_asked_at.is_(None), Adoption.news_at.desc(), Adoption.id)
    ).all()


def is_holder(session: Session, adoption: Adoption, viewer: Viewer) -> bool:
    """True when `viewer` answers for it, still being of its organisation."""
    if viewer.member_id is None or adoption.organisation_id not in viewer.organisations:
        return False
    return session.get(AdoptionHolder, (adoption.id, viewer.member_id)) is not None


def holder_ids(session: Session, adoption_id: int) -> Sequence[int]:
    """Numbers of those who answer for it."""
    return session.scalars(
        select(AdoptionHolder.member_id)
        .where(AdoptionHolder.adoption_id == adoption_id)
        .order_by(AdoptionHolder.joined_at, AdoptionHolder.member_id)
    ).all()


def journal_of(session: Session, adoption: Adoption, *, viewer: Viewer) -> Journal:
    """What the page of an adoption that `viewer` may read shows beside it."""
    entries = session.scalars(
        select(AdoptionEntry)
        .where(AdoptionEntry.adoption_id == adoption.id)
        .options(selectinload(AdoptionEntry.results))
        .order_by(AdoptionEntry.on_day.desc(), AdoptionEntry.id.desc())
    ).all()
    steps = session.scalars(
        select(AdoptionStep)
        .where(AdoptionStep.adoption_id == adoption.id)
        .order_by(AdoptionStep.id)
    ).all()
    if adoption.organisation_id not in viewer.organisations:
        return Journal(entries, steps, {}, {})
    held = select(AdoptionHolder.member_id).where(AdoptionHolder.adoption_id == adoption.id)
    named = {step.by_id for step in steps} | {entry.written_by_id for entry in entries}
    rows = session.execute(
        select(Member.id, Member.name, Member.id.in_(held).label("is_holder"))
        .where(or_(Member.id.in_(held), Member.id.in_(number for number in named if number)))
        .order_by(Member.name, Member.id)
    ).all()
    return Journal(
        entries,
        steps,
        {row.id: row.name for row in rows if row.is_holder},
        {row.id: row.name for row in rows},
    )


def find_entry(session: Session, adoption: Adoption, public_id: str) -> AdoptionEntry | None:
    """One entry of its journal, with its figures."""
    return session.scalars(
        select(AdoptionEntry)
        .where(AdoptionEntry.adoption_id == adoption.id, AdoptionEntry.public_id == public_id)
        .options(selectinload(AdoptionEntry.results))
    ).first()


def results_of(
    session: Session, adoptions: Sequence[Adoption]
) -> Mapping[int, Sequence[AdoptionResult]]:
    """The figures of each adoption given, those of the latest day first."""
    found: dict[int, list[AdoptionResult]] = {}
    rows = session.execute(_results(), {"ids": [one.id for one in adoptions]}) if adoptions else ()
    for adoption_id, result in rows:
        found.setdefault(adoption_id, []).append(result)
    return found


def organisations_with_regions(session: Session, *, viewer: Viewer) -> Sequence[Organisation]:
    """The organisations that confirm `viewer`, with the regions that they serve."""
    return session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(sorted(viewer.organisations)))
        .options(selectinload(Organisation.regions))
        .order_by(Organisation.name)
    ).all()


def _whole() -> Select[Adoption]:
    return (
        select(Adoption)
        .join(Practice, Practice.id == Adoption.practice_id)
        .join(Organisation, Organisation.id == Adoption.organisation_id)
        .options(joinedload(Adoption.organisation))
    )


def _visible(viewer: Viewer) -> Select[Adoption]:
    return _whole().where(visible_adoptions(viewer))


@cache
def _public_of_sheet() -> Select[Adoption]:
    return (
        _visible(ANONYMOUS)
        .where(Adoption.practice_id == bindparam("sought"))
        .order_by(Organisation.name, Adoption.id)
    )


@cache
def _results() -> Select[int, AdoptionResult]:
    return (
        select(AdoptionEntry.adoption_id, AdoptionResult)
        .join(AdoptionEntry, AdoptionEntry.id == AdoptionResult.entry_id)
        .where(AdoptionEntry.adoption_id.in_(bindparam("ids", expanding=True)))
        .order_by(AdoptionEntry.on_day.desc(), AdoptionEntry.id.desc(), AdoptionResult.position)
    )
