"""Code, read as code: what rules look through."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

DOT = r"\.(?:[\s\\]|#.*)*"
"""A point before an attribute, wherever the line is cut."""


def python(root: Path, sign: str) -> Iterator[tuple[str, ast.Module]]:
    """The files that hold a `sign` without which there is no fault, read as code."""
    wanted = re.compile(sign)
    for top in ("inters4", "indexer"):
        for path in sorted((root / top).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            if "/migrations/" in name:
                continue
            text = path.read_text(encoding="utf-8")
            if wanted.search(text):
                yield name, ast.parse(text)


def imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """What a file imports, in full, and where."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno


def renamed(tree: ast.Module, *names: str) -> Iterator[tuple[str, int]]:
    """What a file imports under a name of its own, so that a rule would not know it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name in names and alias.asname not in {None, alias.name}:
                    yield f"{alias.name} as {alias.asname}", node.lineno
