"""Who receives an issue: the same rule for the count that is shown and for the rows that are made.

An audience narrows; what it does not name leaves nobody out. Someone who wished for one message a
month, or a quarter, is left out of what comes sooner; an erratum goes to those who received the
issue that it corrects, whatever they wished, and takes the place of no other. Who received an
issue that left outside the portal is not known: it is taken as received by those whom it was for
(`queries/elsewhere.py`), and its erratum goes to them.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from inters4.core.values import dataclass
from inters4.members.models import MemberOrganisation, Organisation, RoleGrant
from inters4.newsletters.models import (
    UNSETTLED,
    Delivery,
    DeliveryState,
    Frequency,
    Issue,
    Subscriber,
    SubscriberState,
    SubscriberTheme,
    Subscription,
)
from inters4.newsletters.queries.elsewhere import Past, came_out, last_received, lately
from inters4.newsletters.queries.errata import was_carried

_APART = {Frequency.MONTHLY: timedelta(days=27), Frequency.QUARTERLY: timedelta(days=89)}
"""Least time between two messages: a day under four weeks, or thirteen, for an hour that slips."""
_THEMES, _LANGUAGES, _ORGANISATIONS = "themes", "languages", "organisations"
_ROLES, _FREQUENCIES = "roles", "frequencies"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One subscriber who receives an issue.

    Attributes:
        wanted: the themes that they want first.
        since: ids of the issues that came out since the last one they received.
    """

    subscriber_id: int
    address: str
    language: str
    wanted: tuple[str, ...] = ()
    since: tuple[str, ...] = ()


def count_audience(
    session: Session,
    issue: Issue,
    *,
    at: datetime,
    audience: Mapping[str, Sequence[str]] | None = None,
) -> int:
    """How many would receive `issue`, were it frozen at this moment; `audience` instead of its."""
    past = came_out(session, issue) if issue.erratum_of_id is None else []
    ids = _subscribers(issue, at, past, audience).with_only_columns(Subscriber.id).subquery()
    return session.scalar(select(func.count()).select_from(ids)) or 0


def recipients_of(session: Session, issue: Issue, *, at: datetime) -> Sequence[Recipient]:
    """Those who receive `issue`, in three statements however many they are."""
    past = came_out(session, issue)
    statement = _subscribers(issue, at, past)
    rows = session.execute(
        statement.with_only_columns(
            Subscriber.id, Subscriber.address, Subscriber.language, Subscriber.frequency
        ).order_by(Subscriber.id)
    ).all()
    wanted = _themes_of(session, statement)
    rarely = {row.id: _APART[row.frequency] for row in rows if row.frequency in _APART}
    since = _since(session, past, statement, rarely)
    return [
        Recipient(
            row.id,
            row.address,
            row.language,
            tuple(wanted.get(row.id, ())),
            tuple(since.get(row.id, ())),
        )
        for row in rows
    ]


