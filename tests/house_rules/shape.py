"""How code is laid out, and tests with it."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.house_rules.reading import python

LONGEST = 330
"""Lines, at most: a room that passes 300 is cut at its next seam."""
_ALONE = {"inters4/core/fetch/parser.py": 350}
"""A script that runs in a child process, and may import nothing of ours."""


def values_are_made_in_one_way(root: Path) -> list[str]:
    """Frozen dataclasses with slots are those of core/values.py, which a start does not wait for.

    Settings lie below `core`, and have their own.
    """
    return [
        f"{name}:{node.lineno}: {node.name}"
        for name, tree in python(root, r"from\s+dataclasses\b")
        if name.startswith("inters4/") and not name.startswith("inters4/settings/")
        if any(_takes_dataclass(one) for one in ast.walk(tree))
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for decorator in node.decorator_list
        if ast.unparse(decorator).startswith("dataclass(frozen=True, slots=True")
        and "order=" not in ast.unparse(decorator)
    ]


def _takes_dataclass(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.ImportFrom)
        and node.module == "dataclasses"
        and any(alias.name == "dataclass" for alias in node.names)
    )


def packages_hold_no_code(root: Path) -> list[str]:
    """An `__init__.py` holds a docstring, imports and `__all__`."""
    allowed = (ast.Import, ast.ImportFrom)
    found = []
    for path in sorted(
        (*(root / "inters4").rglob("__init__.py"), *(root / "indexer").rglob("__init__.py"))
    ):
        name = path.relative_to(root).as_posix()
        if "/migrations/" in name:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            is_names = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {
                "__all__",
                "__version__",
            }
            if not (is_docstring or is_names or isinstance(node, allowed)):
                found.append(f"{name}:{node.lineno}: code in a package's front door")
    return found


def files_stay_short(root: Path) -> list[str]:
    """A file that has grown past reading becomes a package, split by aggregate."""
    return [
        f"{name}: {lines} lines"
        for top in ("inters4", "indexer")
        for path in sorted((root / top).rglob("*.py"))
        if "migrations" not in path.parts
        if (lines := len(path.read_text(encoding="utf-8").splitlines()))
        > _ALONE.get(name := path.relative_to(root).as_posix(), LONGEST)
    ]


def people_are_viewers(root: Path) -> list[str]:
    """Queries and services are told who asks by a `Viewer`, never by a row of the database."""
    rooms = re.compile(r"/(queries|services)(\.py|/)")
    return [
        f"{name}:{node.lineno}: {node.arg}: {ast.unparse(node.annotation)}"
        for name, tree in python(root, r"\b(?:by|viewer)\s*:")
        if rooms.search(name)
        for node in ast.walk(tree)
        if isinstance(node, ast.arg) and node.arg in {"by", "viewer"} and node.annotation
        if re.search(r"\bMember\b", ast.unparse(node.annotation))
    ]


def nothing_is_called_utils(root: Path) -> list[str]:
    """A drawer for everything is a room nobody can find anything in."""
    return [
        path.relative_to(root).as_posix()
        for top in ("inters4", "indexer")
        for path in (root / top).rglob("*")
        if path.stem in {"utils", "util", "helpers", "common", "misc"}
    ]


def tests_have_names_of_their_own(root: Path) -> list[str]:
    """Two modules of one name cannot be collected in one run, and pytest says so to nobody else."""
    phases = (("unit", "contract"), ("integration",), ("e2e",))
    return [
        f"{path.relative_to(root)}: another test of that name is run with it"
        for rooms in phases
        for path in _second(
            path for room in rooms for path in sorted((root / "tests" / room).rglob("test_*.py"))
        )
    ]


def _second(paths: Iterable[Path]) -> Iterator[Path]:
    """Those whose name was met before."""
    met: set[str] = set()
    for path in paths:
        if path.name in met:
            yield path
        met.add(path.name)


def tests_have_no_doubles(root: Path) -> list[str]:
    """What is tested is what runs: nothing of ours is played by something else."""
    double = re.compile(r"\b(?:Magic|Async)?Mock\(|\bpatch\(|\bpatch\.object\(|\bcreate_autospec\(")
    ours = {"house_rules", "test_house_rules.py"}
    return [
        f"{path.relative_to(root).as_posix()}: {found.group()}"
        for path in sorted((root / "tests").rglob("*.py"))
        if not ours.intersection(path.parts)
        if (found := double.search(path.read_text(encoding="utf-8")))
    ]
