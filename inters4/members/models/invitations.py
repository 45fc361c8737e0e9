"""Invitations: to one address, or by a link that several may use."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inters4.core.access import Role
from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey
from inters4.members.models.organisations import Organisation
from inters4.members.models.people import Member

INVITATION_LIFETIME = timedelta(days=14)


class Invitation(Model):
    """Someone who may invites; whoever comes receives what it carries.

    Attributes:
        email: the only address that may use it; empty for a link.
        organisation_id: confirmed on arrival.
        role: never above those of whoever invites, looked at again on arrival.
        space_id: the space that `role` is for; spaces belong to a domain above this one.
        uses: how many came.
    """

    __tablename__ = "invitations"
    __table_args__ = (CheckConstraint("uses <= max_uses", name="not_used_up"),)

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_hex(8))
    seed: Mapped[bytes] = mapped_column(LargeBinary(32), default=lambda: secrets.token_bytes(32))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    email: Mapped[str] = mapped_column(default="", index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    role: Mapped[Role | None]
    space_id: Mapped[int | None]
    max_uses: Mapped[int] = mapped_column(default=1)
    uses: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[Moment] = mapped_column(default=now)
    expires_at: Mapped[Moment] = mapped_column(
        default=lambda: now() + INVITATION_LIFETIME, index=True
    )
    revoked_at: Mapped[Moment | None]
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)

    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    invited_by: Mapped[Member | None] = relationship(lazy="raise")

    def is_live(self, at: datetime) -> bool:
        """True while someone may still come."""
        return self.revoked_at is None and at < self.expires_at and self.uses < self.max_uses


class InvitationUse(Model):
    """Who came by an invitation."""

    __tablename__ = "invitation_uses"

    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    at: Mapped[Moment] = mapped_column(default=now)
