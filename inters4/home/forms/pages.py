"""Reads `content/pages/*.md`."""

from collections.abc import Callable, Container, Mapping
from typing import Any

from inters4.core.content.citing import check_address
from inters4.core.errors import DomainError
from inters4.core.frontmatter import FrontMatter, Reading
from inters4.core.i18n import _
from inters4.core.richtext import Profile, render
from inters4.home.exports.pages import PAGE


def read_page(
    document: FrontMatter,
    *,
    known: Mapping[str, Container[str]],
    owner_of_slug: Callable[[str], str | None],
) -> tuple[dict[str, Any], str]:
    """The fields of a page and its Markdown.

    Args:
        document: the file.
        known: the ids that may be cited, by set.
        owner_of_slug: the id of the page that has this slug, if any.

    Raises:
        ContentErrors: with every mistake.
    """
    reading = Reading(document.path, known)
    values = PAGE.read(document.entries, reading)
    values["slug"] = values["slug"] or values["id"]
    check_address(values, document, reading, owner=owner_of_slug(values["slug"]))
    if not document.body.strip():
        reading.note(document.body_line, _("Cette page n’a pas de texte."))
    try:
        render(document.body, profile=Profile.DOCUMENT)
    except DomainError as refusal:
        reading.note(document.body_line, refusal.message)
    reading.stop_if_any()
    return values, document.body
