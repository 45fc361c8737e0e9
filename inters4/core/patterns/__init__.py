"""Regular expressions that people write: tried in a child process, under a limit of time."""

from inters4.core.patterns.matching import (
    LONGEST_PATTERN,
    LONGEST_TEXT,
    PatternRefused,
    TooSlow,
    close,
    matching,
)

__all__ = ["LONGEST_PATTERN", "LONGEST_TEXT", "PatternRefused", "TooSlow", "close", "matching"]
