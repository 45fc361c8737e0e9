"""From text to terms: tokens with their offsets, folded, stemmed, without stop words.

The same chain serves documents and queries. `analyse` is the door; `find` is the
same for whoever looks for a few words in a text.
"""

from indexer.analysis.chain import ANALYSIS_VERSION, LANGUAGES, Term, analyse, find, shouts
from indexer.analysis.fold import fold
from indexer.analysis.tokens import Token, tokenize

__all__ = [
    "ANALYSIS_VERSION",
    "LANGUAGES",
    "Term",
    "Token",
    "analyse",
    "find",
    "fold",
    "shouts",
    "tokenize",
]
