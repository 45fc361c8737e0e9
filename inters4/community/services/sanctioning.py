"""Measures towards a person in a space: a warning, a time without writing, its end before time.

A reason is always given, and the person told. Those who moderate are no one's to sanction: their
role is taken back first.
"""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.models import Act, Membership, Post, Sanction, SanctionKind, Space
from inters4.community.queries.moderators import moderators_of
from inters4.community.services.journaling import must_moderate, note, read_reason
from inters4.community.services.telling_moderated import tell_measure
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import DomainError, NotAllowed
from inters4.core.i18n import _

LONGEST_SUSPENSION = 365


def warn(
    session: Session,
    space: Space,
    member_id: int,
    *,
    reason: str,
    by: Viewer,
    request_id: str = "",
) -> Sanction:
    """Tell a person that they must not go on so.

    Raises:
        NotAllowed: `by` does not moderate the space, or the person does.
        DomainError: no reason is given.
    """
    return _take(
        session,
        space,
        Sanction(space_id=space.id, member_id=member_id, kind=SanctionKind.WARNING, reason=reason),
        Act.WARN,
        by=by,
        request_id=request_id,
    )


def suspend(
    session: Session,
    space: Space,
    member_id: int,
    *,
    days: int | None,
    reason: str,
    by: Viewer,
    request_id: str = "",
) -> Sanction:
    """Let a person read, and not write, for so many days.

    Raises:
        NotAllowed: `by` does not moderate the space, or the person does.
        DomainError: no reason is given, or the days are not from 1 to 365.
    """
    if days is None or not 1 <= days <= LONGEST_SUSPENSION:
        raise DomainError(_("Donnez un nombre de jours, de 1 à 365."), about="jours")
    return _take(
        session,
        space,
        Sanction(
            space_id=space.id,
            member_id=member_id,
            kind=SanctionKind.SUSPENSION,
            reason=reason,
            until=now() + timedelta(days=days),
        ),
        Act.SUSPEND,
        by=by,
        request_id=request_id,
    )


def lift(session: Session, sanction: Sanction, *, by: Viewer, request_id: str = "") -> None:
    """End a suspension before its time; lifted twice, it is lifted once.

    Raises:
        NotAllowed: `by` does not moderate the space.
        DomainError: it is no suspension, or it is over.
    """
    must_moderate(sanction.space_id, by=by)
    if sanction.lifted_at is not None:
        return
    is_suspension = sanction.kind is SanctionKind.SUSPENSION
    if not is_suspension or sanction.until is None or sanction.until <= now():
        raise DomainError(_("Cette mesure n’est plus en vigueur."))
    sanction.lifted_at = now()
    note(
        session,
        Act.LIFT,
        by=by,
        space_id=sanction.space_id,
        member_id=sanction.member_id,
        request_id=request_id,
    )
    tell_measure(session, sanction)


def _take(
    session: Session, space: Space, sanction: Sanction, act: Act, *, by: Viewer, request_id: str
) -> Sanction:
    must_moderate(space.id, by=by)
    sanction.reason = read_reason(sanction.reason)
    if sanction.member_id in moderators_of(session, [space.id])[space.id]:
        raise NotAllowed(
            _("Cette personne anime ou modère l’espace : son rôle est d’abord à reprendre.")
        )
    if not _is_known_here(session, space.id, sanction.member_id):
        raise DomainError(_("Cette personne n’a rien écrit ici et n’en fait pas partie."))
    sanction.by_id = by.member_id
    session.add(sanction)
    session.flush()
    note(
        session,
        act,
        by=by,
        space_id=space.id,
        member_id=sanction.member_id,
        reason=sanction.reason,
        request_id=request_id,
    )
    tell_measure(session, sanction)
    return sanction


def _is_known_here(session: Session, space_id: int, member_id: int) -> bool:
    if session.get(Membership, (space_id, member_id)) is not None:
        return True
    wrote = select(Post.id).where(Post.space_id == space_id, Post.author_id == member_id).limit(1)
    return session.scalar(wrote) is not None
