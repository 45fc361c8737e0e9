"""How the positions of a term in a document are written into a Whoosh posting.

Steps of seven bits a byte, the high bit saying that more follows. Whoosh's own format pickles a
list for each posting: twice the bytes, and slower both ways.
"""

from collections.abc import Sequence

from whoosh.formats import Format

__all__ = ["Places", "encode_places"]


def encode_places(places: Sequence[int]) -> bytes:
    """The bytes of ascending positions."""
    if len(places) == 1 and places[0] < 1 << 14:  # most are
        place = places[0]
        return bytes((place & 127 | 128, place >> 7) if place > 127 else (place,))
    encoded = bytearray()
    last = 0
    for place in places:
        step = place - last
        last = place
        while step > 127:
            encoded.append(step & 127 | 128)
            step >>= 7
        encoded.append(step)
    return bytes(encoded)


class Places(Format):  # type: ignore[misc]
    """Frequency and positions; pickled with the schema, so without state of its own."""

    posting_size = -1

    def decode_positions(self, encoded: bytes) -> list[int]:
        """The positions in these bytes."""
        places: list[int] = []
        place = shift = 0
        for octet in encoded:
            place += (octet & 127) << shift
            if octet < 128:
                places.append(place)
                shift = 0
            else:
                shift += 7
        return places

    def decode_frequency(self, encoded: bytes) -> int:
        """How many positions there are."""
        return sum(octet < 128 for octet in encoded)

    def decode_weight(self, encoded: bytes) -> float:
        """The same, as Whoosh scores with it."""
        return float(self.decode_frequency(encoded))
