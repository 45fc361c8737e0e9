"""From what people type to a tree of leaves that a backend can look up. Never fails.

`read_query` is the door: `text -> lexer -> parser -> compiler -> Query`.
"""

from indexer.query.compiler import Query, read_pattern, read_query, read_words
from indexer.query.lexer import LONGEST_ACRONYM, capitals_count
from indexer.query.nodes import (
    And,
    FacetLeaf,
    Group,
    Leaf,
    Node,
    Not,
    Or,
    PrefixLeaf,
    Slot,
    Synonym,
    WordLeaf,
    Written,
    YearLeaf,
    positive_leaves,
)

__all__ = [
    "LONGEST_ACRONYM",
    "And",
    "FacetLeaf",
    "Group",
    "Leaf",
    "Node",
    "Not",
    "Or",
    "PrefixLeaf",
    "Query",
    "Slot",
    "Synonym",
    "WordLeaf",
    "Written",
    "YearLeaf",
    "capitals_count",
    "positive_leaves",
    "read_pattern",
    "read_query",
    "read_words",
]
