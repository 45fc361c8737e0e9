"""A long text of a sheet as a page shows it."""

from inters4.core.richtext import Profile, Rendered, render
from inters4.practices.models.citations import CITATION
from inters4.practices.models.states import Block

_OPENING = frozenset({Block.CONTEXT, Block.DESCRIPTION, Block.EVALUATION, Block.DOUBTS})
"""Blocks that open a section of the page; the headings of all others come one level lower."""


def render_block(block: Block, source: str) -> Rendered:
    """Render Markdown, its citations linked to the sources at the foot of the sheet."""
    linked = CITATION.sub(r"[\[\1\]](#source-\1)", source)
    level = 3 if block in _OPENING else 4
    return render(linked, profile=Profile.DOCUMENT, top_heading=level)
