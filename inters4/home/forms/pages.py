"""Reads `content/pages/*.md`."""

from typing import Any

from inters4.core.errors import DomainError
from inters4.core.frontmatter import FrontMatter, Reading
from inters4.core.i18n import _
from inters4.core.richtext import Profile, render
from inters4.home.exports.pages import PAGE


def read_page(document: FrontMatter) -> tuple[dict[str, Any], str]:
    """The fields of a page and its Markdown.

    Raises:
        ContentErrors: with every mistake.
    """
    reading = Reading(document.path)
    values = PAGE.read(document.entries, reading)
    values["slug"] = values["slug"] or values["id"]
    if not document.body.strip():
        reading.note(document.body_line, _("Cette page n’a pas de texte."))
    try:
        render(document.body, profile=Profile.DOCUMENT)
    except DomainError as refusal:
        reading.note(document.body_line, refusal.message)
    reading.stop_if_any()
    return values, document.body
