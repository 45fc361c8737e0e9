"""Secrets sent by mail: made, made again when the message leaves, used once."""

import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select, true
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import DomainError
from inters4.core.i18n import _
from inters4.members.models import Member, MemberToken, SignInChallenge, TokenPurpose
from inters4.members.models.tokens import LIFETIMES
from inters4.members.queries.tokens import binding_of, secret_of_seed, secret_of_token
from inters4.members.services.sessions import digest, revoke_sessions

__all__ = [
    "DeadToken",
    "UsedToken",
    "end_access",
    "find_token",
    "issue_token",
    "purge_tokens",
    "secret_of_token",
    "use_token",
]


class DeadToken(DomainError):
    """The link leads nowhere any more: too old, replaced, or never made here."""

    status = 410


class UsedToken(DeadToken):
    """The link did its work already; asking again changes nothing."""


def issue_token(
    session: Session,
    member: Member,
    purpose: TokenPurpose,
    *,
    lifetime: timedelta | None = None,
    data: Mapping[str, Any] | None = None,
    replaces: ColumnElement[bool] | None = None,
) -> MemberToken:
    """Make a secret for `member`; those of the same purpose that were not used die.

    `replaces` says which of them: all when None.
    The message that carries it is queued with `parameters={"token": row.id}`; `secret_of_token`
    gives the secret when it leaves.
    """
    session.execute(
        delete(MemberToken).where(
            MemberToken.member_id == member.id,
            MemberToken.purpose == purpose,
            MemberToken.used_at.is_(None),
            true() if replaces is None else replaces,
        )
    )
    moment = now()
    row = MemberToken(
        purpose=purpose,
        member_id=member.id,
        seed=secrets.token_bytes(32),
        binding=binding_of(member),
        data=dict(data or {}),
        created_at=moment,
        expires_at=moment + (lifetime or LIFETIMES[purpose]),
    )
    row.token_hash = digest(secret_of_seed(row.seed))
    session.add(row)
    session.flush()
    return row


def find_token(session: Session, secret: str, purpose: TokenPurpose) -> MemberToken:
    """The live row of a secret, for the page with the button; nothing changes.

    Raises:
        UsedToken: it was used; the row's member may be told « déjà confirmé ».
        DeadToken: it is too old, or the address or the password changed since.
    """
    return _live(session, _row(session, secret, purpose, for_update=False))


def use_token(session: Session, secret: str, purpose: TokenPurpose) -> MemberToken:
    """Use a secret, once: of two at the same time, the second is refused.

    Raises:
        UsedToken: it was used.
        DeadToken: it is too old, or the address or the password changed since.
    """
    row = _live(session, _row(session, secret, purpose, for_update=True))
    row.used_at = now()
    return row


def end_access(
    session: Session, member_id: int, *, by: Viewer, except_token: str = "", request_id: str = ""
) -> None:
    """End the sessions of a person, but that of `except_token`, and all that could open another.

    What their letters open goes, and a sign-in that waits for its code.
    """
    revoke_sessions(session, member_id, by=by, except_token=except_token, request_id=request_id)
    for model in (MemberToken, SignInChallenge):
        session.execute(delete(model).where(model.member_id == member_id))


def purge_tokens(session: Session, before: datetime) -> int:
    """Forget the secrets that expired before that instant; say how many there were."""
    statement = delete(MemberToken).where(MemberToken.expires_at < before)
    return len(session.scalars(statement.returning(MemberToken.id)).all())


def _row(
    session: Session, secret: str, purpose: TokenPurpose, *, for_update: bool
) -> MemberToken | None:
    statement = select(MemberToken).where(
        MemberToken.token_hash == digest(secret), MemberToken.purpose == purpose
    )
    if for_update:
        statement = statement.with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).first()


def _live(session: Session, row: MemberToken | None) -> MemberToken:
    if row is None:
        raise DeadToken(_("Ce lien n’est pas complet, ou il a été remplacé par un plus récent."))
    if row.used_at is not None:
        raise UsedToken(_("Ce lien a déjà servi : c’est fait."))
    member = session.get(Member, row.member_id)
    is_bound = member is not None and hmac.compare_digest(row.binding, binding_of(member))
    if not is_bound or not row.is_live(now()):
        raise DeadToken(_("Ce lien ne sert plus : il est trop ancien, ou le compte a changé."))
    return row
