"""QR codes (ISO/IEC 18004) of a short text, as the path that an SVG of ours draws."""

import segno

_BORDER = 4
"""Squares of quiet around the code: the standard asks for four."""

Square = tuple[tuple[bool, ...], ...]


def modules(text: str) -> Square:
    """The dark squares of the code of `text`, row by row, at correction level M.

    Raises:
        ValueError: the text is too long for any code.
    """
    made = segno.make_qr(text, error="m", boost_error=False)
    return tuple(tuple(bool(dark) for dark in row) for row in made.matrix)


def side_of(squares: Square) -> int:
    """How many squares wide the picture is, quiet border included."""
    return len(squares) + 2 * _BORDER


def path_of(squares: Square) -> str:
    """The `d` of a path that fills the dark squares, each run of a row as one rectangle."""
    drawn = []
    for row, line in enumerate(squares):
        column = 0
        while column < len(line):
            width = 0
            while column + width < len(line) and line[column + width]:
                width += 1
            if width:
                drawn.append(f"M{column + _BORDER} {row + _BORDER}h{width}v1h-{width}z")
            column += width or 1
    return "".join(drawn)
