"""Terms and synonyms. Everything else names a term by its scheme and its permanent id.

No other table has a foreign key here: a term that leaves the vocabulary must not take with it
what people wrote, it is shown by its id until someone classifies again. Here, a term only leaves
once nothing names it: whatever bears it is carried to another first.
"""

import secrets
from enum import StrEnum

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey, Timestamps, Versioned

OPEN_SCHEMES = ("themes", "settings", "populations", "professions", "regions")
"""Lists that the coordination shapes. The others are scales and frames of reference: their words
may be corrected, their degrees are those of the sources."""


class Term(Timestamps, Versioned, Model):
    """A term of one scheme; a dot in its id makes a hierarchy.

    Attributes:
        definition_fr: what a reader is told who asks what the term means.
        rank: place on a scale, for the schemes that are one.
        source: where the term comes from; `a-valider` while nobody has confirmed it.
    """

    __tablename__ = "terms"

    scheme: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    fr: Mapped[str]
    en: Mapped[str] = mapped_column(default="")
    definition_fr: Mapped[str] = mapped_column(default="")
    rank: Mapped[int | None]
    position: Mapped[int]
    source: Mapped[str] = mapped_column(default="")


class FormerTerm(Model):
    """An id that a term left: it was moved, or carried to another. Links and files still name it.

    Attributes:
        present: the id of the term that stands for it; it is in the vocabulary.
    """

    __tablename__ = "former_terms"

    scheme: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    present: Mapped[str]
    since: Mapped[Moment] = mapped_column(default=now)


class SynonymMode(StrEnum):
    """How the forms of a group stand for each other in a search.

    Guarded acronyms expand only when typed in capitals; a one-way group goes from its precise
    forms to the general one, the first of each language.
    """

    TWO_WAY = "two-way"
    GUARDED = "guarded"
    ONE_WAY = "one-way"


class SynonymGroup(Timestamps, Versioned, Model):
    """Forms that mean the same: acronyms, French and English words. Read whole, never searched."""

    __tablename__ = "synonym_groups"

    id: Mapped[str] = mapped_column(primary_key=True)
    abbr: Mapped[list[str]] = mapped_column(JSON, default=list)
    fr: Mapped[list[str]] = mapped_column(JSON, default=list)
    en: Mapped[list[str]] = mapped_column(JSON, default=list)
    mode: Mapped[SynonymMode] = mapped_column(default=SynonymMode.TWO_WAY)
    broader: Mapped[list[str]] = mapped_column(JSON, default=list)
    position: Mapped[int]
    source: Mapped[str] = mapped_column(default="")


class VocabularyRevision(Model):
    """The single row that changes with the vocabulary, so that caches know when to read it again.

    `token` is random: a revision of one database is never taken for one of another.
    """

    __tablename__ = "vocabulary_revisions"

    id: Mapped[PrimaryKey]
    token: Mapped[str] = mapped_column(default=lambda: secrets.token_hex(8))
