"""The questions box: what someone asked the brokering team, and what became of it.

Whoever asks has no account: the row holds what they typed about themselves, and forgets it.
"""

import secrets
from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inters4.core.clock import local, now
from inters4.core.db import Model, Moment, PrimaryKey, Timestamps, Versioned

KEPT_DAYS = 730
"""How long a closed question says who asked."""
UNWANTED_KEPT_DAYS = 30


class Subject(StrEnum):
    """Why someone writes; the values are those of the address `/question?objet=`."""

    QUESTION = "question"
    EVIDENCE = "preuves"
    PRACTICE = "pratique"


class QuestionState(StrEnum):
    """Where a question stands."""

    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    DUPLICATE = "duplicate"
    UNWANTED = "unwanted"


class Question(Versioned, Timestamps, Model):
    """A question put to the brokering team.

    Attributes:
        public_id: names it in addresses; the number never leaves the database.
        text: as typed, in Markdown; at most 4 000 characters.
        email, name, organisation: of whoever asked; empty once forgotten.
        locale: the language in which they read the portal.
        query: what they had searched for.
        origin: path of the page they came from.
        read_in: public id of the item of an issue that made them ask; empty without one.
        due_on: the day by which an answer was promised.
        taken_by_id: the member who answers; kept when the question is closed.
        forgotten_at: when what says who asked was erased.
    """

    __tablename__ = "questions"
    __table_args__ = (
        Index("ix_questions_queue", "state", "asked_at"),
        Index("ix_questions_email", "email", "asked_at"),
    )

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_hex(6))
    subject: Mapped[Subject] = mapped_column(default=Subject.QUESTION)
    text: Mapped[str]
    email: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    organisation: Mapped[str] = mapped_column(default="")
    locale: Mapped[str] = mapped_column(default="fr")
    query: Mapped[str] = mapped_column(default="")
    origin: Mapped[str] = mapped_column(default="")
    read_in: Mapped[str] = mapped_column(default="", index=True)
    asked_at: Mapped[Moment] = mapped_column(default=now)
    due_on: Mapped[date]
    state: Mapped[QuestionState] = mapped_column(default=QuestionState.OPEN)
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    taken_at: Mapped[Moment | None]
    outcome: Mapped[Outcome | None]
    note: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[Moment | None] = mapped_column(index=True)
    forgotten_at: Mapped[Moment | None]

    answers: Mapped[list["QuestionAnswer"]] = relationship(
        lazy="raise",
        back_populates="question",
        cascade="all, delete-orphan",
        order_by="QuestionAnswer.written_at, QuestionAnswer.id",
    )

    @property
    def is_closed(self) -> bool:
        """True once it has an outcome."""
        return self.state is QuestionState.CLOSED

    @property
    def is_forgotten(self) -> bool:
        """True when nobody knows any more who asked: no answer can leave."""
        return self.forgotten_at is not None

    @property
    def is_overdue(self) -> bool:
        """True when the promised day is past and nobody has closed it."""
        return not self.is_closed and local(now()).date() > self.due_on


class QuestionAnswer(Model):
    """An answer to a question.

    Attributes:
        text: in Markdown, of the profile of posts.
        mail_id: its row in the mail queue, while that row is kept.
        recalled_at: when its author stopped it before it left; it then reached nobody.
    """

    __tablename__ = "question_answers"

    id: Mapped[PrimaryKey]
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), index=True)
    text: Mapped[str]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    written_at: Mapped[Moment] = mapped_column(default=now)
    mail_id: Mapped[int | None]
    recalled_at: Mapped[Moment | None]

    question: Mapped[Question] = relationship(lazy="raise", back_populates="answers")


class QuestionAttempt(Model):
    """Someone sent a question: counted, so that nobody writes to others through the portal.

    Attributes:
        sender: digest of the address given.
        network: mark of where it came from (a whole IPv6 /64 counts as one), not an address.
    """

    __tablename__ = "question_attempts"
    __table_args__ = (
        Index("ix_question_attempts_sender_at", "sender", "at"),
        Index("ix_question_attempts_network_at", "network", "at"),
    )

    id: Mapped[PrimaryKey]
    at: Mapped[Moment] = mapped_column(default=now, index=True)
    sender: Mapped[bytes] = mapped_column(LargeBinary(32))
    network: Mapped[str]
