"""Addresses that change. A document keeps its former slugs, so that no link to it dies."""

import re
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from indexer.analysis import fold
from inters4.core.values import dataclass

_LONGEST = 60


def identifier_from(title: str) -> str:
    """« L’hôpital à domicile » -> `l-hopital-a-domicile`; empty when nothing of it can stand."""
    words = re.findall(r"[a-z0-9]+", fold(title))
    found = ""
    for word in words:
        if found and len(found) + len(word) >= _LONGEST:
            break
        found = f"{found}-{word}" if found else word[:_LONGEST]
    return found


@dataclass(frozen=True, slots=True)
class SlugHistory:
    """The slugs of one kind of document.

    Attributes:
        model: the document, with `id` and `slug`.
        former: the slugs left, each known by its `slug`.
        owner: attribute of `former` that holds the id of the document.
    """

    model: type[Any]
    former: type[Any]
    owner: str

    def owner_of(self, session: Session, slug: str) -> str | None:
        """The id of the document that has, or had, this slug."""
        present = session.scalar(select(self.model.id).where(self.model.slug == slug))
        return present or session.scalar(select(self._owner).where(self.former.slug == slug))

    def present(self, session: Session, slug: str, condition: ColumnElement[bool]) -> str | None:
        """The present slug of the document that had this one, if it meets `condition`."""
        return session.scalars(
            select(self.model.slug)
            .join(self.former, self._owner == self.model.id)
            .where(self.former.slug == slug, condition)
        ).first()

    def move(self, session: Session, document: Any, slug: str) -> None:
        """Give `document` another slug, and keep the one it leaves."""
        if document.slug == slug:
            return
        again = session.get(self.former, slug)
        if again is not None:
            session.delete(again)
        session.add(self.former(slug=document.slug, **{self.owner: document.id}))
        document.slug = slug

    @property
    def _owner(self) -> ColumnElement[str]:
        column: ColumnElement[str] = getattr(self.former, self.owner)
        return column
