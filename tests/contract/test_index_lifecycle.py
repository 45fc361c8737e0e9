"""Commits, generations, rebuilds, the lock, and what readers notice of them."""

import threading
import time

import pytest

from indexer import (
    IndexBusy,
    IndexDamaged,
    IndexUnavailable,
    Revision,
    SearchRequest,
    VerifyReport,
)
from tests.contract.builders import PUBLIC, Index, make_document

EVERYTHING = SearchRequest(audiences=PUBLIC, limit=1000)


def test_an_index_that_is_not_there_is_unavailable_then_appears(index: Index) -> None:
    with index.engine() as engine:
        with pytest.raises(IndexUnavailable):
            engine.search(EVERYTHING)
        assert not index.root.exists()

        index.fill([make_document()])

        assert engine.search(EVERYTHING).total == 1


def test_a_new_index_is_empty(index: Index) -> None:
    with index.writer() as writer:
        writer.commit()

    results = index.ask("soins", facets=("theme",), years=True)

    assert (results.total, results.facets, results.years) == (0, {"theme": ()}, ())


def test_nothing_is_seen_before_its_commit(index: Index) -> None:
    with index.writer() as writer, index.engine() as engine:
        writer.put(make_document("a"))
        assert writer.pending == 1
        assert engine.document_count() == 0

        writer.commit()

        assert writer.pending == 0
        assert engine.keys() == {"a"}


def test_leaving_without_a_commit_drops_what_is_pending(index: Index) -> None:
    with index.writer() as writer:
        writer.put(make_document())

    with index.engine() as engine:
        assert engine.document_count() == 0


def test_putting_again_replaces_and_removing_again_is_harmless(index: Index) -> None:
    with index.writer() as writer, index.engine() as engine:
        for title in ("Alpha", "Beta", "Beta"):
            writer.put(make_document("a", title=title))
            writer.put(make_document("b", title="Gamma"))
            writer.commit()
        assert engine.search(SearchRequest("alpha", audiences=PUBLIC)).total == 0
        assert engine.search(SearchRequest("beta", audiences=PUBLIC)).total == 1
        assert engine.document_count() == 2

        for _ in range(2):
            writer.remove("a")
            writer.remove("never seen")
            writer.commit()

        assert engine.keys() == {"b"}


def test_the_last_change_of_a_key_before_a_commit_wins(index: Index) -> None:
    with index.writer() as writer, index.engine() as engine:
        writer.put(make_document("a", title="Alpha"))
        writer.put(make_document("a", title="Beta"))
        writer.remove("a")
        writer.put(make_document("b"))
        writer.commit()

        assert engine.keys() == {"b"}


def test_many_small_commits_keep_every_document_and_value(index: Index) -> None:
    with index.writer() as writer, index.engine() as engine:
        for number in range(60):
            writer.put(make_document(f"{number % 40}", title=f"Titre {number}", kind=f"k{number}"))
            writer.commit()
        results = engine.search(EVERYTHING)

    assert {hit.title_text for hit in results.hits} == {f"Titre {n}" for n in range(20, 60)}
    assert {hit.kind for hit in results.hits} == {f"k{n}" for n in range(20, 60)}


def test_the_revision_grows_with_each_commit_and_generation(index: Index) -> None:
    with index.writer() as writer, index.engine() as engine:
        seen = [writer.commit()]
        for key in "ab":
            writer.put(make_document(key))
            seen.append(writer.commit())
        assert engine.revision == seen[-1] == writer.revision
        with writer.begin_rebuild() as rebuild:
            rebuild.put(make_document("a"))
            seen.append(rebuild.promote())

        assert engine.refresh()
        assert engine.revision == seen[-1]
        assert not engine.refresh()

    assert seen == sorted(set(seen))
    assert seen[-1] > Revision(1, 10**6)


def test_a_commit_without_change_is_no_new_revision(index: Index) -> None:
    with index.writer() as writer:
        assert writer.commit() == writer.commit()


def test_only_one_writer_holds_an_index(index: Index) -> None:
    with index.writer():
        with pytest.raises(IndexBusy):
            index.writer()
        with pytest.raises(IndexBusy):
            index.rebuild()

    index.writer().close()


def test_a_rebuild_is_seen_at_once_and_whole(index: Index) -> None:
    index.fill([make_document(f"old:{n}") for n in range(5)])
    with index.writer() as writer, index.engine() as engine:
        with writer.begin_rebuild() as rebuild:
            for number in range(7):
                rebuild.put(make_document(f"new:{number}"))
            rebuild.put(make_document("new:0", title="Autre titre"))
            rebuild.remove("new:6")
            assert rebuild.document_count == 6
            assert engine.document_count() == 5
            writer.put(make_document("old:5"))
            writer.commit()
            assert engine.document_count() == 6

            rebuild.promote()

        assert engine.keys() == {f"new:{n}" for n in range(6)}
        writer.put(make_document("after"))
        writer.commit()
        assert {"after"} <= engine.keys()


def test_an_abandoned_rebuild_leaves_nothing(index: Index) -> None:
    index.fill([make_document("a")])
    before = sorted(path.name for path in index.root.rglob("*"))

    with index.writer() as writer, writer.begin_rebuild() as rebuild:
        rebuild.put(make_document("b"))

    assert sorted(path.name for path in index.root.rglob("*")) == before
    with index.engine() as engine:
        assert engine.keys() == {"a"}


def test_one_rebuild_at_a_time(index: Index) -> None:
    with index.writer() as writer, writer.begin_rebuild(), pytest.raises(IndexBusy):
        writer.begin_rebuild()


