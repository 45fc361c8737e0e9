"""Tables of the veille domain: the summary, its parts, and the rules it must keep."""

from inters4.veille.models.parts import KIND, SummaryPractice, SummarySlug, SummaryTerm
from inters4.veille.models.rules import (
    MAX_CHARACTERS,
    MAX_HOOK,
    MAX_WORDS,
    MIN_WORDS,
    Lack,
    count_words,
    paragraph_lacks,
    publishing_lacks,
    state_lacks,
)
from inters4.veille.models.states import (
    IN_PROGRESS,
    READABLE,
    TOMBSTONES,
    AppraisalTool,
    LimitSource,
    OpenAccess,
    Origin,
    Scheme,
    SummaryState,
)
from inters4.veille.models.summaries import Summary

__all__ = [
    "IN_PROGRESS",
    "KIND",
    "MAX_CHARACTERS",
    "MAX_HOOK",
    "MAX_WORDS",
    "MIN_WORDS",
    "READABLE",
    "TOMBSTONES",
    "AppraisalTool",
    "Lack",
    "LimitSource",
    "OpenAccess",
    "Origin",
    "Scheme",
    "Summary",
    "SummaryPractice",
    "SummarySlug",
    "SummaryState",
    "SummaryTerm",
    "count_words",
    "paragraph_lacks",
    "publishing_lacks",
    "state_lacks",
]
