"""The period of a balance sheet: what is typed, what is offered, what it is compared with.

The fiscal year of the network begins on 1 April. A period made of whole months is compared with as
many months before it (a quarter with a quarter, a year with a year); any other with as many days.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from werkzeug.datastructures import MultiDict

from inters4.core.figures import Span
from inters4.core.i18n import _, format_date
from inters4.core.values import dataclass

FROM, TO = "du", "au"
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
MOST_YEARS = 10
_MOST_DAYS = 3_653
_LONGEST = 40
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FISCAL_MONTH = 4


@dataclass(frozen=True, slots=True)
class Preset:
    """A period offered by its name."""

    label: str
    span: Span


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks for.

    Attributes:
        typed: the first and last days as they were typed.
        span: the period, None when they make none.
        errors: (name of the field, what is wrong with it).
    """

    typed: tuple[str, str]
    span: Span | None
    errors: Sequence[tuple[str, str]] = ()


def read_period(arguments: MultiDict[str, str], *, today: date) -> Wanted:
    """The period asked for; this fiscal year when the address says nothing of it."""
    if FROM not in arguments and TO not in arguments:
        span = fiscal_year(today)
        return Wanted((span.first.isoformat(), span.last.isoformat()), span)
    typed = tuple(arguments.get(name, "").strip()[:_LONGEST] for name in (FROM, TO))
    days: list[date] = []
    errors: list[tuple[str, str]] = []
    for name, text in zip((FROM, TO), typed, strict=True):
        day = _day_of(text)
        told = _told(name, text, day, arguments.getlist(name))
        if told:
            errors.append((name, told))
        elif day is not None:
            days.append(day)
    if not errors:
        errors = _together(*days)
    return Wanted((typed[0], typed[1]), None if errors else Span(*days), errors)


def presets(today: date) -> list[Preset]:
    """The periods that a committee asks for, the one that is running first."""
    this_month = today.replace(day=1)
    year = fiscal_year(today)
    return [
        Preset(_("Exercice en cours"), year),
        Preset(_("Dernier exercice"), previous_of(year)),
        Preset(_("Ce trimestre"), _months(_quarter_start(today), 3)),
        Preset(_("Le mois dernier"), previous_of(_months(this_month, 1))),
        Preset(_("Année civile %(year)s", year=today.year), _calendar_year(today.year)),
        Preset(_("Année civile %(year)s", year=today.year - 1), _calendar_year(today.year - 1)),
    ]


def fiscal_year(day: date) -> Span:
    """From 1 April to 31 March."""
    return _months(date(day.year - (day.month < _FISCAL_MONTH), _FISCAL_MONTH, 1), 12)


def whole_months(span: Span) -> int:
    """How many months the period is made of; 0 when it is not made of whole ones."""
    after = span.last + timedelta(days=1)
    if span.first.day != 1 or after.day != 1:
        return 0
    return (after.year - span.first.year) * 12 + after.month - span.first.month


def previous_of(span: Span) -> Span:
    """The period of the same length that ends the day before."""
    last = span.first - timedelta(days=1)
    if months := whole_months(span):
        return Span(_shifted(span.first, -months), last)
    return Span(last - (span.last - span.first), last)


def in_words(span: Span) -> str:
    """« du 1er avril 2025 au 31 mars 2026 »."""
    if span.first == span.last:
        return _("le %(day)s", day=format_date(span.first))
    return _("du %(first)s au %(last)s", first=format_date(span.first), last=format_date(span.last))


def _day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _told(name: str, text: str, day: date | None, given: Sequence[str]) -> str:
    """What is wrong with one date, empty when nothing is."""
    if len(set(given)) > 1:
        return _("L’adresse donne cette date plusieurs fois : gardez-en une seule.")
    if not text and name == FROM:
        return _("Donnez le premier jour de la période.")
    if not text:
        return _("Donnez le dernier jour de la période.")
    if day is None:
        return _(
            "« %(typed)s » n’est pas un jour du calendrier : écrivez l’année, le mois et le jour, "
            "comme 2026-04-01.",
            typed=text,
        )
    if not EARLIEST <= day <= LATEST:
        return _(
            "Choisissez un jour entre %(first)s et %(last)s.",
            first=EARLIEST.year,
            last=LATEST.year,
        )
    return ""


def _together(first: date, last: date) -> list[tuple[str, str]]:
    if last < first:
        return [(TO, _("La période finit avant de commencer : inversez les deux dates."))]
    if (last - first).days >= _MOST_DAYS:
        return [
            (TO, _("Choisissez une période de %(years)s ans au plus.", years=MOST_YEARS)),
        ]
    return []


def _months(first: date, number: int) -> Span:
    return Span(first, _shifted(first, number) - timedelta(days=1))


def _calendar_year(year: int) -> Span:
    return _months(date(year, 1, 1), 12)


def _quarter_start(day: date) -> date:
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def _shifted(first: date, months: int) -> date:
    """The first day of a month, some months away."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)
