"""The parent's side of the parsing room: one child, reused, killed and replaced when it fails."""

import json
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from inters4.core.fetch.errors import FeedUnreadable
from inters4.core.fetch.feeds import ParsedFeed, feed_from_json
from inters4.core.i18n import _
from inters4.core.servant import Servant, ServantLost
from inters4.core.values import dataclass

_SCRIPT = Path(__file__).with_name("parser.py")
_CODES = {"doctype": "doctype", "nested": "nested", "limits": "costly", "memory": "costly"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParserLimits:
    """What one feed may cost.

    Attributes:
        wall_seconds: until the child is killed.
        cpu_seconds: of processor, for each feed.
        memory_bytes: address space of the child, Python included.
        max_bytes: longest body.
        uses: feeds before the child is replaced, so that no leak grows.
    """

    wall_seconds: float = 10
    cpu_seconds: int = 8
    memory_bytes: int = 200_000_000
    max_bytes: int = 15_000_000
    uses: int = 200


class FeedParser:
    """Parses feeds in a child process. A context manager, safe to share between threads.

    The child starts with the first feed; two threads take turns.
    """

    def __init__(self, limits: ParserLimits | None = None) -> None:
        self._limits = limits or ParserLimits()
        self._servant = Servant(
            _SCRIPT,
            (str(self._limits.memory_bytes), str(self._limits.cpu_seconds)),
            uses=self._limits.uses,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child, if there is one; the next feed would start another."""
        self._servant.close()

    def parse(self, body: bytes, *, content_type: str = "", url: str = "") -> ParsedFeed:
        """Parse a feed: RSS, Atom, RDF or JSON Feed.

        `content_type` is the HTTP header, for its charset; `url` resolves relative links.

        Raises:
            FeedUnreadable: not a feed, or one that passes a limit.
        """
        if len(body) > self._limits.max_bytes:
            raise FeedUnreadable(_("Ce flux est trop long pour être lu."), code="large")
        answer = self._ask(body, content_type=content_type[:500], url=url[:2_000])
        if "feed" not in answer:
            refusal = answer.get("refusal", "")
            raise FeedUnreadable(_sentence(refusal), code=_CODES.get(refusal, ""))
        return feed_from_json(answer["feed"])

    def _ask(self, body: bytes, **details: str) -> dict[str, Any]:
        try:
            asked = json.dumps(details).encode()
            answered = self._servant.ask(asked, body, seconds=self._limits.wall_seconds)
        except ServantLost:
            return {"refusal": "limits"}
        answer: dict[str, Any] = json.loads(answered)
        if answer.get("refusal") in {"memory", "nested"}:
            self.close()
        return answer


def _sentence(refusal: str) -> str:
    if refusal == "doctype":
        return _("Ce flux déclare des entités dans un DOCTYPE : il n’est pas lu.")
    if refusal == "nested":
        return _("Ce flux est trop imbriqué pour être lu.")
    if refusal in {"limits", "memory"}:
        return _("Ce flux demande trop de temps ou de mémoire pour être lu.")
    return _("Cette adresse ne donne pas un flux RSS, Atom ou JSON lisible.")
