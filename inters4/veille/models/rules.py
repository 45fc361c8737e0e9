"""What a summary must be before anyone reads it.

The same rules refuse a file, tell the brokering team what a draft still lacks, and will hold back
the button that publishes.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from inters4.core.i18n import _
from inters4.core.richtext import Profile, TooIntricate, plain_text, render
from inters4.core.values import dataclass
from inters4.veille.models.states import READABLE, TOMBSTONES, SummaryState

MIN_WORDS = 80
MAX_WORDS = 150
MAX_CHARACTERS = 1_200
MAX_HOOK = 140

TO_PUBLISH = ("hook", "limit", "context", "themes", "authors", "url")
"""Fields of a file that a summary needs before anyone reads it; the day is given by the act."""

NEEDS_REASON = TOMBSTONES | {SummaryState.CORRECTED}
SHOWN = READABLE | TOMBSTONES

_WORD = re.compile(r"\S*\w\S*")
_ONE_PARAGRAPH = re.compile(r"<p>(?:(?!</?p>|<(?:br|div)\b).)*</p>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing to do; `field` is the key of the file, empty for the paragraph."""

    field: str
    sentence: str


def count_words(text: str) -> int:
    """How many words: what stands between spaces and holds a letter or a digit."""
    return len(_WORD.findall(text))


def paragraph_lacks(source: str) -> Iterator[Lack]:
    """What is wrong with the paragraph, whatever the state: its form and its hard limit."""
    if len(source) > MAX_CHARACTERS:
        yield Lack(
            "",
            _(
                "Le résumé a %(length)s caractères : la limite est de 1 200.",
                length=len(source),
            ),
        )
    if source and not _is_one_paragraph(source):
        yield Lack("", _("Le résumé est un seul paragraphe, sans titre ni liste ni tableau."))


def publishing_lacks(values: Mapping[str, Any], source: str) -> Iterator[Lack]:
    """What stands between a summary and its readers.

    Args:
        values: the summary by key of its file.
        source: its paragraph, in Markdown.
    """
    for name in TO_PUBLISH:
        if not values[name]:
            yield Lack(name, _("Remplissez « %(name)s ».", name=name))
    if values["missing"]:
        yield Lack(
            "missing",
            _("Videz « %(name)s » : un résumé publié n’attend plus rien.", name="missing"),
        )
    words = count_words(plain_text(source)) if source else 0
    if not MIN_WORDS <= words <= MAX_WORDS:
        yield Lack(
            "",
            _(
                "Le résumé a %(words)s mots : il en faut de %(low)s à %(high)s.",
                words=words,
                low=MIN_WORDS,
                high=MAX_WORDS,
            ),
        )


def state_lacks(values: Mapping[str, Any], source: str) -> Iterator[Lack]:
    """What is missing in the state in which the summary stands."""
    if values["state"] in SHOWN:
        if values["published_at"] is None:
            name = "published_at"
            yield Lack(name, _("Remplissez « %(name)s ».", name=name))
        yield from publishing_lacks(values, source)
    if values["state"] in NEEDS_REASON and not values["state_reason"]:
        yield Lack(
            "state_reason",
            _("Dites aux lecteurs pourquoi dans « %(name)s ».", name="state_reason"),
        )


def _is_one_paragraph(source: str) -> bool:
    try:
        html = render(source, profile=Profile.DOCUMENT).html
    except TooIntricate:
        return False
    return _ONE_PARAGRAPH.fullmatch(html.strip()) is not None
