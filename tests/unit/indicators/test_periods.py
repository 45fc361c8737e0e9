"""The period of a balance sheet: what is read, what is refused, what it is compared with."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from inters4.core.figures import Span
from inters4.indicators.forms.periods import (
    EARLIEST,
    LATEST,
    fiscal_year,
    in_words,
    presets,
    previous_of,
    read_period,
    whole_months,
)

TODAY = date(2026, 11, 22)


def span(first: str, last: str) -> Span:
    return Span(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("day", "first"),
    [("2026-03-31", "2025-04-01"), ("2026-04-01", "2026-04-01"), ("2026-11-22", "2026-04-01")],
)
def test_a_fiscal_year_begins_on_the_first_of_april(day: str, first: str) -> None:
    found = fiscal_year(date.fromisoformat(day))

    assert found.first == date.fromisoformat(first)
    assert (found.last.month, found.last.day) == (3, 31)
    assert found.last.year == found.first.year + 1


def test_the_periods_offered_are_those_of_a_committee() -> None:
    assert [(one.span.first.isoformat(), one.span.last.isoformat()) for one in presets(TODAY)] == [
        ("2026-04-01", "2027-03-31"),
        ("2025-04-01", "2026-03-31"),
        ("2026-10-01", "2026-12-31"),
        ("2026-10-01", "2026-10-31"),
        ("2026-01-01", "2026-12-31"),
        ("2025-01-01", "2025-12-31"),
    ]


def test_last_month_in_january_is_december() -> None:
    assert presets(date(2026, 1, 31))[3].span == span("2025-12-01", "2025-12-31")


@pytest.mark.parametrize(
    ("asked", "before"),
    [
        (span("2026-04-01", "2027-03-31"), span("2025-04-01", "2026-03-31")),
        (span("2026-10-01", "2026-12-31"), span("2026-07-01", "2026-09-30")),
        (span("2026-03-01", "2026-03-31"), span("2026-02-01", "2026-02-28")),
        (span("2024-02-01", "2024-02-29"), span("2024-01-01", "2024-01-31")),
        (span("2026-11-02", "2026-11-08"), span("2026-10-26", "2026-11-01")),
        (span("2026-11-22", "2026-11-22"), span("2026-11-21", "2026-11-21")),
        (span("2026-10-01", "2026-10-30"), span("2026-09-01", "2026-09-30")),
    ],
)
def test_a_period_is_compared_with_one_as_long_just_before(asked: Span, before: Span) -> None:
    assert previous_of(asked) == before


days = st.dates(EARLIEST, LATEST - timedelta(days=4000))


@given(days, st.integers(0, 3652))
def test_the_period_before_ends_the_day_before_and_is_as_long(first: date, length: int) -> None:
    asked = Span(first, first + timedelta(days=length))

    before = previous_of(asked)

    assert before.last == first - timedelta(days=1)
    if whole_months(asked):
        assert whole_months(before) == whole_months(asked)
    else:
        assert before.last - before.first == asked.last - asked.first


def test_an_address_that_says_nothing_asks_for_the_fiscal_year_that_runs() -> None:
    wanted = read_period(MultiDict(), today=TODAY)

    assert wanted.span == span("2026-04-01", "2027-03-31")
    assert wanted.typed == ("2026-04-01", "2027-03-31")


def test_a_period_that_is_typed_is_read() -> None:
    asked = MultiDict([("du", " 2026-01-15 "), ("au", "2026-01-15")])

    assert read_period(asked, today=TODAY).span == span("2026-01-15", "2026-01-15")


@pytest.mark.parametrize(
    ("first", "last", "fields", "told"),
    [
        ("2026-02-30", "2026-03-01", ["du"], "« 2026-02-30 » n’est pas un jour du calendrier"),
        ("0001-01-01", "9999-12-31", ["du", "au"], "entre 2000 et 2099"),
        ("", "", ["du", "au"], "Donnez le premier jour"),
        ("2026-01-01", "", ["au"], "Donnez le dernier jour"),
        ("hier", "2026-01-01", ["du"], "n’est pas un jour du calendrier"),
        ("20260101", "2026-01-31", ["du"], "n’est pas un jour du calendrier"),
        ("2026-W01-1", "2026-01-31", ["du"], "n’est pas un jour du calendrier"),
        ("２０２６-01-01", "2026-01-31", ["du"], "n’est pas un jour du calendrier"),
        ("2026-02-01", "2026-01-31", ["au"], "finit avant de commencer"),
        ("2010-01-01", "2026-01-31", ["au"], "10 ans au plus"),
        ("\0", "'; DROP TABLE members; --", ["du", "au"], "n’est pas un jour du calendrier"),
    ],
)
def test_a_period_that_makes_no_sense_is_told_and_kept_as_typed(
    first: str, last: str, fields: list[str], told: str
) -> None:
    wanted = read_period(MultiDict([("du", first), ("au", last)]), today=TODAY)

    assert wanted.span is None
    assert wanted.typed == (first.strip(), last)
    assert [name for name, _message in wanted.errors] == fields
    assert told in wanted.errors[0][1].replace("\u00a0", " ")


def test_a_date_given_twice_is_not_guessed() -> None:
    twice = MultiDict([("du", "2026-01-01"), ("du", "2026-02-01"), ("au", "2026-03-01")])
    same = MultiDict([("du", "2026-01-01"), ("du", "2026-01-01"), ("au", "2026-03-01")])

    assert [name for name, _told in read_period(twice, today=TODAY).errors] == ["du"]
    assert read_period(same, today=TODAY).span == span("2026-01-01", "2026-03-01")


def test_ten_years_are_a_period_and_a_day_more_is_not() -> None:
    ten = MultiDict([("du", "2016-04-01"), ("au", "2026-03-31")])
    more = MultiDict([("du", "2016-04-01"), ("au", "2026-04-02")])

    assert read_period(ten, today=TODAY).span is not None
    assert read_period(more, today=TODAY).span is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_typed_is_answered(first: str, last: str) -> None:
    wanted = read_period(MultiDict([("du", first), ("au", last)]), today=TODAY)

    assert (wanted.span is None) == bool(wanted.errors)


def test_a_period_reads_as_people_say_it() -> None:
    assert in_words(span("2025-04-01", "2026-03-31")) == "du 1er avril 2025 au 31 mars 2026"
    assert in_words(span("2026-11-22", "2026-11-22")) == "le 22 novembre 2026"
