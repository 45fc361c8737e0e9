"""How long questions say who asked, and how they forget it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import NotAllowed
from inters4.core.i18n import _
from inters4.home.models import Question
from inters4.home.queries.questions import (
    is_of_the_team,
    mail_about,
    questions_to_forget,
    unwanted_questions,
)
from inters4.members.queries import addresses_of, keeps_posts


def forget_askers(session: Session, before: datetime) -> int:
    """Erase who asked what was closed before that instant, or has not moved since."""
    found = questions_to_forget(session, before)
    for question in found:
        _forget(question)
    return len(found)


def forget_member(session: Session, member_id: int) -> None:
    """Erase who asked, where it was this person; called while their addresses are still known.

    Whoever takes back what they wrote takes their questions whole, with the answers.
    """
    emails, is_kept = addresses_of(session, member_id), keeps_posts(session, member_id)
    for question in session.scalars(
        select(Question).options(selectinload(Question.answers)).where(Question.email.in_(emails))
    ):
        if is_kept:
            _forget(question)
        else:
            _delete(session, question)


def follow_address(session: Session, *, former: str, email: str) -> None:
    """What a person asked from their former address stays theirs: answered, shown and erased."""
    for question in session.scalars(select(Question).where(Question.email == former)):
        question.email = email


def delete_unwanted(session: Session, before: datetime) -> int:
    """Delete what the team put aside as unwanted before that instant."""
    found = unwanted_questions(session, before)
    for question in found:
        _delete(session, question)
    return len(found)


def erase_question(session: Session, question: Question, *, by: Viewer) -> None:
    """Delete a question, its answers and its messages: the person asked to be erased.

    Raises:
        NotAllowed: `by` is not of the brokering team.
    """
    if not is_of_the_team(by):
        raise NotAllowed(_("Seule l’équipe de courtage efface une question."))
    audit.record(session, "home.question_erased", by=by, subject=f"question:{question.public_id}")
    _delete(session, question)


def _forget(question: Question) -> None:
    question.email = question.name = question.organisation = ""
    question.forgotten_at = now()


def _delete(session: Session, question: Question) -> None:
    for mail in mail_about(session, question):
        session.delete(mail)
    session.delete(question)
