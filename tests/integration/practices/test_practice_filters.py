"""« Plus de filtres »: what most readers do not use is folded, and never hides what is chosen."""

import re

import pytest
from flask.testing import FlaskClient

from inters4.core.db import writing
from tests.builders.practices import make_practice
from tests.builders.vocabulary import make_vocabulary

FOLDED = re.compile(r'<details class="more-filters[^"]*"( open)?>(.*?)</details>', re.DOTALL)


@pytest.fixture(autouse=True)
def _sheets(database: str) -> None:
    with writing() as session:
        make_vocabulary(session)
        make_practice(
            session,
            "a",
            title="Étoile",
            professions=("inf",),
            maturity="emergente",
            evidence_strength="forte",
            themes=("domicile",),
        )


def folded(client: FlaskClient, query: str = "") -> tuple[bool, str]:
    """Whether the rest of the filters is open, and what it holds."""
    found = FOLDED.search(client.get(f"/pratiques{query}").text)
    assert found is not None
    return bool(found[1]), found[2]


@pytest.mark.parametrize(
    ("query", "is_open"),
    [
        ("", False),
        ("?theme=domicile", False),
        ("?profession=inf", True),
        ("?maturite=emergente", True),
        ("?preuve=forte", True),
        ("?tri=titre", True),
        ("?profession=inconnue", False),
    ],
)
def test_the_rest_is_open_when_something_is_chosen_in_it(
    client: FlaskClient, query: str, is_open: bool
) -> None:
    assert folded(client, query)[0] is is_open


def test_the_rest_holds_what_most_readers_do_not_use(client: FlaskClient) -> None:
    _open, form = folded(client)

    assert "Plus de filtres" in form
    names = re.findall(r'<select [^>]*name="(\w+)"', form)
    assert {"profession", "maturite", "preuve", "tri"} <= set(names)
    assert not {"theme", "region", "population"} & set(names)


def test_one_form_sends_both_halves(client: FlaskClient) -> None:
    page = client.get("/pratiques?theme=domicile&profession=inf").text
    form = page[page.index('action="/pratiques"') :].partition("</form>")[0]

    assert 'value="domicile" selected' in form
    assert 'value="inf" selected' in form
    assert "Effacer les filtres" in page
