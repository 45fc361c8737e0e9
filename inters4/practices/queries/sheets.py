"""Reads of sheets, one by one or named. Who may see what is part of every query."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, or_, select, union
from sqlalchemy.orm import Session, selectinload

from inters4.core.access import ANONYMOUS, Role, Viewer
from inters4.core.slugs import SlugHistory
from inters4.members.models import Organisation
from inters4.practices.models import (
    READABLE,
    TOMBSTONES,
    Adoption,
    Practice,
    PracticeAdopter,
    PracticeOrganisation,
    PracticeSlug,
    PracticeState,
    PracticeTerm,
    Scheme,
)
from inters4.practices.queries.cards import load_cards
from inters4.practices.queries.whole import load_parts

NAMED_SCHEMES = (Scheme.THEMES, Scheme.SETTINGS, Scheme.POPULATIONS, Scheme.PROFESSIONS)
"""Schemes whose names, in both languages, find a sheet."""
_NAMING = (PracticeOrganisation, PracticeAdopter, Adoption)
"""Parts of a sheet that name an organisation of ours."""
SLUGS = SlugHistory(Practice, PracticeSlug, "practice_id")
WITH_ORGANISATIONS = selectinload(Practice.organisations).joinedload(
    PracticeOrganisation.organisation
)


def find_practice(session: Session, slug: str, *, viewer: Viewer) -> Practice | None:
    """The sheet at this address with all its parts, when `viewer` may see it.

    Everyone sees a published sheet, and that a withdrawn one is gone; the brokering team sees
    every state.
    """
    practice = find_head(session, slug, viewer=viewer)
    return load_parts(session, practice) if practice else None


def find_head(session: Session, slug: str, *, viewer: Viewer) -> Practice | None:
    """The same without its parts: for whoever may know already what they say."""
    return session.scalars(_at_address(sees_all(viewer)), {"sought": slug}).first()


def find_head_of(session: Session, practice_id: str, *, viewer: Viewer) -> Practice | None:
    """The same by its permanent id."""
    return session.scalars(
        select(Practice).where(Practice.id == practice_id, visible_to(viewer))
    ).first()


def organisation_names(
    session: Session, ids: Sequence[str]
) -> Mapping[str, tuple[tuple[int, str], ...]]:
    """By sheet, number and name of the organisations of ours that it names."""
    found: dict[str, tuple[tuple[int, str], ...]] = dict.fromkeys(ids, ())
    for practice_id, number, name in session.execute(_organisations_of(), {"ids": ids}):
        found[practice_id] += ((number, name),)
    return found


def find_renamed(session: Session, slug: str, *, viewer: Viewer) -> str | None:
    """The present address of a sheet that had this one before."""
    return SLUGS.present(session, slug, visible_to(viewer))


def load_practice(session: Session, practice_id: str) -> Practice | None:
    """The sheet of this permanent id with all its parts, whoever asks: imports, the index."""
    practice = session.scalars(_of_id(), {"sought": practice_id}).first()
    return load_parts(session, practice) if practice else None


def lock_practices(session: Session, ids: Sequence[str]) -> None:
    """Keep others from changing these sheets until the transaction ends."""
    session.execute(select(Practice.id).where(Practice.id.in_(ids)).with_for_update())


def lock_organisations(session: Session, slugs: Sequence[str]) -> None:
    """Keep others from changing these organisations until the transaction ends."""
    session.execute(select(Organisation.id).where(Organisation.slug.in_(slugs)).with_for_update())


def practice_ids(session: Session) -> frozenset[str]:
    """Every permanent id, in whatever state."""
    return frozenset(session.scalars(select(Practice.id)))


def organisation_slugs(session: Session) -> Mapping[str, int]:
    """Number of each organisation, by permanent id."""
    return {row.slug: row.id for row in session.execute(select(Organisation.slug, Organisation.id))}


def readable_ids(session: Session) -> Iterator[str]:
    """Permanent ids of the sheets that everyone may read."""
    yield from session.scalars(
        select(Practice.id).where(visible_to(ANONYMOUS), is_readable()).order_by(Practice.id)
    )


def readable_practices(
    session: Session, ids: Sequence[str], *, viewer: Viewer
) -> Sequence[Practice]:
    """Those of `ids` that `viewer` may read, without any part."""
    return session.scalars(_readable(ids, viewer)).all()


def practices_for_cards(
    session: Session, ids: Sequence[str], *, viewer: Viewer
) -> Sequence[Practice]:
    """Those of `ids` that `viewer` may read, with what cards show."""
    return load_cards(session, session.scalars(_readable(ids, viewer)).all())


def ids_named_by(session: Session, *, scheme: str, term: str) -> Sequence[str]:
    """Permanent ids of the sheets that the name of a term finds."""
    if scheme not in NAMED_SCHEMES:
        return ()
    return session.scalars(
        select(PracticeTerm.practice_id)
        .where(PracticeTerm.scheme == scheme, is_under(term))
        .distinct()
    ).all()


def ids_naming(session: Session, organisation_id: int) -> Sequence[str]:
    """Permanent ids of the sheets that an organisation carries or adopted."""
    return session.scalars(
        union(
            *(
                select(kind.practice_id).where(kind.organisation_id == organisation_id)
                for kind in _NAMING
            )
        )
    ).all()


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """True of the sheets of which `viewer` may know."""
    return visible(sees_all(viewer))


def sees_all(viewer: Viewer) -> bool:
    """True of the brokering team, who see every state but sketches."""
    return viewer.has(Role.BROKER) or viewer.has(Role.COORDINATION)


def visible(is_team: bool) -> ColumnElement[bool]:
    """True of the sheets of which the brokering team, or everyone else, may know."""
    if is_team:
        return Practice.state != PracticeState.SKETCH
    return Practice.state.in_(READABLE | TOMBSTONES)


def _readable(ids: Sequence[str], viewer: Viewer) -> Select[Practice]:
    return select(Practice).where(Practice.id.in_(ids), visible_to(viewer), is_readable())


def is_readable() -> ColumnElement[bool]:
    """True of the sheets that everyone may read."""
    return Practice.state.in_(READABLE)


def is_under(term: str) -> ColumnElement[bool]:
    """True of a term and of all that lies under it."""
    below = PracticeTerm.term.startswith(f"{term}.", autoescape=True)
    return or_(PracticeTerm.term == term, below)


@cache
def _at_address(is_team: bool) -> Select[Practice]:
    """The statement of a page, made once: making it anew costs as much as running it."""
    return select(Practice).where(Practice.slug == bindparam("sought"), visible(is_team))


@cache
def _of_id() -> Select[Practice]:
    return select(Practice).where(Practice.id == bindparam("sought"))


@cache
def _organisations_of() -> Select[str, int, str]:
    cited = union(
        *(
            select(kind.practice_id, kind.organisation_id).where(
                kind.practice_id.in_(bindparam("ids", expanding=True))
            )
            for kind in _NAMING
        )
    ).subquery()
    return (
        select(cited.c.practice_id, Organisation.id, Organisation.name)
        .join(Organisation, Organisation.id == cited.c.organisation_id)
        .order_by(cited.c.practice_id, Organisation.id)
    )
