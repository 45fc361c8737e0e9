"""The two parts of a message, encoded; what differs from one reader to the next is a gap.

Quoted-printable begins anew at each line: lines without a gap are encoded once for a whole series,
the others once they are filled. What comes out is what encoding the filled message would give.
"""

from binascii import b2a_qp
from collections.abc import Collection, Iterator, Mapping
from html import escape
from itertools import groupby

from inters4.core.mail.render import Rendered
from inters4.core.values import dataclass

_BOUNDARY = "=_inters4"
"""Never met in a part: there, what is encoded has two figures after its `=`."""
_FIELDS = (
    f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="{_BOUNDARY}"\r\n\r\n'
).encode()
_LAST = f"--{_BOUNDARY}--\r\n".encode()
_NONE: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class _Gapped:
    """Lines that have gaps, as they were written."""

    text: str
    is_html: bool

    def filled(self, values: Mapping[str, str]) -> bytes:
        text = self.text
        for gap, value in values.items():
            text = text.replace(gap, escape(value) if self.is_html else value)
        return _encoded(text.encode().splitlines())


class Body:
    """A message without its fields, but for those that say how it is written."""

    def __init__(self, rendered: Rendered, *, gaps: Collection[str] = ()) -> None:
        """`gaps` are the texts that `filled` replaces, wherever they stand."""
        found: list[bytes | _Gapped] = [
            _FIELDS,
            _head("plain"),
            *_pieces(rendered.text, gaps, is_html=False),
            b"\r\n",
            _head("html"),
            *_pieces(rendered.html, gaps, is_html=True),
            b"\r\n",
            _LAST,
        ]
        self._pieces = [
            piece
            for is_gapped, several in groupby(found, lambda one: isinstance(one, _Gapped))
            for piece in (several if is_gapped else [_joined(several)])
        ]

    def filled(self, values: Mapping[str, str] = _NONE) -> bytes:
        """The bytes of the message to one reader; `values` are plain, HTML is escaped here."""
        return b"".join(
            piece.filled(values) if isinstance(piece, _Gapped) else piece for piece in self._pieces
        )


def _joined(several: Iterator[bytes | _Gapped]) -> bytes:
    return b"".join(one for one in several if isinstance(one, bytes))


def _pieces(text: str, gaps: Collection[str], *, is_html: bool) -> Iterator[bytes | _Gapped]:
    signs = tuple(gap.encode() for gap in gaps)

    def has_gap(line: bytes) -> bool:
        return any(sign in line for sign in signs)

    for is_gapped, lines in groupby(text.encode().splitlines(), has_gap):
        if is_gapped:
            yield _Gapped(b"\n".join(lines).decode(), is_html)
        else:
            yield _encoded(lines)


def _encoded(lines: Collection[bytes] | Iterator[bytes]) -> bytes:
    """Encoded in C: the standard library does it a sign at a time."""
    return b2a_qp(b"".join(line + b"\r\n" for line in lines), istext=True)


def _head(subtype: str) -> bytes:
    return (
        f'--{_BOUNDARY}\r\nContent-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    ).encode()
