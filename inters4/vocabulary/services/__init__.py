"""Changes to the vocabulary."""

from inters4.vocabulary.services.bearers import Bearer, bearers, rows_bearing
from inters4.vocabulary.services.saving import TERM_CHANGED, save_synonym_group, save_term

__all__ = [
    "TERM_CHANGED",
    "Bearer",
    "bearers",
    "rows_bearing",
    "save_synonym_group",
    "save_term",
]
