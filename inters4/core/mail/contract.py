"""What every transport promises, and the three ways in which it may refuse.

A transport either took the message, durably, or raises one of three errors. What each means for
the row is decided in `send`.
"""

from typing import Protocol

from inters4.core.mail.compose import Envelope


class TransportError(Exception):
    """The message was not taken; `reason` is a French sentence for the operator."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RefusedForNow(TransportError):
    """This message may pass later (4xx), or nobody knows whether it passed."""


class RefusedForGood(TransportError):
    """This message or this recipient will never pass (5xx)."""


class RelayUnreachable(TransportError):
    """No message passes at present: the relay is out of reach, or refuses the portal itself."""


class Transport(Protocol):
    """Takes messages one at a time; kept open for a batch."""

    def send(self, envelope: Envelope) -> None:
        """Take `envelope`, durably.

        Raises:
            TransportError: it was not taken.
        """

    def close(self) -> None:
        """Let go of connections."""
