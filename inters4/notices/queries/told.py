"""What waits for a person, and what it says now."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import Session

from inters4.core.hooks import hooks
from inters4.core.notices import Noticed, Told
from inters4.core.paging import Page, read_page
from inters4.notices.models import Notice


def unread_count(member: ColumnElement[int]) -> ScalarSelect[int]:
    """How many notices a person has not read, as a part of another statement."""
    return (
        select(func.count())
        .select_from(Notice)
        .where(Notice.member_id == member, Notice.read_at.is_(None))
        .scalar_subquery()
    )


def list_notices(session: Session, member_id: int, *, page: int = 1) -> Page[Notice]:
    """A page of a person's notices: unread ones first, then the latest."""
    return read_page(
        session,
        select(Notice)
        .where(Notice.member_id == member_id)
        .order_by(Notice.read_at.is_not(None), Notice.id.desc()),
        page,
    )


def find_notice(session: Session, public_id: str, *, member_id: int) -> Notice | None:
    """A notice of this very person."""
    return session.scalars(
        select(Notice).where(Notice.public_id == public_id, Notice.member_id == member_id)
    ).first()


def words_of(session: Session, notices: Iterable[Notice]) -> dict[int, Told]:
    """What notices say now, by number: one call a kind, in the language in force.

    Those that their recipients may no longer read are left out.
    """
    by_kind: dict[str, list[Noticed]] = {}
    for one in notices:
        noticed = Noticed(one.id, one.member_id, one.subject, one.facts)
        by_kind.setdefault(one.kind, []).append(noticed)
    found: dict[int, Told] = {}
    for name, some in by_kind.items():
        kind = hooks.notice_kinds.get(name)
        if kind is not None:
            found.update(kind.tell(session, some))
    return found
