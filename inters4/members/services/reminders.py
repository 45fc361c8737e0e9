"""Writing to those who decide: grouped, once an hour at most, reminded, then passed on."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.hooks import hooks
from inters4.core.mail import enqueue
from inters4.core.working_days import working_days_since
from inters4.members.exports.letters import REQUESTS
from inters4.members.exports.notices import REQUEST_KIND, about_request
from inters4.members.models import ApprovalRequest, ApproverNotice
from inters4.members.models.approvals import ESCALATED_AFTER, REMINDED_AFTER
from inters4.members.queries.approvals import Decider, deciders, open_requests, requests_of

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
    told: dict[int, Decider] = {}
    for person in deciders(session):
        notice = notices.get(person.member_id)
        if person.member_id in told or not _has_news(person, requests, notice, moment):
            continue
        told[person.member_id] = person
        if notice is None:
            session.add(ApproverNotice(member_id=person.member_id, at=moment))
        else:
            notice.at = moment
    _write(session, told)
    _list(session, list(told.values()), requests)
    return len(told)


def _write(session: Session, people: Mapping[int, Decider]) -> None:
    """One letter to each of those who want letters."""
    for number, leaves_at in hooks.notifier.letters(session, REQUEST_KIND, people).items():
        enqueue(
            session,
            kind=REQUESTS,
            template=REQUESTS,
            recipient=people[number].email,
            locale=people[number].locale,
            member_id=number,
            not_before=leaves_at,
        )


def _list(session: Session, people: list[Decider], requests: list[ApprovalRequest]) -> None:
    """One notice a request, and one more when it is reminded or passed on."""
    for request in requests:
        ids = [person.member_id for person in people if requests_of(person, [request])]
        steps = (request.reminded_at, request.escalated_at)
        hooks.notifier.notify(
            session,
            REQUEST_KIND,
            ids,
            subject=about_request(request),
            once=f"{request.public_id}/{sum(step is not None for step in steps)}",
        )


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
