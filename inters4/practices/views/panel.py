"""What a person may decide of a sheet now: the moves, the reviews, the approvals they may see."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.richtext import Profile, render
from inters4.core.values import dataclass
from inters4.members.models import Organisation
from inters4.members.services.people import may_grant
from inters4.practices.forms.words import LABELS
from inters4.practices.models import (
    Move,
    PracticeApproval,
    PracticeReview,
    PracticeRevision,
    PracticeState,
)
from inters4.practices.queries.reviewers import names_of
from inters4.practices.queries.revisions import (
    REVIEWERS,
    approvals_of,
    reviews_of,
    reviews_shown_to,
    worked_on,
)
from inters4.practices.services.agreeing import has_gap
from inters4.practices.services.approving import may_sign, named_elsewhere, noted, to_note
from inters4.practices.services.deciding import hands_of, may_move
from inters4.practices.services.naming import Candidate, candidates, may_name_reviewers
from inters4.practices.services.revising import judged_changes
from inters4.practices.services.seen import stance
from inters4.vocabulary.queries import Vocabulary, vocabulary

ADDRESSES: Mapping[str, Move] = {
    "proposition": Move.SUBMIT,
    "admission": Move.ADMIT,
    "refus": Move.DECLINE,
    "prise": Move.TAKE,
    "envoi": Move.SEND_TO_OWNER,
    "validation": Move.VALIDATE,
    "renvoi": Move.RETURN,
    "publication": Move.PUBLISH,
    "changement-mineur": Move.PUBLISH_MINOR,
}
"""The moves that people decide, by their name in addresses."""


@dataclass(frozen=True, slots=True)
class AskedReview:
    """A review, and the name of who was asked, for whoever may know it; empty for others.

    Attributes:
        is_readable: what it says may be read.
        comments: those for the team, drawn.
    """

    review: PracticeReview
    name: str
    is_readable: bool
    comments: str


@dataclass(frozen=True, slots=True)
class AskedOrganisation:
    """What an organisation says, and who said it in its name."""

    approval: PracticeApproval
    slug: str
    name: str
    by: str
    may_sign: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What one person may do and read of the decisions about one sheet.

    Attributes:
        seen: where the sheet stands, as buttons carry it.
        moves: by name in addresses, the moves that are theirs now.
        to_name: how many reviewers they may still name.
        elsewhere: organisations that are not on the portal, whose approval they may write down.
        noted: what was written down of them: who approved, which day.
        judged_changes: what keeps the change from being minor, in words.
        gives_roles: they may make somebody a reviewer.
        own_review: name of their own review, when one awaits them.
    """

    revision: PracticeRevision
    seen: str
    moves: Sequence[str]
    reviews: Sequence[AskedReview]
    names_reviewers: bool
    has_gap: bool
    to_name: int
    candidates: Sequence[Candidate]
    gives_roles: bool
    approvals: Sequence[AskedOrganisation]
    elsewhere: Sequence[str]
    noted: Sequence[tuple[str, date]]
    judged_changes: Sequence[str]
    own_review: str
    words: Vocabulary

    def __bool__(self) -> bool:
        return bool(
            self.moves
            or self.reviews
            or self.approvals
            or self.elsewhere
            or self.to_name
            or self.own_review
        )


