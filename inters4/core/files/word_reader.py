"""The child process that reads one Word document, under limits.

Run as a script, alone: it imports nothing of ours. The document comes on standard input, passages
go to standard output as JSON: (level of the heading or 0, Markdown). The parent kills it when it
is late.
"""

import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from xml.etree import ElementTree as ET

MEMORY = 512_000_000
SECONDS = 8
_MOST = 30_000_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"heading ([1-9])")

Passage = tuple[int, str]


def main() -> None:
    """Read one document."""
    with suppress(ValueError, OSError):  # macOS knows no limit on address space
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.stdout.write(json.dumps(list(read(sys.stdin.buffer.read()))))


def read(data: bytes) -> Iterator[Passage]:
    """The passages of a document, in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        levels = _levels(_part(archive, "word/styles.xml"))
        body = _tree(_part(archive, "word/document.xml")).find(f"{_W}body")
    for element in body if body is not None else ():
        if element.tag == f"{_W}p":
            yield _paragraph(element, levels)
        elif element.tag == f"{_W}tbl":
            yield 0, _table(element)


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    if name not in archive.namelist():
        return b""
    with archive.open(name) as content:
        found = content.read(_MOST + 1)
    if len(found) > _MOST or b"<!DOCTYPE" in found:
        raise ValueError(name)
    return found


def _tree(part: bytes) -> ET.Element:
    return ET.fromstring(part) if part else ET.Element("none")  # noqa: S314  (no DOCTYPE, limits)


def _levels(styles: bytes) -> dict[str, int]:
    """Style -> level of heading, whatever language Word names styles in."""
    found = {}
    for style in _tree(styles).iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        told = (name.get(f"{_W}val") or "").lower() if name is not None else ""
        match = _HEADING.fullmatch(told)
        if match or told == "title":
            found[style.get(f"{_W}styleId") or ""] = int(match[1]) if match else 1
    return found


def _paragraph(element: ET.Element, levels: dict[str, int]) -> Passage:
    text = _text(element)
    properties = element.find(f"{_W}pPr")
    if properties is None:
        return 0, text
    style = properties.find(f"{_W}pStyle")
    level = levels.get(style.get(f"{_W}val") or "", 0) if style is not None else 0
    is_item = properties.find(f"{_W}numPr") is not None
    return level, f"- {text}" if is_item and text and not level else text


def _table(element: ET.Element) -> str:
    rows = [
        [_text(cell).replace("|", "/").replace("\n", " ") for cell in row.iter(f"{_W}tc")]
        for row in element.iter(f"{_W}tr")
    ]
    lines = ["| " + " | ".join(row) + " |" for row in rows if row]
    if lines:
        lines.insert(1, "| " + " | ".join("---" for _cell in rows[0]) + " |")
    return "\n".join(lines)


def _text(element: ET.Element) -> str:
    """What is read; what was struck out by a revision is not."""
    pieces = []
    for one in element.iter():
        is_inner = one.tag == f"{_W}p" and one is not element
        if one.tag == f"{_W}t":
            pieces.append(one.text or "")
        elif one.tag == f"{_W}tab":
            pieces.append(" ")
        elif one.tag in {f"{_W}br", f"{_W}cr"} or (is_inner and pieces):
            pieces.append("\n")
    return "".join(pieces).strip()


if __name__ == "__main__":
    main()
