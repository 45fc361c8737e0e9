"""What reading and being told add elsewhere: notices, events of posts, jobs, « Mon tableau »."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from inters4.community.exports import post_notices, question_notices
from inters4.community.jobs.telling import (
    QUESTIONS_JOB,
    QUESTIONS_SECONDS,
    TELL_SECONDS,
    follow_questions,
    tell_new_posts,
)
from inters4.community.queries.unread import unread_counts
from inters4.community.services.belonging import LEFT
from inters4.community.services.editing import EDITED
from inters4.community.services.following import forget_notices
from inters4.community.services.publishing import POSTED
from inters4.community.services.telling import TELL_JOB, tell_edited, tell_posted
from inters4.core.access import Viewer
from inters4.core.hooks import Fragment, Hooks
from inters4.core.jobs import jobs


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    for kind in (*post_notices.KINDS, *question_notices.KINDS):
        hooks.add_notice_kind(kind)
    hooks.add_fragment(
        "account.board", Fragment("community/_unread_board.html", _on_board, order=6)
    )
    hooks.on(POSTED, tell_posted)
    hooks.on(EDITED, tell_edited)
    hooks.on(LEFT, forget_notices)
    jobs.periodic(TELL_JOB, every=TELL_SECONDS)(tell_new_posts)
    jobs.periodic(QUESTIONS_JOB, every=QUESTIONS_SECONDS)(follow_questions)


def _on_board(session: Session, viewer: Viewer) -> Mapping[str, object] | None:
    counts = unread_counts(session, viewer)
    return {"threads": sum(counts.values()), "spaces": len(counts)} if counts else None
