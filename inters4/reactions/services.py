"""A reader taps, takes it back, says more if they wish, or says that a document may do harm."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from inters4.core.clock import local, now
from inters4.core.errors import TooMany
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.core.outbox import DocumentRef
from inters4.members.queries.holders import holders_of
from inters4.reactions.exports import HARM_KIND
from inters4.reactions.models import Answer, Benefit, Learned, Reaction, Use
from inters4.reactions.queries import TEAM, own_reaction

MOST_AN_HOUR = 200
"""Answers from one network: a whole hospital may share one."""
MOST_HARM_AN_HOUR = 30
"""Documents said to be harmful from one network: apart, so that answers never use it up."""
MOST_OF_A_DOCUMENT = 20
"""Of each, for one document and one network, in a day: nobody makes the count of a sheet alone."""
KEPT_DAYS = 365
NETWORK_DAYS = 2
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def answer(
    session: Session,
    document: DocumentRef,
    said: Answer | None,
    *,
    browser: str,
    network: str,
    read_in: str = "",
) -> None:
    """Keep what a browser says of a document; None takes it back. Twice the same is once.

    `read_in` is the item of an issue where the browser reads it: kept with what it says first.

    Raises:
        TooMany: too many answers came from this network.
    """
    row = own_reaction(session, document, browser=browser)
    if said is not None and (row is None or row.answer is None):
        answered = Reaction.answer.is_not(None)
        _check_room(session, document, answered, most_an_hour=MOST_AN_HOUR, network=network)
    if row is None:
        if said is None:
            return
        row = _make(session, document, browser=browser, network=network, read_in=read_in)
    row.answer = said
    if said is None:
        row.learned = row.use = row.benefit = None
    _forget_empty(session, row)


def say_more(
    session: Session,
    document: DocumentRef,
    *,
    learned: Learned | None,
    use: Use | None,
    benefit: Benefit | None,
    browser: str,
) -> None:
    """Keep what a browser that answered wishes to add; nothing is needed."""
    row = own_reaction(session, document, browser=browser)
    if row is not None and row.answer is not None:
        row.learned, row.use, row.benefit = learned, use, benefit
        session.flush()


def flag_harm(
    session: Session,
    document: DocumentRef,
    *,
    is_harmful: bool,
    browser: str,
    network: str,
    read_in: str = "",
) -> None:
    """Say that a document may do harm, or take it back; the team is told at once, once an hour.

    Each hour has its own mail, whether or not the one before was read.

    Raises:
        TooMany: too many came from this network.
    """
    row = own_reaction(session, document, browser=browser)
    if is_harmful and (row is None or not row.is_harmful):
        harmful = Reaction.is_harmful.is_(True)
        _check_room(session, document, harmful, most_an_hour=MOST_HARM_AN_HOUR, network=network)
    if row is None:
        if not is_harmful:
            return
        row = _make(session, document, browser=browser, network=network, read_in=read_in)
    if is_harmful and not row.is_harmful:
        hour = f"{HARM_KIND}:{document.key}:{local(now()):%Y-%m-%dT%H}"
        hooks.notifier.notify(
            session,
            HARM_KIND,
            sorted(holders_of(session, TEAM)),
            subject=document.key,
            group=hour,
            once=hour,
        )
    row.is_harmful = is_harmful
    _forget_empty(session, row)


def forget_browsers(session: Session, before: datetime) -> int:
    """Forget which browser said what before that instant; the counts stay."""
    rows = session.scalars(
        select(Reaction).where(Reaction.browser.is_not(None), Reaction.updated_at < before)
    ).all()
    for row in rows:
        row.browser = None
    session.flush()
    return len(rows)


def forget_networks(session: Session, before: datetime) -> int:
    """Forget from which network a browser said it."""
    rows = session.scalars(
        select(Reaction).where(Reaction.network.is_not(None), Reaction.created_at < before)
    ).all()
    for row in rows:
        row.network = None
    session.flush()
    return len(rows)


def _make(
    session: Session, document: DocumentRef, *, browser: str, network: str, read_in: str
) -> Reaction:
    row = Reaction(
        kind=document.kind,
        document_id=document.id,
        browser=browser,
        network=network,
        read_in=read_in,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # the same tap came twice at the same instant
        return own_reaction(session, document, browser=browser) or row
    return row


def _check_room(
    session: Session,
    document: DocumentRef,
    counted: ColumnElement[bool],
    *,
    most_an_hour: int,
    network: str,
) -> None:
    """A browser that keeps no number looks new at each tap: its network is counted instead."""
    is_same = and_(Reaction.kind == document.kind, Reaction.document_id == document.id)
    of_network, of_document = session.execute(
        select(
            func.count(case((Reaction.updated_at > now() - _HOUR, 1))),
            func.count(case((is_same, 1))),
        ).where(Reaction.network == network, Reaction.updated_at > now() - _DAY, counted)
    ).one()
    if of_document >= MOST_OF_A_DOCUMENT:
        raise TooMany(
            _("Beaucoup d’avis sur cette page viennent de votre réseau. Réessayez demain."),
            retry_after=int(_DAY.total_seconds()),
        )
    if of_network >= most_an_hour:
        raise TooMany(
            _("Beaucoup d’avis viennent de votre réseau. Réessayez dans une heure."),
            retry_after=int(_HOUR.total_seconds()),
        )


def _forget_empty(session: Session, row: Reaction) -> None:
    if row.answer is None and not row.is_harmful:
        session.delete(row)
    session.flush()
