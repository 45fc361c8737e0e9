"""A question that nobody answers for five days of work goes to those who facilitate, once."""

from datetime import timedelta

from sqlalchemy.orm import Session

from inters4.community.queries.moderators import moderators_of
from inters4.community.queries.telling import UNANSWERED_KIND, about_thread
from inters4.community.queries.unanswered import unanswered
from inters4.core.clock import now
from inters4.core.hooks import hooks
from inters4.core.working_days import working_days_since

ANSWERED_WITHIN = 5
"""Days of work."""
_BATCH = 200


def chase_questions(session: Session) -> int:
    """Tell the facilitator and the deputy of each space; say how many questions wait."""
    moment = now()
    waiting = [
        thread
        for thread in unanswered(
            session, before=moment - timedelta(days=ANSWERED_WITHIN), most=_BATCH
        )
        if working_days_since(thread.created_at, moment) >= ANSWERED_WITHIN
    ]
    moderators = moderators_of(session, {thread.space_id for thread in waiting})
    for thread in waiting:
        space = thread.space
        people = moderators[thread.space_id]
        leading = people & {space.facilitator_id, space.deputy_id}
        hooks.notifier.notify(
            session,
            UNANSWERED_KIND,
            leading or people,
            subject=about_thread(thread.id),
            once=about_thread(thread.id),
        )
        thread.chased_at = moment
    session.flush()
    return len(waiting)
