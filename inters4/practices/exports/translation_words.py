"""How the state of a translation reads."""

from collections.abc import Mapping

from inters4.core.i18n import LazyText, lazy
from inters4.practices.models import TranslationState

TRANSLATION_STATES: Mapping[TranslationState, LazyText] = {
    TranslationState.ABSENT: lazy("absente"),
    TranslationState.IN_PROGRESS: lazy("en cours"),
    TranslationState.REVIEWED: lazy("révisée"),
    TranslationState.OUTDATED: lazy("périmée"),
}
