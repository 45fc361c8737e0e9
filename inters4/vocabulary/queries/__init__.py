"""Reads of the vocabulary."""

from inters4.vocabulary.queries.rows import list_synonym_groups, list_terms, lock_vocabulary
from inters4.vocabulary.queries.whole import Entry, Node, Vocabulary, options_of, vocabulary

__all__ = [
    "Entry",
    "Node",
    "Vocabulary",
    "list_synonym_groups",
    "list_terms",
    "lock_vocabulary",
    "options_of",
    "vocabulary",
]
