"""Two first imports of one folder at once: nobody's mistake, and nothing lost or doubled."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from inters4.core.content.importing import Outcome, Report, files_of, import_files
from inters4.core.content.models import ContentImport
from inters4.core.db import reading
from inters4.core.hooks import hooks
from inters4.core.paths import content_dir

pytestmark = pytest.mark.usefixtures("database")


class InStep:
    """Keeps the imports side by side, so that each file is new to both."""

    def __init__(self, wait: Callable[[], object]) -> None:
        self._wait = wait

    def advance(self, count: int = 1) -> None:  # noqa: ARG002  (what `Progress` asks)
        self._wait()


def test_two_first_imports_at_once_both_end_well_and_make_each_object_once() -> None:
    root = content_dir()
    kinds = list(hooks.content_kinds.values())[:3]
    files = files_of(root, kinds)[:12]
    abreast = threading.Barrier(2, timeout=60)

    def run(_who: int) -> Report:
        abreast.wait()
        return import_files(files, root, progress=InStep(abreast.wait))

    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(run, range(2)))

    assert [report.errors for report in reports] == [[], []]
    assert [report.left for report in reports] == [[], []]
    created = sum(report.count(Outcome.CREATED) for report in reports)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(ContentImport)) == created
    for report in reports:
        assert report.count(Outcome.CREATED) + report.count(Outcome.UNCHANGED) == created
