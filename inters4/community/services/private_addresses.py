"""Private addresses of a space: what a program reads unsigned, in the name of one person.

The secret is shown once and kept as a digest. Each reading asks anew what the person may read, so
that an address outlives no right; leaving and narrowing end it besides.
"""

import hashlib
import secrets

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from inters4.community.models import Space, SpaceToken
from inters4.community.queries.access import reads
from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.errors import NotFound
from inters4.core.i18n import _
from inters4.members.queries import load_viewer

CALENDAR, FEED = "calendrier", "fil"
PARAMETER = "cle"
_BYTES, _LONGEST = 24, 100


def open_address(session: Session, space: Space, purpose: str, *, by: Viewer) -> str:
    """A new secret for this person; the one they had before opens nothing any more.

    Raises:
        NotFound: they do not read the space.
    """
    if by.member_id is None or not reads(by, space):
        raise NotFound(_("Cette page n’existe pas."))
    close_address(session, space, purpose, by=by)
    secret = secrets.token_urlsafe(_BYTES)
    session.add(
        SpaceToken(
            space_id=space.id, member_id=by.member_id, purpose=purpose, token_hash=_digest(secret)
        )
    )
    audit.record(
        session, "community.address_opened", by=by, subject=space.container, purpose=purpose
    )
    session.flush()
    return secret


def close_address(session: Session, space: Space, purpose: str, *, by: Viewer) -> bool:
    """End the address of this person; False when there was none."""
    statement = (
        delete(SpaceToken)
        .where(
            SpaceToken.space_id == space.id,
            SpaceToken.member_id == by.member_id,
            SpaceToken.purpose == purpose,
        )
        .returning(SpaceToken.id)
    )
    gone = session.scalars(statement).all()
    if gone:
        audit.record(
            session, "community.address_closed", by=by, subject=space.container, purpose=purpose
        )
    return bool(gone)


def has_address(session: Session, space: Space, purpose: str, *, viewer: Viewer) -> bool:
    """True when this person has an address that works."""
    return viewer.member_id is not None and (
        session.scalar(
            select(SpaceToken.id).where(
                SpaceToken.space_id == space.id,
                SpaceToken.member_id == viewer.member_id,
                SpaceToken.purpose == purpose,
            )
        )
        is not None
    )


def reader_of(session: Session, secret: str, purpose: str) -> tuple[Viewer, Space] | None:
    """In whose name a secret reads which space now; None when it opens nothing."""
    if not 0 < len(secret) <= _LONGEST:
        return None
    row = session.execute(
        select(SpaceToken.member_id, Space)
        .join(Space, Space.id == SpaceToken.space_id)
        .where(SpaceToken.token_hash == _digest(secret), SpaceToken.purpose == purpose)
    ).one_or_none()
    if row is None:
        return None
    viewer = load_viewer(session, row.member_id)
    return (viewer, row.Space) if viewer.is_signed_in and reads(viewer, row.Space) else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
