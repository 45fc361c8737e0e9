"""The list of who comes to a meeting, for a spreadsheet."""

from collections.abc import Iterator, Sequence

from inters4.community.models import SeatState
from inters4.community.queries.seats import SeatLine
from inters4.core.clock import local
from inters4.core.i18n import LazyText, _, lazy
from inters4.core.tables import write_csv

SEAT_WORDS: dict[SeatState, LazyText] = {
    SeatState.PENDING: lazy("À confirmer"),
    SeatState.CONFIRMED: lazy("Place confirmée"),
    SeatState.WAITING: lazy("Liste d’attente"),
    SeatState.WITHDRAWN: lazy("Retirée"),
}


def presence_word(was_present: bool | None) -> str:
    """« Présence », « Absence », or nothing while nobody said."""
    if was_present is None:
        return ""
    return _("Présence") if was_present else _("Absence")


def attendance_csv(seats: Sequence[SeatLine]) -> Iterator[str]:
    """One line a registration."""
    heads = (_("Nom"), _("Organisation"), _("Inscription"), _("Demandée le"), _("Présence"))
    return write_csv(
        heads,
        (
            (
                one.name,
                one.organisations,
                str(SEAT_WORDS[one.state]),
                local(one.asked_at).strftime("%Y-%m-%d %H:%M"),
                presence_word(one.was_present),
            )
            for one in seats
        ),
    )
