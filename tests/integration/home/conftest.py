"""The pages that ship, imported."""

import pytest

from inters4.core.content.importing import files_of, import_files
from inters4.core.hooks import hooks
from inters4.core.paths import content_dir
from tests.builders.kept import kept_apart


@pytest.fixture
def pages(database: str) -> None:
    """The pages of `content/pages`, and nothing else."""
    kept_apart("pages", _import_pages)


def _import_pages() -> None:
    files = files_of(content_dir(), [hooks.content_kinds["page"]])
    report = import_files(files, content_dir())
    assert [str(error) for error in report.errors] == []
