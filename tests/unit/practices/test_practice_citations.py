"""« [3] » names a source; nothing else does."""

import pytest

from inters4.practices.models import Block, Piece, cited_numbers, pieces, without_citations
from inters4.practices.models.rendering import render_block


def test_a_text_is_cut_at_its_citations() -> None:
    assert list(pieces("Vu [1][12], dit-on.")) == [
        Piece("Vu "),
        Piece("[1]", 1),
        Piece("[12]", 12),
        Piece(", dit-on."),
    ]


@pytest.mark.parametrize("text", ["[3](https://exemple.ca)", "[0]", "[1234]", "[a]", "[3]: x", "3"])
def test_what_only_looks_like_a_citation_is_text(text: str) -> None:
    assert cited_numbers(text) == set()
    assert list(pieces(text)) == [Piece(text)]


def test_the_index_reads_the_text_without_its_citations() -> None:
    assert (
        without_citations("Près de 660 000 [4].\nPuis [1][2] fin") == "Près de 660 000.\nPuis fin"
    )


def test_a_citation_in_a_long_text_leads_to_its_source() -> None:
    html = render_block(Block.CONTEXT, "Vu ailleurs [2].").html

    assert html == '<p>Vu ailleurs <a href="#texte-source-2">[2]</a>.</p>'


def test_headings_of_a_block_lie_under_the_title_of_its_section() -> None:
    assert "<h3" in render_block(Block.CONTEXT, "# Un titre").html
    assert "<h4" in render_block(Block.COSTS, "# Un titre").html
