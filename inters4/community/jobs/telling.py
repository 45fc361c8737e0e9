"""What the worker does so that people are told: new posts, questions without answer."""

from inters4.community.services.chasing_questions import chase_questions
from inters4.community.services.telling import tell_waiting
from inters4.core.db import writing
from inters4.core.jobs import jobs

TELL_SECONDS = 60
QUESTIONS_JOB, QUESTIONS_SECONDS = "community.questions", 3600


def tell_new_posts() -> int:
    """Tell people of every post that waits for it, a batch a transaction; how many."""
    told = 0
    while True:
        with writing() as session:
            done = tell_waiting(session)
        told += done
        if not done or jobs.is_stopping:
            return told


def follow_questions() -> int:
    """Hourly: questions that wait too long go to those who facilitate; how many."""
    with writing() as session:
        return chase_questions(session)
