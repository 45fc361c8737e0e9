"""HTML to PDF, by a child process that is killed when it is late.

What makes PDF is large, reads fonts and speaks to libraries of the system: it never enters a
process of the portal. Whether it is there is looked at once a process, without loading it.
"""

import subprocess
import sys
from ctypes.util import find_library
from enum import StrEnum
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from inters4.core.paths import static_dir

SECONDS = 90
PACKAGE = "weasyprint"
LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz", "fontconfig")
_SCRIPT = Path(__file__).with_name("maker.py")


class Lack(StrEnum):
    """Why no PDF can be made here."""

    PACKAGE = "package"
    LIBRARIES = "libraries"


class PaperRefused(Exception):
    """A page of which no PDF was made; the log of the worker says why."""


@cache
def lacking() -> Lack | None:
    """What is not installed; None when PDF can be made."""
    if find_spec(PACKAGE) is None:
        return Lack.PACKAGE
    return Lack.LIBRARIES if missing_libraries() else None


def missing_libraries() -> list[str]:
    """Libraries of the system that are not found."""
    return [name for name in LIBRARIES if not find_library(name)]


def make_pdf(html: str) -> bytes:
    """`html`, whole with its styles, as a tagged PDF; nothing is fetched for it.

    Raises:
        PaperRefused: it took too long, or what makes PDF failed.
    """
    try:
        made = subprocess.run(  # noqa: S603  (our own script, no shell)
            [sys.executable, "-I", str(_SCRIPT), str(static_dir())],
            input=html.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        raise PaperRefused(error.stderr.decode(errors="replace")[-2_000:]) from None
    except subprocess.TimeoutExpired:
        raise PaperRefused(f"not made in {SECONDS} s") from None
    return made.stdout
