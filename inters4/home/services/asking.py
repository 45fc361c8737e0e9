"""Receiving a question: counted, kept once, acknowledged, and told to the team."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import ANONYMOUS
from inters4.core.clock import local, now
from inters4.core.errors import TooMany
from inters4.core.hooks import hooks
from inters4.core.i18n import _, current_locale
from inters4.core.mail import enqueue
from inters4.core.turns import Turn, wait_for_turn
from inters4.core.working_days import add_working_days
from inters4.home.exports.letters import NOTICE, RECEIVED
from inters4.home.exports.notices import QUESTION_KIND, TEAM, about_question
from inters4.home.models import Question, QuestionAttempt, Subject
from inters4.home.queries.questions import same_question
from inters4.members.models import normalise_email
from inters4.members.queries.holders import holders_of

FROM_A_SENDER = (3, timedelta(hours=1))
FROM_A_SENDER_IN_A_DAY = (6, timedelta(days=1))
FROM_A_NETWORK = (20, timedelta(hours=1))
_SAME = timedelta(hours=1)


def ask_question(
    session: Session,
    *,
    text: str,
    email: str,
    network: str,
    contact: str,
    delay_days: int,
    subject: Subject = Subject.QUESTION,
    name: str = "",
    organisation: str = "",
    query: str = "",
    origin: str = "",
    read_in: str = "",
) -> Question:
    """Keep a question, promise a day, acknowledge it and tell the team at `contact`.

    A button pressed twice asks once. `network` is a mark of where it comes from; `read_in` is the
    item of an issue that led to the form.

    Raises:
        TooMany: this sender or this network wrote too often; nothing is kept.
    """
    wait_for_turn(session, Turn.QUESTION)
    moment = now()
    known = same_question(session, email=email, text=text, since=moment - _SAME)
    if known is not None:
        return known
    _admit(session, email=email, network=network, moment=moment)
    question = Question(
        subject=subject,
        text=text,
        email=email,
        name=name,
        organisation=organisation,
        locale=current_locale(),
        query=query,
        origin=origin,
        read_in=read_in,
        asked_at=moment,
        due_on=add_working_days(local(moment).date(), delay_days),
    )
    session.add(question)
    session.flush()
    audit.record(
        session, "home.question_asked", by=ANONYMOUS, subject=f"question:{question.public_id}"
    )
    for kind, recipient, locale in (
        (RECEIVED, email, question.locale),
        (NOTICE, contact, "fr"),
    ):
        enqueue(
            session,
            kind=kind,
            template=kind,
            recipient=recipient,
            locale=locale,
            parameters={"question": question.id},
        )
    hooks.notifier.notify(
        session,
        QUESTION_KIND,
        holders_of(session, TEAM),
        subject=about_question(question),
        group="questions",
    )
    return question


def purge_question_attempts(session: Session, before: datetime) -> int:
    """Forget who wrote before that instant; say how many rows there were."""
    statement = delete(QuestionAttempt).where(QuestionAttempt.at < before)
    return len(session.scalars(statement.returning(QuestionAttempt.id)).all())


def _admit(session: Session, *, email: str, network: str, moment: datetime) -> None:
    """Count this question in. A refused one leaves no row: insisting does not lengthen the wait."""
    sender = hashlib.sha256(_mailbox(email).encode()).digest()
    is_sender = QuestionAttempt.sender == sender
    is_network = QuestionAttempt.network == network
    for condition, (most, window) in (
        (is_sender, FROM_A_SENDER),
        (is_sender, FROM_A_SENDER_IN_A_DAY),
        (is_network, FROM_A_NETWORK),
    ):
        row = session.execute(
            select(func.count().label("number"), func.min(QuestionAttempt.at).label("first")).where(
                condition, QuestionAttempt.at > moment - window
            )
        ).one()
        if row.number >= most:
            wait = max(1, int((row.first + window - moment).total_seconds()) + 1)
            raise TooMany(
                _(
                    "Plusieurs questions viennent de partir d’ici. Ce que vous avez écrit est "
                    "gardé sur cette page : renvoyez-le plus tard, ou écrivez-nous un courriel."
                ),
                retry_after=wait,
            )
    session.add(QuestionAttempt(at=moment, sender=sender, network=network))


def _mailbox(email: str) -> str:
    """Where `email` arrives: the case and what follows a `+` change nothing to that."""
    name, _at, domain = normalise_email(email).rpartition("@")
    return f"{name.partition('+')[0] or name}@{domain}"
