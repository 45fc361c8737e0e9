"""Random corpora, histories and questions: the arrays answer what the definition says.

A history puts, replaces and removes in several commits, and may rebuild; none of that shows in an
answer, nor in a score.
"""

import datetime
import itertools
import math
import tempfile
from collections.abc import Mapping
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer import Document, Results, SearchRequest, SortOrder
from tests.contract.builders import Index, scratch
from tests.contract.slow_engine import Answer, SlowEngine

_WORDS = ["soin", "soins", "santé", "sante", "infirmière", "infirmières", "infirmier"]
_WORDS += ["CLSC", "télé-santé", "télésanté", "the", "thé", "domicile", "domiciliation"]
_WORDS += ["évaluer", "évaluation"]
_AUDIENCES = ["public", "members"]
_texts = st.lists(st.sampled_from([*_WORDS, "à", "et les"]), min_size=1, max_size=7).map(" ".join)
_documents = st.builds(
    Document,
    st.sampled_from([f"key:{number}" for number in range(9)]),
    kind=st.sampled_from(["fiche", "resume"]),
    title=_texts,
    body=_texts,
    audience=st.sampled_from(_AUDIENCES),
    language=st.sampled_from(["fr", "fr", "en"]),
    year=st.none() | st.just(2019),
    date=st.none() | st.dates(datetime.date(2018, 1, 1), datetime.date(2021, 1, 1)),
    facets=st.fixed_dictionaries(
        {"theme": st.lists(st.sampled_from(["a", "a.x", "b"]), max_size=2).map(tuple)}
    ),
)
_changes = st.one_of(_documents, _documents, _documents, st.integers(0, 8))
_commits = st.lists(st.lists(_changes, min_size=2, max_size=8), min_size=1, max_size=4)

_leaves = st.one_of(
    st.sampled_from(_WORDS),
    st.sampled_from(_WORDS).map(lambda word: f"-{word}"),
    st.lists(st.sampled_from([*_WORDS, "à"]), min_size=2, max_size=3).map(
        lambda words: f'"{" ".join(words)}"'
    ),
    st.sampled_from(["inf*", "soin*", "san*", "tele*", "clsc*"]),
    st.sampled_from(["titre:soins", 'titre:"soins à domicile"', "titre:inf*"]),
    st.sampled_from(["theme:a", "theme:x", "type:fiche", "annee:2019", "annee:2018-2019"]),
)
_words_asked = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3).map(" ".join)
_texts_asked = st.recursive(
    st.lists(_leaves, min_size=1, max_size=4).map(" ".join),
    lambda inner: st.builds(
        "({}) {} ({})".format, inner, st.sampled_from(["OU", "ET", "SAUF", ""]), inner
    ),
    max_leaves=3,
)
_requests = st.builds(
    SearchRequest,
    st.one_of(st.just(""), _words_asked, _words_asked, _texts_asked),
    audiences=st.sampled_from([frozenset(_AUDIENCES), frozenset({"public"}), frozenset()]),
    filters=st.fixed_dictionaries(
        {}, optional={"theme": st.frozensets(st.sampled_from(["a", "a.x", "b"]), max_size=2)}
    ),
    year_from=st.sampled_from([None, None, 2019]),
    limit=st.just(100),
    exact=st.just(True),
)


def _live(commits: list[list[Document | int]], index: Index, *, rebuilds: bool) -> list[Document]:
    """Apply the history to `index`; the documents it leaves."""
    held: dict[str, Document] = {}
    with index.writer() as writer:
        for changes in commits:
            for change in changes:
                if isinstance(change, Document):
                    writer.put(change)
                    held[change.key] = change
                else:
                    writer.remove(f"key:{change}")
                    held.pop(f"key:{change}", None)
            writer.commit()
        if rebuilds:
            with writer.begin_rebuild() as rebuild:
                for document in held.values():
                    rebuild.put(document)
                rebuild.promote()
    return list(held.values())


def _is_same(results: Results, expected: Answer, *, is_scored: bool) -> bool:
    full = [(hit.key, hit.score) for hit in results.hits if hit.has_every_word]
    partial = [hit.key for hit in results.hits if not hit.has_every_word]
    if {key for key, _ in full} != {key for key, _ in expected.full}:
        return False
    if set(partial) != {key for key, _ in expected.partial}:
        return False
    if not is_scored:
        return True
    scores: Mapping[str, float] = dict(expected.full)
    ahead = [key for key, _ in full[: len(expected.as_typed)]]
    behind = [key for key, _ in full[len(expected.as_typed) :]]
    return (
        all(math.isclose(score, scores[key], rel_tol=1e-9, abs_tol=1e-9) for key, score in full)
        and set(ahead) == expected.as_typed
        and _descends([scores[key] for key in ahead])
        and _descends([scores[key] for key in behind])
        and _descends([dict(expected.partial)[key] for key in partial])
    )


def _descends(values: list[float]) -> bool:
    return all(second <= first + 1e-9 for first, second in itertools.pairwise(values))


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    derandomize=True,
)
@given(
    commits=_commits,
    rebuilds=st.booleans(),
    requests=st.lists(_requests, min_size=6, max_size=10),
)
def test_hits_scores_and_order_are_those_of_the_definition(
    commits: list[list[Document | int]], rebuilds: bool, requests: list[SearchRequest]
) -> None:
    with tempfile.TemporaryDirectory(dir=scratch()) as directory:
        index = Index(Path(directory), "whoosh")
        documents = _live(commits, index, rebuilds=rebuilds)
        with index.engine() as engine:
            for request in requests:
                expected = SlowEngine(documents, request.audiences).search(request)
                is_scored = bool(request.text)

                results = engine.search(request)

                assert _is_same(results, expected, is_scored=is_scored), (results, expected)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    derandomize=True,
)
@given(commits=_commits, requests=st.lists(_requests, min_size=4, max_size=8))
def test_both_backends_find_count_and_correct_alike(
    commits: list[list[Document | int]], requests: list[SearchRequest]
) -> None:
    with tempfile.TemporaryDirectory(dir=scratch()) as directory:
        arrays, plain = (Index(Path(directory) / one, one) for one in ("whoosh", "whoosh-plain"))
        for index in (arrays, plain):
            _live(commits, index, rebuilds=False)
        with arrays.engine() as fast, plain.engine() as slow:
            for asked in requests:
                request = SearchRequest(
                    asked.text.replace("soins", "soisn"),
                    audiences=asked.audiences,
                    filters=asked.filters,
                    year_from=asked.year_from,
                    facets=("theme", "kind", "language"),
                    years=True,
                    limit=100,
                    sort=SortOrder.TITLE,
                )

                found, expected = fast.search(request), slow.search(request)

                assert [(hit.key, hit.has_every_word) for hit in found.hits] == [
                    (hit.key, hit.has_every_word) for hit in expected.hits
                ]
                assert found.facets == expected.facets
                assert found.years == expected.years
                assert found.correction == expected.correction
                assert found.also_searched == expected.also_searched
                assert (found.total, found.total_all_words) == (
                    expected.total,
                    expected.total_all_words,
                )
