"""The body cut at its `## ` headings: one section for each block of a sheet."""

import re

from inters4.core.values import dataclass

_HEADING = re.compile(r"^##(?:[ \t]+(?P<title>[^\n]*?))?(?:[ \t]+#+)?[ \t]*$")
_CODE_FENCE = re.compile(r"^ {0,3}(?P<mark>`{3,}|~{3,})(?P<rest>[^\n]*)$")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of level two and the text under it.

    Attributes:
        title: the heading, empty for the text before the first one.
        text: what follows, without blank lines around it.
        line: line of the heading, or of the first line of the text before it.
    """

    title: str
    text: str
    line: int


def split_sections(body: str, *, first_line: int = 1) -> list[Section]:
    """Cut `body` at `## ` headings, those inside fenced code left alone.

    `first_line` is the line of the file where the body starts (`FrontMatter.body_line`).
    """
    sections: list[Section] = []
    title, line, held = "", first_line, list[str]()
    fence = ""
    for number, text in enumerate(body.split("\n"), start=first_line):
        fence = _fence_after(text, fence)
        heading = None if fence else _HEADING.match(text)
        if heading is None:
            held.append(text)
            continue
        _keep(sections, title, line, held)
        title, line, held = heading["title"] or "", number, []
    _keep(sections, title, line, held)
    return sections


def below_sections(text: str) -> str:
    """`text` as part of a section: a `## ` heading in it, which would end it, is one lower."""
    if "##" not in text:
        return text
    lowered, fence = [], ""
    for line in text.split("\n"):
        fence = _fence_after(line, fence)
        lowered.append(f"#{line}" if not fence and _HEADING.match(line) else line)
    return "\n".join(lowered)


def is_closed(text: str) -> bool:
    """False when a fence of code is left open: what follows it would be part of it."""
    fence = ""
    for line in text.split("\n"):
        fence = _fence_after(line, fence)
    return not fence


def _keep(sections: list[Section], title: str, line: int, held: list[str]) -> None:
    text = "\n".join(held).strip("\n")
    if title or text.strip() or sections:
        sections.append(Section(title, text, line))


def _fence_after(text: str, fence: str) -> str:
    """The code fence still open after this line, empty when none is."""
    found = _CODE_FENCE.match(text)
    if found is None:
        return fence
    mark = found["mark"]
    if not fence:
        return "" if mark[0] == "`" and "`" in found["rest"] else mark
    closes = mark[0] == fence[0] and len(mark) >= len(fence) and not found["rest"].strip()
    return "" if closes else fence
