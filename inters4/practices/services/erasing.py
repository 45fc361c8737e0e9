"""What a sheet keeps of somebody who is erased: their work, under no name."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from indexer.analysis import fold
from inters4.core.clock import now
from inters4.core.frontmatter import dump, parse
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.members.models import Member
from inters4.members.services.erasure import WITHDRAWN_NAME
from inters4.practices.exports.sheets import PRACTICE
from inters4.practices.models import (
    Practice,
    PracticeAuthor,
    PracticeReview,
    PracticeRevision,
    PracticeState,
    PracticeVersion,
    PracticeWriter,
)
from inters4.practices.queries.revisions import reviews_of
from inters4.practices.services.agreeing import standing_reviews, told_apart
from inters4.practices.services.chasing import free_drafts
from inters4.practices.services.naming import release_absent
from inters4.practices.services.pieces import drop_unpublished, forget_depositor


def forget_author(session: Session, member_id: int) -> None:
    """Take a person off the sheets they carry, draft, review and rated.

    Their sketches go with them, and reviews that they had not sent. A sheet that others work on
    stays, and the coordination answers for it. Ratings stay: they are the sheet's, and « Personne
    retirée » stands behind them.
    """
    own = select(PracticeAuthor.practice_id).where(
        PracticeAuthor.member_id == member_id, PracticeAuthor.is_owner
    )
    for revision in session.scalars(
        select(PracticeRevision).where(
            PracticeRevision.practice_id.in_(own),
            PracticeRevision.state == PracticeState.SKETCH,
            PracticeRevision.closed_at.is_(None),
        )
    ):
        revision.values = {
            name: value
            for name, value in revision.values.items()
            if name in {"id", "slug", "origin", "state"}
        }
        revision.blocks, revision.closed_at = {}, now()
        practice = session.get_one(Practice, revision.practice_id)
        practice.title, practice.state = _("Fiche retirée"), PracticeState.DECLINED
        drop_unpublished(session, practice.id)
    session.execute(delete(PracticeAuthor).where(PracticeAuthor.member_id == member_id))
    session.execute(delete(PracticeWriter).where(PracticeWriter.member_id == member_id))
    free_drafts(session)
    release_absent(session)
    unsent = (PracticeReview.reviewer_id == member_id) & PracticeReview.submitted_at.is_(None)
    session.execute(
        update(PracticeReview)
        .where(unsent)
        .values(
            declined_at=func.coalesce(PracticeReview.declined_at, now()),
            reason="",
            comments="",
            maturity="",
            evidence_strength="",
            advice=None,
        )
    )
    forget_depositor(session, member_id)
    _unname(session, member_id)
    session.flush()


def _unname(session: Session, member_id: int) -> None:
    """Take the name off the ratings it stands behind: on the sheet, in revisions and versions."""
    ids = session.scalars(
        select(PracticeRevision.practice_id)
        .join(PracticeReview, PracticeReview.revision_id == PracticeRevision.id)
        .where(PracticeReview.reviewer_id == member_id, PracticeReview.submitted_at.is_not(None))
        .distinct()
    ).all()
    for practice_id in ids:
        _unname_in(session, practice_id, member_id)


def _unname_in(session: Session, practice_id: str, member_id: int) -> None:
    """The same in one sheet; a file may have changed the order or the words of its lines."""
    revisions = session.scalars(
        select(PracticeRevision)
        .where(PracticeRevision.practice_id == practice_id)
        .order_by(PracticeRevision.id)
    ).all()
    rated = [one for one in (_rated(session, revision) for revision in revisions) if one]
    own = _Named.among(rated, member_id, name=session.get_one(Member, member_id).name)
    practice = session.get_one(Practice, practice_id)
    versions = session.scalars(
        select(PracticeVersion).where(PracticeVersion.practice_id == practice_id)
    ).all()
    for revision in revisions:
        lines = list(revision.values.get("reviewers") or [])
        if (anew := own.taken_off(lines, revision.base + 1)) != lines:
            revision.values = {**revision.values, "reviewers": anew}
    newest = max((one.number for one in versions), default=0)
    practice.reviewers = own.taken_off(practice.reviewers, newest)
    for version in versions:
        document = parse(version.text.encode(), path="")
        values = document.plain()
        lines = list(values.get("reviewers") or [])
        if (anew := own.taken_off(lines, version.number)) != lines:
            version.text = dump(
                {**values, "reviewers": anew}, document.body, key_order=PRACTICE.keys
            )


@dataclass(frozen=True, slots=True)
class _Rated:
    """Who stands behind the ratings of a revision, and the line of each, in the same order.

    Attributes:
        since: number of the first version that may say so.
    """

    since: int
    lines: Sequence[str]
    people: Sequence[int]


def _rated(session: Session, revision: PracticeRevision) -> _Rated | None:
    lines = list(revision.values.get("reviewers") or [])
    people = [one.reviewer_id for one in standing_reviews(reviews_of(session, revision))]
    is_told = bool(lines) and len(lines) == len(people)
    return _Rated(revision.base + 1, lines, people) if is_told else None


@dataclass(frozen=True, slots=True)
class _Named:
    """How one person is named among those who rated a sheet.

    Attributes:
        lines: word for word, as the portal wrote them.
        names: their name, as it is compared; without what others are called too.
        others: the names of the others who rated it.
        places: (first version, how many stood there, which one they were).
    """

    lines: frozenset[str]
    names: frozenset[str]
    others: frozenset[str]
    places: Sequence[tuple[int, int, int]]

    @classmethod
    def among(cls, rated: Sequence[_Rated], member_id: int, *, name: str) -> "_Named":
        """What the revisions of a sheet tell of a person called `name`."""
        lines, others, places = set(), {_name_in(WITHDRAWN_NAME)}, []
        for one in rated:
            for place, (line, number) in enumerate(zip(one.lines, one.people, strict=True)):
                if number == member_id:
                    lines.add(line)
                    places.append((one.since, len(one.lines), place))
                else:
                    others.add(_name_in(line))
        names = {_name_in(line) for line in lines} | {_name_in(name)}
        return cls(frozenset(lines), frozenset(names - others), frozenset(others), places)

    def taken_off(self, lines: Sequence[str], version: int) -> list[str]:
        """The lines without this person.

        Theirs is known by its words, else by its name; else, in what came after they rated it, it
        is where they stood, or the only one that nobody else's name explains.
        """
        there = {place for place, line in enumerate(lines) if line in self.lines}
        there = there or {place for place, line in enumerate(lines) if _name_in(line) in self.names}
        if not there:
            strange = {
                place for place, line in enumerate(lines) if _name_in(line) not in self.others
            }
            stood = {
                place
                for since, count, place in self.places
                if version >= since and count == len(lines)
            }
            there = (strange & stood) or (strange if stood and len(strange) == 1 else set())
        if not there:
            return list(lines)
        return told_apart(
            WITHDRAWN_NAME if place in there else line for place, line in enumerate(lines)
        )


def _name_in(line: str) -> str:
    """The name of a line, as names are compared; what stands in brackets is where they work."""
    return fold(line.partition(" (")[0])
