"""The team chooses who reviews a sheet: two people from outside, a third when they disagree."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.i18n import _, ngettext
from inters4.core.values import dataclass
from inters4.members.queries.holders import holders_of
from inters4.practices.exports.notices import Task
from inters4.practices.models import PracticeReview, PracticeRevision, PracticeState
from inters4.practices.queries.informed import informed_of
from inters4.practices.queries.reviewers import (
    Person,
    everyone_asked,
    is_awaited,
    is_current,
    reviewing_people,
)
from inters4.practices.queries.revisions import (
    REVIEWERS,
    author_ids,
    carrying_organisations,
    reviews_of,
    worked_on,
)
from inters4.practices.services.agreeing import has_gap
from inters4.practices.services.deciding import is_team
from inters4.practices.services.drafts import one_line
from inters4.practices.services.life import today
from inters4.practices.services.reviewing import note_review
from inters4.practices.services.settling import settle_review, settle_tasks
from inters4.practices.services.telling import tell_reviewer, tell_team

TIME_TO_REVIEW = timedelta(days=21)
_LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who reviews, and why not this sheet; empty when they may."""

    person: Person
    why_not: str


def candidates(session: Session, revision: PracticeRevision) -> list[Candidate]:
    """Everyone who reviews, those who may review this sheet first."""
    worked = worked_on(session, revision.practice_id)
    carrying = carrying_organisations(session, revision)
    asked = everyone_asked(session, revision)
    settles = has_gap(reviews_of(session, revision))  # which asks to know what others said
    informed = frozenset() if settles else informed_of(session, revision)
    found = [
        Candidate(person, _why_not(person, worked, carrying, informed, asked.get(person.id)))
        for person in reviewing_people(session)
    ]
    return sorted(found, key=lambda one: bool(one.why_not))


def _why_not(
    person: Person,
    worked: frozenset[int],
    carrying: frozenset[int],
    informed: frozenset[int],
    asked: PracticeReview | None,
) -> str:
    if person.id in worked:
        return _("Cette personne porte la fiche, ou y a travaillé.")
    if carrying & set(person.organisations):
        return _("Cette personne est d’une organisation qui porte la pratique.")
    if asked is not None and asked.declined_at is not None:
        return _("Cette personne ne peut pas relire la fiche cette fois.")
    if asked is not None:
        return _("Cette personne relit déjà cette fiche.")
    if person.id in informed:
        return _("Cette personne a pu lire les cotes que d’autres ont données avant.")
    return ""


def refusal(session: Session, revision: PracticeRevision, member_id: int) -> str:
    """Why this person may not review this sheet; empty when they may."""
    for one in candidates(session, revision):
        if one.person.id == member_id:
            return one.why_not
    return _("Cette personne n’a pas le rôle de relecture.")


def may_name_reviewers(
    session: Session, revision: PracticeRevision, *, by: Viewer, authors: frozenset[int]
) -> bool:
    """True of the team, but who wrote the sheet, or reviews it without knowing who else does."""
    if not is_team(by) or by.member_id in authors:
        return False
    own = everyone_asked(session, revision).get(by.member_id or 0)
    return own is None or own.declined_at is not None or own.is_adjudication


def ask_review(
    session: Session,
    revision: PracticeRevision,
    member_id: int,
    *,
    by: Viewer,
    request_id: str = "",
) -> PracticeReview:
    """Ask a person to rate the sheet; the third one settles the gap between two.

    Raises:
        NotAllowed: `by` is not of the brokering team, or wrote the sheet.
        Conflict: the sheet is not being reviewed, or needs nobody else.
        DomainError: this person may not review it, and why.
    """
    authors = author_ids(session, revision.practice_id)
    if not may_name_reviewers(session, revision, by=by, authors=authors):
        raise NotAllowed(_("La coordination et l’équipe de courtage choisissent qui relit."))
    if revision.state is not PracticeState.REVIEW or not revision.is_open:
        raise Conflict(_("Cette fiche n’est pas en relecture."))
    asked = reviews_of(session, revision)
    needs_third = has_gap(asked)
    if len(asked) >= REVIEWERS and not needs_third:
        raise Conflict(_("Deux personnes relisent déjà cette fiche."))
    if why_not := refusal(session, revision, member_id):
        raise DomainError(why_not)
    review = PracticeReview(
        public_id=secrets.token_hex(8),
        revision_id=revision.id,
        round=revision.round,
        reviewer_id=member_id,
        is_adjudication=needs_third,
        asked_by_id=by.member_id,
        due_on=today() + TIME_TO_REVIEW,
    )
    session.add(review)
    session.flush()
    note_review(session, "review_asked", revision, by=by, request_id=request_id, member=member_id)
    if needs_third or len(asked) + 1 >= REVIEWERS:
        settle_tasks(session, revision.practice_id)
    tell_reviewer(session, review)
    return review


