"""Reads of summaries. Who may see what is part of every query."""

from collections.abc import Iterator, Sequence
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, or_, select, true
from sqlalchemy.orm import Session, selectinload

from inters4.core.access import ANONYMOUS, Role, Viewer
from inters4.core.slugs import SlugHistory
from inters4.practices.models import Practice
from inters4.practices.queries import readable_practices
from inters4.veille.models import (
    READABLE,
    TOMBSTONES,
    Scheme,
    Summary,
    SummaryPractice,
    SummarySlug,
    SummaryState,
    SummaryTerm,
)

NAMED_SCHEMES = (Scheme.THEMES, Scheme.SETTINGS, Scheme.POPULATIONS, Scheme.PROFESSIONS)
"""Schemes whose names, in both languages, find a summary."""
SLUGS = SlugHistory(Summary, SummarySlug, "summary_id")
_WHOLE = (selectinload(Summary.terms), selectinload(Summary.practices))


def find_summary(session: Session, slug: str, *, viewer: Viewer) -> Summary | None:
    """The summary at this address with its parts, when `viewer` may know of it.

    Everyone reads a published summary, and that another no longer holds; the brokering team reads
    every state.
    """
    summary = find_head(session, slug, viewer=viewer)
    return load_parts(session, summary) if summary else None


def find_head(session: Session, slug: str, *, viewer: Viewer) -> Summary | None:
    """The same without its parts: for whoever may know already what they say."""
    return session.scalars(_at_address(is_team(viewer)), {"slug": slug}).first()


def load_parts(session: Session, summary: Summary) -> Summary:
    """`summary` with its terms and the sheets that it informs."""
    return load_summary(session, summary.id) or summary


def find_renamed(session: Session, slug: str, *, viewer: Viewer) -> str | None:
    """The present address of a summary that had this one before."""
    return SLUGS.present(session, slug, visible_to(viewer))


def load_summary(session: Session, summary_id: str) -> Summary | None:
    """The summary of this permanent id with its parts, whoever asks: imports, the index."""
    statement = select(Summary).where(Summary.id == summary_id)
    return session.scalars(statement.options(*_WHOLE)).first()


def lock_summaries(session: Session, ids: Sequence[str]) -> None:
    """Keep others from changing these summaries until the transaction ends."""
    session.execute(select(Summary.id).where(Summary.id.in_(ids)).with_for_update())


def summary_ids(session: Session) -> frozenset[str]:
    """Every permanent id, in whatever state."""
    return frozenset(session.scalars(select(Summary.id)))


def public_ids(session: Session) -> Iterator[str]:
    """Permanent ids of the summaries of which everyone may know, tombstones included."""
    yield from session.scalars(select(Summary.id).where(visible_to(ANONYMOUS)).order_by(Summary.id))


def readable_ids(session: Session) -> Iterator[str]:
    """Permanent ids of the summaries that everyone may read."""
    yield from session.scalars(select(Summary.id).where(is_readable()).order_by(Summary.id))


def readable_summaries(session: Session, ids: Sequence[str]) -> Sequence[Summary]:
    """Those of `ids` that everyone may read, with their terms."""
    statement = select(Summary).where(Summary.id.in_(ids), is_readable())
    return session.scalars(statement.options(selectinload(Summary.terms))).all()


def ids_named_by(session: Session, *, scheme: str, term: str) -> Sequence[str]:
    """Permanent ids of the summaries that the name of a term finds."""
    if scheme not in NAMED_SCHEMES:
        return ()
    return session.scalars(
        select(SummaryTerm.summary_id)
        .where(SummaryTerm.scheme == scheme, is_under(term))
        .distinct()
    ).all()


def summaries_of_practice(
    session: Session, practice_id: str, *, limit: int = 10
) -> Sequence[Summary]:
    """Summaries that inform a sheet, the latest articles first, those that no longer hold too."""
    return session.scalars(_of_practice(), {"id": practice_id, "limit": limit}).all()


def practices_of_summary(
    session: Session, summary: Summary, *, viewer: Viewer
) -> Sequence[Practice]:
    """The sheets that a summary informs, in its order, those that `viewer` may read."""
    ids = session.scalars(_practices(), {"id": summary.id}).all()
    if not ids:
        return ()
    found = {row.id: row for row in readable_practices(session, ids, viewer=viewer)}
    return [found[practice_id] for practice_id in ids if practice_id in found]


def translations_of(session: Session, summary: Summary) -> Sequence[Summary]:
    """The same summary in other languages, those that everyone may read."""
    original = summary.translation_of or summary.id
    return session.scalars(_translations(), {"original": original, "id": summary.id}).all()


def address_of(session: Session, summary_id: str, *, viewer: Viewer) -> tuple[str, str] | None:
    """Slug and title of a summary of which `viewer` may know."""
    row = session.execute(
        select(Summary.slug, Summary.title).where(Summary.id == summary_id, visible_to(viewer))
    ).first()
    return (row.slug, row.title) if row else None


def is_team(viewer: Viewer) -> bool:
    """True of those who prepare summaries, and see them before everyone."""
    return viewer.has(Role.BROKER) or viewer.has(Role.COORDINATION)


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """True of the summaries of which `viewer` may know."""
    return _visible(is_team(viewer))


def _visible(is_team: bool) -> ColumnElement[bool]:
    if is_team:
        return true()
    was_public = and_(Summary.state == SummaryState.ARCHIVED, Summary.published_at.is_not(None))
    return or_(Summary.state.in_(READABLE | TOMBSTONES), was_public)


def is_readable() -> ColumnElement[bool]:
    """True of the summaries that everyone may read."""
    return Summary.state.in_(READABLE)


def is_under(term: str) -> ColumnElement[bool]:
    """True of a term and of all that lies under it."""
    below = SummaryTerm.term.startswith(f"{term}.", autoescape=True)
    return or_(SummaryTerm.term == term, below)


@cache
def _at_address(is_team: bool) -> Select[Summary]:
    """The statement of a page, made once: making it anew costs as much as running it."""
    return select(Summary).where(Summary.slug == bindparam("slug"), _visible(is_team))


@cache
def _practices() -> Select[str]:
    return (
        select(SummaryPractice.practice_id)
        .where(SummaryPractice.summary_id == bindparam("id"))
        .order_by(SummaryPractice.position)
    )


@cache
def _of_practice() -> Select[Summary]:
    return (
        select(Summary)
        .join(SummaryPractice, SummaryPractice.summary_id == Summary.id)
        .where(SummaryPractice.practice_id == bindparam("id"))
        .where(Summary.state.in_(READABLE | TOMBSTONES))
        .order_by(Summary.year.desc().nulls_last(), Summary.id)
        .limit(bindparam("limit"))
    )


@cache
def _translations() -> Select[Summary]:
    original: BindParameter[str] = bindparam("original")
    return (
        select(Summary)
        .where(or_(Summary.translation_of == original, Summary.id == original))
        .where(Summary.id != bindparam("id"), is_readable())
        .order_by(Summary.language, Summary.id)
    )
