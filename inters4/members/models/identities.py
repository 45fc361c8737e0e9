"""Who a person is at the provider of identities, and the ways back that were used."""

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey


class ProviderIdentity(Model):
    """A person of a provider opens an account.

    What names them is (issuer, subject). An address changes hands: it never opens anything alone.

    Attributes:
        subject: the provider's own name of the person, which it never gives to another.
        email: the address it gave when they were linked, by which the person recognises it.
    """

    __tablename__ = "provider_identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[PrimaryKey]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    email: Mapped[str] = mapped_column(default="")
    linked_at: Mapped[Moment] = mapped_column(default=now)
    last_used_at: Mapped[Moment | None]


class ProviderReturn(Model):
    """Someone came back from a provider: with this state, which serves once, or to be refused.

    Attributes:
        state_hash: SHA-256 of the state; of nothing for a refusal.
        network: mark of the network whose return was refused, by which they are counted.
    """

    __tablename__ = "provider_returns"

    state_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    at: Mapped[Moment] = mapped_column(default=now, index=True)
    network: Mapped[str] = mapped_column(default="", server_default="", index=True)
