"""The newsletter, its issues, what an issue holds.

An issue goes from draft to sent; the archive that everyone reads is the same row. Its items name
sheets and summaries by their permanent id and show them as they are now: a summary retracted
since then is told as such in every issue that cited it.
"""

import secrets
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey
from inters4.core.outbox import AltersDocuments, DocumentRef, Searchable
from inters4.core.richtext import RichColumns
from inters4.core.wholes import PartOf, Whole
from inters4.practices.models import Practice
from inters4.veille.models import Summary

KIND = "numero"


class IssueState(StrEnum):
    """Where an issue stands."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"


READABLE = frozenset({IssueState.SENDING, IssueState.PAUSED, IssueState.SENT, IssueState.ARCHIVED})
"""States in which everyone reads the issue and search finds it: from its first message on."""
MOST_PEOPLE = 10_000_000
"""Most people to whom an issue may be said to have gone outside the portal."""
EDITABLE = frozenset({IssueState.DRAFT, IssueState.IN_REVIEW, IssueState.APPROVED})
"""States in which its words may change; a change brings it back to draft."""
_DECIDED = frozenset({IssueState.IN_REVIEW, IssueState.APPROVED})


class ItemKind(StrEnum):
    """What an item of an issue is."""

    HEADING = "heading"
    TEXT = "text"
    SUMMARY = "summary"
    PRACTICE = "practice"
    LINK = "link"
    EVENT = "event"
    QUESTION = "question"


class Newsletter(RichColumns, AltersDocuments, Whole, Model):
    """A newsletter; `source` presents it.

    Attributes:
        id: permanent text id, and its address.
        rhythm: how often it comes out, in words.
        themes: vocabulary ids; read whole, so that they need no table.
        sender: the name that its messages bear; the installation's when empty.
        reply_to: where answers go; the installation's address when empty.
        postal_address: who sends and where they are, several lines: the law wants it (LCAP).
    """

    __tablename__ = "newsletters"

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    language: Mapped[str] = mapped_column(default="fr")
    description: Mapped[str]
    rhythm: Mapped[str] = mapped_column(default="")
    themes: Mapped[list[str]] = mapped_column(JSON, default=list)
    sender: Mapped[str] = mapped_column(default="")
    reply_to: Mapped[str] = mapped_column(default="")
    postal_address: Mapped[str] = mapped_column(default="")

    def search_dependents(self, session: Session) -> Iterable[DocumentRef]:
        """Its issues: each shows its title and bears its themes."""
        ids = session.scalars(select(Issue.id).where(Issue.newsletter_id == self.id))
        return [DocumentRef(KIND, issue_id) for issue_id in ids]


class IssueItem(RichColumns, AltersDocuments, PartOf, Model):
    """One thing in an issue; `source` is what the team says of it, or the free block itself.

    It keeps its names when the items are put in another order: reactions and counts of clicks
    name it.

    Attributes:
        public_id: names it in addresses.
        themes: vocabulary ids, for what has none of its own: a link, an event, a block.
    """

    __tablename__ = "issue_items"
    part_of: ClassVar[str] = "issue_id"

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_hex(6))
    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"), index=True)
    position: Mapped[int]
    kind: Mapped[ItemKind]
    summary_id: Mapped[str | None] = mapped_column(ForeignKey("summaries.id"), index=True)
    practice_id: Mapped[str | None] = mapped_column(ForeignKey("practices.id"), index=True)
    title: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")
    themes: Mapped[list[str]] = mapped_column(JSON, default=list)

    summary: Mapped[Summary | None] = relationship(lazy="raise")
    practice: Mapped[Practice | None] = relationship(lazy="raise")

    @property
    def address(self) -> str:
        """Where it leads by itself: to the article, for a summary; needs what it cites loaded."""
        return self.summary.article_url if self.summary is not None else self.url

    def search_dependents(self, session: Session) -> Iterable[DocumentRef]:  # noqa: ARG002
        """The issue, which an item has from the moment it is in one."""
        return (DocumentRef(KIND, self.issue_id),)


class Issue(RichColumns, Searchable, Whole, Model):
    """An issue of a newsletter; `source` is its opening word.

    Attributes:
        id: permanent text id, `NEWSLETTER-NUMBER`.
        description: what lists and the preview of the message say.
        correction: what was wrong, told at the top.
        subject: the subject of the message; the title when empty.
        author_id: who makes it, and therefore does not approve it.
        send_at: when it is to leave.
        audience: who receives it, by list: `themes`, `languages`, `organisations` (permanent ids),
            `roles`, `frequencies`; a list that is empty or absent leaves nobody out.
        erratum_of_id: the issue that this one corrects; its readers are those of that issue.
        instance: the installation that was told to send it; another one asks a person first.
        sent_elsewhere: how many people received it outside the portal, None when sent here.
        held_for: why it waits for a person though its hour has come; empty when it does not.
    """

    __tablename__ = "issues"
    __table_args__ = (UniqueConstraint("newsletter_id", "number"),)
    document_kind: ClassVar[str] = KIND

    id: Mapped[str] = mapped_column(primary_key=True)
    newsletter_id: Mapped[str] = mapped_column(ForeignKey("newsletters.id"))
    number: Mapped[int]
    title: Mapped[str]
    description: Mapped[str]
    state: Mapped[IssueState] = mapped_column(index=True)
    published_at: Mapped[Moment | None]
    correction: Mapped[str] = mapped_column(default="")
    subject: Mapped[str] = mapped_column(default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    send_at: Mapped[Moment | None] = mapped_column(index=True)
    audience: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    erratum_of_id: Mapped[str | None] = mapped_column(ForeignKey("issues.id"), index=True)
    instance: Mapped[str] = mapped_column(default="")
    sent_elsewhere: Mapped[int | None]
    held_for: Mapped[str] = mapped_column(default="")

    newsletter: Mapped[Newsletter] = relationship(lazy="raise")
    items: Mapped[list[IssueItem]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by=IssueItem.position
    )

    @property
    def document_id(self) -> str:
        """The permanent id."""
        return self.id

    @property
    def is_readable(self) -> bool:
        """True when everyone may read the issue."""
        return self.state in READABLE

    @property
    def is_overdue(self) -> bool:
        """True when its hour went by while people were still deciding."""
        return self.state in _DECIDED and self.send_at is not None and self.send_at <= now()

    @property
    def was_never_sent(self) -> bool:
        """True of an issue shown on the web that the portal sent to nobody."""
        return self.state is IssueState.ARCHIVED
