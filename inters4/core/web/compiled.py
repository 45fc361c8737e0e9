"""Templates are compiled once an installation, as modules are, and kept in the same way.

What was compiled lies beside the templates, in `__pycache__`: it runs, so only who may change a
template may change it, and never the folder of the data. Where the account of the portal may not
write there, or Python is told to write nothing, each process compiles what it draws.
"""

import hashlib
import marshal
import os
import sys
from contextlib import suppress
from functools import cache
from importlib.util import MAGIC_NUMBER
from pathlib import Path

import jinja2
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class KeptTemplates(BytecodeCache):
    """Compiled templates of a folder, one file each: its checksum, then its code."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "__pycache__"

    def get_source_checksum(self, source: str) -> str:
        """What names a compilation: its source, and what compiled it."""
        return super().get_source_checksum(source) + _compiler()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give `bucket` what was compiled from the same source, if that was kept whole."""
        checksum = bucket.checksum.encode()
        with suppress(OSError, EOFError, ValueError, TypeError):
            kept = self._file(bucket).read_bytes()
            if kept.startswith(checksum):
                bucket.code = marshal.loads(kept[len(checksum) :])  # noqa: S302  (see above)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was just compiled, where that can be."""
        if sys.dont_write_bytecode:
            return
        beside = self._file(bucket).with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            beside.write_bytes(bucket.checksum.encode() + marshal.dumps(bucket.code))
            beside.replace(self._file(bucket))

    def _file(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.jinja"


@cache
def _compiler() -> str:
    """A digest of what turns a template into code."""
    found = hashlib.sha256(MAGIC_NUMBER + jinja2.__version__.encode())
    for name in ("drawing.py", "templating.py"):
        found.update(Path(__file__).with_name(name).read_bytes())
    return found.hexdigest()
