"""Libraries imported without another that they would take with them, where it is installed.

Some look for what they can do without: a driver of a queue that this installation has not, a
painter of tracebacks that nobody reads. One that is hidden meanwhile is not missed.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def absent(*names: str) -> Iterator[None]:
    """Hide these libraries inside the block; one that somebody has imported already stays."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None refuses the import
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)
