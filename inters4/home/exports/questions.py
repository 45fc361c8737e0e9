"""The questions as CSV, without what says who asked: what people look for and do not find."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from inters4.core.clock import local
from inters4.core.i18n import _
from inters4.core.richtext import Profile, plain_text
from inters4.home.exports.letters import without_addresses
from inters4.home.models import Question

_PHONE = re.compile(r"\+?\(?\d(?:[\s().-]*\d){6,}")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def questions_csv(questions: Iterable[Question]) -> Iterator[str]:
    """Lines of the file; addresses and telephone numbers typed in a question are taken out."""
    yield "\ufeff" + _line(
        (
            _("Numéro"),
            _("Posée le"),
            _("Promise pour le"),
            _("Objet"),
            _("Question"),
            _("Recherche"),
            _("Page d’origine"),
            _("Langue"),
            _("État"),
            _("Issue"),
            _("Fermée le"),
        )
    )
    for question in questions:
        yield _line(
            (
                question.public_id,
                local(question.asked_at).date().isoformat(),
                question.due_on.isoformat(),
                question.subject.value,
                _masked(plain_text(question.text, profile=Profile.POST)),
                _masked(question.query),
                question.origin,
                question.locale,
                question.state.value,
                question.outcome.value if question.outcome else "",
                local(question.closed_at).date().isoformat() if question.closed_at else "",
            )
        )


def _masked(text: str) -> str:
    return _PHONE.sub(lambda _found: _("[numéro retiré]"), without_addresses(text))


def _line(cells: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([_inert(cell) for cell in cells])
    return written.getvalue()


def _inert(cell: str) -> str:
    """No cell starts like a formula: a spreadsheet would run it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
