"""The message of an issue: its parts, made once and kept; and what each subscriber receives."""

from inters4.newsletters.exports.message.assembling import Places, assemble
from inters4.newsletters.exports.message.making import parts_of
from inters4.newsletters.exports.message.parts import (
    Block,
    Earlier,
    Link,
    MessageParts,
    Piece,
    Section,
    digest,
    from_json,
    to_json,
)

__all__ = [
    "Block",
    "Earlier",
    "Link",
    "MessageParts",
    "Piece",
    "Places",
    "Section",
    "assemble",
    "digest",
    "from_json",
    "parts_of",
    "to_json",
]
