"""The balance sheet put together: each figure, the period before it, and what was published.

What others published stands in a column of its own and is never added to what the portal counts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from inters4.core.clock import day_of
from inters4.core.figures import Figure, Line, Section, Span, When
from inters4.core.i18n import LazyText, _, lazy
from inters4.core.tables import write_csv
from inters4.core.values import dataclass
from inters4.indicators.models import Counted, Fact
from inters4.indicators.queries.balance import Total

BESIDE: Mapping[Counted, str] = {
    Counted.ORGANISATION: "organisations",
    Counted.MEMBER: "personnes-inscrites",
    Counted.SUBSCRIBER: "abonnements-en-cours",
    Counted.ISSUE: "numeros-en-tout",
    Counted.SUMMARY: "resumes-lisibles",
    Counted.SHEET: "fiches-lisibles",
    Counted.ADOPTION: "adoptions-en-tout",
}
"""What a published figure says it counts -> the figure of the portal beside which it stands."""
SECTIONS: Mapping[Section, LazyText] = {
    Section.PEOPLE: lazy("Organisations et personnes"),
    Section.NEWSLETTERS: lazy("Infolettres"),
    Section.VEILLE: lazy("Veille"),
    Section.PRACTICES: lazy("Pratiques"),
    Section.EXCHANGES: lazy("Échanges"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure of the balance sheet.

    Attributes:
        now: over the period; None when its rows are not kept that far back.
        before: over the period before; None for the same reason, or when only today is known.
        fact: what was published of the same kind.
    """

    figure: Figure
    now: Total | None
    before: Total | None
    fact: Fact | None = None

    @property
    def is_of_today(self) -> bool:
        """True of a figure that no period changes."""
        return self.figure.when is When.TODAY


@dataclass(frozen=True, slots=True)
class Balance:
    """A whole balance sheet.

    Attributes:
        sections: (heading, its figures).
        others: published figures beside which the portal counts nothing that is shown.
    """

    sections: Sequence[tuple[str, Sequence[Entry]]]
    others: Sequence[Fact]


def is_kept(figure: Figure, span: Span, *, today: date) -> bool:
    """False of a period from which some rows of the figure were deleted."""
    return not figure.kept_days or span.first >= today - timedelta(days=figure.kept_days)


def balance_of(
    figures: Sequence[Figure],
    facts: Sequence[Fact],
    *,
    now: tuple[Span, Mapping[str, Total]],
    before: tuple[Span, Mapping[str, Total]],
    today: date,
) -> Balance:
    """Put side by side what was counted over two periods, and what was published."""
    published = {BESIDE[fact.counted_as]: fact for fact in facts if fact.counted_as}
    entries = [
        Entry(
            figure,
            now[1][figure.key] if is_kept(figure, now[0], today=today) else None,
            before[1][figure.key]
            if figure.when is not When.TODAY and is_kept(figure, before[0], today=today)
            else None,
            published.get(figure.key),
        )
        for figure in figures
    ]
    shown = {entry.fact.id for entry in entries if entry.fact}
    return Balance(
        [
            (str(SECTIONS[section]), list(of_section))
            for section, of_section in groupby(entries, key=lambda one: one.figure.section)
        ],
        [fact for fact in facts if fact.id not in shown],
    )


def balance_csv(balance: Balance, *, now: Span, before: Span, site: str) -> Iterator[str]:
    """One figure a line, then what was published alone; nothing is added to anything."""
    heads = (
        _("Partie"),
        _("Indicateur"),
        _days(now),
        _("Détail"),
        _days(before),
        _("Détail, période précédente"),
        _("Repris du Bilan"),
        _("Unité"),
        _("En date de"),
        _("Source"),
        _("Citation"),
        _("Note"),
        _("Liste"),
    )
    return write_csv(heads, _balance_rows(balance, now, site))


def _balance_rows(balance: Balance, now: Span, site: str) -> Iterator[Sequence[str]]:
    for section, entries in balance.sections:
        for entry in entries:
            figure = entry.figure
            note = figure.note() if figure.note else ""
            yield (
                section,
                figure.label(),
                *_cells(figure, entry.now, is_empty=False),
                *_cells(figure, entry.before, is_empty=entry.is_of_today),
                *_published(entry.fact),
                ". ".join(filter(None, (note.rstrip("."), entry.fact.note if entry.fact else ""))),
                f"{site}/bilan/{figure.key}?du={now.first}&au={now.last}" if entry.now else "",
            )
    for fact in balance.others:
        yield (fact.category, fact.label, "", "", "", "", *_published(fact), fact.note, "")


def _cells(figure: Figure, total: Total | None, *, is_empty: bool) -> tuple[str, str]:
    if is_empty:
        return "", ""
    if total is None:
        return "", _("non conservé")
    return str(total.number), figure.amount(total.amount) if figure.amount else ""


def _published(fact: Fact | None) -> tuple[str, str, str, str, str]:
    if fact is None:
        return ("",) * 5
    return fact.value, fact.unit, fact.period, fact.source, fact.quote


def _days(span: Span) -> str:
    return _("Du %(first)s au %(last)s", first=span.first, last=span.last)


def lines_csv(figure: Figure, lines: Iterable[Line], *, site: str) -> Iterator[str]:
    """The list of a figure. One that the team alone reads gives no address: it names nobody."""
    is_open = not figure.roles
    heads = [_("Date"), _("Ce qui est compté"), _("Précision")]
    heads += [_("Nombre")] if figure.amount else []
    heads += [_("Adresse")] if is_open else []

    def row(line: Line) -> Iterator[str]:
        yield str(day_of(line.on) or "")
        yield line.title
        yield line.told
        if figure.amount:
            yield str(line.amount or 0)
        if is_open:
            yield f"{site}{line.url}" if line.url else ""

    return write_csv(heads, (row(line) for line in lines))
