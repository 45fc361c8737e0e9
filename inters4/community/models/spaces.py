"""Spaces, who belongs to them, and how one comes in and out."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, inspect, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey, Timestamps, Versioned
from inters4.core.outbox import AltersDocuments, DocumentRef
from inters4.core.richtext import RichColumns

THREAD_KIND, MEETING_KIND = "fil", "rencontre"
_DOCUMENTS = ((THREAD_KIND, "threads", "id"), (MEETING_KIND, "meetings", "public_id"))


class Visibility(StrEnum):
    """Who reads a space. Posting is for those who belong to it, whatever its visibility."""

    PUBLIC = "public"
    MEMBERS = "members"
    PRIVATE_LISTED = "private-listed"
    PRIVATE_HIDDEN = "private-hidden"


PRIVATE = frozenset({Visibility.PRIVATE_LISTED, Visibility.PRIVATE_HIDDEN})
OPENNESS = tuple(reversed(Visibility))
"""From the narrowest to the widest: narrowing takes effect at once, widening asks first."""


class JoinPolicy(StrEnum):
    """How one comes in."""

    OPEN = "open"
    REQUEST = "request"
    INVITATION = "invitation"


class SpaceStage(StrEnum):
    """The life of a community. What is closed is archived: everything is read, nothing written."""

    POTENTIAL = "potential"
    ACTIVE = "active"
    DORMANT = "dormant"
    CLOSED = "closed"


class Level(StrEnum):
    """How closely a person follows a space or a thread."""

    FOLLOWED = "followed"
    NORMAL = "normal"
    MUTED = "muted"


class Space(RichColumns, AltersDocuments, Timestamps, Versioned, Model):
    """A community of practice; `source` presents it to whoever may see that it exists.

    Attributes:
        id: names the container of its documents, `space:12`; never in an address.
        slug: its address, `/communaute/SLUG`; that of a space made hidden cannot be guessed.
        name: two spaces may share one: a refusal would tell that a hidden one exists.
        purpose: what it is for, in a sentence or two.
        themes: vocabulary ids.
        scope: who it is for: which teams, which territory.
        sponsor: who supports it and answers for its means.
        charter: answers to the guided questions, by the name of the question.
        rhythm: how often it meets, in words.
        last_seq: the number of its newest post among all of its posts, in the order in which they
            were committed: what « tout marquer comme lu » remembers.
        first_posts: how many posts of a newcomer wait for approval; 0 for none.
        is_discreet: notices and digests say that something is new, never what.
    """

    __tablename__ = "spaces"

    id: Mapped[PrimaryKey]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    purpose: Mapped[str] = mapped_column(default="")
    themes: Mapped[list[str]] = mapped_column(JSON, default=list)
    scope: Mapped[str] = mapped_column(default="")
    facilitator_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    sponsor: Mapped[str] = mapped_column(default="")
    charter: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    rhythm: Mapped[str] = mapped_column(default="")
    stage: Mapped[SpaceStage] = mapped_column(default=SpaceStage.POTENTIAL)
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.MEMBERS)
    join_policy: Mapped[JoinPolicy] = mapped_column(default=JoinPolicy.OPEN)
    last_seq: Mapped[int] = mapped_column(default=0)
    first_posts: Mapped[int] = mapped_column(default=0)
    is_discreet: Mapped[bool] = mapped_column(default=False)

    @property
    def is_archived(self) -> bool:
        """True when everything in it is read and nothing is written."""
        return self.stage is SpaceStage.CLOSED

    @property
    def is_private(self) -> bool:
        """True when only those who belong to it read it."""
        return self.visibility in PRIVATE

    @property
    def container(self) -> str:
        """The audience of its documents; it says nothing of the visibility."""
        return f"space:{self.id}"

    def search_dependents(self, session: Session) -> Iterable[DocumentRef]:
        """Its threads and meetings, when their documents show something that changed."""
        if not self._has_another_face():
            return
        for kind, table, name in _DOCUMENTS:
            rows = Model.metadata.tables[table].c
            for identifier in session.scalars(select(rows[name]).where(rows.space_id == self.id)):
                yield DocumentRef(kind, str(identifier))

    def _has_another_face(self) -> bool:
        attributes = inspect(self).attrs
        return any(attributes[name].history.has_changes() for name in ("slug", "name", "themes"))


class SpaceFormerSlug(Model):
    """An address that a space has left; it leads to the present one."""

    __tablename__ = "space_former_slugs"

    slug: Mapped[str] = mapped_column(primary_key=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id", ondelete="CASCADE"), index=True)


class Membership(Model):
    """A person belongs to a space.

    Attributes:
        approved_posts: how many of their first posts were let through.
    """

    __tablename__ = "memberships"

    space_id: Mapped[int] = mapped_column(
        ForeignKey("spaces.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    joined_at: Mapped[Moment] = mapped_column(default=now)
    approved_posts: Mapped[int] = mapped_column(default=0)


class RequestState(StrEnum):
    """Where a request to join stands."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_PENDING = text("state = 'pending'")


class JoinRequest(Model):
    """Someone asks to join; one request at a time waits.

    Attributes:
        reason: why it was refused, told to the person.
        reminded_at: when facilitator and deputy were told again.
        escalated_at: when the coordination was told.
    """

    __tablename__ = "join_requests"
    __table_args__ = (
        Index(
            "uq_join_requests_pending",
            "space_id",
            "member_id",
            unique=True,
            sqlite_where=_PENDING,
            postgresql_where=_PENDING,
        ),
    )

    id: Mapped[PrimaryKey]
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    message: Mapped[str] = mapped_column(default="")
    state: Mapped[RequestState] = mapped_column(default=RequestState.PENDING)
    reason: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[Moment] = mapped_column(default=now)
    decided_at: Mapped[Moment | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    reminded_at: Mapped[Moment | None]
    escalated_at: Mapped[Moment | None]


class SpaceInvitation(Model):
    """A registered person is invited; they accept or decline."""

    __tablename__ = "space_invitations"
    __table_args__ = (UniqueConstraint("space_id", "member_id"),)

    id: Mapped[PrimaryKey]
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    message: Mapped[str] = mapped_column(default="")
    invited_at: Mapped[Moment] = mapped_column(default=now)


class SpaceToken(Model):
    """A private address of a feed or calendar of a space, which a reader program uses unsigned.

    It ends in the transaction that ends the person's right to read.

    Attributes:
        purpose: `fil` or `calendrier`.
        token_hash: SHA-256 of the secret in the address.
    """

    __tablename__ = "space_tokens"
    __table_args__ = (UniqueConstraint("space_id", "member_id", "purpose"),)

    id: Mapped[PrimaryKey]
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    purpose: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[Moment] = mapped_column(default=now)
