"""What every backend does the same way once it knows which documents match.

Cards, filters with their counts, order, marked titles and snippets, suggestions. No search library
and no file is known here.
"""

from indexer.evaluation.cards import Card, decode_card, encode_card
from indexer.evaluation.filters import Counted, count, facet_holds
from indexer.evaluation.matching import Match, Source, match_query
from indexer.evaluation.ordering import page_of
from indexer.evaluation.snippets import Needles, mark, passage

__all__ = [
    "Card",
    "Counted",
    "Match",
    "Needles",
    "Source",
    "count",
    "decode_card",
    "encode_card",
    "facet_holds",
    "mark",
    "match_query",
    "page_of",
    "passage",
]
