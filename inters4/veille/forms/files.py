"""Reads `content/summaries/*.md`, with a line for every mistake."""

from collections.abc import Callable, Container, Mapping
from typing import Any

from inters4.core.content.citing import check_address
from inters4.core.frontmatter import FrontMatter, Reading
from inters4.core.i18n import _
from inters4.veille.exports.files import SUMMARY, SummaryFile
from inters4.veille.models import TAKEN_ADDRESSES, Lack, paragraph_lacks, state_lacks
from inters4.veille.services.requirements import NUMBERS


def read_summary(
    document: FrontMatter,
    *,
    known: Mapping[str, Container[str]],
    owner_of_slug: Callable[[str], str | None],
) -> SummaryFile:
    """The summary that a file holds.

    Args:
        document: the file.
        known: ids that may be cited, by set: the schemes of the vocabulary, `practices` and
            `summaries`.
        owner_of_slug: id of the summary that has, or had, an address.

    Raises:
        ContentErrors: with every mistake.
    """
    reading = Reading(document.path, known)
    values = SUMMARY.read(document.entries, reading)
    values["slug"] = values["slug"] or values["id"]
    paragraph = document.body if document.body.strip() else ""
    check_address(values, document, reading, owner=owner_of_slug(values["slug"]))
    if values["slug"] in TAKEN_ADDRESSES:
        line = document.lines.get("slug") or document.lines["id"]
        reading.note(line, _("Cette adresse est celle d’une autre page du portail."))
    _check_names(values, document, reading)
    _check_article(values, document, reading)
    told = set(document.entries) - {"missing"} if reading.errors else set()  # perhaps refused
    for lack in (*paragraph_lacks(paragraph), *state_lacks(values, paragraph)):
        if lack.field not in told:
            reading.note(_line(lack, document), lack.sentence)
    reading.stop_if_any()
    return SummaryFile(values, paragraph)


def _check_names(values: Mapping[str, Any], document: FrontMatter, reading: Reading) -> None:
    for name in ("translation_of", "replaced_by"):
        if values[name] and values[name] == values["id"]:
            reading.note(document.lines[name], _("Un résumé ne peut pas se nommer lui-même."))


def _check_article(values: Mapping[str, Any], document: FrontMatter, reading: Reading) -> None:
    """The numbers of the article, and what was deduced of it."""
    for name, pattern in NUMBERS.items():
        if values[name] and not pattern.fullmatch(values[name]):
            reading.note(
                document.lines[name],
                _("« %(value)s » n’est pas un %(name)s.", value=values[name][:80], name=name),
            )
    for name in values["inferred"]:
        if name not in SUMMARY.keys:
            message = _("« %(name)s » n’est pas un champ d’un résumé.", name=name)
            reading.note(document.lines["inferred"], message)
        elif not values[name]:
            message = _("« %(name)s » est dit déduit, mais ne tient rien.", name=name)
            reading.note(document.lines["inferred"], message)
    if values["appraisal_result"] and values["appraisal_tool"] is None:
        reading.note(
            document.lines["appraisal_result"],
            _("Dites avec quel outil dans « %(name)s ».", name="appraisal_tool"),
        )


def _line(lack: Lack, document: FrontMatter) -> int:
    """Where to look: the paragraph, the field, or the state that asks for it."""
    if not lack.field:
        return document.body_line
    return document.lines.get(lack.field) or document.lines.get("state", 1)
