"""What is done with words before and beside matching: synonyms, correction, suggestions.

Nothing here knows a backend: a `Dictionary` and a way to look a leaf up are all it takes.
"""

from indexer.words.interpretation import Interpretation, interpret
from indexer.words.suggestions import Titled, suggest, typed_words

__all__ = ["Interpretation", "Titled", "interpret", "suggest", "typed_words"]
