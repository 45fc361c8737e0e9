"""Counts what a page asks of the database: a list must not cost more when it grows."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from inters4.core.db import engine


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SELECTs sent while the block lasts, in order."""
    found: list[str] = []

    def note(*call: object) -> None:
        if str(call[2]).startswith("SELECT"):
            found.append(str(call[2]))

    event.listen(engine(), "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine(), "before_cursor_execute", note)