def is_written_to(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """True of a subscriber to whom messages leave: active, or whose pause is over."""
    return or_(
        Subscriber.state == SubscriberState.ACTIVE,
        and_(Subscriber.state == SubscriberState.PAUSED, Subscriber.paused_until <= at),
    )


def receives(
    newsletter_id: str | ColumnElement[str] | InstrumentedAttribute[str],
) -> ColumnElement[bool]:
    """True of a subscriber who has not left this newsletter."""
    return exists().where(
        Subscription.subscriber_id == Subscriber.id,
        Subscription.newsletter_id == newsletter_id,
        Subscription.ended_at.is_(None),
    )


def _subscribers(
    issue: Issue,
    at: datetime,
    past: Sequence[Past],
    audience: Mapping[str, Sequence[str]] | None = None,
) -> Select[*tuple[Any, ...]]:
    narrowed = _narrowed(issue.audience if audience is None else audience)
    statement: Select[*tuple[Any, ...]] = select(Subscriber).where(
        is_written_to(at), Subscriber.address.is_not(None), receives(issue.newsletter_id)
    )
    if issue.erratum_of_id is not None:
        is_theirs = _received(Delivery.issue_id == issue.erratum_of_id)
        carried = was_carried(issue.erratum_of_id).is_not(None)
        return statement.where(or_(is_theirs, and_(carried, *narrowed)))
    return statement.where(_is_wished(issue, at, past), *narrowed)


def _received(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        Delivery.subscriber_id == Subscriber.id,
        which,
        or_(Delivery.state == DeliveryState.SENT, Delivery.uncertain > 0),
    )


def _is_wished(issue: Issue, at: datetime, past: Sequence[Past]) -> ColumnElement[bool]:
    """False of whoever wished to be written to less often, and was not long ago."""
    others = select(Issue.id).where(
        Issue.newsletter_id == issue.newsletter_id,
        Issue.id != issue.id,
        Issue.erratum_of_id.is_(None),
    )
    rarely = [
        and_(
            Subscriber.frequency == frequency,
            ~exists().where(
                Delivery.subscriber_id == Subscriber.id,
                Delivery.issue_id.in_(others),
                or_(
                    and_(Delivery.state == DeliveryState.SENT, Delivery.sent_at > at - apart),
                    Delivery.state.in_(UNSETTLED),
                ),
            ),
            *(
                ~_received_elsewhere(one, issue.newsletter_id, Delivery.issue_id.in_(others), apart)
                for one in _told_apart(lately(past, apart=apart, at=at))
            ),
        )
        for frequency, apart in _APART.items()
    ]
    return or_(Subscriber.frequency == Frequency.EACH, *rarely)


def _received_elsewhere(
    one: Past, newsletter_id: str, which: ColumnElement[bool], apart: timedelta
) -> ColumnElement[bool]:
    """True of those whom that issue was for: subscribed by then, and to be written to again."""
    return and_(
        exists().where(
            Subscription.subscriber_id == Subscriber.id,
            Subscription.newsletter_id == newsletter_id,
            Subscription.since <= one.published_at,
        ),
        ~exists().where(
            Delivery.subscriber_id == Subscriber.id,
            which,
            Delivery.state == DeliveryState.SENT,
            Delivery.sent_at > one.published_at - apart,
        ),
        *_narrowed(one.audience),
    )


def _told_apart(past: Sequence[Past]) -> list[Past]:
    """The last one of each audience, which stands for those before it."""
    return list({json.dumps(one.audience, sort_keys=True): one for one in past}.values())


def _narrowed(audience: Mapping[str, Sequence[str]]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if audience.get(_THEMES):
        chosen = [
            or_(SubscriberTheme.theme == theme, SubscriberTheme.theme.startswith(f"{theme}."))
            for theme in audience[_THEMES]
        ]
        found.append(exists().where(SubscriberTheme.subscriber_id == Subscriber.id, or_(*chosen)))
    if audience.get(_LANGUAGES):
        found.append(Subscriber.language.in_(audience[_LANGUAGES]))
    if audience.get(_FREQUENCIES):
        found.append(Subscriber.frequency.in_([Frequency(one) for one in audience[_FREQUENCIES]]))
    if audience.get(_ORGANISATIONS):
        found.append(
            exists().where(
                MemberOrganisation.member_id == Subscriber.member_id,
                MemberOrganisation.confirmed_at.is_not(None),
                MemberOrganisation.organisation_id == Organisation.id,
                Organisation.slug.in_(audience[_ORGANISATIONS]),
            )
        )
    if audience.get(_ROLES):
        found.append(
            exists().where(
                RoleGrant.member_id == Subscriber.member_id, RoleGrant.role.in_(audience[_ROLES])
            )
        )
    return found or [true()]


def _themes_of(
    session: Session, statement: Select[*tuple[Any, ...]]
) -> Mapping[int, Sequence[str]]:
    ids = statement.with_only_columns(Subscriber.id)
    rows = session.execute(
        select(SubscriberTheme.subscriber_id, SubscriberTheme.theme)
        .where(SubscriberTheme.subscriber_id.in_(ids))
        .order_by(SubscriberTheme.subscriber_id, SubscriberTheme.theme)
    )
    found = defaultdict(list)
    for subscriber_id, theme in rows:
        found[subscriber_id].append(theme)
    return found


def _since(
    session: Session,
    past: Sequence[Past],
    statement: Select[*tuple[Any, ...]],
    apart: Mapping[int, timedelta],
) -> Mapping[int, Sequence[str]]:
    """What came out meanwhile, for those who wished to be written to less often (`apart`)."""
    last = func.max(Delivery.sent_at).label("last")
    rarely = statement.with_only_columns(Subscriber.id).where(
        Subscriber.frequency != Frequency.EACH
    )
    rows = session.execute(
        select(Delivery.subscriber_id, last)
        .where(
            Delivery.subscriber_id.in_(rarely),
            Delivery.state == DeliveryState.SENT,
            Delivery.issue_id.in_([one.id for one in past]),
        )
        .group_by(Delivery.subscriber_id)
    )
    for_everyone = [one for one in reversed(past) if one.is_elsewhere and not one.is_narrowed]
    found = {}
    for subscriber_id, received in rows:
        wished = apart.get(subscriber_id)
        read = last_received(for_everyone, apart=wished, since=received) if wished else received
        found[subscriber_id] = [one.id for one in past if read and one.published_at > read]
    return found
