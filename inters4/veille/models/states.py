"""The closed lists of a summary: where it stands in its life, and how it is classified."""

from enum import StrEnum

TAKEN_ADDRESSES = frozenset({"nouveau"})
"""Words after `/veille/resumes/` that lead to other pages: no summary has one as its address."""


class SummaryState(StrEnum):
    """Where a summary stands."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    READY = "ready"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    REPLACED = "replaced"
    RETRACTED = "retracted"
    ARCHIVED = "archived"


READABLE = frozenset({SummaryState.PUBLISHED, SummaryState.CORRECTED})
"""States in which everyone reads the summary and search finds it."""

TOMBSTONES = frozenset({SummaryState.REPLACED, SummaryState.RETRACTED})
"""States in which everyone reads that the summary no longer holds, and why."""

IN_PROGRESS = frozenset({SummaryState.DRAFT, SummaryState.IN_REVIEW, SummaryState.READY})
"""States in which the brokering team still works on it."""


class Origin(StrEnum):
    """Who wrote the summary: nobody in particular, from public sources, or a person."""

    STARTER = "starter"
    WRITTEN = "written"


class LimitSource(StrEnum):
    """Who says what the main limit of the study is: its authors, the page seen, or the writer."""

    ARTICLE = "article"
    SOURCE = "source"
    JUDGEMENT = "judgement"


class OpenAccess(StrEnum):
    """Whether anyone can read the article without paying."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class AppraisalTool(StrEnum):
    """With what the quality of the article was appraised."""

    AMSTAR_2 = "AMSTAR 2"
    JBI = "JBI"
    MMAT = "MMAT"


class Scheme(StrEnum):
    """How a summary is classified; each is a scheme of the vocabulary."""

    THEMES = "themes"
    SETTINGS = "settings"
    POPULATIONS = "populations"
    PROFESSIONS = "professions"
    REGIONS = "regions"
