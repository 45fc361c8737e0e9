"""The child process that reads one Word document, under limits.

Run as a script, alone: it imports nothing of ours. The document comes on standard input, passages
go to standard output as JSON: level of the heading or 0, Markdown, whether it is an item of a list,
how many pictures stood there. The parent kills it when it is late.

Bold, italics, links, lists and tables stay; notes are gathered at the end; pictures are counted.
A part that declares a document type, or is nested deeper than people nest, is refused as it is
parsed, whatever its encoding: no entity is expanded, and reading takes a time that grows as the
text does.
"""

import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from xml.etree import ElementTree as ET

MEMORY = 512_000_000
SECONDS = 8
NOTES = "Notes"
_MOST = 30_000_000
_DEEPEST = 100
"""Elements one in another; a table in a table in a table is at 20."""
_OFFICE = "http://schemas.openxmlformats.org"
_W = f"{{{_OFFICE}/wordprocessingml/2006/main}}"
_R = f"{{{_OFFICE}/officeDocument/2006/relationships}}"
_MATHS = f"{{{_OFFICE}/officeDocument/2006/math}}t"
_CHOICE = f"{{{_OFFICE}/markup-compatibility/2006}}"
_HEADING = re.compile(r"heading ([1-9])")
_WEB = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)
_EDGES = re.compile(r"^(\s*)(.*?)(\s*)$", re.DOTALL)
_WRAPPERS = frozenset(_W + name for name in ("sdt", "sdtContent", "customXml", "ins", "smartTag"))
_GONE = frozenset(
    (*(_W + name for name in ("del", "moveFrom", "pPr", "rPr")), f"{_CHOICE}Fallback")
)
"""What was struck out, what is no text, and what repeats the choice above it."""
_BREAKS = frozenset((f"{_W}br", f"{_W}cr"))

Passage = tuple[int, str, bool, int]
Piece = tuple[str, bool, bool, str]
"""Text, whether it is bold, whether it is in italics, where it leads."""


@dataclass(frozen=True)
class Around:
    """What other parts of the archive say of the body.

    `ordered` has the lists that are numbered, by (list, depth).
    """

    levels: Mapping[str, int] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    ordered: frozenset[tuple[str, str]] = frozenset()


def main() -> None:
    """Read one document."""
    with suppress(ValueError, OSError):  # macOS knows no limit on address space
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.stdout.write(json.dumps(list(read(sys.stdin.buffer.read()))))


