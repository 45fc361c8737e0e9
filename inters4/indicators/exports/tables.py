"""The figures and the plan as tables for spreadsheets."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from inters4.core.i18n import _
from inters4.core.tables import write_csv
from inters4.indicators.models import Counted, DigitalPlan, Fact


def facts_csv(
    facts: Sequence[Fact],
    counts: Mapping[Counted, int],
    alone: Sequence[tuple[str, int]] = (),
) -> str:
    """Figures, one a line; the last column is what the portal counts, apart.

    `alone`: what it counts and nobody published, with its name.
    """
    heads = [
        _("Indicateur"),
        _("Chiffre repris"),
        _("Unité"),
        _("Date ou période"),
        _("Organisation"),
        _("Source"),
        _("Citation"),
        _("Note"),
        _("Aujourd’hui dans ce portail"),
    ]
    rows = (
        (
            fact.label,
            fact.value,
            fact.unit,
            fact.period,
            fact.organisation,
            fact.source,
            fact.quote,
            fact.note,
            str(counts.get(fact.counted_as, "")) if fact.counted_as else "",
        )
        for fact in facts
    )
    blank = ("",) * (len(heads) - 2)
    more = ((label, *blank, str(number)) for label, number in alone)
    return "".join(write_csv(heads, chain(rows, more)))


def plan_csv(plan: DigitalPlan) -> str:
    """The objectives of a plan, one a line, their targets year by year."""
    heads = [
        _("Orientation"),
        _("Numéro"),
        _("Objectif"),
        _("Indicateur"),
        _("Clientèles visées"),
        _("Mesure de départ"),
        *(_("Cible %(year)s", year=year) for year in plan.years),
        _("Source"),
    ]
    return "".join(write_csv(heads, _objectives(plan)))


def _objectives(plan: DigitalPlan) -> Iterator[Sequence[str]]:
    for row in plan.objectives:
        targets = {target["year"]: target["target"] for target in row["targets"]}
        yield (
            row["orientation"],
            row["id"],
            row["title"],
            row["indicator"],
            "; ".join(row["audiences"]),
            row["baseline"],
            *(targets.get(year, "") for year in plan.years),
            plan.source,
        )
