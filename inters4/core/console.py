"""What a command says to whoever typed it: results, refusals, and how far long work has come.

Results go to standard output; progress and refusals to standard error, so that a command can be
piped. On a terminal progress is a bar; elsewhere a plain line now and then, because a journal of
a thousand bars helps nobody.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn, Protocol, TextIO

import click

from inters4.core.i18n import _

LINE_SECONDS = 2.0
_SHORTEST = 0.2


class Progress(Protocol):
    """Long work under way."""

    def advance(self, count: int = 1) -> None:
        """Say that `count` more are done."""


def say(message: str, *, error: bool = False) -> None:
    """Write one line for the person: a result, or to standard error what is wrong."""
    click.echo(message, err=error)


def fail(message: str, *, status: int = 1) -> NoReturn:
    """Write one clear line to standard error and leave with `status`."""
    click.echo(message, err=True)
    sys.exit(status)


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Progress]:
    """Show how far the work of the block has come; `total` is None when nobody knows."""
    if sys.stderr.isatty():
        with _bar(label, total) as shown:
            yield shown
        return
    lines = PlainProgress(label, total, stream=sys.stderr)
    yield lines
    lines.finish()


class PlainProgress:
    """A line at each tenth of the work, or every two seconds, and one at the end."""

    def __init__(
        self,
        label: str,
        total: int | None,
        *,
        stream: TextIO,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._label, self._total = label, total
        self._stream, self._clock = stream, clock
        self._done = self._tenths = 0
        self._written_at = clock()
        self._is_written = False

    def advance(self, count: int = 1) -> None:
        """Say that `count` more are done."""
        self._done += count
        tenths = self._done * 10 // self._total if self._total else 0
        waited = self._clock() - self._written_at
        if (tenths > self._tenths and waited >= _SHORTEST) or waited >= LINE_SECONDS:
            self._write()
        self._tenths = max(self._tenths, tenths)

    def finish(self) -> None:
        """Write the last line, unless it is already there."""
        if not self._is_written:
            self._write()

    def _write(self) -> None:
        line = _("%(label)s : %(amount)s", label=self._label, amount=self._amount())
        self._stream.write(line + "\n")
        self._stream.flush()
        self._written_at = self._clock()
        self._is_written = self._done == self._total

    def _amount(self) -> str:
        if not self._total:
            return str(self._done)
        return _(
            "%(done)s sur %(total)s (%(percent)s %%)",
            done=self._done,
            total=self._total,
            percent=self._done * 100 // self._total,
        )


@contextmanager
def _bar(label: str, total: int | None) -> Iterator[Progress]:
    from rich import progress as rich  # noqa: PLC0415  (slow to import, seldom needed)
    from rich.console import Console  # noqa: PLC0415

    columns = (
        rich.TextColumn("{task.description}"),
        rich.BarColumn(),
        rich.MofNCompleteColumn(separator=f" {_('sur')} "),
        rich.TimeRemainingColumn(),
    )
    with rich.Progress(*columns, console=Console(stderr=True)) as shown:
        yield _RichTask(shown.advance, shown.add_task(label, total=total))


class _RichTask:
    def __init__(self, advance: Callable[..., None], task: int) -> None:
        self._advance, self._task = advance, task

    def advance(self, count: int = 1) -> None:
        self._advance(self._task, count)
