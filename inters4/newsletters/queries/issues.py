"""Reads of newsletters and issues. Who may see what is part of every query."""

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from inters4.core.access import ANONYMOUS, Role, Viewer
from inters4.core.paging import Page, read_page
from inters4.core.values import dataclass
from inters4.newsletters.models import READABLE, Issue, IssueItem, Newsletter
from inters4.practices.models import Practice, PracticeOrganisation
from inters4.practices.queries import organisation_names
from inters4.veille.models import Summary

_NEWSLETTER = joinedload(Issue.newsletter)
_ITEMS = selectinload(Issue.items)
_SHOWN_ITEMS = (
    _ITEMS.joinedload(IssueItem.summary),
    _ITEMS.joinedload(IssueItem.practice)
    .selectinload(Practice.organisations)
    .joinedload(PracticeOrganisation.organisation),
)


def find_newsletter(session: Session, newsletter_id: str) -> Newsletter | None:
    """The newsletter of this permanent id."""
    return session.get(Newsletter, newsletter_id)


def list_newsletters(session: Session) -> Sequence[Newsletter]:
    """Every newsletter."""
    return session.scalars(select(Newsletter).order_by(Newsletter.id)).all()


def newsletters_of(session: Session, ids: Sequence[str]) -> Sequence[Newsletter]:
    """Those of `ids` that exist."""
    return session.scalars(select(Newsletter).where(Newsletter.id.in_(ids))).all()


def newsletter_ids(session: Session) -> frozenset[str]:
    """Every permanent id of a newsletter."""
    return frozenset(session.scalars(select(Newsletter.id)))


def lock_newsletters(session: Session, ids: Sequence[str]) -> None:
    """Keep others from changing these newsletters until the transaction ends."""
    session.execute(select(Newsletter.id).where(Newsletter.id.in_(ids)).with_for_update())


def find_issue(
    session: Session, newsletter_id: str, number: int, *, viewer: Viewer
) -> Issue | None:
    """The issue at this address with its newsletter and all that it cites.

    Everyone reads an issue that was sent or archived; the brokering team sees every state.
    """
    issue = find_head(session, newsletter_id, number, viewer=viewer)
    return load_cited(session, issue.id) if issue else None


def find_head(session: Session, newsletter_id: str, number: int, *, viewer: Viewer) -> Issue | None:
    """The same with its newsletter only: for whoever may know already what its items say."""
    asked = {"newsletter": newsletter_id, "number": number}
    return session.scalars(_at_address(_is_team(viewer)), asked).first()


def stamps_of_items(session: Session, issue: Issue) -> tuple[tuple[Any, ...], ...]:
    """What changes with anything that an issue cites."""
    rows = [tuple(row) for row in session.execute(_cited_by(), {"id": issue.id})]
    practices = [row[1] for row in rows if row[1]]
    names = organisation_names(session, practices) if practices else {}
    return (*rows, *names.items())


def load_issue(session: Session, issue_id: str) -> Issue | None:
    """The issue of this permanent id with its items, whoever asks: imports, the index."""
    statement = select(Issue).where(Issue.id == issue_id)
    return session.scalars(statement.options(_NEWSLETTER, _ITEMS)).first()


def load_cited(session: Session, issue_id: str) -> Issue | None:
    """The issue of this permanent id with its items and what they cite."""
    statement = select(Issue).where(Issue.id == issue_id)
    return session.scalars(statement.options(_NEWSLETTER, *_SHOWN_ITEMS)).first()


def lock_issues(session: Session, ids: Sequence[str]) -> None:
    """Keep others from changing these issues until the transaction ends."""
    session.execute(select(Issue.id).where(Issue.id.in_(ids)).with_for_update())


def holder_of_number(session: Session, newsletter_id: str, number: int) -> str | None:
    """The id of the issue that has this number in a newsletter."""
    return session.scalar(
        select(Issue.id).where(Issue.newsletter_id == newsletter_id, Issue.number == number)
    )


def readable_ids(session: Session) -> Iterator[str]:
    """Permanent ids of the issues that everyone may read."""
    yield from session.scalars(
        select(Issue.id)
        .where(_visible_to(ANONYMOUS), _is_readable())
        .order_by(Issue.newsletter_id, Issue.number)
    )


def readable_issues(session: Session, ids: Sequence[str], *, viewer: Viewer) -> Sequence[Issue]:
    """Those of `ids` that `viewer` may read, with their newsletter."""
    statement = select(Issue).where(Issue.id.in_(ids), _visible_to(viewer), _is_readable())
    return session.scalars(statement.options(_NEWSLETTER)).all()


def ids_under(session: Session, theme: str) -> Sequence[str]:
    """Permanent ids of the issues of newsletters classified under a theme, or under one below."""
    newsletters = [
        newsletter.id
        for newsletter in list_newsletters(session)
        if any(own == theme or own.startswith(f"{theme}.") for own in newsletter.themes)
    ]
    return session.scalars(select(Issue.id).where(Issue.newsletter_id.in_(newsletters))).all()


