"""The facts that mails about questions tell, read when they leave.

Whoever types an address may not be its owner: the acknowledgement repeats a short piece of the
question, as plain words, with every address taken out, and nothing else that was typed.
"""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.i18n import _, format_date
from inters4.core.jobs import jobs
from inters4.core.mail import QueuedMail
from inters4.core.richtext import Profile, excerpt, plain_text, render
from inters4.home.models import KEPT_DAYS, Question, QuestionState
from inters4.home.queries.questions import load_answer, load_question

RECEIVED, NOTICE, ANSWER = "question_received", "question_notice", "question_answer"
_REPEATED = 300
_QUOTED = 1_000
_WORD = re.compile(r"\S+")
_ADDRESS = re.compile(r"://|@|www\.|[\w-]\.[^\W\d_]{2}")
_OWN_LINK = re.compile(r"(\]\(\s*<?)(/(?!/))")


def without_addresses(text: str) -> str:
    """`text` where nothing can be clicked: mail clients make links of what looks like one."""
    return _WORD.sub(_unless_address, text)


def received(session: Session, mail: QueuedMail) -> Mapping[str, Any] | None:
    """What the acknowledgement says; None once the question is gone or put aside."""
    question = _question(session, mail)
    if question is None or question.is_closed:
        return None
    words = " ".join(_words(question.text).split())
    shown = without_addresses(words)
    return {
        "text": shown if len(shown) <= _REPEATED else shown[:_REPEATED].rstrip() + "…",
        "due_on": format_date(question.due_on),
        "kept_months": KEPT_DAYS // 365 * 12,
        "subject": question.subject.value,
    }


def notice(session: Session, mail: QueuedMail) -> Mapping[str, Any] | None:
    """What the team is told; None when someone has already taken the question."""
    question = _question(session, mail)
    if question is None or question.state is not QuestionState.OPEN:
        return None
    return {
        "excerpt": without_addresses(_short(question.text)),
        "query": without_addresses(question.query),
        "due_on": format_date(question.due_on),
        "path": f"/equipe/questions/{question.public_id}",
        "subject": question.subject.value,
    }


def answer(session: Session, mail: QueuedMail) -> Mapping[str, Any] | None:
    """The answer, its links made absolute; None when it was stopped or the question erased."""
    found = load_answer(session, int(mail.parameters["answer"]))
    if found is None or found.recalled_at is not None:
        return None
    source = _OWN_LINK.sub(rf"\g<1>{jobs.settings.url}\g<2>", found.text)
    quoted = _words(found.question.text)
    return {
        "answer_text": source,
        "answer_html": render(source, profile=Profile.POST).html,
        "question_text": quoted if len(quoted) <= _QUOTED else quoted[:_QUOTED].rstrip() + "…",
    }


def _question(session: Session, mail: QueuedMail) -> Question | None:
    return load_question(session, int(mail.parameters["question"]))


def _unless_address(word: re.Match[str]) -> str:
    return _("[adresse retirée]") if _ADDRESS.search(word[0]) else word[0]


def _words(text: str) -> str:
    return plain_text(text, profile=Profile.POST)


def _short(text: str) -> str:
    return excerpt(text, length=_REPEATED, profile=Profile.POST)
