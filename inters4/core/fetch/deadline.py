"""What bounds a fetch from the start: how names are resolved, and until when anything is waited."""

import socket
import time
from collections.abc import Callable

from inters4.core.fetch.errors import FetchTimedOut
from inters4.core.i18n import _

Resolver = Callable[[str, int], list[str]]


def system_resolver(host: str, port: int) -> list[str]:
    """Addresses of `host` as the system knows them, in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_kind, address in found))


class Deadline:
    """An instant after which nothing more is waited for."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def remaining(self, at_most: float | None = None) -> float:
        """Seconds left.

        Raises:
            FetchTimedOut: none.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise FetchTimedOut(_("Le site n’a pas répondu en entier dans le temps prévu."))
        return left if at_most is None else min(left, at_most)
