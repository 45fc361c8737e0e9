"""Requests to be let in, and how often those who decide are written to."""

import secrets
from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inters4.core.clock import local, now
from inters4.core.db import Model, Moment, PrimaryKey
from inters4.core.working_days import add_working_days
from inters4.members.models.organisations import Organisation
from inters4.members.models.people import Member

REMINDED_AFTER, ESCALATED_AFTER = 2, 5
"""In days of work."""


class Decision(StrEnum):
    """How a request ended."""

    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ApprovalRequest(Model):
    """A person says they belong to an organisation, which has to agree.

    Attributes:
        organisation_id: None for an organisation that the portal does not know.
        other_organisation: its name, as typed.
        hinted_id: the organisation that the address suggests.
        is_for_entry: the account waits for it; else only the link with the organisation does.
        reminded_at: when those who decide were reminded.
        escalated_at: when it went to the coordination.
    """

    __tablename__ = "approval_requests"
    __table_args__ = (
        Index(
            "uq_approval_requests_open",
            "member_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
        Index("ix_approval_requests_organisation_id_decided_at", "organisation_id", "decided_at"),
    )

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_hex(8))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    other_organisation: Mapped[str] = mapped_column(default="")
    hinted_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    is_for_entry: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Moment] = mapped_column(default=now)
    reminded_at: Mapped[Moment | None]
    escalated_at: Mapped[Moment | None]
    decided_at: Mapped[Moment | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    decision: Mapped[Decision | None]
    reason: Mapped[str] = mapped_column(default="")

    member: Mapped[Member] = relationship(lazy="raise", foreign_keys=member_id)
    organisation: Mapped[Organisation | None] = relationship(
        lazy="raise", foreign_keys=organisation_id
    )
    hinted: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=hinted_id)
    decided_by: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=decided_by_id)

    @property
    def passed_on(self) -> date:
        """The day on which it goes, or would have gone, to the coordination without an answer."""
        return add_working_days(local(self.created_at).date(), ESCALATED_AFTER)


class ApproverNotice(Model):
    """When a person was last written to about requests: once an hour at most."""

    __tablename__ = "approver_notices"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    at: Mapped[Moment] = mapped_column(default=now)
