"""What an idle worker does not hold in memory, nor a web process that has drawn a first page."""

import subprocess
import sys
from pathlib import Path

from tests.builders.copied import settled

HEAVY = {"PIL", "bibtexparser", "feedparser", "mammoth", "psycopg", "redis", "rispy", "weasyprint"}
SCRIPT = """
import sys
from importlib import import_module
from inters4.core.jobs.lean import import_huey
from inters4.settings import Settings
import_module("inters4.app").load_domains()
import_huey(Settings.from_env())
import_module("inters4.core.jobs.consumer")
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""
UNREAD = {"bleach", "cryptography", "markdown", "rich", "yaml"}
FIRST_PAGE = """
import sys
from inters4.core import logs
from inters4.app import create_app
from inters4.core.db import Model, create_file, engine
from inters4.settings import Settings
settings = Settings.from_env()
app = create_app(settings)
create_file()
Model.metadata.create_all(engine())
assert app.test_client().get("/").status_code == 200
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_a_worker_imports_no_library_that_only_some_jobs_need() -> None:
    ran = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)

    assert HEAVY & set(ran.stdout.split()) == set()


def test_a_first_page_imports_nothing_that_reads_texts_files_or_secrets(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", FIRST_PAGE],
        env=settled({"INTERS4_DATA_DIR": str(tmp_path)}),
        capture_output=True,
        text=True,
        check=True,
    )

    assert (HEAVY | UNREAD) & set(ran.stdout.split()) == set()
