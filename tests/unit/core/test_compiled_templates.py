import sys
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemLoader

from inters4.core.web.compiled import KeptTemplates
from inters4.core.web.drawing import DirectEnvironment


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "page.html").write_text("<p>{{ 1 + 1 }}</p>")
    return tmp_path


class Counting(DirectEnvironment):
    """An environment that counts what it compiles."""

    compiled = 0

    def _generate(self, *arguments: object, **options: object) -> str:
        self.compiled += 1
        return super()._generate(*arguments, **options)  # type: ignore[arg-type]


def environment(folder: Path) -> Counting:
    made = Counting(Flask("essai"), loader=FileSystemLoader(folder))
    made.bytecode_cache = KeptTemplates(folder)
    return made


def drawn(folder: Path) -> tuple[str, int]:
    """What the page says in a process that starts, and how many templates it compiled."""
    made = environment(folder)
    return made.get_template("page.html").render(), made.compiled


def test_a_template_is_compiled_by_the_first_process_that_draws_it(folder: Path) -> None:
    assert [drawn(folder), drawn(folder)] == [("<p>2</p>", 1), ("<p>2</p>", 0)]


def test_a_template_that_changed_is_compiled_again(folder: Path) -> None:
    drawn(folder)
    (folder / "page.html").write_text("<p>{{ 2 + 2 }}</p>")

    assert drawn(folder) == ("<p>4</p>", 1)
    assert len(list((folder / "__pycache__").iterdir())) == 1


def test_another_compiler_does_not_believe_what_was_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn(folder)
    monkeypatch.setattr("inters4.core.web.compiled._compiler", lambda: "another")

    assert drawn(folder) == ("<p>2</p>", 1)


@pytest.mark.parametrize("kept", [0, 30, 104, 110, -1])
def test_a_file_cut_short_is_compiled_again(folder: Path, kept: int) -> None:
    drawn(folder)
    (file,) = (folder / "__pycache__").iterdir()
    file.write_bytes(file.read_bytes()[:kept])

    assert drawn(folder) == ("<p>2</p>", 1)


def test_where_nothing_can_be_written_pages_are_drawn_all_the_same(folder: Path) -> None:
    (folder / "__pycache__").write_text("not a folder")

    assert [drawn(folder), drawn(folder)] == [("<p>2</p>", 1)] * 2


def test_nothing_is_written_where_python_is_told_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    assert drawn(folder) == ("<p>2</p>", 1)
    assert not (folder / "__pycache__").exists()
