"""Counts what a page asks of the database: a list must not cost more when it grows."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from inters4.core.db import engine


@contextmanager
def statements(*, verb: str = "SELECT", about: str = "") -> Iterator[list[str]]:
    """The SELECTs sent while the block lasts, in order; every statement with an empty `verb`.

    `about` keeps those that hold this text.
    """
    found: list[str] = []

    def note(*call: object) -> None:
        statement = str(call[2])
        if statement.startswith(verb) and about in statement:
            found.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine(), "before_cursor_execute", note)
