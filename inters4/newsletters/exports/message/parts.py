"""What a message is put together from: values that JSON holds, the same for every subscriber.

Pieces are ready to be joined: their styles are inlined and their links are holes, which are filled
for each subscriber.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from inters4.core.values import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the message, in both forms: they say the same."""

    html: str
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """One item: whole, and in one line for those whom it concerns less.

    Attributes:
        key: public id of the item.
        themes: vocabulary ids; an item without any is shown whole to everyone.
    """

    key: str
    themes: tuple[str, ...]
    whole: Piece
    line: Piece


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading; `entry` is its line in the contents, empty without them."""

    head: Piece
    entry: Piece
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An issue that came out before this one, for whoever did not receive it."""

    issue_id: str
    entry: Piece


@dataclass(frozen=True, slots=True)
class Link:
    """Where a link of the message leads, and the item it stands in; empty when it is in none."""

    item: str
    url: str


@dataclass(frozen=True, slots=True)
class MessageParts:
    """A message whose blocks have yet to be put in the order of one subscriber.

    Attributes:
        subject, sender, reply_to: as headers say them, checked when the message is composed.
        contents: what stands before and after the entries of the contents; empty without them.
        before_earlier, earlier, after_earlier: issues that came out since this subscriber's last.
        links: by the number that the holes name.
    """

    subject: str
    sender: str
    reply_to: str
    language: str
    preheader: str
    opening: Piece
    contents: tuple[Piece, Piece]
    sections: tuple[Section, ...]
    before_earlier: Piece
    earlier: tuple[Earlier, ...]
    after_earlier: Piece
    closing: Piece
    links: tuple[Link, ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Every item, in the order of the issue."""
        return tuple(block for section in self.sections for block in section.blocks)


def to_json(parts: MessageParts) -> dict[str, Any]:
    """Fit for a JSON column."""
    return asdict(parts)


def from_json(data: Mapping[str, Any]) -> MessageParts:
    """What `to_json` gave."""
    return MessageParts(
        subject=data["subject"],
        sender=data["sender"],
        reply_to=data["reply_to"],
        language=data["language"],
        preheader=data["preheader"],
        opening=Piece(**data["opening"]),
        contents=(Piece(**data["contents"][0]), Piece(**data["contents"][1])),
        sections=tuple(_section(one) for one in data["sections"]),
        before_earlier=Piece(**data["before_earlier"]),
        earlier=tuple(Earlier(one["issue_id"], Piece(**one["entry"])) for one in data["earlier"]),
        after_earlier=Piece(**data["after_earlier"]),
        closing=Piece(**data["closing"]),
        links=tuple(Link(**one) for one in data["links"]),
    )


def digest(parts: MessageParts) -> str:
    """Changes with anything that readers would read, but for the list of earlier issues."""
    said = {name: value for name, value in to_json(parts).items() if name != "earlier"}
    written = json.dumps(said, sort_keys=True, ensure_ascii=False).encode()
    return hashlib.blake2b(written, digest_size=16).hexdigest()


def _section(data: Mapping[str, Any]) -> Section:
    return Section(
        head=Piece(**data["head"]),
        entry=Piece(**data["entry"]),
        blocks=tuple(
            Block(
                one["key"],
                tuple(one["themes"]),
                Piece(**one["whole"]),
                Piece(**one["line"]),
            )
            for one in data["blocks"]
        ),
    )
