"""The command line of `python -m bench.search`."""

import json
from pathlib import Path

import pytest

from bench.search import WORKLOADS, main


def refusal(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What is said of arguments that are refused before anything is measured."""
    with pytest.raises(SystemExit) as refused:
        main(arguments)
    assert refused.value.code == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    return said


@pytest.mark.parametrize("option", ["--documents", "--queries", "--naive-queries"])
@pytest.mark.parametrize("value", ["0", "-3", "beaucoup"])
def test_a_number_is_from_one_up(
    option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refusal([option, value], capsys)

    assert option in said
    assert value in said


def test_a_file_in_a_folder_that_is_not_there_is_refused_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert str(tmp_path / "ailleurs") in refusal(
        ["--json", str(tmp_path / "ailleurs" / "a.json")], capsys
    )


def test_every_engine_is_measured_on_the_same_things(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["inters4", "tantivy", "whoosh_naive"]
    arguments = ["--documents", "30", "--queries", "3", "--naive-queries", "2", "--engines", *names]

    main([*arguments, "--json", str(tmp_path / "found.json")])

    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    sizes = {"docs_per_second", "bytes_per_document", "peak_bytes", "resident_bytes"}
    assert found["asked"] == {"inters4": 3, "tantivy": 3, "whoosh_naive": 2}
    assert list(found["engines"]) == names
    for figures in found["engines"].values():
        assert figures.keys() == {*WORKLOADS, *sizes}
        assert all(figures[workload].keys() == {"p50", "p95"} for workload in WORKLOADS)
        assert all(figures[size] > 0 for size in sizes)
    told = capsys.readouterr()
    assert "whoosh_naive was asked the first 2 queries only" in told.out
    assert "tantivy: indexes 30 documents" in told.err
