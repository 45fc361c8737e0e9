"""The cookie of a list is anyone's to write: it is read without ever failing, within bounds."""

from hypothesis import given
from hypothesis import strategies as st

from inters4.search.models.keeping import (
    BROWSER_LIMIT,
    cookie_of_keys,
    keys_of_cookie,
    read_keys,
)

KEYS = st.from_regex(r"(fiche|resume|numero):[a-z0-9][a-z0-9.-]{0,60}", fullmatch=True)


@given(st.text())
def test_any_cookie_is_read(cookie: str) -> None:
    keys = keys_of_cookie(cookie)

    assert len(keys) <= BROWSER_LIMIT
    assert keys_of_cookie(cookie_of_keys(keys)) == keys


@given(st.lists(KEYS, max_size=100))
def test_a_cookie_holds_the_first_keys_and_fits_in_a_browser(keys: list[str]) -> None:
    cookie = cookie_of_keys(keys)

    found = keys_of_cookie(cookie)
    assert found == tuple(dict.fromkeys(keys))[: len(found)]
    assert len(cookie) <= 3_500
    assert found or not keys


def test_a_key_is_read_once_and_only_when_it_is_well_formed() -> None:
    written = ["fiche:gap", "fiche:gap", "../etc", "fiche:", "FICHE:gap", "fiche:a b", "resume:b"]

    assert read_keys(written) == ("fiche:gap", "resume:b")
