"""Secrets sent by mail: one purpose, one use, a short life.

The row keeps a digest and a random seed. The secret itself is made again from the seed and the
installation's key when the message leaves, so that neither the database, the queue of mail nor a
backup holds anything that opens an account.
"""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey


class TokenPurpose(StrEnum):
    """What a secret opens, and nothing else."""

    VERIFY_EMAIL = "verify_email"
    CHANGE_EMAIL = "change_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105
    LINK_IDENTITY = "link_identity"


LIFETIMES = {
    TokenPurpose.VERIFY_EMAIL: timedelta(hours=48),
    TokenPurpose.CHANGE_EMAIL: timedelta(hours=48),
    TokenPurpose.RESET_PASSWORD: timedelta(hours=1),
    TokenPurpose.LINK_IDENTITY: timedelta(hours=1),
}


class MemberToken(Model):
    """A secret sent to a person.

    Attributes:
        seed: what the secret is made of, with the installation's key.
        token_hash: SHA-256 of the secret.
        binding: digest of the address and the password's date when it was made: once one of them
            changes, the secret is dead, whoever changed it.
        data: what the purpose needs, the new address for instance; no secret.
    """

    __tablename__ = "member_tokens"

    id: Mapped[PrimaryKey]
    purpose: Mapped[TokenPurpose]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    seed: Mapped[bytes] = mapped_column(LargeBinary(32), default=lambda: secrets.token_bytes(32))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    binding: Mapped[bytes] = mapped_column(LargeBinary(32))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[Moment] = mapped_column(default=now)
    expires_at: Mapped[Moment] = mapped_column(index=True)
    used_at: Mapped[Moment | None]

    def is_live(self, at: datetime) -> bool:
        """True while it may be used once."""
        return self.used_at is None and at < self.expires_at
