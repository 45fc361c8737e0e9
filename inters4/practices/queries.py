"""Reads of practices. Who may see what is part of every query."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from inters4.core.access import ANONYMOUS, Role, Viewer
from inters4.core.paging import PAGE_SIZE, page_count
from inters4.members.models import Organisation
from inters4.practices.models import (
    READABLE,
    TOMBSTONES,
    Practice,
    PracticeAdopter,
    PracticeOrganisation,
    PracticeSlug,
    PracticeTerm,
    Scheme,
)

NAMED_SCHEMES = (Scheme.THEMES, Scheme.SETTINGS, Scheme.POPULATIONS, Scheme.PROFESSIONS)
"""Schemes whose names, in both languages, find a sheet."""
_ORGANISATIONS = selectinload(Practice.organisations).joinedload(PracticeOrganisation.organisation)
_WHOLE = (
    selectinload(Practice.blocks),
    selectinload(Practice.terms),
    selectinload(Practice.references),
    selectinload(Practice.baselines),
    selectinload(Practice.outcomes),
    selectinload(Practice.staffing),
    selectinload(Practice.costs),
    selectinload(Practice.success_conditions),
    selectinload(Practice.transferability),
    selectinload(Practice.attachments),
    selectinload(Practice.adopters).options(joinedload(PracticeAdopter.organisation)),
    _ORGANISATIONS,
)


def find_practice(session: Session, slug: str, *, viewer: Viewer) -> Practice | None:
    """The sheet at this address with all its parts, when `viewer` may see it.

    Everyone sees a published sheet, and that a withdrawn one is gone; the brokering team sees
    every state.
    """
    statement = select(Practice).where(Practice.slug == slug, _visible_to(viewer))
    return session.scalars(statement.options(*_WHOLE)).first()


def find_renamed(session: Session, slug: str, *, viewer: Viewer) -> str | None:
    """The present address of a sheet that had this one before."""
    return session.scalars(
        select(Practice.slug)
        .join(PracticeSlug, PracticeSlug.practice_id == Practice.id)
        .where(PracticeSlug.slug == slug, _visible_to(viewer))
    ).first()


def load_practice(session: Session, practice_id: str) -> Practice | None:
    """The sheet of this permanent id with all its parts, whoever asks: imports, the index."""
    statement = select(Practice).where(Practice.id == practice_id)
    return session.scalars(statement.options(*_WHOLE)).first()


def lock_practices(session: Session, ids: Sequence[str]) -> None:
    """Keep others from changing these sheets until the transaction ends."""
    session.execute(select(Practice.id).where(Practice.id.in_(ids)).with_for_update())


def lock_organisations(session: Session, slugs: Sequence[str]) -> None:
    """Keep others from changing these organisations until the transaction ends."""
    session.execute(select(Organisation.id).where(Organisation.slug.in_(slugs)).with_for_update())


def owner_of_slug(session: Session, slug: str) -> str | None:
    """The id of the sheet that has, or had, this address."""
    present = session.scalar(select(Practice.id).where(Practice.slug == slug))
    return present or session.scalar(
        select(PracticeSlug.practice_id).where(PracticeSlug.slug == slug)
    )


def practice_ids(session: Session) -> frozenset[str]:
    """Every permanent id, in whatever state."""
    return frozenset(session.scalars(select(Practice.id)))


def organisation_slugs(session: Session) -> Mapping[str, int]:
    """Number of each organisation, by permanent id."""
    return {row.slug: row.id for row in session.execute(select(Organisation.slug, Organisation.id))}


def readable_ids(session: Session) -> Iterator[str]:
    """Permanent ids of the sheets that everyone may read."""
    yield from session.scalars(
        select(Practice.id).where(_visible_to(ANONYMOUS), _is_readable()).order_by(Practice.id)
    )


def readable_practices(
    session: Session, ids: Sequence[str], *, viewer: Viewer
) -> Sequence[Practice]:
    """Those of `ids` that `viewer` may read, with their organisations and terms."""
    statement = select(Practice).where(Practice.id.in_(ids), _visible_to(viewer), _is_readable())
    return session.scalars(statement.options(_ORGANISATIONS, selectinload(Practice.terms))).all()


def ids_named_by(session: Session, *, scheme: str, term: str) -> Sequence[str]:
    """Permanent ids of the sheets that the name of a term finds."""
    if scheme not in NAMED_SCHEMES:
        return ()
    return session.scalars(
        select(PracticeTerm.practice_id)
        .where(PracticeTerm.scheme == scheme, _is_under(term))
        .distinct()
    ).all()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to; vocabulary ids, empty for everything."""

    theme: str = ""
    region: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `number` counts from 1 and never passes the last page."""

    practices: Sequence[Practice]
    number: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, page_count(self.total))


def list_practices(session: Session, *, viewer: Viewer, filters: Filters, page: int = 1) -> Page:
    """Sheets to read, newest first, with their organisations and terms."""
    wanted = _narrowed(select(Practice).where(_visible_to(viewer), _is_readable()), filters)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    number = min(max(1, page), max(1, page_count(total)))
    found = session.scalars(
        wanted.options(_ORGANISATIONS, selectinload(Practice.terms))
        .order_by(Practice.published_at.desc(), Practice.id)
        .offset((number - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
    ).all()
    return Page(found, number, total)


@dataclass(frozen=True, slots=True)
class Offered:
    """Vocabulary ids that lead somewhere: values for the filters, with no empty answer."""

    themes: frozenset[str]
    regions: frozenset[str]
    stages: frozenset[str]


def offered_filters(session: Session, *, viewer: Viewer) -> Offered:
    """What sheets that `viewer` may read are classified under."""
    readable = select(Practice.id).where(_visible_to(viewer), _is_readable())
    terms = session.execute(
        select(PracticeTerm.scheme, PracticeTerm.term)
        .where(PracticeTerm.scheme.in_((Scheme.THEMES, Scheme.REGIONS)))
        .where(PracticeTerm.practice_id.in_(readable))
        .distinct()
    ).all()
    stages = session.scalars(select(Practice.stage).where(Practice.id.in_(readable)).distinct())
    return Offered(
        themes=frozenset(row.term for row in terms if row.scheme is Scheme.THEMES),
        regions=frozenset(row.term for row in terms if row.scheme is Scheme.REGIONS),
        stages=frozenset(stage for stage in stages if stage),
    )


def _visible_to(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.has(Role.BROKER) or viewer.has(Role.COORDINATION):
        return true()
    return Practice.state.in_(READABLE | TOMBSTONES)


def _is_readable() -> ColumnElement[bool]:
    return Practice.state.in_(READABLE)


def _is_under(term: str) -> ColumnElement[bool]:
    """True of a term and of all that lies under it."""
    below = PracticeTerm.term.startswith(f"{term}.", autoescape=True)
    return or_(PracticeTerm.term == term, below)


def _narrowed(statement: Select[Practice], filters: Filters) -> Select[Practice]:
    for scheme, value in ((Scheme.THEMES, filters.theme), (Scheme.REGIONS, filters.region)):
        if value:
            statement = statement.where(
                select(PracticeTerm.term)
                .where(PracticeTerm.practice_id == Practice.id, PracticeTerm.scheme == scheme)
                .where(_is_under(value))
                .exists()
            )
    if filters.stage:
        statement = statement.where(Practice.stage == filters.stage)
    return statement
