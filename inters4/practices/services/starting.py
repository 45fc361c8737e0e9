"""A sketch begun from a document: what stands under a heading of ours goes to its block."""

import re
from collections.abc import Iterable

from sqlalchemy.orm import Session

from indexer.analysis import fold
from inters4.core.files.word import Passage
from inters4.practices.exports.headings import HEADINGS
from inters4.practices.models import Block, PracticeRevision

UNSORTED, PICTURES = "unsorted", "pictures"
"""Where a revision keeps, among its values, what no block took, and where pictures stood; no file
and no page of the sheet has them."""
_NUMBERED = re.compile(r"^[\s\d.)–-]+")
_PUNCTUATION = re.compile(r"[\s:?!.]+$")


def sort_passages(passages: Iterable[Passage]) -> tuple[dict[Block, str], str]:
    """The text of each block whose heading is there, and the rest with its headings.

    What stands under a smaller heading stays with the block above it.
    """
    known = {_key(title): block for titles in HEADINGS.values() for block, title in titles.items()}
    blocks: dict[Block, list[str]] = {}
    rest: list[str] = []
    into, level = rest, 0
    for one in passages:
        block = known.get(_key(one.heading))
        if block is not None:
            into, level = blocks.setdefault(block, []), one.level
            into.append(one.text)
            continue
        if one.level <= level:
            into, level = rest, 0
        into += [f"### {one.heading}" if one.heading else "", one.text]
    texts = {block: _joined(parts) for block, parts in blocks.items()}
    return {block: text for block, text in texts.items() if text}, _joined(rest)


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(filter(None, parts))


def begin_with(
    session: Session, revision: PracticeRevision, passages: Iterable[Passage]
) -> frozenset[Block]:
    """Put the passages in a sketch just started; say which blocks are filled."""
    passages = list(passages)
    blocks, rest = sort_passages(passages)
    revision.blocks = {block.value: text for block, text in blocks.items()}
    if rest:
        revision.values = {**revision.values, UNSORTED: rest}
    pictures = [[one.heading, one.pictures] for one in passages if one.pictures]
    if pictures:
        revision.values = {**revision.values, PICTURES: pictures}
    session.flush()
    return frozenset(blocks)


def clear_unsorted(session: Session, revision: PracticeRevision) -> None:
    """Everything found its place, or none."""
    left = {UNSORTED, PICTURES}
    revision.values = {name: one for name, one in revision.values.items() if name not in left}
    session.flush()


def _key(heading: str) -> str:
    return fold(_PUNCTUATION.sub("", _NUMBERED.sub("", heading)))
