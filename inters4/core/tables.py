"""Tables for spreadsheets: one way to write CSV.

Semicolons and a byte order mark: what Excel set for French Canada opens in columns, with its
accents. What a spreadsheet would run as a formula is given as text, in whatever columns it is cut.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

CSV = "text/csv"
_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
_FORMULA = re.compile(
    r"\A(?=[=+\-@\t\r])"
    r"|(?<=[,;\t])(?=\"*[=+\-@])"
    # a line that opens a list is left as it is, unless it calls a program (DDE)
    r"|(?<=[\r\n])(?=\"*(?:[=+@]|-(?![ ][^|\r\n]*$)))",
    re.MULTILINE,
)
_PIECE = 16_384


def write_csv(heads: Sequence[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The table in pieces of some kilobytes; rows are taken as they are written."""
    written = StringIO()
    written.write(_MARK)
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(heads)
    for row in rows:
        writer.writerow([_inert(cell) for cell in row])
        if written.tell() >= _PIECE:
            yield written.getvalue()
            written.seek(0)
            written.truncate()
    yield written.getvalue()


def is_altered(cell: str) -> bool:
    """True of what a spreadsheet would read as a formula, which a table writes otherwise."""
    return _FORMULA.search(cell) is not None


def _inert(cell: str) -> str:
    """An apostrophe keeps a spreadsheet from reading a formula.

    One set for another separator cuts cells at commas or tabs too, and at the ends of lines, since
    the quotes of a cell are then amid one; it reads what follows, even quoted.
    """
    return _FORMULA.sub("'", cell)
