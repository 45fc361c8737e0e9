"""One demonstration for a whole run of tests: preparing one takes seconds, copying it does not."""

import fcntl
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

COMMAND = str(Path(sys.executable).with_name("inters4"))


@dataclass(frozen=True, slots=True)
class Prepared:
    """What `inters4 demo --no-serve` left in an empty directory; only to be read or copied."""

    folder: Path
    said: str

    def copy(self, target: Path) -> Path:
        """A demonstration of one's own in `target`, which does not exist yet."""
        return Path(shutil.copytree(self.folder, target))


def prepared(factory: pytest.TempPathFactory) -> Prepared:
    """The demonstration of this run: whichever worker asks first has the command make it.

    `tests/run.py` names one folder for all the phases of the suite.

    Raises:
        RuntimeError: the command failed; what it said is in the message.
    """
    base = factory.getbasetemp()
    beside = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    root = Path(os.environ.get("TESTS_DEMONSTRATION") or beside / "demonstration")
    root.mkdir(exist_ok=True)
    said = root / "said"
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            said.write_text(prepare(root / "var"), encoding="utf-8")
    return Prepared(root / "var", said.read_text(encoding="utf-8"))


def prepare(folder: Path) -> str:
    """Have the command make a demonstration in `folder`; give back what it said.

    Raises:
        RuntimeError: the command failed; what it said is in the message.
    """
    clean = {name: value for name, value in os.environ.items() if not name.startswith("INTERS4_")}
    done = subprocess.run(
        [COMMAND, "demo", "--no-serve"],
        env={**clean, "INTERS4_DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return done.stdout
