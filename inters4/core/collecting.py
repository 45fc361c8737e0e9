"""Python's collector of cycles, kept out of the way while modules are imported.

Imports make hundreds of thousands of objects that live as long as the process. The collector would
go through them again and again on the way, a fifth of what a start costs, to find nothing.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Collect nothing inside the block; what was made in it is never looked at again."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
