"""Writing a page."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from inters4.home.models import Page


def save_page(session: Session, values: Mapping[str, Any], body: str) -> Page:
    """Create or change a page; `values` are the fields of its file."""
    page = session.get(Page, values["id"])
    if page is None:
        page = Page(id=values["id"])
        session.add(page)
    page.slug = values["slug"]
    page.title = values["title"]
    page.description = values["description"]
    page.language = values["language"]
    page.translation_of = values["translation_of"] or None
    page.write(body)
    return page
