"""Pages about the portal: who, why, privacy, accessibility, help."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.db import Model, Timestamps
from inters4.core.richtext import RichColumns


class Page(RichColumns, Timestamps, Model):
    """A page of text; a translation is a page of its own.

    Attributes:
        id: permanent; the portal's own pages are known by it.
        slug: its place under `/pages/`, for pages that have no address of their own.
    """

    __tablename__ = "pages"

    id: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="fr")
    translation_of: Mapped[str | None] = mapped_column(ForeignKey("pages.id"), index=True)
    source: Mapped[str] = mapped_column("body")
