"""A forgotten password, asked for by an address that may be nobody's.

The row is the same whether the address has an account or not: that is looked at when the message
leaves, so the page does the same work and says the same for all.
"""

import secrets

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey


class PasswordReset(Model):
    """Someone wants another password for an address.

    Attributes:
        seed: what the secret of the link is made of, with the installation's key.
        token_hash: SHA-256 of that secret.
        network: mark of the network that asked, by which demands are counted.
    """

    __tablename__ = "password_resets"

    id: Mapped[PrimaryKey]
    email: Mapped[str] = mapped_column(index=True)
    seed: Mapped[bytes] = mapped_column(LargeBinary(32), default=lambda: secrets.token_bytes(32))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    network: Mapped[str] = mapped_column(default="", index=True)
    created_at: Mapped[Moment] = mapped_column(default=now)
    expires_at: Mapped[Moment] = mapped_column(index=True)
    used_at: Mapped[Moment | None]
