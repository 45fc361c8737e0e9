"""From text to terms: tokens with their offsets, folded, stemmed, without stop words.

The same chain serves documents and queries. `analyse` is the door; `Finder` is
the same for whoever looks for a few words in a text.
"""

from indexer.analysis.chain import ANALYSIS_VERSION, LANGUAGES, Finder, Term, analyse, shouts
from indexer.analysis.fold import fold
from indexer.analysis.tokens import Token, tokenize

__all__ = [
    "ANALYSIS_VERSION",
    "LANGUAGES",
    "Finder",
    "Term",
    "Token",
    "analyse",
    "fold",
    "shouts",
    "tokenize",
]
