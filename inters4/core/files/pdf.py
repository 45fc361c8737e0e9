"""The text of a PDF document, read by a child process that is killed when it is late."""

import subprocess
import sys
from pathlib import Path

from inters4.core.files.refusals import FileRefused
from inters4.core.i18n import _

_SCRIPT = Path(__file__).with_name("pdf_reader.py")
_SECONDS = 12


def read_pdf(data: bytes) -> str:
    """The text of a document; empty when it holds pictures alone.

    Raises:
        FileRefused: it is damaged, closed by a password, or too long to read.
    """
    try:
        answer = subprocess.run(  # noqa: S603  (our own script, no shell)
            [sys.executable, "-I", str(_SCRIPT)],
            input=data,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        )
    except (subprocess.SubprocessError, OSError):
        raise FileRefused(_("Ce document PDF n’a pas pu être lu.")) from None
    return answer.stdout.decode("utf-8", "replace").replace("\r\n", "\n").replace("\x02", "-")
