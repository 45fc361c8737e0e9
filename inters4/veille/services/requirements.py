"""What a summary lacks before readers may have it, field by field, as its form names them."""

import re
from collections.abc import Iterator, Mapping

from inters4.core.content.scalars import Address, Text
from inters4.core.content.schema import Many
from inters4.core.errors import DomainError
from inters4.core.frontmatter import Reading, Scalar
from inters4.core.i18n import _
from inters4.veille.exports.files import SUMMARY, file_of
from inters4.veille.models import Lack, Summary, paragraph_lacks, publishing_lacks

PARAGRAPH = "paragraph"
"""The name, among fields, of the text itself."""
NUMBERS: Mapping[str, re.Pattern[str]] = {
    "doi": re.compile(r"10\.\d{4,9}/\S+"),
    "pmid": re.compile(r"\d{1,9}"),
    "pmcid": re.compile(r"PMC\d{1,9}"),
}
"""What each number of the article looks like."""
_ASKED = ("design", "evidence_strength")


class Incomplete(DomainError):
    """The summary lacks something to go further.

    Attributes:
        lacks: what, by field.
    """

    status = 422

    def __init__(self, lacks: tuple[Lack, ...]) -> None:
        super().__init__(_("Il manque quelque chose à ce résumé pour passer à l’étape suivante."))
        self.lacks = lacks


def mistakes_of(summary: Summary) -> tuple[Lack, ...]:
    """What is there and breaks a rule, in the order of the fields; needs its parts loaded."""
    values = file_of(summary).values
    found = [lack for item in SUMMARY.fields for lack in _wrong(item, values[item.name])]
    if summary.appraisal_result and summary.appraisal_tool is None:
        found.append(Lack("appraisal_tool", _("Dites avec quel outil la qualité a été jugée.")))
    found += [Lack(PARAGRAPH, one.sentence) for one in paragraph_lacks(summary.source)]
    return tuple(found)


def lacks_of(summary: Summary) -> tuple[Lack, ...]:
    """All that stands between a summary and its readers; needs its parts loaded."""
    values = file_of(summary).values
    wrong = mistakes_of(summary)
    lacking = [
        *_untitled(summary),
        *(
            Lack(one.field or PARAGRAPH, one.sentence)
            for one in publishing_lacks(values, summary.source)
        ),
        *(
            Lack(name, _("Remplissez « %(name)s ».", name=name))
            for name in _ASKED
            if not values[name]
        ),
    ]
    told = {one.field for one in wrong} - {PARAGRAPH}
    return (*wrong, *(one for one in lacking if one.field not in told))


def check_complete(summary: Summary) -> None:
    """Refuse what readers may not have.

    Raises:
        Incomplete: says what, by field.
    """
    if lacks := lacks_of(summary):
        raise Incomplete(lacks)


def _untitled(summary: Summary) -> Iterator[Lack]:
    """A draft begins with the title of the article: in another language, it is none of ours."""
    is_foreign = summary.article_language not in {"", summary.language}
    if not summary.title or (is_foreign and summary.title == summary.article_title[:160].rstrip()):
        yield Lack("title", _("Donnez au résumé un titre à lui, dans la langue où il est écrit."))


def _wrong(item: object, value: object) -> Iterator[Lack]:
    if isinstance(item, Many) and isinstance(value, tuple):
        for one in value:
            for lack in _wrong(item.each, one):
                yield lack
                return
    elif isinstance(item, Text | Address) and value:
        reading = Reading("", {})
        item.read(Scalar(str(value), 1), reading)
        for error in reading.errors:
            yield Lack(item.name, error.message)
        pattern = NUMBERS.get(item.name)
        if pattern is not None and not pattern.fullmatch(str(value)):
            yield Lack(item.name, _("« %(value)s » n’en est pas un.", value=str(value)[:80]))
