"""The tables of home: pages about the portal, and the questions box."""

from inters4.home.models.pages import Page
from inters4.home.models.questions import (
    Outcome,
    Question,
    QuestionAnswer,
    QuestionAttempt,
    QuestionState,
    Subject,
    add_working_days,
)

__all__ = [
    "Outcome",
    "Page",
    "Question",
    "QuestionAnswer",
    "QuestionAttempt",
    "QuestionState",
    "Subject",
    "add_working_days",
]
