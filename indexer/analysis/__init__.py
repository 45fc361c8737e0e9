"""From text to terms: tokens with their offsets, folded, stemmed, without stop words.

The same chain serves documents and queries. `analyse` is the only door.
"""

from indexer.analysis.chain import ANALYSIS_VERSION, LANGUAGES, Term, analyse, read_runs, shouts
from indexer.analysis.fold import fold
from indexer.analysis.spelling import SPELT, is_spelt, join_spelling, split_spelling, write
from indexer.analysis.stopwords import ACCENTED, STOP_WORDS
from indexer.analysis.tokens import Token, tokenize

__all__ = [
    "ACCENTED",
    "ANALYSIS_VERSION",
    "LANGUAGES",
    "SPELT",
    "STOP_WORDS",
    "Term",
    "Token",
    "analyse",
    "fold",
    "is_spelt",
    "join_spelling",
    "read_runs",
    "shouts",
    "split_spelling",
    "tokenize",
    "write",
]
