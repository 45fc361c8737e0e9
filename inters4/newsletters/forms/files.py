"""Reads `content/newsletters/*.md` and `content/issues/*.md`, with a line for every mistake."""

from collections.abc import Callable, Container, Mapping
from typing import Any

from inters4.core.content.reading import row_lines
from inters4.core.frontmatter import FrontMatter, Reading
from inters4.core.i18n import _
from inters4.core.richtext import Profile, TooIntricate, render
from inters4.newsletters.exports.issues import ISSUE, IssueFile
from inters4.newsletters.exports.newsletters import NEWSLETTER, NewsletterFile
from inters4.newsletters.models import READABLE, ItemKind

_MAX_TEXT = 20_000
TAKEN_ADDRESSES = frozenset(
    {"abonnement", "abonnes", "bureau", "desabonnement", "lien", "preferences"}
)
"""Words after `/infolettres/` that lead to other pages: no newsletter has one as its id."""
_NEEDED: Mapping[ItemKind, tuple[str, ...]] = {
    ItemKind.HEADING: ("title",),
    ItemKind.TEXT: ("text",),
    ItemKind.SUMMARY: ("summary",),
    ItemKind.PRACTICE: ("practice",),
    ItemKind.LINK: ("title", "url"),
    ItemKind.EVENT: ("title",),
    ItemKind.QUESTION: ("title",),
}
_ALLOWED: Mapping[ItemKind, frozenset[str]] = {
    ItemKind.HEADING: frozenset({"title"}),
    ItemKind.TEXT: frozenset({"text", "themes"}),
    ItemKind.SUMMARY: frozenset({"summary", "text"}),
    ItemKind.PRACTICE: frozenset({"practice", "text"}),
    ItemKind.LINK: frozenset({"title", "text", "url", "themes"}),
    ItemKind.EVENT: frozenset({"title", "text", "url", "themes"}),
    ItemKind.QUESTION: frozenset({"title", "text", "url", "themes"}),
}


def read_newsletter(
    document: FrontMatter, *, known: Mapping[str, Container[str]]
) -> NewsletterFile:
    """The newsletter that a file holds; `known` has the ids that may be cited, by set.

    Raises:
        ContentErrors: with every mistake.
    """
    reading = Reading(document.path, known)
    values = NEWSLETTER.read(document.entries, reading)
    if values["id"] in TAKEN_ADDRESSES:
        reading.note(
            document.lines["id"],
            _(
                "« %(id)s » est l’adresse d’une autre page : nommez l’infolettre autrement.",
                id=values["id"],
            ),
        )
    _check_text(document, reading)
    reading.stop_if_any()
    return NewsletterFile(values, document.body)


def read_issue(
    document: FrontMatter,
    *,
    known: Mapping[str, Container[str]],
    holder_of_number: Callable[[str, int], str | None],
) -> IssueFile:
    """The issue that a file holds.

    Args:
        document: the file.
        known: ids that may be cited, by set: `newsletters`, `summaries`, `practices`.
        holder_of_number: id of the issue that has a number in a newsletter.

    Raises:
        ContentErrors: with every mistake.
    """
    reading = Reading(document.path, known)
    values = ISSUE.read(document.entries, reading)
    if values["newsletter"] and values["number"]:
        _check_identity(values, document, reading, holder_of_number)
    lines = row_lines(document.entries.get("items"))
    for row, line in zip(values["items"], lines, strict=False):
        _check_item(row, line, reading)
    _check_text(document, reading)
    if values["state"] in READABLE:
        for name in ("published_at", "items"):
            if not values[name] and name not in document.entries:
                reading.note(
                    document.lines["state"],
                    _("Un numéro paru a besoin de « %(name)s ».", name=name),
                )
    reading.stop_if_any()
    return IssueFile(values, document.body)


def _check_identity(
    values: Mapping[str, Any],
    document: FrontMatter,
    reading: Reading,
    holder_of_number: Callable[[str, int], str | None],
) -> None:
    wanted = f"{values['newsletter']}-{values['number']}"
    if values["id"] and values["id"] != wanted:
        reading.note(
            document.lines["id"], _("L’identifiant de ce numéro est « %(id)s ».", id=wanted)
        )
    holder = holder_of_number(values["newsletter"], values["number"])
    if holder not in {None, values["id"]}:
        reading.note(
            document.lines["number"], _("Ce numéro est déjà celui de « %(id)s ».", id=holder)
        )


def _check_item(row: Mapping[str, Any], line: int, reading: Reading) -> None:
    kind: ItemKind | None = row["kind"]
    if kind is None:
        return
    for name in _NEEDED[kind]:
        if not row[name]:
            reading.note(
                line,
                _("Un élément « %(kind)s » a besoin de « %(name)s ».", kind=kind, name=name),
            )
    for name, value in row.items():
        if name != "kind" and value and name not in _ALLOWED[kind]:
            reading.note(
                line,
                _("Un élément « %(kind)s » n’a pas de « %(name)s ».", kind=kind, name=name),
            )


def _check_text(document: FrontMatter, reading: Reading) -> None:
    if len(document.body) > _MAX_TEXT:
        reading.note(document.body_line, _("Ce texte dépasse 20 000 caractères."))
        return
    try:
        render(document.body, profile=Profile.DOCUMENT)
    except TooIntricate:
        reading.note(document.body_line, _("Ce texte est trop compliqué : simplifiez-le."))
