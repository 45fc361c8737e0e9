"""Files deleted, cut, zeroed or garbled: an answer or `IndexUnavailable`, never another error.

Each test damages each file of the current generation in turn, and the pointer.
"""

import hashlib
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer import IndexDamaged, IndexUnavailable, Results, SearchEngine, SearchRequest
from tests.contract.builders import PUBLIC, Index, make_document, scratch

REQUEST = SearchRequest("soins", audiences=PUBLIC, facets=("kind",), limit=50)


def _delete(path: Path) -> None:
    path.unlink()


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _cut(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def _zero(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"\0" * path.stat().st_size)


def _garble(path: Path) -> None:
    content = bytearray(path.read_bytes())
    chance = random.Random(7)  # noqa: S311 - noise, not secrets
    for _ in range(len(content) // 4 + 1):
        content[chance.randrange(len(content))] ^= chance.randrange(1, 256)
    with path.open("r+b") as file:
        file.write(content)


DAMAGES = [_delete, _empty, _cut, _zero, _garble]
MENDED = {".postings", ".columns"}
"""Files made again from others by whoever writes."""

Damage = Callable[[Path], None]


def _fill_two_generations(index: Index) -> None:
    documents = [make_document(f"{n}", title="Soins", body=f"texte {n} " * 20) for n in range(7)]
    index.fill(documents)
    with index.writer() as writer:
        with writer.begin_rebuild() as rebuild:
            for document in documents:
                rebuild.put(document)
            rebuild.promote()
        writer.put(make_document("new", title="Soins"))
        writer.commit()


@pytest.fixture(scope="module")
def _kept() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=scratch()) as directory:
        yield Path(directory)


@pytest.fixture
def filled(index: Index, _kept: Path) -> Index:
    """An index of two generations: a copy of one that was made once for each backend."""
    made = Index(_kept / index.backend, index.backend)
    if not made.root.exists():
        _fill_two_generations(made)
    shutil.copytree(made.root, index.root)
    return index


def _victims(index: Index, *, is_mended: bool | None = None) -> Iterator[tuple[Index, Path]]:
    """A fresh copy of the index for each of its files, or of those made again or not; that file."""
    names = [Path("current")] + [
        path.relative_to(index.root)
        for path in sorted((index.root / "generations" / "0002").rglob("*"))
        if path.is_file()
    ]
    for number, name in enumerate(names):
        if is_mended not in {None, name.suffix in MENDED}:
            continue
        root = index.root.with_name(f"copy-{number}")
        shutil.copytree(index.root, root)
        yield Index(root, index.backend), root / name


def _answer(engine: SearchEngine) -> Results | None:
    try:
        return engine.search(REQUEST)
    except IndexUnavailable:
        return None


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_new_reader_answers_from_the_generation_before(filled: Index, damage: Damage) -> None:
    """Arrays answer without the segments of Whoosh, whose damage they do not notice."""
    for victim_index, victim in _victims(filled):
        damage(victim)
        with victim_index.engine() as engine:
            results = _answer(engine)

        is_needed = filled.backend == "whoosh-plain" or victim.suffix != ".seg"
        assert results is not None, victim.name
        assert results.is_fallback is is_needed, victim.name
        assert results.total in (7, 8), victim.name


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_reader_at_work_goes_on(filled: Index, damage: Damage) -> None:
    for victim_index, victim in _victims(filled):
        with victim_index.engine() as engine:
            assert engine.search(REQUEST).total == 8
            damage(victim)
            for _ in range(3):
                results = _answer(engine)

                assert results is not None, victim.name
                assert results.total in (7, 8), victim.name
                assert len(results.hits) == results.total


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_writer_notices_and_a_rebuild_repairs(filled: Index, damage: Damage) -> None:
    for victim_index, victim in _victims(filled, is_mended=False):
        with victim_index.engine() as engine:
            damage(victim)
            with pytest.raises(IndexDamaged):
                victim_index.writer()
            _answer(engine)
            with victim_index.rebuild() as rebuild:
                rebuild.put(make_document("repaired", title="Soins"))
                rebuild.promote()

            assert [hit.key for hit in engine.search(REQUEST).hits] == ["repaired"]
            assert not engine.search(REQUEST).is_fallback
            victim_index.writer().close()


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_writer_makes_a_lost_sidecar_again(filled: Index, damage: Damage) -> None:
    for victim_index, victim in _victims(filled, is_mended=True):
        before = victim.read_bytes()
        with victim_index.engine() as engine, victim_index.writer() as writer:
            assert engine.search(REQUEST).total == 8
            damage(victim)
            writer.check()

            assert victim.read_bytes() == before
            results = engine.search(REQUEST)
            assert (results.total, results.is_fallback) == (8, False)
            damage(victim)
        with victim_index.writer() as writer:
            writer.put(make_document("newer", title="Soins"))
            writer.commit()

            assert victim_index.ask("soins").total == 9


@pytest.mark.parametrize("damage", DAMAGES)
def test_without_any_sound_generation_the_index_is_unavailable(
    index: Index, damage: Damage
) -> None:
    index.fill([make_document(title="Soins")])
    for path in (index.root / "generations" / "0001").iterdir():
        damage(path)

    with index.engine() as engine:
        for _ in range(2):
            with pytest.raises(IndexUnavailable):
                engine.search(REQUEST)
            with pytest.raises(IndexUnavailable):
                engine.suggest("soi", audiences=PUBLIC)
            with pytest.raises(IndexUnavailable):
                engine.keys()
    with pytest.raises(IndexDamaged):
        index.writer()


def test_a_lost_directory_is_unavailable_then_rebuilt(index: Index) -> None:
    index.fill([make_document(title="Soins")])
    shutil.rmtree(index.root / "generations")

    with index.engine() as engine:
        with pytest.raises(IndexUnavailable):
            engine.search(REQUEST)
        with pytest.raises(IndexDamaged):
            index.writer()
        index.rebuild().promote()
        assert engine.search(REQUEST).total == 0


def test_the_reader_returns_to_the_current_generation_once_it_is_sound(filled: Index) -> None:
    manifest = filled.root / "generations" / "0002" / "manifest"
    content = manifest.read_bytes()
    manifest.unlink()

    with filled.engine() as engine:
        assert engine.search(REQUEST).is_fallback
        manifest.write_bytes(content)
        results = engine.search(REQUEST)

    assert (results.total, results.is_fallback) == (8, False)


def test_another_format_asks_for_a_rebuild(index: Index) -> None:
    """What another version of the engine wrote is sound, its sum included."""
    index.fill([make_document(title="Soins")])
    manifest = index.root / "generations" / "0001" / "manifest"
    line = manifest.read_bytes().split(b"\n")[0].replace(b'"format":"', b'"format":"0')
    digest = hashlib.blake2b(line, digest_size=16).hexdigest().encode()
    manifest.write_bytes(line + b"\n" + digest + b"\n")

    with pytest.raises(IndexDamaged, match="another version"):
        index.writer()
    with index.engine() as engine, pytest.raises(IndexUnavailable):
        engine.search(REQUEST)


def test_a_manifest_that_was_altered_asks_for_a_rebuild(index: Index) -> None:
    index.fill([make_document(title="Soins")])
    manifest = index.root / "generations" / "0001" / "manifest"
    manifest.write_bytes(manifest.read_bytes().replace(b'"format":"', b'"format":"0'))

    with pytest.raises(IndexDamaged):
        index.writer()


def test_a_reader_at_work_says_that_it_is_behind(filled: Index) -> None:
    """It answers from what it holds, and takes the newer commit once that can be opened."""
    manifest = filled.root / "generations" / "0002" / "manifest"
    with filled.engine() as engine:
        engine.search(REQUEST)
        filled.fill([make_document("newer", title="Soins")])
        content = manifest.read_bytes()
        manifest.write_bytes(content[:-9])
        behind = engine.search(REQUEST)
        suggested = engine.suggest("soi", audiences=PUBLIC)
        manifest.write_bytes(content)
        engine.refresh()
        again = engine.search(REQUEST)

    assert (behind.total, behind.is_fallback, suggested) == (8, True, ())
    assert (again.total, again.is_fallback) == (9, False)
