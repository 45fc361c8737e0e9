"""Questions for tests: as rows, and as a visitor sends them."""

import email
import email.policy
import itertools
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from inters4.core.clock import local, now
from inters4.core.db import writing
from inters4.core.mail import QueuedMail
from inters4.core.mail.send import send_due
from inters4.core.mail.transports import MemoryTransport
from inters4.core.working_days import add_working_days
from inters4.home.models import Outcome, Question, QuestionState
from inters4.settings import Settings
from tests.builders.web import csrf

TEXT = "Quelles équipes suivent les personnes à distance après une chirurgie?"
_numbers = itertools.count(1)


def make_question(
    session: Session,
    *,
    text: str = TEXT,
    asked_at: datetime | None = None,
    taken_by: int | None = None,
    outcome: Outcome | None = None,
    **values: Any,
) -> Question:
    """A question, taken when `taken_by` is given, closed when `outcome` is."""
    moment = asked_at or now()
    question = Question(
        text=text,
        asked_at=moment,
        due_on=add_working_days(local(moment).date(), 5),
        taken_by_id=taken_by,
        taken_at=moment if taken_by else None,
        outcome=outcome,
        closed_at=moment if outcome else None,
        answers=[],
        **{"email": f"personne-{next(_numbers)}@exemple.ca", **values},
    )
    question.state = QuestionState.TAKEN if taken_by else QuestionState.OPEN
    if outcome:
        question.state = QuestionState.CLOSED
    session.add(question)
    session.flush()
    return question


def ask(client: FlaskClient, *, address: str = "192.0.2.10", **changes: str) -> TestResponse:
    """Fill the form of `/question` and send it."""
    form = {
        "csrf_token": csrf(client, "/question"),
        "question": TEXT,
        "courriel": "camille@exemple.ca",
        **changes,
    }
    return client.post("/question", data=form, environ_base={"REMOTE_ADDR": address})


def sent_mail(settings: Settings) -> list[EmailMessage]:
    """Send all that waits, what is due later included, and give the messages."""
    with writing() as session:
        session.execute(update(QueuedMail).values(not_before=now() - timedelta(seconds=1)))
    before = len(MemoryTransport.sent)
    send_due(settings)
    found = []
    for envelope in MemoryTransport.sent[before:]:
        message = email.message_from_bytes(envelope.data, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        found.append(message)
    return found


def part(message: EmailMessage, kind: str) -> str:
    """The text (`plain`) or the HTML of a message."""
    body = message.get_body((kind,))
    assert body is not None
    content: str = body.get_content()
    return content
