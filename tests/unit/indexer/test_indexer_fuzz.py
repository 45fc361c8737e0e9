"""Nothing that can be typed fails: the whole engine, on hostile texts."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer import SearchEngine, SearchRequest, SynonymGroup, Synonyms
from indexer.factory import BACKENDS
from tests.contract.builders import PUBLIC, Index, make_document, scratch

SYNONYMS = Synonyms("1", (SynonymGroup(("CLSC", "centre local de services communautaires")),))
PIECES = [
    *"()\"«»“”„-–*:/\\&+#%_~^[]{}<>=|!?.,;’'`",
    *["ET", "OU", "SAUF", "AND", "OR", "NOT", "titre:", "thème:", "année:", "type:", "2019-", ".."],
    *[
        "soins",
        "domicile",
        "centre local",
        "CLSC",
        "CSLC",
        "d’",
        "l'",
        "qu’",
        "œ",
        "Æ",
        "ß",
        "İ",
        "ǅ",
    ],
    *[" ", "\t", "\n", "\x00", "\x1c", "\x7f", "\u00a0", "\u00ad", "\u2028", "\ufeff", "\uffff"],
    *["\u0301", "\u0301" * 50, "\u200b", "\u200d", "\u202e", "\u2066", "\ufe0f", "\U000e0041"],
    *[
        "\ud800",
        "\udfff",
        "\ud83d",
        "👩‍⚕️",
        "🏳️‍🌈",
        "𝕊𝕠𝕚𝕟",
        "ﷺ",
        "٢٠١٩",
        "²⁰¹⁹",
        "日本語",
        "שלום",
        "سلام",
    ],
]
LONG = [
    *[piece * (20_000 // len(piece)) for piece in ("(", '"', "*", "-", "a", "é", "\u0301", "👩‍⚕️")],
    *[
        piece * (20_000 // len(piece))
        for piece in ("l'", "a-", "a ", "OU ", "NOT ", "-(", "titre:")
    ],
    *["(" * 2_000 + "soins" + ")" * 2_000, "theme:" + "a" * 50_000, "soins* " * 3_000],
    " ".join(f"mot{number}" for number in range(5_000)),
]
"""Most engines stumble over one of these."""


@pytest.fixture(scope="module", params=BACKENDS)
def engine(request: pytest.FixtureRequest) -> Iterator[SearchEngine]:
    with tempfile.TemporaryDirectory(dir=scratch()) as directory:
        index = Index(Path(directory), request.param)
        titles = ["Soins à domicile", "Le CLSC 👩‍⚕️", "日本語 שלום", "Cœur de Télé-santé"]
        index.fill(make_document(title, title=title, body="Texte " * 9) for title in titles)
        with index.engine() as opened:
            yield opened


def answer(engine: SearchEngine, typed: str) -> None:
    request = SearchRequest(
        typed, audiences=PUBLIC, synonyms=SYNONYMS, facets=("kind",), years=True
    )
    results = engine.search(request)
    assert results.total >= len(results.hits)
    engine.suggest(typed, audiences=PUBLIC, terms=("CLSC", "soins à domicile"))


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_no_arrangement_of_hostile_pieces_fails(engine: SearchEngine, typed: str) -> None:
    answer(engine, typed)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(st.characters(), max_size=60))
def test_no_characters_fail_surrogates_included(engine: SearchEngine, typed: str) -> None:
    answer(engine, typed)


@pytest.mark.parametrize("typed", LONG, ids=range(len(LONG)))
def test_no_length_fails(engine: SearchEngine, typed: str) -> None:
    answer(engine, typed)
