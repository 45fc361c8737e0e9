"""The cards of a list of sheets, each drawn once a version, as the sheet itself."""

from collections.abc import Sequence
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.web.remembered import frame, remembered
from inters4.practices import queries
from inters4.practices.queries import Version
from inters4.vocabulary.queries import Vocabulary


def cards_of(
    session: Session, rows: Sequence[Version], *, viewer: Viewer, words: Vocabulary
) -> list[str]:
    """The cards of `rows`, in their order; the sheets that nobody has drawn yet are read."""
    organisations = queries.organisation_names(session, [row.id for row in rows])
    around = (words.revision, *frame())
    names = {row.id: ("card", *row, organisations[row.id], *around) for row in rows}
    found = {name[1]: parts[0] for name, parts in remembered().find(names.values()).items()}
    missing = [row.id for row in rows if row.id not in found]
    for practice in queries.practices_for_cards(session, missing, viewer=viewer) if missing else ():
        macros: Any = current_app.jinja_env.get_template("practices/_card.html").module
        card = macros.practice_card.draw(True, practice, words)
        found[practice.id] = remembered().keep(names[practice.id], (card,))[0]
    return [found[row.id] for row in rows]
