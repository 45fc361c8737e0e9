"""Reactions of readers to a document, in the terms of the Information Assessment Method (IAM).

A row belongs to a browser, never to a person: it holds a keyed digest of a random number that the
browser keeps, so that a tap can be undone. Both marks are forgotten in time; the counts stay.
"""

from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.db import Model, PrimaryKey, Timestamps


class Answer(StrEnum):
    """What a reader answers to « Utile pour ma pratique? »."""

    YES = "yes"
    NOT_YET = "not-yet"
    NO = "no"


class Learned(StrEnum):
    """What reading it did, when the reader wishes to say."""

    NEW = "new"
    CONFIRMED = "confirmed"
    REMINDED = "reminded"
    DISAGREED = "disagreed"


class Use(StrEnum):
    """What the reader intends to do with it."""

    CHANGE = "change"
    DISCUSS = "discuss"
    JUSTIFY = "justify"
    NONE = "none"


class Benefit(StrEnum):
    """What the reader expects of it for people."""

    HEALTH = "health"
    FEWER_STEPS = "fewer-steps"
    EXPERIENCE = "experience"
    NONE = "none"


class Reaction(Timestamps, Model):
    """What one browser said of one document.

    Attributes:
        kind, document_id: the document, as search knows it.
        browser: keyed digest of the number that the browser keeps; None once forgotten.
        network: keyed mark of the network of the first tap; None once forgotten.
        is_harmful: « potentiellement nuisible ».
        read_in: public id of the item of an issue in which the browser read it when it first said
            something; empty elsewhere.
    """

    __tablename__ = "reactions"
    __table_args__ = (
        UniqueConstraint("kind", "document_id", "browser"),
        Index("ix_reactions_network", "network", "created_at"),
    )

    id: Mapped[PrimaryKey]
    kind: Mapped[str]
    document_id: Mapped[str]
    browser: Mapped[str | None]
    network: Mapped[str | None]
    answer: Mapped[Answer | None]
    is_harmful: Mapped[bool] = mapped_column(default=False)
    read_in: Mapped[str] = mapped_column(default="", index=True)
    learned: Mapped[Learned | None]
    use: Mapped[Use | None]
    benefit: Mapped[Benefit | None]
