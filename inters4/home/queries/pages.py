"""Pages as readers find them."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.home.models import Page
from inters4.members.models import Organisation


def find_page(session: Session, page_id: str, *, locale: str) -> Page | None:
    """The page in the reader's language, else as it was written first."""
    translation = select(Page).where(Page.translation_of == page_id, Page.language == locale)
    return session.scalars(translation).first() or session.get(Page, page_id)


def find_page_by_slug(session: Session, slug: str) -> Page | None:
    """The page at `/pages/SLUG`."""
    return session.scalars(select(Page).where(Page.slug == slug)).first()


def page_ids(session: Session) -> frozenset[str]:
    """Every permanent id."""
    return frozenset(session.scalars(select(Page.id)))


def owner_of_slug(session: Session, slug: str) -> str | None:
    """The id of the page at `/pages/SLUG`."""
    return session.scalar(select(Page.id).where(Page.slug == slug))


def list_pages(session: Session) -> Sequence[Page]:
    """Every page, originals before their translations."""
    order = (Page.translation_of.is_not(None), Page.id)
    return session.scalars(select(Page).order_by(*order)).all()


def pages_of(session: Session, ids: Sequence[str]) -> Sequence[Page]:
    """Those of `ids` that exist."""
    return session.scalars(select(Page).where(Page.id.in_(ids))).all()


def lock_pages(session: Session, ids: Sequence[str]) -> None:
    """Keep others from changing these pages until the transaction ends."""
    session.execute(select(Page.id).where(Page.id.in_(ids)).with_for_update())


def count_members(session: Session) -> int:
    """How many organisations the Consortium has."""
    is_member = Organisation.is_consortium_member
    return session.scalar(select(func.count()).select_from(Organisation).where(is_member)) or 0
