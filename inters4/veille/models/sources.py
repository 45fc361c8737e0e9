"""Where findings come from, and what the last visits to each source taught.

The truth of polling is in these rows: when a source is next due, what to send back to its server,
how many visits failed in a row. Whoever polls holds a lease, so that nobody polls the same twice.
"""

import secrets
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inters4.core.db import Model, Moment, PrimaryKey, Timestamps, Versioned


class SourceKind(StrEnum):
    """How a source is read; only the first two are polled."""

    FEED = "feed"
    PUBMED = "pubmed"
    PAGE = "page"
    MAIL = "mail"
    REFERENCES = "references"


POLLED = frozenset({SourceKind.FEED, SourceKind.PUBMED})
"""Kinds that the portal visits by itself; the others are filled by hand."""


SEEN_TO_MOVE = 2
"""Visits in a row that the same new address takes before it is proposed."""
MOVE_REFUSED = -1
"""In place of their number, once the team said no."""


class SourceState(StrEnum):
    """Whether a source is visited."""

    ACTIVE = "active"
    PAUSED = "paused"
    GONE = "gone"


class SourceTheme(Model):
    """A theme that what comes from the source is given; an id of the vocabulary."""

    __tablename__ = "source_themes"

    source_id: Mapped[int] = mapped_column(
        ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True
    )
    theme: Mapped[str] = mapped_column(primary_key=True, index=True)
    position: Mapped[int]


class Source(Versioned, Timestamps, Model):
    """A source of a watch.

    Attributes:
        public_id: names it in addresses.
        url: of the feed, or of the page that is read by hand; empty for mails and references.
        site_url: the page of which the feed is the news.
        category: path of folders it stood in when it was imported, outermost first.
        state: `gone` when its server said 410.
        etag, last_modified: to send back at the next visit.
        body_digest: of the last body read: the same body is not parsed again.
        next_check_at: when it is due; None for what is not polled.
        lease_until: someone is visiting it until then.
        interval_minutes: the last interval chosen, for the adaptive one.
        failures: visits that failed in a row; `failing_since` is the first of them.
        failure: what the last failed visit said, as a short code with its details, so that it is
            worded in the language of whoever reads.
        moved_to: the address that 301 or 308 gave, `moved_seen` how many visits in a row,
            `MOVE_REFUSED` once the team said no.
        told_at: when the team was told that it fails.
    """

    __tablename__ = "sources"
    __table_args__ = (
        UniqueConstraint("watch_id", "url_key"),
        Index("ix_sources_due", "state", "next_check_at"),
    )

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_hex(6))
    watch_id: Mapped[int] = mapped_column(ForeignKey("watches.id", ondelete="CASCADE"))
    kind: Mapped[SourceKind]
    name: Mapped[str]
    url: Mapped[str] = mapped_column(default="")
    url_key: Mapped[str | None]
    site_url: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    category: Mapped[list[str]] = mapped_column(JSON, default=list)
    state: Mapped[SourceState] = mapped_column(default=SourceState.ACTIVE)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)

    etag: Mapped[str] = mapped_column(default="")
    last_modified: Mapped[str] = mapped_column(default="")
    body_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    next_check_at: Mapped[Moment | None]
    lease_until: Mapped[Moment | None]
    interval_minutes: Mapped[int] = mapped_column(default=60)
    last_check_at: Mapped[Moment | None]
    last_success_at: Mapped[Moment | None]
    last_new_at: Mapped[Moment | None]
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[Moment | None]
    failure: Mapped[str] = mapped_column(default="")
    moved_to: Mapped[str] = mapped_column(default="")
    moved_seen: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[Moment | None]

    themes: Mapped[list[SourceTheme]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by=SourceTheme.position
    )

    @property
    def has_moved(self) -> bool:
        """True while another address is proposed."""
        return bool(self.moved_to) and self.moved_seen >= SEEN_TO_MOVE
