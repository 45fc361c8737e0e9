"""What every transport promises, and the ways in which it may refuse.

A transport either took the message, durably, or raises one of these errors. What each means for
the row is decided by whoever sends.
"""

from typing import Protocol

from inters4.core.mail.compose import Envelope


class TransportError(Exception):
    """The message was not taken.

    Attributes:
        reason: a French sentence for the operator.
        status: the enhanced code of the refusal (RFC 3463), empty when none was given.
    """

    def __init__(self, reason: str, *, status: str = "") -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


class RefusedForNow(TransportError):
    """This message may pass later (4xx), or nobody knows whether it passed."""


class FateUnknown(RefusedForNow):
    """The relay went silent once it had the message: nobody knows whether it took it."""


class RefusedForGood(TransportError):
    """This message or this recipient will never pass (5xx)."""


class RecipientRefused(RefusedForGood):
    """It is the address that will never pass, not the message."""


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
