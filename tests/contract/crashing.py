"""Writers to kill: each is a process, copied from one that has imported what a writer needs.

Importing takes most of what starting such a writer takes, and is not what is killed here.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.builders.copied import Begun
from tests.contract.builders import Index

_CODE = "import sys\nfrom tests.contract.crash_child import main\nmain(sys.argv[1:])"
_IMPORTED = (
    "tests.contract.crash_child",
    *(f"indexer.backends.whoosh_{name}" for name in ("engine", "plain", "rebuild", "writer")),
)
_LOOK_SECONDS = 0.005
_PATIENCE_SECONDS = 60.0


class Writer:
    """A process that writes to an index, until it is killed or kills itself."""

    def __init__(self, begun: Begun, said: Path) -> None:
        self._begun, self._said = begun, said

    def committed(self, *, least: int = 10_000) -> set[str]:
        """The keys it says are committed, once there are so many or it died."""
        while True:
            is_over = self._is_over()
            lines = self._said.read_text(encoding="utf-8").splitlines(keepends=True)
            keys = {line.split()[1] for line in lines if line.endswith("\n")}
            if is_over or len(keys) >= least:
                return keys

    def _is_over(self) -> bool:
        try:
            self._begun.wait(_LOOK_SECONDS)
        except TimeoutError:
            return False
        return True

    def kill(self) -> None:
        """`kill -9`."""
        self._begun.kill()

    def wait(self) -> int:
        """How it ended, once it has."""
        return self._begun.wait(_PATIENCE_SECONDS)


@contextmanager
def started(index: Index, *, mode: str, limit: int = 0) -> Iterator[Writer]:
    """A writer at work in `index`, as `tests.contract.crash_child` says; dead at the end."""
    arguments = ("crash_child", str(index.root), index.backend, mode, str(limit))
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "out").touch()
        begun = Begun(_CODE, Path(place), {}, imported=_IMPORTED, arguments=arguments)
        writer = Writer(begun, Path(place) / "out")
        try:
            yield writer
        finally:
            writer.kill()
            writer.wait()
