"""A refusal that passes says when to come back, in the unit that a person counts in."""

import pytest

from inters4.core.i18n import use_locale
from inters4.core.web.explanations import wait_told


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (1, "dans une seconde."),
        (10, "dans 10 secondes."),
        (90, "dans 90 secondes."),
        (91, "dans 2 minutes."),
        (3600, "dans 60 minutes."),
        (5400, "dans 90 minutes."),
        (5401, "dans 2 heures."),
        (86_400, "dans 24 heures."),
    ],
)
def test_a_wait_is_told_in_the_unit_people_count_in_and_never_too_soon(
    seconds: int, told: str
) -> None:
    with use_locale("fr"):
        assert wait_told(seconds) == f"Vous pourrez réessayer {told}"
