"""The address of a search is read without ever failing, and written back the same."""

from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from indexer import SortOrder
from inters4.search.models.criteria import (
    LINK_BYTES,
    PAGE_LIMIT,
    PARAMETERS,
    VALUES_LIMIT,
    Criteria,
)

NAMES = (*PARAMETERS.values(), "q", "annee_min", "annee_max", "tri", "page", "exact", "autre")


def read(query: str) -> Criteria:
    return Criteria.from_args(MultiDict(parse_qsl(query, keep_blank_values=True)))


def query(criteria: Criteria) -> str:
    return urlencode(list(criteria.pairs()))


anything = st.text(st.characters(), max_size=60)
plausible = st.sampled_from(
    ["fiche", "rss01", "telesante.ia", "2019", "2031", "date", "titre", "1", "0", "-3", "١٢"]
)
addresses = st.lists(st.tuples(st.sampled_from(NAMES) | anything, anything | plausible))


@given(addresses)
def test_any_address_is_read_and_written_back_the_same(pairs: list[tuple[str, str]]) -> None:
    criteria = Criteria.from_args(MultiDict(pairs))

    assert read(query(criteria)) == criteria


@given(st.integers(1, PAGE_LIMIT))
def test_the_page_is_kept_in_the_address(page: int) -> None:
    assert read(f"q=chutes&page={page}").page == page
    assert dict(read(f"q=chutes&page={page}").pairs()).get("page", "1") == str(page)


def test_every_part_of_the_state_has_its_parameter() -> None:
    criteria = read(
        "q=soins+%C3%A0+domicile&type=fiche&theme=telesante.ia&theme=domicile&region=rss01"
        "&annee_min=2019&annee_max=2024&tri=date&exact=1&page=3"
    )

    assert criteria == Criteria(
        text="soins à domicile",
        chosen={
            "kind": ("fiche",),
            "theme": ("telesante.ia", "domicile"),
            "region": ("rss01",),
        },
        year_from=2019,
        year_to=2024,
        sort=SortOrder.DATE,
        page=3,
        exact=True,
    )


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=0",
        "page=abc",
        "page=1e9",
        "annee_min=20",
        "annee_min=9999",
        "tri=hasard",
        "exact=oui",
        "region=../../etc",
        "region=RSS01",
        "theme=%00",
        "inconnu=1",
        "q=%00%00",
        "q=+++",
    ],
)
def test_what_cannot_be_read_is_as_if_it_were_absent(query: str) -> None:
    assert read(query) == Criteria()


def test_years_given_the_wrong_way_round_are_put_right() -> None:
    criteria = read("annee_min=2024&annee_max=2019")

    assert (criteria.year_from, criteria.year_to) == (2019, 2024)


def test_a_page_beyond_reason_is_the_last_one_allowed() -> None:
    assert read("page=1000000000").page == PAGE_LIMIT


def test_a_long_text_is_cut_where_links_would_become_too_heavy() -> None:
    plain = Criteria.from_args(MultiDict([("q", "a" * 20_000)]))
    accented = Criteria.from_args(MultiDict([("q", "é" * 20_000)]))

    assert len(plain.text) == LINK_BYTES
    assert len(accented.text) == LINK_BYTES // len("%C3%A9")


def test_hundreds_of_values_are_cut() -> None:
    pairs = [("region", f"rss{number}") for number in range(500)]
    criteria = Criteria.from_args(MultiDict([*pairs, ("theme", "ia"), *pairs]))

    assert criteria.chosen_count == VALUES_LIMIT
    assert criteria.chosen["theme"] == ("ia",)


def test_a_change_leads_back_to_the_first_page() -> None:
    criteria = read("q=chutes&region=rss01&page=4")

    assert query(criteria.changed(exact=True)) == "q=chutes&region=rss01&exact=1"
    assert query(criteria.without("region", "rss01")) == "q=chutes"
    assert query(criteria.choosing("region", "rss02")) == "q=chutes&region=rss02"


def test_a_text_of_lone_surrogates_can_still_be_written_in_a_link() -> None:
    assert query(Criteria.from_args(MultiDict([("q", "\ud800 chutes")]))) == "q=chutes"


def test_the_documentation_names_every_parameter() -> None:
    page = (Path(__file__).parents[3] / "docs" / "search.md").read_text()
    written = read("q=a&annee_min=2019&annee_max=2020&tri=date&exact=1&page=2").pairs()

    names = {*PARAMETERS.values(), *(name for name, _value in written)}
    assert [name for name in sorted(names) if f"`{name}`" not in page] == []
