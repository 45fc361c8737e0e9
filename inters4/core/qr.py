"""QR codes (ISO/IEC 18004) of a short text, as the squares that an SVG draws.

Byte mode, correction level M, versions 1 to 12: an address of 280 characters at most. Small
enough to be read whole, which a library of image formats is not.
"""

from collections.abc import Callable
from itertools import product

Square = list[list[bool]]
Put = Callable[[int, int, bool], None]

_BLOCKS = {
    # version: (correction bytes a block, [(blocks, data bytes each), …]) at level M
    1: (10, [(1, 16)]),
    2: (16, [(1, 28)]),
    3: (26, [(1, 44)]),
    4: (18, [(2, 32)]),
    5: (24, [(2, 43)]),
    6: (16, [(4, 27)]),
    7: (18, [(4, 31)]),
    8: (22, [(2, 38), (2, 39)]),
    9: (22, [(3, 36), (2, 37)]),
    10: (26, [(4, 43), (1, 44)]),
    11: (30, [(1, 50), (4, 51)]),
    12: (22, [(6, 36), (2, 37)]),
}
_CENTRES = {
    1: [],
    2: [6, 18],
    3: [6, 22],
    4: [6, 26],
    5: [6, 30],
    6: [6, 34],
    7: [6, 22, 38],
    8: [6, 24, 42],
    9: [6, 26, 46],
    10: [6, 28, 50],
    11: [6, 30, 54],
    12: [6, 32, 58],
}
_MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda r, c: (r + c) % 2 == 0,
    lambda r, _c: r % 2 == 0,
    lambda _r, c: c % 3 == 0,
    lambda r, c: (r + c) % 3 == 0,
    lambda r, c: (r // 2 + c // 3) % 2 == 0,
    lambda r, c: r * c % 2 + r * c % 3 == 0,
    lambda r, c: (r * c % 2 + r * c % 3) % 2 == 0,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2 == 0,
)
_QUIET = 4


def modules(text: str) -> Square:
    """The squares of `text`, row by row, True for dark, without the quiet border.

    Raises:
        ValueError: the text is too long.
    """
    data = text.encode()
    version = _version(data)
    bits = _interleaved(_padded(data, version), version)
    drawn = [_masked(bits, version, mask) for mask in range(len(_MASKS))]
    return min(drawn, key=_penalty)


def path_of(squares: Square) -> str:
    """The `d` of an SVG path: one bar for each run of dark squares, quiet border included."""
    bars = []
    for row, line in enumerate(squares):
        start = None
        for column, is_dark in enumerate([*line, False]):
            if is_dark and start is None:
                start = column
            elif not is_dark and start is not None:
                bars.append(
                    f"M{start + _QUIET} {row + _QUIET}h{column - start}v1h-{column - start}z"
                )
                start = None
    return "".join(bars)


def side_of(squares: Square) -> int:
    """How many squares wide the picture is, quiet border included."""
    return len(squares) + 2 * _QUIET


def _version(data: bytes) -> int:
    for version, (_correction, groups) in _BLOCKS.items():
        head = 4 + (8 if version < 10 else 16)
        if 8 * sum(count * size for count, size in groups) >= head + 8 * len(data):
            return version
    raise ValueError("the text is too long for a QR code")


def _padded(data: bytes, version: int) -> bytes:
    """Mode, length, data, terminator and padding: what the blocks hold."""
    room = sum(count * size for count, size in _BLOCKS[version][1])
    width = 8 if version < 10 else 16
    bits = f"0100{len(data):0{width}b}" + "".join(f"{byte:08b}" for byte in data)
    bits += "0" * min(4, 8 * room - len(bits))
    bits += "0" * (-len(bits) % 8)
    made = [int(bits[start : start + 8], 2) for start in range(0, len(bits), 8)]
    made += [(0xEC, 0x11)[number % 2] for number in range(room - len(made))]
    return bytes(made)


def _interleaved(data: bytes, version: int) -> str:
    correction, groups = _BLOCKS[version]
    blocks, start = [], 0
    for count, size in groups:
        for _block in range(count):
            blocks.append(data[start : start + size])
            start += size
    checks = [_remainder(block, correction) for block in blocks]
    longest = max(map(len, blocks))
    ordered = [block[at] for at in range(longest) for block in blocks if at < len(block)]
    ordered += [check[at] for at in range(correction) for check in checks]
    return "".join(f"{byte:08b}" for byte in ordered)


def _times(a: int, b: int) -> int:
    """Product in the field of 256 elements, modulo x^8 + x^4 + x^3 + x^2 + 1."""
    made = 0
    while b:
        if b & 1:
            made ^= a
        a = a << 1 ^ (0x11D if a & 0x80 else 0)
        b >>= 1
    return made


