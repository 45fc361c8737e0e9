"""From what people type to a tree of leaves that a backend can look up. Never fails.

`read_query` is the door: `text -> lexer -> parser -> compiler -> Query`.
"""

from indexer.query.compiler import Query, read_query
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
    WordLeaf,
    YearLeaf,
    positive_leaves,
)

__all__ = [
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
    "WordLeaf",
    "YearLeaf",
    "positive_leaves",
    "read_query",
]
