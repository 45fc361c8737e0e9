"""Those who received a summary learn what became of it: one letter each, while they still read.

The letter is settled when it leaves: whoever left meanwhile is not written to, and what it says
is what the summary is then. How many were written to is kept with each issue that gave it.
"""

from collections import Counter

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.mail import Addressee, enqueue_many
from inters4.newsletters.exports.letters import CORRECTION
from inters4.newsletters.models import (
    Delivery,
    DeliveryState,
    Issue,
    IssueCorrection,
    IssueItem,
    Subscriber,
)
from inters4.newsletters.queries.audience import is_written_to, receives
from inters4.veille.models import Summary


def tell_who_received(session: Session, *, summary: Summary) -> None:
    """Queue a letter to each subscriber who received this summary."""
    rows = session.execute(
        select(
            Subscriber.id,
            Subscriber.address,
            Subscriber.language,
            Subscriber.member_id,
            func.max(Issue.id).label("issue_id"),
        )
        .join(Delivery, Delivery.subscriber_id == Subscriber.id)
        .join(Issue, Issue.id == Delivery.issue_id)
        .where(
            Issue.id.in_(select(IssueItem.issue_id).where(IssueItem.summary_id == summary.id)),
            or_(Delivery.state == DeliveryState.SENT, Delivery.uncertain > 0),
            is_written_to(now()),
            Subscriber.address.is_not(None),
            receives(Issue.newsletter_id),
        )
        .group_by(Subscriber.id, Subscriber.address, Subscriber.language, Subscriber.member_id)
        .order_by(Subscriber.id)
    ).all()
    letters = [
        Addressee(
            row.member_id,
            row.address,
            row.language,
            {"subscriber": row.id, "issue": row.issue_id, "summary": summary.id},
        )
        for row in rows
    ]
    enqueue_many(session, letters, kind=CORRECTION, template=CORRECTION)
    session.add_all(
        IssueCorrection(
            issue_id=issue_id, summary_id=summary.id, state=summary.state, letters=number
        )
        for issue_id, number in sorted(Counter(row.issue_id for row in rows).items())
    )
