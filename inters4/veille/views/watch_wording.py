"""What watches and sources are, in the reader's language."""

from collections.abc import Mapping
from datetime import date, timedelta

from inters4.core.i18n import LazyText, lazy
from inters4.veille.exports.failures import worded
from inters4.veille.models import Rhythm, Source, SourceKind, SourceState, Watch

_SOON = timedelta(days=60)
RHYTHMS: Mapping[Rhythm, LazyText] = {
    Rhythm.DAILY: lazy("Chaque jour"),
    Rhythm.WEEKLY: lazy("Chaque semaine"),
    Rhythm.MONTHLY: lazy("Chaque mois"),
}
KINDS: Mapping[SourceKind, LazyText] = {
    SourceKind.FEED: lazy("Flux"),
    SourceKind.PUBMED: lazy("Recherche PubMed"),
    SourceKind.PAGE: lazy("Page suivie à la main"),
    SourceKind.MAIL: lazy("Alertes par courriel"),
    SourceKind.REFERENCES: lazy("Références versées"),
}
_LANGUAGES: Mapping[str, LazyText] = {
    "fr": lazy("Français"),
    "en": lazy("Anglais"),
    "es": lazy("Espagnol"),
    "de": lazy("Allemand"),
    "it": lazy("Italien"),
    "pt": lazy("Portugais"),
}
failure = worded


def rhythm(one: Rhythm) -> str:
    """« Chaque semaine »."""
    return str(RHYTHMS[one])


def kind(one: SourceKind) -> str:
    """« Flux »."""
    return str(KINDS[one])


def language(code: str) -> str:
    """« Anglais »; the code of a language without a name here."""
    return str(_LANGUAGES.get(code, code))


def spoken() -> list[tuple[str, str]]:
    """Each language with its name, for a list."""
    return [(code, str(name)) for code, name in _LANGUAGES.items()]


def rhythms() -> list[tuple[str, str]]:
    """Each rhythm with its name, for a list."""
    return [(one.value, str(name)) for one, name in RHYTHMS.items()]


def is_late(watch: Watch, today: date) -> bool:
    """True when the criteria should have been read again."""
    return watch.closed_at is None and watch.review_on < today


def is_due_soon(watch: Watch, today: date) -> bool:
    """True in the two months before."""
    return watch.closed_at is None and today <= watch.review_on <= today + _SOON


def trouble(source: Source) -> str:
    """The one word that a list shows of a source that needs someone; see `_state.html`."""
    if source.state is SourceState.GONE:
        return "gone"
    if source.state is SourceState.PAUSED:
        return "paused"
    if source.failures:
        return "failing"
    if source.has_moved:
        return "moved"
    return "noted" if source.failure else ""
