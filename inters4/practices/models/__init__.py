"""Tables of the practices domain: the sheet, its parts, the states it goes through."""

from inters4.practices.models.citations import Piece, cited_numbers, pieces, without_citations
from inters4.practices.models.parts import (
    KIND,
    PracticeAdopter,
    PracticeBlock,
    PracticeOrganisation,
    PracticeOutcome,
    PracticeReference,
    PracticeTerm,
)
from inters4.practices.models.practices import Practice, PracticeSlug
from inters4.practices.models.states import (
    READABLE,
    TOMBSTONES,
    Block,
    Evaluation,
    Nature,
    Origin,
    PracticeState,
    RatingStatus,
    Scheme,
)

__all__ = [
    "KIND",
    "READABLE",
    "TOMBSTONES",
    "Block",
    "Evaluation",
    "Nature",
    "Origin",
    "Piece",
    "Practice",
    "PracticeAdopter",
    "PracticeBlock",
    "PracticeOrganisation",
    "PracticeOutcome",
    "PracticeReference",
    "PracticeSlug",
    "PracticeState",
    "PracticeTerm",
    "RatingStatus",
    "Scheme",
    "cited_numbers",
    "pieces",
    "without_citations",
]
