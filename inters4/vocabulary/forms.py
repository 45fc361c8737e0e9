"""Reads `content/vocabulary.yaml`, with a line for every mistake."""

from collections.abc import Iterator, Mapping
from typing import Any

from inters4.core.content.reading import row_lines
from inters4.core.content.schema import Rows
from inters4.core.frontmatter import FrontMatter, Group, Items, Reading
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.vocabulary.exports import SCHEMES, SYNONYMS, TERM

_TERMS = Rows("schemes", TERM, unique="id")
_GROUPS = Rows("synonyms", SYNONYMS, unique="id")


@dataclass(frozen=True, slots=True)
class Given:
    """A term or a group of synonyms as the file gives it; `scheme` is empty for a group."""

    scheme: str
    values: Mapping[str, Any]
    position: int
    line: int


def read_vocabulary(document: FrontMatter) -> list[Given]:
    """Everything the file gives.

    Raises:
        ContentErrors: with every mistake.
    """
    reading = Reading(document.path)
    found: list[Given] = []
    for key, value in document.entries.items():
        if key == "schemes" and isinstance(value, Group):
            found += _read_schemes(value, reading)
        elif key == "synonyms" and isinstance(value, Items):
            found += _read_synonyms(value, reading)
        else:
            reading.note(value.line, _("Seuls « schemes » et « synonyms » ont leur place ici."))
    reading.stop_if_any()
    return found


def _read_schemes(value: Group, reading: Reading) -> Iterator[Given]:
    for scheme, items in value.entries.items():
        if scheme not in SCHEMES:
            reading.note(
                items.line,
                _("« %(name)s » n’est pas une liste du vocabulaire.", name=scheme),
            )
        rows = _TERMS.read(items, reading)
        lines = row_lines(items)
        known = {row["id"] for row in rows}
        for position, (row, line) in enumerate(zip(rows, lines, strict=False)):
            parent = row["id"].rpartition(".")[0]
            if parent and parent not in known:
                reading.note(line, _("Le terme parent « %(id)s » manque.", id=parent))
            yield Given(scheme, row, position, line)


def _read_synonyms(value: Items, reading: Reading) -> Iterator[Given]:
    rows = _GROUPS.read(value, reading)
    known = {row["id"] for row in rows}
    for position, (row, line) in enumerate(zip(rows, row_lines(value), strict=False)):
        if len(row["abbr"]) + len(row["fr"]) + len(row["en"]) < 1:
            reading.note(line, _("Ce groupe de synonymes n’a aucune forme."))
        for broader in row["broader"]:
            if broader not in known:
                reading.note(line, _("Le groupe « %(id)s » n’existe pas.", id=broader))
        yield Given("", row, position, line)