def ask_reviews(
    session: Session,
    revision: PracticeRevision,
    people: Sequence[int],
    *,
    by: Viewer,
    request_id: str = "",
) -> None:
    """Ask several people; those who were asked already are not asked again.

    Raises:
        DomainError: nobody is chosen, or more people than the sheet needs.
        NotAllowed, Conflict: as `ask_review` says.
    """
    asked = {one.reviewer_id for one in reviews_of(session, revision)}
    others = [number for number in people if number not in asked]
    if not people:
        raise DomainError(_("Choisissez qui relira la fiche."))
    needed = 1 if has_gap(reviews_of(session, revision)) else max(REVIEWERS - len(asked), 0)
    if others and needed and len(others) > needed:
        raise DomainError(
            ngettext(
                "Choisissez une seule personne.",
                "Choisissez au plus %(num)s personnes.",
                needed,
            )
        )
    for number in others:
        ask_review(session, revision, number, by=by, request_id=request_id)


def decline_review(
    session: Session,
    review: PracticeReview,
    revision: PracticeRevision,
    *,
    by: Viewer,
    reason: str,
    request_id: str = "",
) -> None:
    """A reviewer cannot, or the team asks somebody else; what they had begun to write is erased.

    Raises:
        NotAllowed: it is not theirs, nor may `by` name reviewers.
        Conflict: it was sent already.
        DomainError: no reason is given.
    """
    authors = author_ids(session, revision.practice_id)
    is_own = review.reviewer_id == by.member_id
    if not is_own and not may_name_reviewers(session, revision, by=by, authors=authors):
        raise NotAllowed(_("Cette relecture est demandée à quelqu’un d’autre."))
    if not review.is_waited_for:
        raise Conflict(_("Cette relecture est déjà rendue, ou n’est plus attendue."))
    if not reason.strip():
        raise DomainError(_("Écrivez pourquoi, en quelques mots."))
    _release(session, review, revision, by=by, reason=reason, request_id=request_id)


def release_absent(session: Session) -> int:
    """Reviews asked of people who review no more: others are to be asked; how many.

    One that was sent counts, whatever became of its writer.
    """
    reviewing = holders_of(session, (Role.REVIEWER,))
    waiting = session.execute(
        select(PracticeReview, PracticeRevision)
        .join(PracticeRevision, PracticeRevision.id == PracticeReview.revision_id)
        .where(is_awaited(), PracticeReview.reviewer_id.not_in(reviewing))
    ).all()
    reason = _("Cette personne n’a plus le rôle de relecture, ou son compte n’est plus actif.")
    for review, revision in waiting:
        _release(session, review, revision, by=Viewer(), reason=reason)
    return len(waiting)


def _release(
    session: Session,
    review: PracticeReview,
    revision: PracticeRevision,
    *,
    by: Viewer,
    reason: str,
    request_id: str = "",
) -> None:
    """Nothing of the review stays but why; the coordination asks somebody else."""
    review.declined_at = now()
    settle_review(session, review)
    review.maturity = review.evidence_strength = review.comments = ""
    review.advice, review.has_no_interest = None, False
    review.reason = one_line(reason)[:_LONGEST_REASON]
    session.flush()
    note_review(session, "review_declined", revision, by=by, request_id=request_id)
    if is_current(review, revision):
        tell_team(session, revision, Task.NAME_REVIEWERS, once=review.public_id, but=by)
