"""How an account came to stand where it stands, and what a person agreed to."""

from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey
from inters4.members.models.people import MemberState


class StateChange(Model):
    """An account went from one state to another: when, by whom, why.

    Attributes:
        from_state: None for the first.
        by_id: None when nobody in particular decided: the person themselves, or the portal.
    """

    __tablename__ = "member_state_changes"

    id: Mapped[PrimaryKey]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    at: Mapped[Moment] = mapped_column(default=now)
    from_state: Mapped[MemberState | None]
    to_state: Mapped[MemberState]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    reason: Mapped[str] = mapped_column(default="")


class ConsentPurpose(StrEnum):
    """What a consent is for."""

    NEWSLETTER = "newsletter"
    DIRECTORY = "directory"


class ConsentText(Model):
    """The words of a consent, exactly as people read them; a changed word is another row."""

    __tablename__ = "consent_texts"
    __table_args__ = (UniqueConstraint("purpose", "digest"),)

    id: Mapped[PrimaryKey]
    purpose: Mapped[ConsentPurpose]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    locale: Mapped[str]
    text: Mapped[str]
    first_used_at: Mapped[Moment] = mapped_column(default=now)


class Consent(Model):
    """Someone agreed, or took it back. Rows are only ever added.

    Attributes:
        subject: keyed digest of the address: proves what was agreed to, tells nobody to whom.
        member_id: emptied when the person is erased.
        source: the page or the command, `/inscription` for instance.
    """

    __tablename__ = "consents"

    id: Mapped[PrimaryKey]
    at: Mapped[Moment] = mapped_column(default=now)
    subject: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    text_id: Mapped[int] = mapped_column(ForeignKey("consent_texts.id"))
    is_given: Mapped[bool]
    source: Mapped[str] = mapped_column(default="")

    text: Mapped[ConsentText] = relationship(lazy="raise")


class MemberPreference(Model):
    """What a person chose about the portal, or put aside: one value for each name."""

    __tablename__ = "member_preferences"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[object] = mapped_column(JSON)
    set_at: Mapped[Moment] = mapped_column(default=now, onupdate=now)
