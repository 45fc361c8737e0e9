"""Bodies decompressed in small bites, so that a bomb is stopped before it swells."""

import zlib
from collections.abc import Iterable, Iterator

import brotli

from inters4.core.fetch.errors import FetchFailed, FetchTooLarge
from inters4.core.i18n import _, format_number

_BITE = 65_536
_SMALLEST_PIECE = 256
"""What a piece costs at least: a body that comes sign by sign costs processor, and not bytes."""
_PIECES_AT_LEAST = 10_000
_GZIP_MAGIC = b"\x1f\x8b"
ACCEPT_ENCODING = "gzip, deflate, br"


def read_body(chunks: Iterable[bytes], *, encoding: str, max_bytes: int) -> bytes:
    """The whole body, decompressed.

    Raises:
        FetchTooLarge: it passes `max_bytes`.
        FetchFailed: it is damaged, or compressed in a way that was not asked for.
    """
    pieces: list[bytes] = []
    size = 0
    for piece in _decoded(_counted(chunks, max_bytes=max_bytes), encoding.strip().lower()):
        size += len(piece)
        if size > max_bytes:
            raise _too_large(max_bytes)
        pieces.append(piece)
    return b"".join(pieces)


def _counted(chunks: Iterable[bytes], *, max_bytes: int) -> Iterator[bytes]:
    most = _PIECES_AT_LEAST + max_bytes // _SMALLEST_PIECE
    for number, chunk in enumerate(chunks):
        if number >= most:
            raise _too_large(max_bytes)
        yield chunk


def _too_large(max_bytes: int) -> FetchTooLarge:
    return FetchTooLarge(
        _("La réponse du site dépasse %(limit)s Mo.", limit=format_number(max_bytes // 1_000_000))
    )


def _decoded(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    try:
        if encoding in {"", "identity"}:
            yield from chunks
        elif encoding in {"gzip", "x-gzip"}:
            yield from _gunzip(chunks)
        elif encoding == "deflate":
            yield from _inflate(chunks)
        elif encoding == "br":
            yield from _unbrotli(chunks)
        else:
            raise FetchFailed(_("Le site répond dans un format compressé inconnu."), code="damaged")
    except (zlib.error, brotli.error):
        raise FetchFailed(_("La réponse du site est endommagée."), code="damaged") from None


def _gunzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Several members in a row are one body; what follows the last is ignored."""
    machine = zlib.decompressobj(zlib.MAX_WBITS | 16)
    held = b""
    for chunk in chunks:
        data, held = held + chunk, b""
        while data:
            if machine.eof:
                if len(data) < len(_GZIP_MAGIC):
                    held = data
                    break
                if not data.startswith(_GZIP_MAGIC):
                    return
                machine = zlib.decompressobj(zlib.MAX_WBITS | 16)
            yield machine.decompress(data, _BITE)
            data = machine.unused_data if machine.eof else machine.unconsumed_tail
    _check_end(machine.eof)


def _inflate(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """With or without the zlib wrapper: servers disagree on what `deflate` means."""
    machine = None
    for chunk in chunks:
        data = chunk
        if machine is None and data:
            is_wrapped = data[0] & 0x0F == zlib.DEFLATED
            machine = zlib.decompressobj(zlib.MAX_WBITS if is_wrapped else -zlib.MAX_WBITS)
        while data and machine is not None and not machine.eof:
            yield machine.decompress(data, _BITE)
            data = machine.unconsumed_tail
    _check_end(machine is None or machine.eof)


def _unbrotli(chunks: Iterable[bytes]) -> Iterator[bytes]:
    machine = brotli.Decompressor()
    is_empty = True
    for chunk in chunks:
        is_empty = is_empty and not chunk
        piece = machine.process(chunk, output_buffer_limit=_BITE)
        yield piece
        while not machine.can_accept_more_data() and not machine.is_finished():
            yield machine.process(b"", output_buffer_limit=_BITE)
        if machine.is_finished():
            return
    _check_end(is_empty)


def _check_end(is_complete: bool) -> None:
    if not is_complete:
        raise FetchFailed(_("La réponse du site est incomplète."), code="cut")
