"""Writing to those who decide: grouped, once an hour at most, reminded, then passed on."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.mail import enqueue
from inters4.members.exports.letters import REQUESTS
from inters4.members.models import ApprovalRequest, ApproverNotice
from inters4.members.models.working_days import working_days_since
from inters4.members.queries.approvals import Decider, deciders, open_requests, requests_of

REMINDED_AFTER, ESCALATED_AFTER = 2, 5  # days of work
_BETWEEN_LETTERS = timedelta(hours=1)


def tell_deciders(session: Session) -> int:
    """Remind, pass on, and queue one letter to each person with something new; say how many."""
    moment = now()
    requests = open_requests(session)
    for request in requests:
        _grow_older(request, moment)
    if not requests:
        return 0
    notices = {row.member_id: row for row in session.scalars(select(ApproverNotice))}
    written: set[int] = set()
    for person in deciders(session):
        notice = notices.get(person.member_id)
        if person.member_id in written or not _has_news(person, requests, notice, moment):
            continue
        written.add(person.member_id)
        if notice is None:
            session.add(ApproverNotice(member_id=person.member_id, at=moment))
        else:
            notice.at = moment
        enqueue(
            session,
            kind=REQUESTS,
            template=REQUESTS,
            recipient=person.email,
            locale=person.locale,
            member_id=person.member_id,
        )
    return len(written)


def _grow_older(request: ApprovalRequest, moment: datetime) -> None:
    days = working_days_since(request.created_at, moment)
    if request.reminded_at is None and days >= REMINDED_AFTER:
        request.reminded_at = moment
    if request.escalated_at is None and days >= ESCALATED_AFTER:
        request.escalated_at = moment


def _has_news(
    person: Decider,
    requests: list[ApprovalRequest],
    notice: ApproverNotice | None,
    moment: datetime,
) -> bool:
    if notice is not None and moment - notice.at < _BETWEEN_LETTERS:
        return False
    return any(
        notice is None or _news_at(person, request) > notice.at
        for request in requests_of(person, requests)
    )


def _news_at(person: Decider, request: ApprovalRequest) -> datetime:
    """When this request last became something for this person to look at."""
    if person.organisation_id is None:
        return request.escalated_at or request.created_at
    return request.reminded_at or request.created_at
