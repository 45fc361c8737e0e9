"""When so many messages are refused that a person must look."""

import pytest

from inters4.newsletters.models import DeliveryState
from inters4.newsletters.services.alarm import Alarm
from inters4.newsletters.services.claiming import SENT, Outcome

REFUSED = Outcome(DeliveryState.DEFERRED, "plus tard")
AWAY = Outcome(DeliveryState.DEFERRED, "personne", is_relay_away=True)


@pytest.mark.parametrize(
    ("outcomes", "rings"),
    [
        ([REFUSED] * 4, False),
        ([REFUSED] * 5, True),
        ([SENT] * 6 + [REFUSED] * 5, False),
        ([SENT] * 60 + [REFUSED] * 19, False),
        ([SENT] * 60 + [REFUSED] * 20, True),
        ([SENT] * 1_000 + [REFUSED] * 24, False),
        ([SENT] * 1_000 + [REFUSED] * 25, True),
        ([AWAY] * 50, False),
    ],
)
def test_an_alarm_rings_when_too_much_is_refused(outcomes: list[Outcome], rings: bool) -> None:
    alarm = Alarm()

    for number, outcome in enumerate(outcomes):
        alarm.note(number, outcome)

    assert alarm.rings is rings
