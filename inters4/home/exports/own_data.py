"""What « Mes données » holds of the questions box: what was asked from the person's address."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from inters4.home.models import Question
from inters4.members.queries import email_of


def questions_of(session: Session, member_id: int) -> Iterable[Mapping[str, Any]]:
    """Each question with its answers."""
    email = email_of(session, member_id)
    for question in session.scalars(
        select(Question)
        .options(selectinload(Question.answers))
        .where(Question.email == email)
        .order_by(Question.asked_at)
    ):
        yield {
            "asked_at": question.asked_at.isoformat(),
            "name": question.name,
            "email": question.email,
            "organisation": question.organisation,
            "text": question.text,
            "state": question.state.value,
            "answers": [answer.text for answer in question.answers],
        }
