"""One subscriber's message: the same pieces, those on their themes first.

An item that touches none of the themes that a subscriber wants is one line. An issue of which
nothing touches them is left whole: a message of lines alone would serve nobody.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from html import escape
from typing import Any, TypeVar

from inters4.core.mail.render import Rendered
from inters4.core.values import dataclass
from inters4.newsletters.exports.message.holes import LINK, fill
from inters4.newsletters.exports.message.parts import Block, MessageParts, Piece, Section

CLOSE, NEAR, FAR = 2, 1, 0
_Part = TypeVar("_Part", Block, Section)


@dataclass(frozen=True, slots=True)
class Places:
    """Addresses that one subscriber's message bears.

    Attributes:
        unsubscribe, preferences: absolute, signed.
        web: absolute, of the page of the issue.
        link: the address of the link of this number; None leaves links as they are. The text part
            always has them as they are: there, people read them.
    """

    unsubscribe: str
    preferences: str
    web: str
    link: Callable[[int], str] | None = None


def assemble(
    parts: MessageParts,
    *,
    wanted: Collection[str] = (),
    since: Collection[str] = (),
    places: Places,
) -> Rendered:
    """The message of a subscriber.

    Args:
        parts: of the issue.
        wanted: the themes that the subscriber wants first.
        since: ids of the issues that came out since their last message.
        places: their addresses.
    """
    pieces = list(_pieces(parts, tuple(wanted), since))
    own = {"unsubscribe": places.unsubscribe, "preferences": places.preferences, "web": places.web}

    def address_of(name: str, number: int) -> str:
        if name != LINK:
            return own[name]
        return places.link(number) if places.link else parts.links[number].url

    html = "".join(piece.html for piece in pieces)
    text = "\n\n".join(piece.text for piece in pieces if piece.text)
    return Rendered(
        parts.subject,
        text=fill(text, address_of) + "\n",
        html=fill(html, lambda name, number: escape(address_of(name, number))),
    )


def nearness(themes: Collection[str], wanted: Collection[str]) -> int:
    """How near themes are to those wanted: under one of them, above one, or away from all."""
    near = FAR
    for theme in themes:
        for one in wanted:
            if theme == one or theme.startswith(f"{one}."):
                return CLOSE
            if one.startswith(f"{theme}."):
                near = NEAR
    return near


def is_touched(parts: MessageParts, wanted: Collection[str]) -> bool:
    """True when something of the issue is near one of these themes."""
    return any(nearness(block.themes, wanted) > FAR for block in parts.blocks)


def _pieces(parts: MessageParts, wanted: Sequence[str], since: Collection[str]) -> Iterator[Piece]:
    def rank(block: Block) -> int:
        return nearness(block.themes, wanted)

    if not is_touched(parts, wanted):
        wanted = ()
    sections = [
        Section(one.head, one.entry, tuple(_ordered(one.blocks, lambda own: own.themes, rank)))
        for one in parts.sections
    ]
    sections = _ordered(
        sections,
        lambda one: any(block.themes for block in one.blocks),
        lambda one: max((rank(block) for block in one.blocks), default=FAR),
    )
    before, after = parts.contents
    yield parts.opening
    yield before
    for section in sections:
        yield section.entry
    yield after
    for section in sections:
        yield section.head
        for block in section.blocks:
            is_line = wanted and block.themes and rank(block) == FAR
            yield block.line if is_line else block.whole
    told = [one.entry for one in parts.earlier if one.issue_id in since]
    if told:
        yield parts.before_earlier
        yield from told
        yield parts.after_earlier
    yield parts.closing


def _ordered(
    found: Sequence[_Part], has_themes: Callable[[_Part], Any], rank: Callable[[_Part], int]
) -> list[_Part]:
    """Those that have themes, the nearest first; the others keep their places."""
    moving = iter(sorted(filter(has_themes, found), key=rank, reverse=True))
    return [next(moving) if has_themes(one) else one for one in found]
