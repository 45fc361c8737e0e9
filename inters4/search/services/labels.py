"""What facets and their values are called, in the reader's language.

A value that nobody registered is no filter; a value that documents still bear although its term
is gone is shown by its id.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Self

from sqlalchemy.orm import Session

from indexer import Names
from inters4.core.hooks import hooks
from inters4.core.i18n import LANGUAGES, LazyText, _, lazy, use_locale
from inters4.core.values import dataclass
from inters4.search.models import Criteria
from inters4.search.queries.names import organisation_names
from inters4.vocabulary.queries import Vocabulary, vocabulary

FACET_LABELS: Mapping[str, LazyText] = {
    "kind": lazy("Type"),
    "theme": lazy("Thème"),
    "region": lazy("Région"),
    "organisation": lazy("Organisation"),
    "setting": lazy("Milieu"),
    "population": lazy("Population"),
    "profession": lazy("Profession"),
    "stage": lazy("Étape"),
    "evidence": lazy("Force de la preuve"),
    "maturity": lazy("Maturité"),
    "language": lazy("Langue"),
}
FIELD_LABELS: Mapping[str, LazyText] = {"author": lazy("Auteur")}
SCALE_LABELS: Mapping[str, LazyText] = {
    "maturity": lazy("Maturité"),
    "design": lazy("Devis"),
    "evidence": lazy("Preuve"),
}
_SCHEMES = {
    "theme": "themes",
    "region": "regions",
    "setting": "settings",
    "population": "populations",
    "profession": "professions",
    "stage": "implementation_stage",
    "evidence": "evidence_strength",
    "maturity": "maturity",
    "design": "evidence_types",
}
_LANGUAGE_NAMES = {"fr": ("français", "French"), "en": ("anglais", "English")}
ORDERED = frozenset({"stage", "evidence", "maturity"})
"""Scales: their values keep the order of the vocabulary."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Names of facets and values; `organisations` are names by permanent id."""

    words: Vocabulary
    organisations: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, session: Session) -> Self:
        """Every name, as the database has them now."""
        return cls(vocabulary(session), organisation_names(session))

    def of_facet(self, facet: str) -> str:
        """The name of a facet."""
        return str(FACET_LABELS[facet])

    def of_field(self, facet: str) -> str:
        """The name of a field that one may type, as it is typed: some are no facet."""
        return str(FIELD_LABELS.get(facet) or FACET_LABELS[facet])

    def of_scale(self, facet: str) -> str:
        """The short name of a scale, beside its value."""
        return str(SCALE_LABELS[facet])

    def of(self, facet: str, value: str) -> str:
        """The name of a value; the value itself when nothing names it."""
        if facet == "kind":
            kind = hooks.document_kinds.get(value)
            return str(kind.label()) if kind else value
        if facet == "language":
            return LANGUAGES.get(value, value)
        if facet == "organisation":
            return self.organisations.get(value, value)
        return self.words.label(_SCHEMES[facet], value)

    def ranks(self, facet: str) -> dict[str, int]:
        """The place of each value in the vocabulary."""
        scheme = self.words.schemes.get(_SCHEMES.get(facet, ""), {})
        return {value: place for place, value in enumerate(scheme)}

    def known(self, criteria: Criteria) -> Criteria:
        """`criteria` without the values that nothing names; a term that was moved is followed."""
        kept = {
            facet: tuple(dict.fromkeys(filter(None, (self._known(facet, one) for one in values))))
            for facet, values in criteria.chosen.items()
        }
        chosen = {facet: values for facet, values in kept.items() if values}
        if chosen == criteria.chosen:
            return criteria
        return criteria.changed(chosen=chosen, page=criteria.page)

    def _known(self, facet: str, value: str) -> str:
        known: Mapping[str, Callable[[], bool]] = {
            "kind": lambda: value in hooks.document_kinds,
            "language": lambda: value in LANGUAGES,
            "organisation": lambda: value in self.organisations,
        }
        if facet in known:
            return value if known[facet]() else ""
        return self.words.present(_SCHEMES[facet], value)

    @property
    def names(self) -> Names:
        """What may be typed for the value of a field, in both languages."""
        kinds = _names_of_kinds()
        named = {facet: self.words.names(scheme) for facet, scheme in _SCHEMES.items()}
        return Names(
            repr((self.words.revision, kinds)),
            {**named, "kind": kinds, "language": _LANGUAGE_NAMES},
        )

    def of_years(self, criteria: Criteria) -> str:
        """The years asked for, in words."""
        first, last = criteria.year_from, criteria.year_to
        if first is None:
            return _("jusqu’en %(year)s", year=last)
        if last is None:
            return _("depuis %(year)s", year=first)
        if first == last:
            return str(first)
        return _("%(first)s à %(last)s", first=first, last=last)


def _names_of_kinds() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = dict.fromkeys(hooks.document_kinds, ())
    for locale in LANGUAGES:
        with use_locale(locale):
            for kind, one in hooks.document_kinds.items():
                found[kind] += (str(one.label()), str(one.plural()))
    return found


def in_a_sentence(label: str) -> str:
    """A label where it does not come first: its capital goes."""
    return label[:1].lower() + label[1:]