def count_bearing(session: Session, scheme: str, ids: Collection[str]) -> int:
    """How many issues are of a newsletter classified under one of these terms."""
    if scheme != "themes":
        return 0
    newsletters = [
        one.id for one in list_newsletters(session) if not set(ids).isdisjoint(one.themes)
    ]
    counted = select(func.count()).where(Issue.newsletter_id.in_(newsletters))
    return session.scalar(counted) or 0


def list_issues(
    session: Session, newsletter_id: str, *, viewer: Viewer, page: int = 1
) -> Page[Issue]:
    """Issues to read of one newsletter, the latest first."""
    wanted = select(Issue).where(
        Issue.newsletter_id == newsletter_id, _visible_to(viewer), _is_readable()
    )
    return read_page(session, wanted.order_by(*_LATEST_FIRST), page)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A newsletter, its latest issues and how many there are."""

    newsletter: Newsletter
    issues: Sequence[Issue]
    total: int


def list_shelves(session: Session, *, viewer: Viewer, each: int = 3) -> Sequence[Shelf]:
    """Every newsletter with its `each` latest issues, in three statements however many."""
    newsletters = list_newsletters(session)
    readable = select(Issue).where(_visible_to(viewer), _is_readable())
    rank = func.row_number().over(partition_by=Issue.newsletter_id, order_by=_LATEST_FIRST)
    ranked = readable.with_only_columns(Issue.id, rank.label("rank")).subquery()
    latest = session.scalars(
        select(Issue)
        .join(ranked, ranked.c.id == Issue.id)
        .where(ranked.c.rank <= each)
        .order_by(*_LATEST_FIRST)
    ).all()
    counts = readable.with_only_columns(Issue.newsletter_id, func.count().label("total"))
    totals = {
        row.newsletter_id: row.total
        for row in session.execute(counts.group_by(Issue.newsletter_id))
    }
    return [
        Shelf(
            newsletter,
            [issue for issue in latest if issue.newsletter_id == newsletter.id],
            totals.get(newsletter.id, 0),
        )
        for newsletter in newsletters
    ]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The issues before and after one, None at either end."""

    previous: Issue | None
    following: Issue | None


def neighbours_of(session: Session, issue: Issue, *, viewer: Viewer) -> Neighbours:
    """What to read before and after `issue`, by number."""
    before, after = _beside(_is_team(viewer))
    asked = {"newsletter": issue.newsletter_id, "number": issue.number}
    return Neighbours(session.scalars(before, asked).first(), session.scalars(after, asked).first())


def issues_citing(
    session: Session, *, viewer: Viewer, practice_id: str = "", summary_id: str = ""
) -> Sequence[Issue]:
    """Issues to read that cite a sheet or a summary, the latest first, with their newsletter."""
    statement = _citing(_is_team(viewer), is_practice=bool(practice_id))
    return session.scalars(statement, {"cited": practice_id or summary_id}).all()


_LATEST_FIRST: tuple[Any, ...] = (Issue.published_at.desc(), Issue.number.desc(), Issue.id)


def _visible_to(viewer: Viewer) -> ColumnElement[bool]:
    return _visible(_is_team(viewer))


def _is_team(viewer: Viewer) -> bool:
    return viewer.has(Role.BROKER) or viewer.has(Role.COORDINATION)


def _visible(is_team: bool) -> ColumnElement[bool]:
    if is_team:
        return true()
    return Issue.state.in_(READABLE)


def _is_readable() -> ColumnElement[bool]:
    return Issue.state.in_(READABLE)


@cache
def _at_address(is_team: bool) -> Select[Issue]:
    """The statement of a page, made once: making it anew costs as much as running it."""
    return (
        select(Issue)
        .where(
            Issue.newsletter_id == bindparam("newsletter"),
            Issue.number == bindparam("number"),
            _visible(is_team),
        )
        .options(_NEWSLETTER)
    )


@cache
def _cited_by() -> Select[*tuple[Any, ...]]:
    statement: Select[*tuple[Any, ...]] = select(
        IssueItem.id,
        *(Practice.id, Practice.version, Practice.updated_at),
        *(Summary.id, Summary.version, Summary.updated_at),
    )
    return (
        statement.outerjoin(Practice, Practice.id == IssueItem.practice_id)
        .outerjoin(Summary, Summary.id == IssueItem.summary_id)
        .where(IssueItem.issue_id == bindparam("id"))
        .order_by(IssueItem.position)
    )


@cache
def _beside(is_team: bool) -> tuple[Select[Issue], Select[Issue]]:
    number: BindParameter[int] = bindparam("number")
    readable = select(Issue).where(
        Issue.newsletter_id == bindparam("newsletter"), _visible(is_team), _is_readable()
    )
    before = readable.where(Issue.number < number).order_by(Issue.number.desc())
    after = readable.where(Issue.number > number).order_by(Issue.number)
    return before.limit(1), after.limit(1)


@cache
def _citing(is_team: bool, *, is_practice: bool) -> Select[Issue]:
    column = IssueItem.practice_id if is_practice else IssueItem.summary_id
    return (
        select(Issue)
        .where(_visible(is_team), _is_readable())
        .where(Issue.id.in_(select(IssueItem.issue_id).where(column == bindparam("cited"))))
        .options(_NEWSLETTER)
        .order_by(*_LATEST_FIRST)
    )
