"""A long text of a sheet as a page shows it."""

from inters4.core.richtext import Profile, Rendered, render
from inters4.practices.models.citations import CITATION
from inters4.practices.models.states import Block

_SUBHEADING = dict.fromkeys(
    (Block.RESOURCES, Block.COSTS, Block.STEPS, Block.CONDITIONS, Block.PITFALLS), 4
)
"""Blocks that the page puts under a common heading: their own headings come one level lower."""


def render_block(block: Block, source: str) -> Rendered:
    """Render Markdown, its citations linked to the sources at the foot of the sheet."""
    linked = CITATION.sub(r"[\[\1\]](#source-\1)", source)
    level = _SUBHEADING.get(block, 3)
    return render(linked, profile=Profile.DOCUMENT, top_heading=level)