def read(data: bytes) -> Iterator[Passage]:
    """The passages of a document, in their order; its notes after them."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        around = Around(
            levels=_levels(_part(archive, "word/styles.xml")),
            links=_links(_part(archive, "word/_rels/document.xml.rels")),
            ordered=_ordered(_part(archive, "word/numbering.xml")),
        )
        body = _tree(_part(archive, "word/document.xml")).find(f"{_W}body")
        parts = [_part(archive, f"word/{name}.xml") for name in ("footnotes", "endnotes")]
    for element in _blocks(body if body is not None else ()):
        told = _paragraph(element, around) if element.tag == f"{_W}p" else _table(element, around)
        yield told
    notes = [one for part in parts for one in _notes(part, around)]
    if notes:
        yield 1, NOTES, False, 0
        yield from ((0, f"- {one}", True, 0) for one in notes)


def _blocks(inside: Iterable[ET.Element]) -> Iterator[ET.Element]:
    """Paragraphs and tables, those of boxes that Word puts around them too."""
    for element in inside:
        if element.tag in {f"{_W}p", f"{_W}tbl"}:
            yield element
        elif element.tag in _WRAPPERS:
            yield from _blocks(element)


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    if name not in archive.namelist():
        return b""
    with archive.open(name) as content:
        found = content.read(_MOST + 1)
    if len(found) > _MOST:
        raise ValueError(name)
    return found


class _Builder(ET.TreeBuilder):
    """A tree that stops at what no text of ours has."""

    _depth = 0

    def doctype(self, name: str, _public: str | None, _system: str | None) -> None:
        """Called before any entity is read."""
        raise ValueError(name)

    def start(self, tag: str, attributes: dict[str, str], /) -> ET.Element:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError(tag)
        return super().start(tag, attributes)

    def end(self, tag: str, /) -> ET.Element:
        self._depth -= 1
        return super().end(tag)


def _tree(part: bytes) -> ET.Element:
    if not part:
        return ET.Element("none")
    parser = ET.XMLParser(target=_Builder())  # noqa: S314  (no DOCTYPE, limits)
    parser.feed(part)
    tree: ET.Element = parser.close()
    return tree


def _levels(styles: bytes) -> dict[str, int]:
    """Style -> level of heading, whatever language Word names styles in."""
    found = {}
    for style in _tree(styles).iter(f"{_W}style"):
        told = _value(style, "name").lower()
        match = _HEADING.fullmatch(told)
        if match or told == "title":
            found[style.get(f"{_W}styleId") or ""] = int(match[1]) if match else 1
    return found


def _links(relations: bytes) -> dict[str, str]:
    """Name of a link -> its address; those that lead to the web or write a mail."""
    found = {}
    for one in _tree(relations):
        address = one.get("Target") or ""
        if _WEB.fullmatch(address):
            found[one.get("Id") or ""] = address.replace("(", "%28").replace(")", "%29")
    return found


def _ordered(numbering: bytes) -> frozenset[tuple[str, str]]:
    tree = _tree(numbering)
    counted: dict[str, set[str]] = {}
    for kind in tree.iter(f"{_W}abstractNum"):
        depths = {
            level.get(f"{_W}ilvl") or "0"
            for level in kind.iter(f"{_W}lvl")
            if _value(level, "numFmt") not in {"", "bullet", "none"}
        }
        counted[kind.get(f"{_W}abstractNumId") or ""] = depths
    return frozenset(
        (one.get(f"{_W}numId") or "", depth)
        for one in tree.iter(f"{_W}num")
        for depth in counted.get(_value(one, "abstractNumId"), ())
    )


def _notes(part: bytes, around: Around) -> Iterator[str]:
    """The text of each note; separators have a type."""
    for note in _tree(part):
        text = " ".join(_said(one, around) for one in note.iter(f"{_W}p")).strip()
        if text and note.get(f"{_W}type") is None:
            yield text


def _paragraph(element: ET.Element, around: Around) -> Passage:
    pictures = _pictures(element)
    properties = element.find(f"{_W}pPr")
    if properties is None:
        return 0, _said(element, around), False, pictures
    level = around.levels.get(_value(properties, "pStyle"), 0)
    if level:
        return level, _plain(element), False, pictures
    text = _said(element, around)
    listed = properties.find(f"{_W}numPr")
    if listed is None or not text or _value(listed, "numId") == "0":
        return 0, text, False, pictures
    depth = _value(listed, "ilvl") or "0"
    mark = "1." if (_value(listed, "numId"), depth) in around.ordered else "-"
    return 0, f"{'    ' * min(int(depth), 3)}{mark} {text}", True, pictures


def _table(element: ET.Element, around: Around) -> Passage:
    rows = [
        [_said(cell, around).replace("|", "/").replace("\n", " ") for cell in _own(row, "tc")]
        for row in _own(element, "tr")
    ]
    lines = ["| " + " | ".join(row) + " |" for row in rows if row]
    if lines:
        lines.insert(1, "| " + " | ".join("---" for _cell in rows[0]) + " |")
    return 0, "\n".join(lines), False, _pictures(element)


def _own(inside: Iterable[ET.Element], name: str) -> Iterator[ET.Element]:
    """The rows of a table or the cells of a row; what a cell holds is text, a table too."""
    for element in inside:
        if element.tag == _W + name:
            yield element
        elif element.tag in _WRAPPERS:
            yield from _own(element, name)


def _said(element: ET.Element, around: Around) -> str:
    """What is read, as Markdown; pieces that are alike are one."""
    pieces = _pieces(element, around)
    return "".join(
        _marked("".join(piece[0] for piece in alike), *about)
        for about, alike in groupby(pieces, key=itemgetter(1, 2, 3))
    ).strip()


def _plain(element: ET.Element) -> str:
    return "".join(piece[0] for piece in _pieces(element, Around())).strip()


def _marked(text: str, is_bold: bool, is_italic: bool, address: str) -> str:
    """Markdown; spaces at either end and ends of line stay out of the marks."""
    mark = "**" * is_bold + "*" * is_italic
    if not (mark or address):
        return text
    lines = []
    for line in text.split("\n"):
        before, inside, after = _EDGES.findall(line)[0]
        if inside:
            linked = f"[{inside}]({address})" if address else inside
            inside = f"{mark}{linked}{mark[::-1]}"
        lines.append(f"{before}{inside}{after}")
    return "\n".join(lines)


def _pieces(
    element: ET.Element, around: Around, *, about: tuple[bool, bool, str] = (False, False, "")
) -> Iterator[Piece]:
    """Pieces of text with how they look; what was struck out by a revision is not read."""
    has_said = False
    for one in element:
        if one.tag in _GONE:
            continue
        if one.tag in {f"{_W}t", _MATHS}:
            yield (one.text or "").replace("*", "\\*"), *about
        elif one.tag in _BREAKS:
            yield "\n", *about
        elif one.tag == f"{_W}tab":
            yield " ", *about
        elif one.tag == f"{_W}noBreakHyphen":
            yield "\u2011", *about
        elif one.tag == f"{_W}r":
            yield from _pieces(one, around, about=(*_look(one), about[2]))
        elif one.tag == f"{_W}hyperlink":
            address = around.links.get(one.get(f"{_R}id") or "", "")
            yield from _pieces(one, around, about=(*about[:2], address))
        else:
            if one.tag == f"{_W}p" and has_said:
                yield "\n", False, False, ""
            yield from _pieces(one, around, about=about)
        has_said = True


def _look(run: ET.Element) -> tuple[bool, bool]:
    properties = run.find(f"{_W}rPr")
    if properties is None:
        return False, False
    found = []
    for name in ("b", "i"):
        mark = properties.find(_W + name)
        found.append(mark is not None and mark.get(f"{_W}val") not in {"0", "false", "off"})
    return found[0], found[1]


def _pictures(element: ET.Element) -> int:
    """Pictures, diagrams and embedded objects; a box of text is none."""
    found = 0
    for one in element:
        if one.tag in _GONE:
            continue
        is_shape = one.tag in {f"{_W}drawing", f"{_W}pict", f"{_W}object"}
        if is_shape and one.find(f".//{_W}txbxContent") is None:
            found += 1
        else:
            found += _pictures(one)
    return found


def _value(element: ET.Element, name: str) -> str:
    """What an element says of `name`; empty when it says nothing."""
    found = element.find(_W + name)
    return (found.get(f"{_W}val") or "") if found is not None else ""


if __name__ == "__main__":
    main()
