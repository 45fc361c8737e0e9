"""The questions as CSV, without what says who asked: what people look for and do not find."""

import re
from collections.abc import Iterable, Iterator

from inters4.core.clock import day_of
from inters4.core.i18n import _
from inters4.core.richtext import Profile, plain_text
from inters4.core.tables import write_csv
from inters4.home.exports.letters import without_addresses
from inters4.home.models import Question

_PHONE = re.compile(r"\+?\(?\d(?:[\s().-]*\d){6,}")


def questions_csv(questions: Iterable[Question]) -> Iterator[str]:
    """Pieces of the file; addresses and telephone numbers typed in a question are taken out."""
    heads = (
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
    return write_csv(heads, (_row(question) for question in questions))


def _row(question: Question) -> tuple[str, ...]:
    return (
        question.public_id,
        str(day_of(question.asked_at)),
        question.due_on.isoformat(),
        question.subject.value,
        masked(plain_text(question.text, profile=Profile.POST)),
        masked(question.query),
        question.origin,
        question.locale,
        question.state.value,
        question.outcome.value if question.outcome else "",
        str(day_of(question.closed_at) or ""),
    )


def masked(text: str) -> str:
    """`text` without the addresses and telephone numbers that were typed in it."""
    return _PHONE.sub(lambda _found: _("[numéro retiré]"), without_addresses(text))
