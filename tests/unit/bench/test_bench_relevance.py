"""The command line of `bench.relevance`, on a collection of two documents."""

import json
from pathlib import Path

import pytest

from bench.relevance import main
from bench.slips import VARIANTS

DOCUMENTS = [
    {"id": "d1", "title": "Soins à domicile", "text": "Des soins.", "lang": "fr"},
    {"id": "d2", "title": "Dépistage", "text": "Du cancer.", "lang": "fr"},
]


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny"
    folder.mkdir()
    write_lines(folder / "docs.jsonl", *DOCUMENTS)
    write_lines(folder / "queries.jsonl", {"id": "q1", "text": "dépistage"})
    (folder / "qrels.tsv").write_text("q1\td2\t1\n", encoding="utf-8")
    return folder


def write_lines(path: Path, *lines: object) -> None:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def complaint(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    with pytest.raises(SystemExit) as stopped:
        main([str(argument) for argument in arguments])
    told = capsys.readouterr()
    assert stopped.value.code == 2
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    return told.err


def test_every_variant_is_measured_and_written(collection: Path) -> None:
    out = collection.parent / "figures.json"

    main([str(collection.parent), "--json", str(out)])

    rows = json.loads(out.read_text(encoding="utf-8"))
    assert [row["variant"] for row in rows] == list(VARIANTS)
    assert {row["ndcg10"] for row in rows} == {1.0}


def test_a_folder_without_collection_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "No collection" in complaint(capsys, tmp_path)


@pytest.mark.parametrize("name", ["docs.jsonl", "queries.jsonl"])
def test_a_missing_file_is_told(
    collection: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (collection / name).unlink()

    assert name in complaint(capsys, collection)


@pytest.mark.parametrize("line", [{"id": "q2"}, {"id": "q2", "text": ""}, {"text": "soins"}, []])
def test_a_query_that_says_nothing_is_told(
    collection: Path, capsys: pytest.CaptureFixture[str], line: object
) -> None:
    write_lines(collection / "queries.jsonl", {"id": "q1", "text": "dépistage"}, line)

    assert "queries.jsonl:2: " in complaint(capsys, collection)


@pytest.mark.parametrize("line", ["q1 d2 1", "q1\td2", "q1\td2\tbeaucoup"])
def test_judgements_that_cannot_be_read_are_told(
    collection: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    (collection / "qrels.tsv").write_text(line + "\n", encoding="utf-8")

    assert "qrels.tsv:1: " in complaint(capsys, collection)


def test_an_unknown_variant_is_told(collection: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "tyop" in complaint(capsys, collection, "--variants", "orig,tyop")


def test_a_missing_folder_for_the_figures_is_told(
    collection: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "--json" in complaint(capsys, collection, "--json", collection / "none" / "out.json")
