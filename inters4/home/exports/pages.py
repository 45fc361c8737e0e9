"""`content/pages/*.md`: what the fields of a page are, and a page written that way."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.content.scalars import Identifier, Known, Language, Text
from inters4.core.content.schema import Schema
from inters4.core.frontmatter import dump
from inters4.home.models import Page
from inters4.home.queries.pages import list_pages, pages_of

FOLDER = "pages"
PAGE = Schema(
    (
        Identifier("id", required=True),
        Identifier("slug"),
        Text("title", required=True, limit=120),
        Text("description", limit=200),
        Language("language"),
        Known("translation_of", "pages"),
    )
)


def write_page(values: Mapping[str, Any], body: str) -> str:
    """The canonical text of a page; a slug equal to the id is left out."""
    shown = {**values, "slug": "" if values["slug"] == values["id"] else values["slug"]}
    return dump(PAGE.write(shown), body, key_order=PAGE.keys)


def page_texts(session: Session, ids: Sequence[str]) -> Mapping[str, str]:
    """The file of each page that the database holds."""
    return {page.id: _text(page) for page in pages_of(session, ids)}


def export_pages(session: Session) -> Iterator[tuple[str, str]]:
    """Every page, in a file named after its id."""
    for page in list_pages(session):
        yield f"{page.id}.md", _text(page)


def _text(page: Page) -> str:
    values = {name: getattr(page, name) or "" for name in PAGE.keys}
    return write_page(values, page.source)
