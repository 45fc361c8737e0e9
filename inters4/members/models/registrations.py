"""What a visitor typed to register, before the address is known to be theirs.

No account exists until the link of the message was used: whether the address already has one is
looked at when the message leaves, so the page does the same work and says the same for all.
"""

import secrets

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey


class Registration(Model):
    """A form that was filled. It becomes an account, or is purged.

    Attributes:
        organisation_id: the organisation that the person names; None for « autre ».
        other_organisation: its name, as typed.
        wants_newsletter: the box was ticked; `consent_text` is what stood beside it.
        invitation_id: the invitation it answers.
        network: mark of the network it came from, by which forms are counted.
        member_id: the account it became.
    """

    __tablename__ = "registrations"
    __table_args__ = (Index("ix_registrations_network_created_at", "network", "created_at"),)

    id: Mapped[PrimaryKey]
    name: Mapped[str]
    email: Mapped[str] = mapped_column(index=True)
    password_hash: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    other_organisation: Mapped[str] = mapped_column(default="")
    wants_newsletter: Mapped[bool] = mapped_column(default=False)
    consent_text: Mapped[str] = mapped_column(default="")
    locale: Mapped[str]
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"))
    network: Mapped[str] = mapped_column(default="")
    seed: Mapped[bytes] = mapped_column(LargeBinary(32), default=lambda: secrets.token_bytes(32))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[Moment] = mapped_column(default=now, index=True)
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
