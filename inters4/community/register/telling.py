"""What reading and being told add elsewhere: kinds of notices, the event of a post, jobs."""

from inters4.community.exports import post_notices, question_notices
from inters4.community.jobs.telling import (
    QUESTIONS_JOB,
    QUESTIONS_SECONDS,
    TELL_SECONDS,
    follow_questions,
    tell_new_posts,
)
from inters4.community.services.belonging import LEFT
from inters4.community.services.editing import EDITED
from inters4.community.services.following import forget_notices
from inters4.community.services.publishing import POSTED
from inters4.community.services.telling import TELL_JOB, tell_edited, tell_posted
from inters4.core.hooks import Hooks
from inters4.core.jobs import jobs


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    for kind in (*post_notices.KINDS, *question_notices.KINDS):
        hooks.add_notice_kind(kind)
    hooks.on(POSTED, tell_posted)
    hooks.on(EDITED, tell_edited)
    hooks.on(LEFT, forget_notices)
    jobs.periodic(TELL_JOB, every=TELL_SECONDS)(tell_new_posts)
    jobs.periodic(QUESTIONS_JOB, every=QUESTIONS_SECONDS)(follow_questions)
