"""Who may write in a space now: they belong to it, or join by writing where anyone may come in."""

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Integer, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from inters4.community.models import (
    JoinPolicy,
    Membership,
    Post,
    Sanction,
    SanctionKind,
    Space,
    Thread,
)
from inters4.community.queries.visibility import moderates
from inters4.community.services.belonging import enter
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.db import Instant
from inters4.core.errors import NotAllowed, TooMany
from inters4.core.i18n import _, format_date

Paces = tuple[tuple[int, timedelta], ...]
PACE: Paces = ((5, timedelta(minutes=2)), (30, timedelta(hours=1)), (100, timedelta(days=1)))
"""How many posts one person writes within a time."""
THREAD_PACE: Paces = ((3, timedelta(minutes=10)), (15, timedelta(days=1)))


def admit(
    session: Session, space: Space, *, by: Viewer, thread: Thread | None = None
) -> Membership:
    """The membership of whoever writes in `space`, which is locked; it begins if it may.

    Raises:
        NotAllowed: the space is archived, the thread locked, the person suspended or banned, or
            they must be let in first.
    """
    if by.member_id is None:
        raise NotAllowed(_("Connectez-vous pour écrire dans cet espace."))
    check_is_open(space)
    if thread is not None and thread.is_locked and not moderates(by, space.id):
        raise NotAllowed(_("Ce fil est verrouillé : personne n’y répond plus."))
    check_sanctions(session, space, by=by)
    belongs = session.get(Membership, (space.id, by.member_id))
    if belongs is not None:
        return belongs
    if not joins_by_writing(space):
        raise NotAllowed(_("Adhérez d’abord à cet espace pour y écrire."))
    return enter(session, space, by.member_id, by=by, how="writing")


def check_belongs(session: Session, space: Space, *, by: Viewer) -> None:
    """Refuse whoever only reads, and whoever may not write now.

    Raises:
        NotAllowed: the space is archived, the person suspended, or not one of its people.
    """
    check_is_open(space)
    check_sanctions(session, space, by=by)
    if session.get(Membership, (space.id, by.member_id)) is None:
        raise NotAllowed(_("Ce geste est pour les personnes qui font partie de l’espace."))


def joins_by_writing(space: Space) -> bool:
    """True where whoever reads may come in by writing."""
    return space.join_policy is JoinPolicy.OPEN and not space.is_private


def check_is_open(space: Space) -> None:
    """Refuse to change what is archived.

    Raises:
        NotAllowed: the space is closed.
    """
    if space.is_archived:
        raise NotAllowed(_("Cet espace est archivé : tout s’y lit, rien ne s’y écrit."))


def check_sanctions(session: Session, space: Space, *, by: Viewer) -> None:
    """Refuse whoever was suspended or banned.

    Raises:
        NotAllowed: they may not write now; the sentence says until when.
    """
    found = session.scalars(
        _sanctions(), {"space": space.id, "member": by.member_id, "at": now()}
    ).all()
    if not found:
        return
    if any(one.kind is SanctionKind.BAN or one.until is None for one in found):
        raise NotAllowed(_("Vous ne pouvez plus écrire dans cet espace."))
    until = max(one.until for one in found if one.until is not None)
    raise NotAllowed(
        _(
            "Vous ne pouvez pas écrire dans cet espace avant le %(day)s.",
            day=format_date(until),
        )
    )


@cache
def _sanctions() -> Select[Sanction]:
    """What keeps somebody from writing in a space at an instant."""
    return (
        select(Sanction)
        .where(
            Sanction.space_id == bindparam("space", type_=Integer()),
            Sanction.member_id == bindparam("member", type_=Integer()),
            Sanction.kind != SanctionKind.WARNING,
            Sanction.lifted_at.is_(None),
            or_(Sanction.until.is_(None), Sanction.until > bindparam("at", type_=Instant())),
        )
        .order_by(Sanction.until.desc())
    )


def check_pace(session: Session, *, by: Viewer, is_thread: bool = False) -> None:
    """Refuse whoever writes faster than people read.

    Raises:
        TooMany: with how long to wait; what was typed stays in the page.
    """
    at = now()
    limits: list[tuple[type[Post | Thread], Paces]] = [(Post, PACE)]
    if is_thread:
        limits.append((Thread, THREAD_PACE))
    for table, paces in limits:
        written = session.scalars(
            _written(table, paces[-1][0]), {"author": by.member_id, "since": at - paces[-1][1]}
        ).all()
        for most, window in paces:
            if len(written) < most or written[most - 1] <= at - window:
                continue
            wait = int((written[most - 1] + window - at).total_seconds()) + 1
            raise TooMany(
                _(
                    "Vous avez beaucoup écrit en peu de temps. Votre texte est gardé : publiez-le "
                    "un peu plus tard."
                ),
                retry_after=max(1, wait),
            )


@cache
def _written(table: type[Post | Thread], most: int) -> Select[datetime]:
    """When somebody wrote since an instant, the latest first."""
    return (
        select(table.created_at)
        .where(
            table.author_id == bindparam("author", type_=Integer()),
            table.created_at > bindparam("since", type_=Instant()),
        )
        .order_by(table.created_at.desc())
        .limit(most)
    )
