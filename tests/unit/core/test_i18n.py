"""Dates, numbers and plurals as Québec writes them, in whatever context."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog

from inters4.core import catalogue
from inters4.core.i18n import (
    _,
    current_locale,
    format_date,
    format_moment,
    format_number,
    lazy,
    ngettext,
    use_locale,
)
from inters4.core.messages import in_code


def test_dates_are_written_out() -> None:
    assert format_date(date(2026, 11, 21)) == "21 novembre 2026"
    assert format_date(date(2026, 2, 1)) == "1er février 2026"
    with use_locale("en"):
        assert format_date(date(2026, 11, 21)) == "November 21, 2026"


def test_an_instant_is_shown_on_the_day_it_is_in_quebec() -> None:
    assert format_date(datetime(2026, 11, 22, 3, 30, tzinfo=UTC)) == "21 novembre 2026"
    assert format_moment(datetime(2026, 7, 2, 3, 5, tzinfo=UTC)) == (
        "1er juillet 2026, 23\u00a0h\u00a005"
    )


def test_a_message_declared_early_takes_its_values_in_the_language_of_the_moment() -> None:
    message = lazy("%(count)s résultats")

    assert message % {"count": 3} == "3 résultats"
    with use_locale("en"):
        assert message % {"count": 3} == _("%(count)s résultats", count=3)
    assert lazy("Donnez un nombre.") % {"min": 0, "max": 9} == "Donnez un nombre."


def test_numbers_have_a_no_break_space_and_a_comma() -> None:
    assert format_number(1234.5).replace("\u202f", "\u00a0") == "1\u00a0234,5"


def test_french_counts_zero_with_one() -> None:
    assert ngettext("%(num)s résultat", "%(num)s résultats", 0) == "0 résultat"
    assert ngettext("%(num)s résultat", "%(num)s résultats", 2) == "2 résultats"


def test_a_language_stays_in_its_context() -> None:
    with use_locale("en"), ThreadPoolExecutor(1) as pool:
        assert current_locale() == "en"
        assert pool.submit(current_locale).result() == "fr"
    assert current_locale() == "fr"


@pytest.fixture(scope="module")
def extracted() -> Catalog:
    return catalogue.extract()


def test_every_message_has_its_english_and_the_catalogues_are_compiled(extracted: Catalog) -> None:
    assert list(catalogue.problems(extracted)) == []


def test_a_message_is_found_wherever_code_says_it() -> None:
    code = b"""f"{_('Dans un texte')}", _("Deux " "bouts", of=_("Dedans")), self.lazy(named)"""

    said = [
        messages
        for _line, _name, messages, _comments in in_code(BytesIO(code), ["_", "lazy"], (), {})
    ]

    assert sorted(said, key=str) == [("Dans un texte",), ("Dedans",), ("Deux bouts",), (None,)]


def test_every_message_follows_the_typography_of_quebec(extracted: Catalog) -> None:
    """No-break space before `:` and `%` and inside « », none before `; ! ?`, ’ as apostrophe."""
    wrong = re.compile(
        r" :| %(?![(%s])| »|« | %%|[\w)»][\u00a0\u202f ][;!?](?:\s|$)"
        r"|[a-zA-ZÀ-ÿ]'[a-zA-ZÀ-ÿ]"
    )
    texts = [
        text
        for message in extracted
        for text in ((message.id,) if isinstance(message.id, str) else message.id)
    ]

    assert [text for text in texts if wrong.search(text)] == []


def test_a_message_that_is_also_counted_has_its_translation() -> None:
    with use_locale("en"):
        assert (_("Rôle"), ngettext("Rôle", "Rôles", 2)) == ("Role", "Roles")
