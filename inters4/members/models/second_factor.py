"""The second step of signing in: a secret shared with a telephone, codes for the day it is lost."""

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey


class SecondFactor(Model):
    """The secret from which a telephone and the portal make the same codes.

    Attributes:
        sealed: the secret, under the installation's key: a copy of the database opens nothing.
        confirmed_at: when a first code was right; None while it is being set up.
        last_step: the thirty seconds of the last code taken: none is taken twice.
    """

    __tablename__ = "second_factors"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[Moment] = mapped_column(default=now)
    confirmed_at: Mapped[Moment | None]
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Model):
    """A code written down for the day the telephone is lost; it opens once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("member_id", "code_hash"),)

    id: Mapped[PrimaryKey]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    used_at: Mapped[Moment | None]


class SignInChallenge(Model):
    """A password was right; the code is waited for.

    Attributes:
        token_hash: SHA-256 of what the browser holds meanwhile.
        is_remembered: « rester connecté » was ticked.
    """

    __tablename__ = "sign_in_challenges"

    id: Mapped[PrimaryKey]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    is_remembered: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Moment] = mapped_column(default=now)
    expires_at: Mapped[Moment] = mapped_column(index=True)
