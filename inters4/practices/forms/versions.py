"""Reads a sheet as readers saw it: its file, with whatever rules were broken since."""

from collections.abc import Container, Mapping
from typing import Any

from inters4.core.frontmatter import FrontMatter, Reading, parse, split_sections
from inters4.practices.exports.headings import HEADINGS
from inters4.practices.exports.sheets import PRACTICE, Sheet
from inters4.practices.models import Block
from inters4.practices.services.pieces import PIECES

_BLOCKS = {title: block for titles in HEADINGS.values() for block, title in titles.items()}


def read_version(text: str, *, slug: str, known: Mapping[str, Container[str]]) -> Sheet:
    """The sheet of a version, at its present address; what nothing knows any more is left out."""
    document = _document(text)
    values = PRACTICE.read(document.entries, Reading("", known))
    values["slug"] = slug
    return Sheet(values, _texts(document))


def fields_of_version(text: str) -> dict[str, Any]:
    """By field, what the file says: values as they are written, long texts by `Block.field`.

    A file taken back since is left out: the reason that stands for it was not written then.
    """
    document = _document(text)
    values: dict[str, Any] = {name: value.plain() for name, value in document.entries.items()}
    if PIECES in values:
        values[PIECES] = [row for row in values[PIECES] if row.get("url") or row.get("file")]
    return {
        **values,
        **{block.field: told for block, told in _texts(document).items()},
    }


def _document(text: str) -> FrontMatter:
    return parse(text.encode(), path="")


def _texts(document: FrontMatter) -> dict[Block, str]:
    found = {}
    for section in split_sections(document.body, first_line=document.body_line):
        block = _BLOCKS.get(" ".join(section.title.split()))
        if block is not None:
            found[block] = section.text
    return found
