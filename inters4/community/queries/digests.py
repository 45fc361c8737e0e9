"""What the digests whose hour has come would tell of communities, as rights stand now."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import field
from datetime import datetime
from itertools import islice

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.community.models import PostTelling
from inters4.core.values import dataclass
from inters4.notices.models import Notice
from inters4.notices.queries.digests import due_notices
from inters4.notices.queries.told import words_of

FAMILY = "community"
_BATCH = 500


@dataclass(frozen=True, slots=True)
class DigestNews:
    """What digests would tell.

    Attributes:
        people: how many people would read something of communities in theirs.
        lines: how many lines of each kind.
        left_out: what their rights, or what they read meanwhile, leave nothing to say of.
    """

    people: int = 0
    lines: Counter[str] = field(default_factory=Counter)
    left_out: int = 0


def count_news(session: Session, moment: datetime) -> DigestNews:
    """Look at every line, changing nothing."""
    lines: Counter[str] = Counter()
    people: set[int] = set()
    left_out = 0
    for notices in _batches(due_notices(session, moment, family=FAMILY)):
        words = words_of(session, notices)
        for one in notices:
            said = words.get(one.id)
            if said is None or said.is_over:
                left_out += 1
            else:
                lines[one.kind] += 1
                people.add(one.member_id)
    return DigestNews(len(people), lines, left_out)


def count_waiting(session: Session) -> int:
    """How many posts people are still to be told of."""
    return session.scalar(select(func.count()).select_from(PostTelling)) or 0


def _batches(notices: Iterable[Notice]) -> Iterable[list[Notice]]:
    rest = iter(notices)
    while batch := list(islice(rest, _BATCH)):
        yield batch
