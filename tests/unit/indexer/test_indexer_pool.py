"""Postings gathered by term: the same whether they fit in memory or not."""

import random
from pathlib import Path

import pytest

from indexer import Document, SearchRequest, open_engine, open_rebuild
from indexer.backends import whoosh_pool
from indexer.backends.whoosh_pool import PostingPool

Terms = dict[bytes, list[int]]


def _documents() -> list[Terms]:
    chance = random.Random(3)  # noqa: S311 - a sample, not secrets
    return [
        {
            f"t{chance.randrange(40)}".encode(): sorted(chance.sample(range(40_000), 3))
            for _ in range(12)
        }
        for _ in range(60)
    ]


def _pooled(pool: PostingPool) -> list[tuple[str, bytes, list[int], list[float], list[bytes]]]:
    for number, terms in enumerate(_documents()):
        pool.put("text", number, terms)
        pool.put("form", number, dict.fromkeys(terms, ()))
    return [
        (field, term, list(one.docs), list(one.weights), list(one.values))
        for field, term, one in pool.iter_postings()
    ]


def test_what_overflows_comes_back_as_if_it_had_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = _pooled(PostingPool(tmp_path / "none"))
    monkeypatch.setattr(whoosh_pool, "_MOST_BYTES", 20_000)
    pool = PostingPool(tmp_path / "runs")

    assert _pooled(pool) == whole
    assert len(list((tmp_path / "runs").iterdir())) > 3
    pool.cleanup()
    assert not list((tmp_path / "runs").iterdir())


def test_terms_come_in_order_with_ascending_documents(tmp_path: Path) -> None:
    found = _pooled(PostingPool(tmp_path))

    assert [one[:2] for one in found] == sorted(one[:2] for one in found)
    assert all(docs == sorted(set(docs)) for _, _, docs, _, _ in found)


def test_a_rebuild_that_overflows_is_one_segment_and_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whoosh_pool, "_MOST_BYTES", 20_000)
    with open_rebuild(tmp_path) as rebuild:
        for number in range(90):
            title = f"Soins numéro n{number}x"
            rebuild.put(Document(f"fiche:{number}", kind="fiche", title=title, audience="public"))
        rebuild.remove("fiche:7")
        rebuild.promote()

    assert len(list((tmp_path / "generations" / "0001").glob("*.seg"))) == 1
    with open_engine(tmp_path) as engine:
        for text, total in (("soins", 89), ("n8x", 1), ("n7x", 0), ('"soins numéro n60x"', 1)):
            asked = SearchRequest(text, audiences=frozenset({"public"}), exact=True)
            assert engine.search(asked).total_all_words == total, text
