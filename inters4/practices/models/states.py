"""The closed lists of a sheet: where it stands in its life, and what its figures are."""

from enum import StrEnum

TAKEN_ADDRESSES = frozenset(
    {
        "adoptions",
        "adoptions.csv",
        "comparer",
        "donnees",
        "donnees-ouvertes",
        "donnees.csv",
        "donnees.json",
        "donnees.zip",
        "dossiers",
        "dossiers.csv",
        "flux.atom",
        "liste.csv",
        "proposer",
        "resultats.csv",
    }
)
"""Words after `/pratiques/` that lead to other pages: no sheet may have one as its address."""


class PracticeState(StrEnum):
    """Where a sheet stands. A sketch is not shown to anyone but its authors."""

    SKETCH = "sketch"
    PROPOSED = "proposed"
    ADMISSIBLE = "admissible"
    DECLINED = "declined"
    DRAFTING = "drafting"
    OWNER_VALIDATION = "owner-validation"
    REVIEW = "review"
    APPROVAL = "approval"
    PUBLISHED = "published"
    REVIEW_DUE = "review-due"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


READABLE = frozenset({PracticeState.PUBLISHED, PracticeState.REVIEW_DUE})
"""States in which everyone reads the sheet and search finds it."""

TOMBSTONES = frozenset({PracticeState.WITHDRAWN, PracticeState.REPLACED})
"""States in which everyone reads only that it is gone, and why."""


class Origin(StrEnum):
    """Who started the sheet: the portal, from public sources, or a person."""

    STARTER = "starter"
    PROPOSED = "proposed"


class Nature(StrEnum):
    """What the figure of « En bref » is: an effect is not a count of activity."""

    EFFECT = "effect"
    ACTIVITY = "activity"
    SATISFACTION = "satisfaction"


class Evaluation(StrEnum):
    """Whether anyone evaluated the practice: silence would be read as yes."""

    DESCRIBED = "described"
    NOT_EVALUATED = "not-evaluated"


class RatingStatus(StrEnum):
    """Whether reviewers stand behind the two ratings."""

    PROPOSED = "proposed"
    REVIEWED = "reviewed"


class CostKind(StrEnum):
    """What an amount is for."""

    START_UP = "start-up"
    RUNNING = "running"
    TOTAL = "total"
    SAVING = "saving"


class Accessibility(StrEnum):
    """Whether everyone can read a document, and whether anyone checked."""

    UNCHECKED = "unchecked"
    ACCESSIBLE = "accessible"
    PARTLY = "partly"
    INACCESSIBLE = "inaccessible"


class Check(StrEnum):
    """One thing that makes a document readable by everyone, as someone looked at it."""

    YES = "yes"
    NO = "no"
    NONE = "none"
    UNKNOWN = "unknown"


class Licence(StrEnum):
    """On what terms a document may be used again."""

    CC0 = "cc0"
    CC_BY = "cc-by"
    CC_BY_SA = "cc-by-sa"
    CC_BY_NC = "cc-by-nc"
    CC_BY_NC_SA = "cc-by-nc-sa"
    CC_BY_ND = "cc-by-nd"
    CC_BY_NC_ND = "cc-by-nc-nd"
    RESERVED = "all-rights-reserved"
    PERMISSION = "with-permission"
    OTHER = "other"
    UNKNOWN = "unknown"


class TranslationState(StrEnum):
    """How the English version of a sheet stands."""

    ABSENT = "absent"
    IN_PROGRESS = "in-progress"
    REVIEWED = "reviewed"
    OUTDATED = "outdated"


class Block(StrEnum):
    """A long text of the sheet, in the order of the page."""

    CONTEXT = "context"
    DESCRIPTION = "description"
    DIFFERENCE = "difference"
    EVALUATION = "evaluation"
    ADVERSE_EFFECTS = "adverse-effects"
    EQUITY = "equity"
    RESOURCES = "resources"
    COSTS = "costs"
    STEPS = "steps"
    LEADERSHIP = "leadership"
    CONDITIONS = "conditions"
    PITFALLS = "pitfalls"
    GOVERNANCE = "governance"
    MONITORING = "monitoring"
    SUSTAINABILITY = "sustainability"
    CORE = "core"
    ADAPTATIONS = "adaptations"
    PATIENT_ROLE = "patient-role"
    PATIENT_EXPERIENCE = "patient-experience"
    DOUBTS = "doubts"

    @property
    def field(self) -> str:
        """Its name among fields: « evaluation » and « costs » are also fields of their own."""
        return f"text-{self.value}"


class Scheme(StrEnum):
    """How a sheet is classified; each is a scheme of the vocabulary."""

    THEMES = "themes"
    SETTINGS = "settings"
    POPULATIONS = "populations"
    PROFESSIONS = "professions"
    OUTCOMES = "outcomes"
    REGIONS = "regions"
    EVIDENCE_TYPES = "evidence_types"
    KNOWLEDGE_SOURCES = "knowledge_sources"
