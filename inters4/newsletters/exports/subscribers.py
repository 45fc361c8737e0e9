"""The list of subscribers for a spreadsheet."""

from collections.abc import Iterable, Iterator

from inters4.core.clock import local
from inters4.core.i18n import _
from inters4.core.tables import write_csv
from inters4.newsletters.exports.words import frequency_label, state_label
from inters4.newsletters.models import Subscriber
from inters4.newsletters.queries.subscribers import newsletters_received


def subscribers_csv(rows: Iterable[Subscriber]) -> Iterator[str]:
    """One line a subscriber, with what they chose; `courriel` and `langue` are read back."""
    heads = (
        "courriel",
        "langue",
        _("état"),
        _("infolettres"),
        _("thèmes"),
        _("rythme"),
        _("confirmé le"),
    )
    return write_csv(
        heads,
        (
            (
                one.email or "",
                one.language,
                state_label(one.state),
                " ".join(sorted(newsletters_received(one))),
                " ".join(sorted(theme.theme for theme in one.themes)),
                frequency_label(one.frequency),
                local(one.confirmed_at).date().isoformat() if one.confirmed_at else "",
            )
            for one in rows
        ),
    )
