"""Reads `content/practices/*.md`."""

from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any

from inters4.core.content.reading import row_lines
from inters4.core.frontmatter import FrontMatter, Reading, Section, split_sections
from inters4.core.i18n import _
from inters4.practices.exports.sheets import HEADINGS, PRACTICE, Sheet
from inters4.practices.models import (
    READABLE,
    Block,
    Evaluation,
    PracticeState,
    cited_numbers,
)

_TO_PUBLISH = ("problem", "solution", "audience", "themes", "settings", "populations")
_MAX_BLOCK = 20_000


def read_sheet(
    document: FrontMatter,
    *,
    known: Mapping[str, Container[str]],
    owner_of_slug: Callable[[str], str | None],
) -> Sheet:
    """The sheet that a file holds.

    Args:
        document: the file.
        known: ids that may be cited, by set: the schemes of the vocabulary, `organisations` and
            `practices`.
        owner_of_slug: id of the sheet that has, or had, an address.

    Raises:
        ContentErrors: with every mistake.
    """
    reading = Reading(document.path, known)
    values = PRACTICE.read(document.entries, reading)
    values["slug"] = values["slug"] or values["id"]
    owner = owner_of_slug(values["slug"])
    if owner not in {None, values["id"]}:
        reading.note(
            document.lines.get("slug") or document.lines["id"],
            _(
                "L’adresse « %(slug)s » est déjà celle de « %(id)s ».",
                slug=values["slug"],
                id=owner,
            ),
        )
    sections = list(_sections(document, reading))
    _check_rows(values, document, reading)
    _check_citations(values, sections, document, reading)
    _check_complete(values, {block for block, _section in sections}, document, reading)
    reading.stop_if_any()
    return Sheet(values, {block: section.text for block, section in sections})


def _sections(document: FrontMatter, reading: Reading) -> Iterator[tuple[Block, Section]]:
    """The blocks of the body; a heading in any of our languages names one."""
    blocks = {title: block for titles in HEADINGS.values() for block, title in titles.items()}
    seen: set[Block] = set()
    for section in split_sections(document.body, first_line=document.body_line):
        block = blocks.get(" ".join(section.title.split()))
        if not section.title:
            reading.note(section.line, _("Ce texte doit être sous un titre « ## »."))
        elif block is None:
            reading.note(
                section.line,
                _(
                    "« %(title)s » n’est pas un titre de fiche : %(known)s.",
                    title=section.title[:80],
                    known=", ".join(HEADINGS["fr"].values()),
                ),
            )
        elif block in seen:
            reading.note(section.line, _("Ce titre est donné deux fois."))
        elif not section.text.strip():
            reading.note(section.line, _("Cette section est vide : écrivez-la ou retirez-la."))
        elif len(section.text) > _MAX_BLOCK:
            reading.note(section.line, _("Cette section dépasse 20 000 caractères."))
        elif len(split_sections(f"{section.text}\n## x")) < 2:
            reading.note(section.line, _("Un bloc de code de cette section n’est pas fermé."))
        else:
            seen.add(block)
            yield block, section


def _check_rows(values: Mapping[str, Any], document: FrontMatter, reading: Reading) -> None:
    for key, identifier in (("organisations", "id"), ("adopters", "organisation")):
        for row, line in zip(values[key], row_lines(document.entries.get(key)), strict=False):
            if not row[identifier] and not row["name"]:
                reading.note(line, _("Donnez « %(id)s » ou « name » à cette ligne.", id=identifier))
    for row, line in zip(
        values["outcomes"], row_lines(document.entries.get("outcomes")), strict=False
    ):
        if not (row["value"] or row["before"] or row["after"]):
            reading.note(line, _("Donnez « value », ou « before » et « after », à cet indicateur."))


def _check_citations(
    values: Mapping[str, Any],
    sections: list[tuple[Block, Section]],
    document: FrontMatter,
    reading: Reading,
) -> None:
    """Every [n] names a source of the sheet."""
    known = {row["number"] for row in values["references"]}
    cited: list[tuple[int, int]] = []
    for key, value in values.items():
        if isinstance(value, str):
            cited += ((number, document.lines.get(key, 1)) for number in cited_numbers(value))
    for key, name in (("outcomes", "reference"), ("adopters", "source")):
        lines = row_lines(document.entries.get(key))
        cited += ((row[name], at) for row, at in zip(values[key], lines, strict=False) if row[name])
    for _block, section in sections:
        cited += ((number, section.line) for number in cited_numbers(section.text))
    for number, line in cited:
        if number not in known:
            reading.note(
                line, _("La source [%(number)s] n’est pas dans « references ».", number=number)
            )


def _check_complete(
    values: Mapping[str, Any], given: set[Block], document: FrontMatter, reading: Reading
) -> None:
    """What even a starter sheet must hold before anyone reads it."""
    state: PracticeState | None = values["state"]
    if state not in READABLE:
        return
    line = document.lines.get("state", 1)
    for name in _TO_PUBLISH:
        if not values[name] and name not in document.entries:
            reading.note(line, _("Une fiche publiée a besoin de « %(name)s ».", name=name))
    if values["published_at"] is None and "published_at" not in document.entries:
        reading.note(line, _("Une fiche publiée a besoin de « %(name)s ».", name="published_at"))
    for block in (Block.CONTEXT, Block.DESCRIPTION, Block.RESOURCES):
        if block not in given:
            title = HEADINGS["fr"][block]
            reading.note(line, _("Une fiche publiée a besoin de « ## %(name)s ».", name=title))
    if Block.EVALUATION not in given and values["evaluation"] is not Evaluation.NOT_EVALUATED:
        reading.note(
            line,
            _("Dites comment la pratique est évaluée, ou « evaluation: not-evaluated »."),
        )
