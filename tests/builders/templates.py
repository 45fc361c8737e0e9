"""Templates compiled once for all the applications that a worker makes."""

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class CompiledTemplates(BytecodeCache):
    """Compiled templates, in memory: every test makes an application, all draw the same pages."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give `bucket` what was compiled for the same source, if anything was."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was just compiled."""
        self._kept[bucket.key] = bucket.bytecode_to_string()
