"""What the balance sheet counts of the questions box; unwanted messages are no questions."""

from functools import cache

from sqlalchemy import or_, select

from inters4.core.figures import Rows, during
from inters4.home.models import Outcome, Question


@cache
def received() -> Rows:
    """Questions that came in the period."""
    is_wanted = or_(Question.outcome.is_(None), Question.outcome != Outcome.UNWANTED)
    return (
        select(Question.asked_at.label("at"), Question.public_id, Question.text, Question.state)
        .where(during(Question.asked_at), is_wanted)
        .order_by(Question.asked_at.desc(), Question.id.desc())
    )


@cache
def answered() -> Rows:
    """Questions closed in the period with an answer."""
    return (
        select(Question.closed_at.label("at"), Question.public_id, Question.text, Question.state)
        .where(during(Question.closed_at), Question.outcome == Outcome.ANSWERED)
        .order_by(Question.closed_at.desc(), Question.id.desc())
    )
