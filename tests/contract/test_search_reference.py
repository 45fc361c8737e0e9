"""Random small corpora: the engine answers what the reference evaluator answers."""

import datetime
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer import Document, SearchRequest
from indexer.factory import BACKENDS
from tests.contract import reference
from tests.contract.builders import Index, scratch

_WORDS = ["alpha", "beta", "gamma", "delta", "omega"]
_THEMES = ["a", "a.x", "a.y", "a.x.z", "b", "b.x"]
_AUDIENCES = ["public", "members", "org:1"]

_texts = st.lists(st.sampled_from(_WORDS), max_size=4).map(" ".join)


@st.composite
def _corpora(draw: st.DrawFn) -> list[Document]:
    size = draw(st.integers(0, 12))
    return [
        Document(
            f"key:{number}",
            kind=draw(st.sampled_from(["fiche", "resume"])),
            title=draw(_texts),
            body=draw(_texts),
            audience=draw(st.sampled_from(_AUDIENCES)),
            date=draw(
                st.none()
                | st.builds(datetime.date, st.integers(2018, 2021), st.just(3), st.just(1))
            ),
            facets={"theme": tuple(draw(st.lists(st.sampled_from(_THEMES), max_size=3)))},
        )
        for number in range(size)
    ]


_years = st.none() | st.integers(2018, 2021)
_requests = st.builds(
    SearchRequest,
    st.lists(st.sampled_from([*_WORDS, "-alpha", "-omega", "unknown"]), max_size=4).map(" ".join),
    audiences=st.frozensets(st.sampled_from(_AUDIENCES)),
    filters=st.fixed_dictionaries(
        {},
        optional={
            "theme": st.frozensets(st.sampled_from(_THEMES), max_size=2),
            "kind": st.frozensets(st.sampled_from(["fiche", "resume"]), max_size=2),
        },
    ),
    year_from=_years,
    year_to=_years,
    facets=st.just(("theme", "kind")),
    years=st.just(True),
    limit=st.just(100),
)


@pytest.mark.parametrize("backend", BACKENDS)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)
@given(corpus=_corpora(), requests=st.lists(_requests, min_size=6, max_size=12))
def test_answers_and_counts_are_those_of_the_reference(
    backend: str, corpus: list[Document], requests: list[SearchRequest]
) -> None:
    with tempfile.TemporaryDirectory(dir=scratch()) as directory:
        index = Index(Path(directory), backend)
        index.fill(corpus)
        with index.engine() as engine:
            for request in requests:
                results = engine.search(request)
                full = {hit.key for hit in results.hits if hit.has_every_word}
                partial = {hit.key for hit in results.hits if not hit.has_every_word}

                assert (full, partial) == reference.found(corpus, request)
                assert results.total == len(full | partial)
                assert results.total_all_words == len(full)
                for facet in request.facets:
                    counted = {one.value: one.count for one in results.facets[facet]}
                    expected = reference.counts(corpus, request, facet=facet)
                    chosen = request.filters.get(facet, frozenset())
                    assert {**dict.fromkeys(chosen, 0), **expected} == counted
