"""People, the organisations that vouch for them, and the roles they were given."""

import secrets
import unicodedata
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inters4.core.access import Role
from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey, Timestamps
from inters4.members.models.organisations import Organisation


class MemberState(StrEnum):
    """Where an account stands. Only `active` signs in."""

    UNVERIFIED = "unverified"
    PENDING_APPROVAL = "pending_approval"
    ACTIVE = "active"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    DEACTIVATED = "deactivated"
    ERASED = "erased"


def normalise_email(typed: str) -> str:
    """The one spelling of an address under which an account is found."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


class Member(Timestamps, Model):
    """A person who registered.

    Attributes:
        public_id: names the person in addresses and exports; the number never leaves the database.
        email: in its normal spelling, never shown to others.
        password_hash: argon2id; None for an account that no password opens.
        last_active_at: the last sign-in; accounts left alone for two years are anonymised.
        inactivity_told_at: when the person was told so.
    """

    __tablename__ = "members"

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_hex(8))
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    password_changed_at: Mapped[Moment | None]
    state: Mapped[MemberState] = mapped_column(default=MemberState.UNVERIFIED, index=True)
    locale: Mapped[str] = mapped_column(default="fr")
    last_active_at: Mapped[Moment | None]
    inactivity_told_at: Mapped[Moment | None]

    organisations: Mapped[list["MemberOrganisation"]] = relationship(
        lazy="raise", cascade="all, delete-orphan"
    )
    grants: Mapped[list["RoleGrant"]] = relationship(
        lazy="raise",
        cascade="all, delete-orphan",
        foreign_keys="RoleGrant.member_id",
    )

    @property
    def is_active(self) -> bool:
        """True when the account opens sessions."""
        return self.state is MemberState.ACTIVE


class MemberOrganisation(Model):
    """A person says they belong to an organisation; `confirmed_at` is when it agreed."""

    __tablename__ = "member_organisations"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id"), primary_key=True, index=True
    )
    declared_at: Mapped[Moment] = mapped_column(default=now)
    confirmed_at: Mapped[Moment | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise")


def _once(scope: str, columns: tuple[str, ...], *, where: str) -> Index:
    return Index(
        f"uq_role_grants_{scope}",
        "member_id",
        "role",
        *columns,
        unique=True,
        sqlite_where=text(where),
        postgresql_where=text(where),
    )


class RoleGrant(Model):
    """A role given to a person: everywhere, in one organisation or in one space.

    `space_id` has no foreign key: spaces belong to a domain above this one. Null does not equal
    null in a unique constraint, hence one partial index for each scope.
    """

    __tablename__ = "role_grants"
    __table_args__ = (
        CheckConstraint("organisation_id IS NULL OR space_id IS NULL", name="one_scope"),
        _once("platform", (), where="organisation_id IS NULL AND space_id IS NULL"),
        _once("organisation", ("organisation_id",), where="organisation_id IS NOT NULL"),
        _once("space", ("space_id",), where="space_id IS NOT NULL"),
    )

    id: Mapped[PrimaryKey]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    role: Mapped[Role]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    space_id: Mapped[int | None]
    granted_at: Mapped[Moment] = mapped_column(default=now)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))

    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
