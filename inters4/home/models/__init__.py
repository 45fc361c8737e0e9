"""The tables of home: pages about the portal, and the questions box."""

from inters4.home.models.pages import Page
from inters4.home.models.questions import (
    KEPT_DAYS,
    UNWANTED_KEPT_DAYS,
    Outcome,
    Question,
    QuestionAnswer,
    QuestionAttempt,
    QuestionState,
    Subject,
)

__all__ = [
    "KEPT_DAYS",
    "UNWANTED_KEPT_DAYS",
    "Outcome",
    "Page",
    "Question",
    "QuestionAnswer",
    "QuestionAttempt",
    "QuestionState",
    "Subject",
]
