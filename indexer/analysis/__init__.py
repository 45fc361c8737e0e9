"""From text to terms: tokens with their offsets, folded, stemmed, without stop words.

The same chain serves documents and queries. `analyse` is the only door.
"""

from indexer.analysis.chain import ANALYSIS_VERSION, LANGUAGES, Run, Term, analyse, read_run, shouts
from indexer.analysis.english import CUT_SHORT
from indexer.analysis.fold import fold
from indexer.analysis.kin import beginning_of, root_of
from indexer.analysis.spelling import SPELT, is_spelt, join_spelling, split_spelling, write
from indexer.analysis.stopwords import ACCENTED, STOP_WORDS
from indexer.analysis.tokens import Token, split_runs, tokenize

__all__ = [
    "ACCENTED",
    "ANALYSIS_VERSION",
    "CUT_SHORT",
    "LANGUAGES",
    "SPELT",
    "STOP_WORDS",
    "Run",
    "Term",
    "Token",
    "analyse",
    "beginning_of",
    "fold",
    "is_spelt",
    "join_spelling",
    "read_run",
    "root_of",
    "shouts",
    "split_runs",
    "split_spelling",
    "tokenize",
    "write",
]
