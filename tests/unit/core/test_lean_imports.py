"""What an idle worker does not hold in memory."""

import subprocess
import sys

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


def test_a_worker_imports_no_library_that_only_some_jobs_need() -> None:
    ran = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)

    assert HEAVY & set(ran.stdout.split()) == set()
