"""Tables of the practices domain: the sheet, its parts, the states it goes through."""

from inters4.practices.models.citations import (
    Piece,
    cited_numbers,
    pieces,
    without_citations,
)
from inters4.practices.models.measures import (
    PracticeBaseline,
    PracticeCost,
    PracticeOutcome,
    PracticeStaffing,
)
from inters4.practices.models.parts import (
    KIND,
    Line,
    PracticeAttachment,
    PracticeBlock,
    PracticeReference,
    PracticeTerm,
)
from inters4.practices.models.places import (
    PracticeAdopter,
    PracticeCondition,
    PracticeOrganisation,
    PracticeTransferability,
)
from inters4.practices.models.practices import (
    Practice,
    PracticeSlug,
)
from inters4.practices.models.reviews import Advice, PracticeApproval, PracticeReview
from inters4.practices.models.revisions import (
    Move,
    PracticeAuthor,
    PracticeRevision,
    PracticeStep,
    PracticeVersion,
)
from inters4.practices.models.states import (
    READABLE,
    TOMBSTONES,
    Accessibility,
    Block,
    CostKind,
    Evaluation,
    Nature,
    Origin,
    PracticeState,
    RatingStatus,
    Scheme,
    TranslationState,
)

__all__ = [
    "KIND",
    "READABLE",
    "TOMBSTONES",
    "Accessibility",
    "Advice",
    "Block",
    "CostKind",
    "Evaluation",
    "Line",
    "Move",
    "Nature",
    "Origin",
    "Piece",
    "Practice",
    "PracticeAdopter",
    "PracticeApproval",
    "PracticeAttachment",
    "PracticeAuthor",
    "PracticeBaseline",
    "PracticeBlock",
    "PracticeCondition",
    "PracticeCost",
    "PracticeOrganisation",
    "PracticeOutcome",
    "PracticeReference",
    "PracticeReview",
    "PracticeRevision",
    "PracticeSlug",
    "PracticeStaffing",
    "PracticeState",
    "PracticeStep",
    "PracticeTerm",
    "PracticeTransferability",
    "PracticeVersion",
    "RatingStatus",
    "Scheme",
    "TranslationState",
    "cited_numbers",
    "pieces",
    "without_citations",
]
