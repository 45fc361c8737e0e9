"""`make drill` has something to run, and nothing else runs it."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DRILLS = ROOT / "tests" / "drill"


def marked_files(folder: Path) -> list[str]:
    """Test files of `folder` whose tests all carry the marker `drill`."""
    return [
        path.name
        for path in sorted(folder.rglob("test_*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign)
        and ast.unparse(node.targets[0]) == "pytestmark"
        and any(ast.unparse(part) == "pytest.mark.drill" for part in ast.walk(node.value))
    ]


def test_every_drill_is_marked_and_there_is_one() -> None:
    marked = marked_files(DRILLS)

    assert marked
    assert marked == sorted(path.name for path in DRILLS.rglob("test_*.py"))


def test_only_make_drill_runs_them() -> None:
    (line,) = (line for line in (ROOT / "Makefile").read_text().splitlines() if "-m drill" in line)

    assert "tests/drill" in line
    assert "tests/drill" not in (ROOT / "tests" / "run.py").read_text()