def decisions_of(session: Session, revision: PracticeRevision, *, viewer: Viewer) -> Decisions:
    """What `viewer` may decide and read; false when it is nothing."""
    hands = hands_of(session, revision)
    is_review = revision.state is PracticeState.REVIEW
    asked = reviews_of(session, revision) if revision.round else []
    own = next((one for one in asked if one.reviewer_id == viewer.member_id), None)
    names = is_review and may_name_reviewers(session, revision, by=viewer, authors=hands.authors)
    gap = names and has_gap(asked)
    to_name = (1 if gap else max(REVIEWERS - len(asked), 0)) if names else 0
    moves = [
        name
        for name, which in ADDRESSES.items()
        if may_move(revision, which, by=viewer, hands=hands)
    ]
    approvals = _approvals(session, revision, viewer)
    is_minor = "changement-mineur" in moves
    if "publication" in moves and not _is_approved(revision, approvals):
        moves.remove("publication")
    return Decisions(
        revision=revision,
        seen=stance(revision),
        moves=moves,
        reviews=_reviews(session, revision, asked, viewer=viewer, names_everyone=names),
        names_reviewers=names,
        has_gap=gap,
        to_name=to_name,
        candidates=candidates(session, revision) if to_name else (),
        gives_roles=may_grant(Role.REVIEWER, by=viewer),
        approvals=approvals,
        elsewhere=_elsewhere(session, revision, approvals, viewer=viewer),
        noted=[(one["by"], date.fromisoformat(one["on"])) for one in noted(revision)],
        judged_changes=_labels(judged_changes(session, revision)) if is_minor else (),
        own_review=own.public_id if own is not None and own.is_waited_for and is_review else "",
        words=vocabulary(session),
    )


def as_asked(review: PracticeReview, *, name: str = "", is_shown: bool = True) -> AskedReview:
    """A review as pages show it; what is not sent yet is read by nobody else."""
    is_readable = is_shown and review.submitted_at is not None
    comments = render(review.comments, profile=Profile.POST).html if is_readable else ""
    return AskedReview(review, name, is_readable, comments)


def _reviews(
    session: Session,
    revision: PracticeRevision,
    asked: Sequence[PracticeReview],
    *,
    viewer: Viewer,
    names_everyone: bool,
) -> list[AskedReview]:
    if not asked:
        return []
    shown = {one.id for one in reviews_shown_to(session, revision, viewer=viewer)}
    listed = [one for one in asked if names_everyone or one.id in shown]
    names = names_of(session, (one.reviewer_id for one in listed)) if names_everyone else {}
    return [
        as_asked(one, name=names.get(one.reviewer_id, ""), is_shown=one.id in shown)
        for one in listed
    ]


def _approvals(
    session: Session, revision: PracticeRevision, viewer: Viewer
) -> list[AskedOrganisation]:
    if revision.state is not PracticeState.APPROVAL:
        return []
    asked = approvals_of(session, revision)
    places = {
        row.id: row
        for row in session.scalars(
            select(Organisation).where(Organisation.id.in_([one.organisation_id for one in asked]))
        )
    }
    people = names_of(session, (one.by_id for one in asked))
    return [
        AskedOrganisation(
            one,
            places[one.organisation_id].slug,
            places[one.organisation_id].name,
            people.get(one.by_id or 0, ""),
            one.decided_at is None
            and may_sign(session, revision.practice_id, one.organisation_id, by=viewer),
        )
        for one in asked
    ]


def _elsewhere(
    session: Session,
    revision: PracticeRevision,
    approvals: Sequence[AskedOrganisation],
    *,
    viewer: Viewer,
) -> list[str]:
    """Organisations whose approval `viewer` may write down, those that are waited for first."""
    if revision.state is not PracticeState.APPROVAL or not viewer.has(Role.COORDINATION):
        return []
    named = named_elsewhere(session, revision, [one.approval for one in approvals])
    if not named or viewer.member_id in worked_on(session, revision.practice_id):
        return []
    awaited = to_note(revision, named)
    return sorted(named.values(), key=lambda name: name not in awaited.values())


def _is_approved(revision: PracticeRevision, approvals: Sequence[AskedOrganisation]) -> bool:
    """True once nothing of the approval is missing: what is left is to publish."""
    said_yes = all(one.approval.is_granted for one in approvals)
    return said_yes and bool(revision.values.get("approval"))


def _labels(fields: frozenset[str]) -> list[str]:
    """The names of some fields, in the order of the sheet."""
    return [str(label) for name, label in LABELS.items() if name in fields]