def test_one_generation_is_kept_besides_the_current(index: Index) -> None:
    index.fill([make_document()])
    with index.writer() as writer:
        for _ in range(3):
            writer.begin_rebuild().promote()

    assert len(list((index.root / "generations").iterdir())) == 2


def test_an_index_that_was_empty_is_nothing_to_fall_back_on(index: Index) -> None:
    with index.writer() as writer, writer.begin_rebuild() as rebuild:
        rebuild.put(make_document())
        rebuild.promote()
    (index.root / "generations" / "0002" / "manifest").write_bytes(b"")

    with index.engine() as engine, pytest.raises(IndexUnavailable):
        engine.document_count()


def test_a_list_without_snippets_shows_long_heads_whole(index: Index) -> None:
    title = "Soins " * 600
    index.fill([make_document(title=title, body="texte")])
    request = SearchRequest("soins", audiences=PUBLIC, snippets=False)

    with index.engine() as engine:
        (hit,) = engine.search(request).hits

    assert (hit.title_text, hit.snippet) == (title, None)


def test_a_removed_document_leaves_every_kept_generation(index: Index) -> None:
    index.fill([make_document("gone", title="Secret"), make_document("kept")])
    with index.writer() as writer:
        with writer.begin_rebuild() as rebuild:
            rebuild.put(make_document("gone", title="Secret"))
            rebuild.put(make_document("kept"))
            rebuild.promote()
        writer.remove("gone")
        writer.commit()
    (index.root / "current").write_bytes(b"1\n")

    with index.engine() as engine:
        assert engine.revision.generation == 1
        assert engine.keys() == {"kept"}


def test_verify_tells_missing_orphan_and_stale(index: Index) -> None:
    same, changed = make_document("same"), make_document("changed")
    index.fill([same, make_document("changed", title="Avant"), make_document("orphan")])

    with index.engine() as engine:
        report = engine.verify(
            {"same": same.digest, "changed": changed.digest, "missing": same.digest}
        )
        held = [engine.get(key, audiences=PUBLIC) for key in sorted(engine.keys())]
        clean = engine.verify({one.key: one.digest for one in held if one})

    assert report == VerifyReport(
        missing=frozenset({"missing"}), orphan=frozenset({"orphan"}), stale=frozenset({"changed"})
    )
    assert clean.is_clean


def test_a_document_comes_back_as_it_went_in(index: Index) -> None:
    document = make_document(
        "a", title="Cœur\u00a0: « été »", body="ligne\nligne\x00🙂", facets={"theme": ("x.y", "z")}
    )
    index.fill([document])

    with index.engine() as engine:
        assert engine.get("a", audiences=PUBLIC) == document
        assert engine.get("b", audiences=PUBLIC) is None


def test_half_a_character_stops_no_commit(index: Index) -> None:
    cut = make_document("a", title="Soins \ud83d", body="soins \udfff", facets={"x": ("\ud800",)})
    index.fill([cut, make_document("b", title="Soins")])

    with index.engine() as engine:
        found = engine.search(SearchRequest("soins", audiences=PUBLIC, facets=("x",)))
        assert {hit.key for hit in found.hits} == {"a", "b"}
        assert engine.get("a", audiences=PUBLIC) == cut


def test_the_words_of_titles_cost_what_they_measure(index: Index) -> None:
    began = time.process_time()
    index.fill([make_document("a", title="Soins " + "x" * 40_000 + " l'aîné")])

    assert time.process_time() - began < 5  # it took forty seconds: each letter, from each letter
    with index.engine() as engine:
        assert engine.suggest("aine", audiences=PUBLIC)[0].key == "a"


def test_a_closed_engine_opens_again_when_asked(index: Index) -> None:
    index.fill([make_document()])
    engine = index.engine()
    engine.search(EVERYTHING)
    engine.close()

    assert engine.search(EVERYTHING).total == 1
    engine.close()


def test_threads_share_an_engine_while_a_writer_commits(index: Index) -> None:
    index.fill([make_document("first", title="Soins")])
    done = threading.Event()
    wrong: list[object] = []
    totals: list[list[int]] = [[] for _ in range(8)]

    def read(engine_totals: list[int]) -> None:
        request = SearchRequest("soins", audiences=PUBLIC, facets=("kind",), limit=5)
        while not done.is_set():
            results = engine.search(request)
            engine_totals.append(results.total)
            if [one.count for one in results.facets["kind"]] != [results.total]:
                wrong.append(results)

    with index.engine() as engine, index.writer() as writer:
        threads = [threading.Thread(target=read, args=(one,)) for one in totals]
        for thread in threads:
            thread.start()
        for number in range(25):
            writer.put(make_document(f"{number}", title="Soins"))
            writer.commit()
            if number == 12:
                with writer.begin_rebuild() as rebuild:
                    for one in ["first", *map(str, range(13))]:
                        rebuild.put(make_document(one, title="Soins"))
                    rebuild.promote()
        done.set()
        for thread in threads:
            thread.join()
        assert engine.search(EVERYTHING).total == 26

    assert not wrong
    assert all(one == sorted(one) and one for one in totals)


def test_a_damaged_index_is_not_written_to(index: Index) -> None:
    index.fill([make_document("a")])
    with index.writer() as writer:
        (victim,) = (index.root / "generations" / "0001").glob("*.seg")
        victim.write_bytes(b"\0" * victim.stat().st_size)
        writer.put(make_document("b"))

        with pytest.raises(IndexDamaged):
            writer.check()
        with pytest.raises(IndexDamaged):
            writer.commit()
        assert writer.pending == 1
        with writer.begin_rebuild() as rebuild:
            rebuild.put(make_document("a"))
            rebuild.promote()
        writer.commit()

    with index.engine() as engine:
        assert engine.keys() == {"a", "b"}
