"""What an installation writes is what the operations page says."""

import re
from pathlib import Path

import pytest

from tests.builders.demonstration import prepared

ROOT = Path(__file__).resolve().parent.parent.parent.parent


def documented() -> set[str]:
    """The names of the first column, suffixes joined to the name that they follow."""
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    section = page.partition("## The data directory")[2]
    found: set[str] = set()
    for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE):
        first, *suffixes = re.findall(r"`([^`]+)`", row)
        found |= {first.rstrip("/"), *(first + suffix for suffix in suffixes)}
    return found


def test_the_operations_page_lists_all_that_a_portal_creates(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    data = prepared(tmp_path_factory).folder

    created = {path.name for path in data.iterdir()}
    assert {"inters4.db", "secret_key", "index", "static"} <= created
    assert created <= documented(), created - documented()
    assert data.stat().st_mode & 0o077 == 0
    for name in ("inters4.db", "secret_key", "index"):
        assert (data / name).stat().st_mode & 0o077 == 0, name


def test_the_operations_page_lists_the_folders_that_come_with_use() -> None:
    assert {"files", "courriels", "queue.db-wal"} <= documented()
