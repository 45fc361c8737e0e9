"""The team's queue for a spreadsheet."""

from collections.abc import Iterable, Iterator

from inters4.core.clock import local
from inters4.core.i18n import _
from inters4.core.tables import write_csv
from inters4.practices.exports.step_words import HAND_WORDS, WAIT_WORDS, state_word
from inters4.practices.queries.queue import Waiting


def queue_csv(rows: Iterable[Waiting], *, site: str) -> Iterator[str]:
    """One row for each sheet, in the order given."""
    heads = (
        _("Titre"),
        _("État"),
        _("Ce qui attend"),
        _("Qui la tient"),
        _("Personne responsable"),
        _("Rédaction"),
        _("Depuis le"),
        _("Jours"),
        _("En retard"),
        _("Adresse"),
    )
    return write_csv(
        heads,
        (
            (
                row.title,
                state_word(row.revision.state),
                str(WAIT_WORDS[row.wait]),
                str(HAND_WORDS[row.hand]),
                row.owner,
                row.drafter,
                local(row.since).date().isoformat(),
                str(row.days),
                _("oui") if row.is_late else _("non"),
                f"{site}/pratiques/dossiers/{row.revision.practice_id}",
            )
            for row in rows
        ),
    )
