"""Each item of an issue with what came of it: links followed, reactions, questions, practices."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core.values import dataclass
from inters4.newsletters.models import (
    Issue,
    IssueCorrection,
    IssueItem,
    IssueLink,
    ItemKind,
    LinkDay,
)
from inters4.newsletters.queries.issues import load_cited
from inters4.newsletters.queries.items import title_shown
from inters4.newsletters.queries.sequels import Sequel, SequelKind, sequels
from inters4.reactions.queries import Tally, tallies_read_in
from inters4.veille.models import Summary

_NOTHING = Tally()


@dataclass(frozen=True, slots=True)
class Clicked:
    """How many times a link of an issue was followed; `item_id` is None outside its items."""

    item_id: int | None
    url: str
    clicks: int


@dataclass(frozen=True, slots=True)
class Harvest:
    """What came of one item.

    Attributes:
        title: what everyone may read of it; empty for a text without one.
        address: where it leads by itself: the article, for a summary.
    """

    public_id: str
    kind: ItemKind
    title: str
    address: str
    links: Sequence[Clicked]
    reactions: Tally
    sequels: Sequence[Sequel]

    @property
    def is_asked_about(self) -> bool:
        """True of a piece of evidence: readers are asked about nothing else."""
        return self.kind in {ItemKind.SUMMARY, ItemKind.PRACTICE}

    @property
    def clicks(self) -> int:
        """How many times its links were followed."""
        return sum(link.clicks for link in self.links)

    @property
    def born(self) -> Mapping[SequelKind, int]:
        """How many of each kind came of it; a kind that did not is 0."""
        return Counter(one.kind for one in self.sequels)


@dataclass(frozen=True, slots=True)
class Corrected:
    """Readers were written to of a summary that an issue gave them."""

    correction: IssueCorrection
    title: str
    slug: str


def harvests_of(session: Session, issue: Issue) -> tuple[Sequence[Harvest], Sequence[Clicked]]:
    """Each item but headings, in order; then the links that stand outside the items."""
    whole = load_cited(session, issue.id) or issue
    items = [item for item in whole.items if item.kind is not ItemKind.HEADING]
    names = [item.public_id for item in items]
    links = _links_of(session, issue.id)
    tallies = tallies_read_in(session, names)
    born = sequels.of(session, names)
    known = {item.id for item in items}
    return (
        [_harvest(item, links, tallies, born) for item in items],
        [link for link in links if link.item_id not in known],
    )


def corrections_of(session: Session, issue_id: str) -> Sequence[Corrected]:
    """What readers were written of since, the latest first."""
    rows = session.execute(
        select(IssueCorrection, Summary.title, Summary.slug)
        .join(Summary, Summary.id == IssueCorrection.summary_id)
        .where(IssueCorrection.issue_id == issue_id)
        .order_by(IssueCorrection.id.desc())
    )
    return [Corrected(*row) for row in rows]


def _harvest(
    item: IssueItem,
    links: Sequence[Clicked],
    tallies: Mapping[str, Tally],
    born: Sequence[Sequel],
) -> Harvest:
    return Harvest(
        item.public_id,
        item.kind,
        title_shown(item),
        item.address,
        [link for link in links if link.item_id == item.id],
        tallies.get(item.public_id, _NOTHING),
        [one for one in born if one.item == item.public_id],
    )


def _links_of(session: Session, issue_id: str) -> list[Clicked]:
    rows = session.execute(
        select(IssueLink.item_id, IssueLink.url, func.coalesce(func.sum(LinkDay.clicks), 0))
        .outerjoin(LinkDay, LinkDay.link_id == IssueLink.id)
        .where(IssueLink.issue_id == issue_id)
        .group_by(IssueLink.id, IssueLink.item_id, IssueLink.url)
        .order_by(IssueLink.position)
    )
    return [Clicked(*row) for row in rows]
