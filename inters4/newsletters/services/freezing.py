"""An issue starts: its message is kept as it is, and one row a subscriber is made, at once.

All in one transaction: either everyone has a row or nobody has. The rows are the audience that was
shown, less whoever left it since; a row bears its Message-ID from its birth.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS, Viewer
from inters4.core.clock import now
from inters4.core.db import after_commit
from inters4.core.installation import name_installation
from inters4.core.jobs import jobs
from inters4.newsletters.exports.approved import content_of
from inters4.newsletters.exports.message import MessageParts, to_json
from inters4.newsletters.models import (
    Delivery,
    FrozenIssue,
    Issue,
    IssueItem,
    IssueLink,
    IssueState,
)
from inters4.newsletters.queries.audience import Recipient, recipients_of
from inters4.newsletters.services.steps import enter
from inters4.settings import Settings

SEND_JOB = "newsletters.send"
_ROOT = uuid.UUID("b0c1f7f2-54de-5d0b-9c6a-6f0c2a1d9e37")
_STEM = 24


def freeze_issue(
    session: Session,
    issue: Issue,
    parts: MessageParts,
    *,
    settings: Settings,
    by: Viewer = ANONYMOUS,
) -> int:
    """Start sending `issue`; give back how many will receive it.

    Whoever calls holds the row of the issue, and has seen that it may start: an issue is frozen
    once, and a second time is refused by the database.
    """
    moment = now()
    instance = name_installation(session).instance
    recipients = recipients_of(session, issue, at=moment)
    session.add(
        FrozenIssue(
            issue_id=issue.id,
            frozen_at=moment,
            instance=instance,
            content=content_of(parts, issue.audience),
            subject=parts.subject,
            sender=parts.sender,
            reply_to=parts.reply_to,
            language=parts.language,
            parts=to_json(parts),
        )
    )
    session.flush()
    _keep_links(session, issue, parts)
    rows = _rows(issue, recipients, moment, instance=instance, settings=settings)
    if rows:
        session.execute(insert(Delivery), rows)
    issue.published_at, issue.held_for, issue.instance = moment, "", instance
    enter(session, issue, IssueState.SENDING, by=by)
    session.flush()
    after_commit(session, partial(jobs.nudge, SEND_JOB))
    return len(rows)


def _keep_links(session: Session, issue: Issue, parts: MessageParts) -> None:
    found = select(IssueItem.public_id, IssueItem.id).where(IssueItem.issue_id == issue.id)
    items = {row.public_id: row.id for row in session.execute(found)}
    session.add_all(
        IssueLink(issue_id=issue.id, position=position, item_id=items.get(link.item), url=link.url)
        for position, link in enumerate(parts.links)
    )


def _rows(
    issue: Issue,
    recipients: Sequence[Recipient],
    moment: datetime,
    *,
    instance: str,
    settings: Settings,
) -> list[dict[str, Any]]:
    sender = settings.mail_from.rpartition("@")[2]

    def message_id(subscriber_id: int) -> str:
        """Always the same for a row, and telling nothing of it."""
        named = f"{instance}/{issue.id}/{subscriber_id}"
        return f"<{uuid.uuid5(_ROOT, named).hex[:_STEM]}@{sender}>"

    return [
        {
            "issue_id": issue.id,
            "subscriber_id": one.subscriber_id,
            "address": one.address,
            "domain": one.address.rpartition("@")[2],
            "language": one.language,
            "wanted": list(one.wanted),
            "since": list(one.since),
            "not_before": moment,
            "message_id": message_id(one.subscriber_id),
        }
        for one in recipients
    ]
