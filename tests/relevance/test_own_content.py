"""Floors of relevance on our own content: raise them when the engine gets better.

One typo costs more here than in longer questions: one search in ten is an acronym alone, and an
acronym of three letters mistyped is another.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.relevance import Score, fill, read_gains, run, score
from bench.slips import VARIANTS
from indexer import SearchEngine, open_engine
from indexer.factory import BACKENDS
from tests.contract.builders import scratch
from tests.relevance.collection import HERE, documents, queries, synonyms

GAINS = read_gains(HERE / "qrels.tsv")


class Measured:
    """The figures of one engine, each measured once."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self._known: dict[tuple[str, bool], Score] = {}

    def figures(self, variant: str = "orig", *, with_synonyms: bool = True) -> Score:
        asked = {name: VARIANTS[variant](text, name) for name, text in queries().items()}
        words = synonyms() if with_synonyms else None
        if (variant, with_synonyms) not in self._known:
            found = run(self._engine, asked, synonyms=words)
            self._known[variant, with_synonyms] = score(found, GAINS)
        return self._known[variant, with_synonyms]


@pytest.fixture(scope="module", params=BACKENDS)
def measured(request: pytest.FixtureRequest) -> Iterator[Measured]:
    with tempfile.TemporaryDirectory(dir=scratch()) as directory:
        fill(Path(directory), documents(), backend=request.param)
        with open_engine(Path(directory), backend=request.param) as opened:
            yield Measured(opened)


def test_every_judgement_is_about_a_document_and_a_query() -> None:
    keys = {document.key for document in documents()}

    assert set(GAINS) == set(queries())
    assert len(GAINS) >= 60
    assert {key for judged in GAINS.values() for key in judged} <= keys


def test_people_find_what_they_came_for(measured: Measured) -> None:
    figures = measured.figures()

    assert figures.ndcg10 >= 0.90
    assert figures.mrr10 >= 0.92
    assert figures.recall100 >= 0.95


@pytest.mark.parametrize(
    ("variant", "most_lost"),
    [("noaccent", 0.0), ("upper", 0.01), ("elision", 0.01), ("typo", 0.05)],
)
def test_slips_lose_little(measured: Measured, variant: str, most_lost: float) -> None:
    as_written = measured.figures().ndcg10

    assert measured.figures(variant).ndcg10 >= as_written * (1 - most_lost)


def test_synonyms_help(measured: Measured) -> None:
    assert measured.figures().ndcg10 > measured.figures(with_synonyms=False).ndcg10
