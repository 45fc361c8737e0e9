"""Tables for spreadsheets.

Semicolons and a byte order mark: what Excel set for French Canada opens in columns, with its
accents. A cell that a spreadsheet would take for a formula is given as text.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO

from inters4.core.i18n import _
from inters4.indicators.models import Counted, DigitalPlan, Fact

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def facts_csv(facts: Sequence[Fact], counts: Mapping[Counted, int]) -> str:
    """Figures, one a line; the last column is what the portal counts, apart."""
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
    return _csv(heads, rows)


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
    return _csv(heads, _objectives(plan))


def _objectives(plan: DigitalPlan) -> Iterator[Sequence[str]]:
    for row in plan.objectives:
        targets = {target["year"]: target["target"] for target in row["targets"]}
        yield (
            row["orientation"],
            row["id"],
            row["title"],
            row["indicator"],
            ", ".join(row["audiences"]),
            row["baseline"],
            *(targets.get(year, "") for year in plan.years),
            plan.source,
        )


def _csv(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    written = StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return "\N{ZERO WIDTH NO-BREAK SPACE}" + written.getvalue()


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value