def _remainder(block: bytes, size: int) -> bytes:
    """The Reed-Solomon bytes of a block."""
    divisor = [0] * (size - 1) + [1]
    root = 1
    for _step in range(size):
        divisor = [
            _times(value, root) ^ (divisor[at + 1] if at + 1 < size else 0)
            for at, value in enumerate(divisor)
        ]
        root = _times(root, 2)
    rest = [0] * size
    for byte in block:
        factor = byte ^ rest[0]
        rest = [*rest[1:], 0]
        rest = [value ^ _times(divisor[at], factor) for at, value in enumerate(rest)]
    return bytes(rest)


def _frame(version: int) -> tuple[Square, Square]:
    """The patterns that every code has, and which squares they take."""
    side = 17 + 4 * version
    dark = [[False] * side for _row in range(side)]
    taken = [[False] * side for _row in range(side)]

    def put(row: int, column: int, is_dark: bool) -> None:
        if 0 <= row < side and 0 <= column < side:
            dark[row][column], taken[row][column] = is_dark, True

    for at in range(side):
        put(6, at, at % 2 == 0)
        put(at, 6, at % 2 == 0)
    for centre in ((3, 3), (3, side - 4), (side - 4, 3)):
        _put_rings(put, centre, reach=4, light={2, 4})
    corners = {(6, 6), (6, side - 7), (side - 7, 6)}
    for centre in product(_CENTRES[version], repeat=2):
        if centre not in corners:
            _put_rings(put, centre, reach=2, light={1})
    if version >= 7:
        bits = version << 12 | _coded(version, 0x1F25, 12)
        for at in range(18):
            far, near = side - 11 + at % 3, at // 3
            put(near, far, bool(bits >> at & 1))
            put(far, near, bool(bits >> at & 1))
    _put_format(put, side, 0)
    return dark, taken


def _put_rings(put: Put, centre: tuple[int, int], *, reach: int, light: set[int]) -> None:
    """An eye: rings around `centre`, dark but for those of `light`."""
    for down, right in product(range(-reach, reach + 1), repeat=2):
        ring = max(abs(down), abs(right))
        put(centre[0] + down, centre[1] + right, ring not in light)


def _put_format(put: Put, side: int, mask: int) -> None:
    """The correction level (M) and the mask, twice."""
    bits = (mask << 10 | _coded(mask, 0x537, 10)) ^ 0x5412
    first = [(at, 8) for at in range(6)] + [(7, 8), (8, 8), (8, 7)]
    first += [(8, 14 - at) for at in range(9, 15)]
    second = [(8, side - 1 - at) for at in range(8)]
    second += [(side - 15 + at, 8) for at in range(8, 15)]
    for places in (first, second):
        for at, (row, column) in enumerate(places):
            put(row, column, bool(bits >> at & 1))
    put(side - 8, 8, True)


def _coded(value: int, divisor: int, size: int) -> int:
    """The remainder that protects a few bits (BCH)."""
    rest = value << size
    while rest.bit_length() > size:
        rest ^= divisor << rest.bit_length() - size - 1
    return rest


def _masked(bits: str, version: int, mask: int) -> Square:
    dark, taken = _frame(version)
    side, at = len(dark), 0
    for right in (*range(side - 1, 6, -2), 5, 3, 1):
        goes_up = (right + 1) & 2 == 0 if right > 6 else right & 2 != 0
        for step in range(side):
            row = side - 1 - step if goes_up else step
            for column in (right, right - 1):
                if not taken[row][column]:
                    is_dark = at < len(bits) and bits[at] == "1"
                    dark[row][column] = is_dark != _MASKS[mask](row, column)
                    at += 1

    def put(row: int, column: int, is_dark: bool) -> None:
        dark[row][column] = is_dark

    _put_format(put, side, mask)
    return dark


def _penalty(squares: Square) -> int:
    """How hard a mask is to read: long runs, blocks, false eyes, imbalance."""
    side, total = len(squares), 0
    for lines in (squares, [list(column) for column in zip(*squares, strict=True)]):
        for line in lines:
            text = "".join("1" if is_dark else "0" for is_dark in line)
            for run in text.replace("01", "0 1").replace("10", "1 0").split():
                total += len(run) - 2 if len(run) >= 5 else 0
            for start in range(side - 10):
                total += 40 * (text[start : start + 11] in {"10111010000", "00001011101"})
    for row in range(side - 1):
        for column in range(side - 1):
            four = {squares[row + y][column + x] for y in (0, 1) for x in (0, 1)}
            total += 3 * (len(four) == 1)
    share = sum(map(sum, squares)) * 100 / side**2
    return total + 10 * int(abs(share - 50) // 5)
