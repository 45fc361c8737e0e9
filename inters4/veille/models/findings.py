"""What sources brought: one finding however often it is seen, and by whom it is being sorted.

A finding is known by its keys. Keys outlive it: what was refused and then forgotten leaves keys
without a finding, so that it never comes back as new.
"""

import hashlib
import secrets
from datetime import date
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey, Timestamps, Versioned
from inters4.veille.models.states import OpenAccess

UNSORTED_KEPT_DAYS = 365
"""What nobody sorted for so long is forgotten, its keys aside."""


class FindingState(StrEnum):
    """Where a finding stands. Once a summary is begun, the summary says the rest."""

    NEW = "new"
    LATER = "later"
    KEPT = "kept"
    ASSIGNED = "assigned"
    SUMMARISED = "summarised"
    DISCARDED = "discarded"


UNSORTED = frozenset({FindingState.NEW, FindingState.LATER})
"""Nobody has decided yet."""


class DiscardReason(StrEnum):
    """Why a finding is not kept."""

    OFF_THEME = "off-theme"
    OFF_CONTEXT = "off-context"
    DUPLICATE = "duplicate"
    QUALITY = "quality"
    PREDATORY = "predatory"
    TOO_OLD = "too-old"
    NO_ACCESS = "no-access"
    OTHER = "other"


class KeyKind(StrEnum):
    """How a finding is recognised, the surest first; the last only suggests."""

    DOI = "doi"
    PMID = "pmid"
    URL = "url"
    GUID = "guid"
    LIKENESS = "likeness"


class FindingTheme(Model):
    """The finding is about a theme; an id of the vocabulary."""

    __tablename__ = "finding_themes"

    finding_id: Mapped[int] = mapped_column(
        ForeignKey("findings.id", ondelete="CASCADE"), primary_key=True
    )
    theme: Mapped[str] = mapped_column(primary_key=True, index=True)
    position: Mapped[int]


class FindingLabel(Model):
    """A word that a rule, or someone, put on the finding."""

    __tablename__ = "finding_labels"

    finding_id: Mapped[int] = mapped_column(
        ForeignKey("findings.id", ondelete="CASCADE"), primary_key=True
    )
    label: Mapped[str] = mapped_column(primary_key=True, index=True)


class Finding(Versioned, Timestamps, Model):
    """An article, report or page that a source brought.

    Attributes:
        public_id: names it in addresses.
        watch_id: the watch whose source brought it first; the others see it through sightings.
        title, abstract: plain text; the abstract is for the team alone.
        authors: as the source names them, in order.
        published_on: the day, or the first day of what is known of it; `year` when only that is.
        doi, pmid: normalised, empty when unknown.
        url: where it is read, tracking parameters taken off.
        design: id of the vocabulary; `country` an ISO code.
        reason: why it was discarded, `note` in the words of whoever did.
        owner_id: who claimed it, or was given it; `claimed_at` since when.
        decided_by_id: who kept or discarded it; nobody when a rule did.
        summary_id: the summary that tells it.
        like_id: another finding that it may duplicate; its own number once someone said that it
            is no duplicate, so that nothing is suggested again.
        search_text: what the box of the desk searches, folded: title, authors, journal, ids.
    """

    __tablename__ = "findings"
    __table_args__ = (
        Index("ix_findings_desk", "state", "first_seen_at", "id"),
        Index("ix_findings_watch", "watch_id", "state", "first_seen_at"),
        Index("ix_findings_owner", "owner_id", "state"),
    )

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_hex(6))
    watch_id: Mapped[int] = mapped_column(ForeignKey("watches.id", ondelete="CASCADE"))
    state: Mapped[FindingState] = mapped_column(default=FindingState.NEW)
    title: Mapped[str]
    authors: Mapped[list[str]] = mapped_column(JSON, default=list)
    journal: Mapped[str] = mapped_column(default="")
    published_on: Mapped[date | None]
    year: Mapped[int | None]
    volume: Mapped[str] = mapped_column(default="")
    number: Mapped[str] = mapped_column(default="")
    pages: Mapped[str] = mapped_column(default="")
    doi: Mapped[str] = mapped_column(default="")
    pmid: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    abstract: Mapped[str] = mapped_column(default="")
    open_access: Mapped[OpenAccess] = mapped_column(default=OpenAccess.UNKNOWN)
    design: Mapped[str] = mapped_column(default="", index=True)
    country: Mapped[str] = mapped_column(default="")
    reason: Mapped[DiscardReason | None]
    note: Mapped[str] = mapped_column(default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    claimed_at: Mapped[Moment | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    decided_at: Mapped[Moment | None]
    summary_id: Mapped[str | None] = mapped_column(
        ForeignKey("summaries.id", ondelete="SET NULL"), index=True
    )
    like_id: Mapped[int | None] = mapped_column(
        ForeignKey("findings.id", ondelete="SET NULL"), index=True
    )
    first_seen_at: Mapped[Moment] = mapped_column(default=now)
    last_seen_at: Mapped[Moment] = mapped_column(default=now)
    search_text: Mapped[str] = mapped_column(default="")

    themes: Mapped[list[FindingTheme]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by=FindingTheme.position
    )
    labels: Mapped[list[FindingLabel]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by=FindingLabel.label
    )
    sightings: Mapped[list["Sighting"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Sighting.seen_at"
    )

    @property
    def is_unsorted(self) -> bool:
        """True while nobody has decided."""
        return self.state in UNSORTED

    @property
    def suggested_id(self) -> int | None:
        """The finding that it may duplicate, while nobody has decided."""
        return self.like_id if self.like_id != self.id else None

    @property
    def stamp(self) -> str:
        """Changes with what people decide of the finding, and not with what sources bring."""
        said = (self.state, self.reason, self.owner_id, self.claimed_at, self.decided_at)
        return hashlib.blake2b(repr(said).encode(), digest_size=4).hexdigest()


class FindingKey(Model):
    """One way of recognising a finding; without a finding, the tombstone of one.

    Attributes:
        value: normalised; a GUID begins with the public id of its source, being unique there only.
        buried_at: when what it named was forgotten.
    """

    __tablename__ = "finding_keys"

    kind: Mapped[KeyKind] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    finding_id: Mapped[int | None] = mapped_column(
        ForeignKey("findings.id", ondelete="SET NULL"), index=True
    )
    buried_at: Mapped[Moment | None] = mapped_column(index=True)


class Sighting(Model):
    """A source showed a finding: once, however often it repeats it.

    Attributes:
        guid: as the source gives it; the address when it gives none.
    """

    __tablename__ = "sightings"
    __table_args__ = (UniqueConstraint("source_id", "finding_id"),)

    id: Mapped[PrimaryKey]
    finding_id: Mapped[int] = mapped_column(
        ForeignKey("findings.id", ondelete="CASCADE"), index=True
    )
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id", ondelete="CASCADE"))
    guid: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")
    seen_at: Mapped[Moment] = mapped_column(default=now)
