"""How the languages of sources and documents are called, those of the portal apart."""

from collections.abc import Mapping

from inters4.core.i18n import LazyText, lazy

LANGUAGES: Mapping[str, LazyText] = {
    "en": lazy("anglais"),
    "es": lazy("espagnol"),
    "de": lazy("allemand"),
    "pt": lazy("portugais"),
    "it": lazy("italien"),
    "iu": lazy("inuktitut"),
    "cr": lazy("cri"),
}
"""By code, the languages of titles that sources have most often."""
