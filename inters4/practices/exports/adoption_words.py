"""Adoptions in words, and as a table for spreadsheets."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from inters4.core.clock import day_of
from inters4.core.i18n import LazyText, _, lazy
from inters4.core.tables import write_csv
from inters4.practices.models import (
    Adoption,
    AdoptionResult,
    AdoptionState,
    Aspect,
    Openness,
    with_unit,
)
from inters4.vocabulary.queries import Vocabulary

STATES: Mapping[AdoptionState, LazyText] = {
    AdoptionState.INTENTION: lazy("Intention"),
    AdoptionState.TRIAL: lazy("À l’essai"),
    AdoptionState.IN_PLACE: lazy("En place"),
    AdoptionState.EXTENDED: lazy("Étendue"),
    AdoptionState.ABANDONED: lazy("Abandonnée"),
}
OPENNESS: Mapping[Openness, LazyText] = {
    Openness.PUBLIC: lazy("Tout le monde"),
    Openness.MEMBERS: lazy("Les personnes inscrites"),
    Openness.US: lazy("Notre organisation seulement"),
}
ASPECTS: Mapping[Aspect, tuple[LazyText, LazyText]] = {
    Aspect.REACH: (lazy("Portée"), lazy("Qui est rejoint, et qui ne l’est pas?")),
    Aspect.EFFECTIVENESS: (lazy("Efficacité"), lazy("Qu’est-ce qui change, en bien ou en mal?")),
    Aspect.ADOPTION: (lazy("Adoption"), lazy("Quelles équipes s’y mettent, lesquelles hésitent?")),
    Aspect.IMPLEMENTATION: (
        lazy("Implantation"),
        lazy("Comment cela se fait-il vraiment, avec quel temps, à quel coût?"),
    ),
    Aspect.MAINTENANCE: (lazy("Maintien"), lazy("Qu’est-ce qui tiendra dans un an?")),
    Aspect.ADAPTATIONS: (lazy("Adaptations"), lazy("Qu’avez-vous changé à la pratique?")),
    Aspect.LESSONS: (lazy("Leçons"), lazy("Que feriez-vous autrement?")),
}
"""What an entry is about, and the question it answers."""


def change_of(result: AdoptionResult) -> str:
    """The figure itself: « 40 → 12 jours », or its single value."""
    change = f"{result.before or '?'} → {result.after or '?'}"
    figure = change if result.before or result.after else result.value
    return with_unit(figure, result.unit)


def result_line(result: AdoptionResult) -> str:
    """« Délai : 40 → 12 jours (n = 200; hiver 2026) »."""
    number = _("n = %(number)s", number=result.n) if result.n else ""
    around = "; ".join(text for text in (number, result.period) if text)
    told = _("%(name)s : %(value)s", name=result.indicator, value=change_of(result))
    return f"{told} ({around})" if around else told


def adoptions_csv(
    adoptions: Iterable[Adoption],
    results: Mapping[int, Sequence[AdoptionResult]],
    *,
    words: Vocabulary,
    url_of: Callable[[Adoption], str],
) -> str:
    """One adoption a line; needs the sheet and the organisation loaded."""
    heads = (
        _("Pratique"),
        _("Organisation"),
        _("Équipe"),
        _("Région"),
        _("Milieu"),
        _("Étape"),
        _("Raison"),
        _("Depuis"),
        _("À cette étape depuis le"),
        _("Dernières nouvelles"),
        _("Résultats"),
        _("Adresse"),
    )

    def row(adoption: Adoption) -> Iterator[str]:
        yield adoption.practice.title
        yield adoption.organisation.name
        yield adoption.team
        yield words.label("regions", adoption.region) if adoption.region else ""
        yield words.label("settings", adoption.setting) if adoption.setting else ""
        yield str(STATES[adoption.state])
        yield adoption.state_reason
        yield adoption.since
        yield str(day_of(adoption.state_since) or "")
        yield str(day_of(adoption.news_at) or "")
        yield "; ".join(result_line(one) for one in results.get(adoption.id, ()))
        yield url_of(adoption)

    return "".join(write_csv(heads, (row(adoption) for adoption in adoptions)))
