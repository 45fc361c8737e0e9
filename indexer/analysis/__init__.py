"""From text to terms: tokens with their offsets, folded, stemmed, without stop words.

The same chain serves documents and queries. `analyse` is the only door.
"""

from indexer.analysis.chain import ANALYSIS_VERSION, LANGUAGES, Run, Term, analyse, read_run, shouts
from indexer.analysis.english import CUT_SHORT
from indexer.analysis.fold import APOSTROPHES, fold
from indexer.analysis.kin import beginning_of, root_of
from indexer.analysis.spelling import (
    SPELT,
    accents_of,
    has_accents,
    is_spelt,
    join_spelling,
    numbers_of,
    split_spelling,
    write,
)
from indexer.analysis.stopwords import ACCENTED, HALF_STOP_WORDS, STOP_WORDS, is_stop_word
from indexer.analysis.tokens import Token, split_runs, tokenize

__all__ = [
    "ACCENTED",
    "ANALYSIS_VERSION",
    "APOSTROPHES",
    "CUT_SHORT",
    "HALF_STOP_WORDS",
    "LANGUAGES",
    "SPELT",
    "STOP_WORDS",
    "Run",
    "Term",
    "Token",
    "accents_of",
    "analyse",
    "beginning_of",
    "fold",
    "has_accents",
    "is_spelt",
    "is_stop_word",
    "join_spelling",
    "numbers_of",
    "read_run",
    "root_of",
    "shouts",
    "split_runs",
    "split_spelling",
    "tokenize",
    "write",
]
