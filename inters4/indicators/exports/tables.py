"""The plan as a table for spreadsheets."""

from collections.abc import Iterator, Sequence

from inters4.core.i18n import _
from inters4.core.tables import write_csv
from inters4.indicators.models import DigitalPlan


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
