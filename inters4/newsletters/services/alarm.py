"""When so much goes wrong that a person must look before more messages leave.

Of the last hundred attempts of a sending, a quarter refused is no accident, nor is half of the
first few: the relay, the message or the list is at fault, and going on would harm everyone.
"""

from collections import deque

from inters4.newsletters.models import DeliveryState
from inters4.newsletters.services.claiming import Outcome

_WINDOW = 100
_FOR_GOOD = frozenset({DeliveryState.BOUNCED, DeliveryState.FAILED})
_PAST = ((20, 0.25), (5, 0.5))
"""So many refusals, and their share of the attempts: either is too much."""
MOST_TROUBLES = 5
"""Times in a row that the relay may be out of reach, a minute apart, before a person is asked."""


class Alarm:
    """The last attempts of one sender on one issue."""

    def __init__(self) -> None:
        self._last: deque[tuple[int, DeliveryState]] = deque(maxlen=_WINDOW)

    def note(self, delivery_id: int, outcome: Outcome) -> None:
        """Remember how an attempt ended."""
        if not outcome.is_relay_away:
            self._last.append((delivery_id, outcome.state))

    @property
    def refused(self) -> list[int]:
        """The deliveries that were refused for good."""
        return [number for number, state in self._last if state in _FOR_GOOD]

    @property
    def rings(self) -> bool:
        """True when too many of them were refused."""
        refused = sum(state is not DeliveryState.SENT for _number, state in self._last)
        return any(
            refused >= least and refused >= share * len(self._last) for least, share in _PAST
        )
