"""Reads `content/practices/*.md`."""

from collections.abc import Callable, Container, Iterator, Mapping

from inters4.core.content.citing import check_address
from inters4.core.frontmatter import FrontMatter, Reading, Section, split_sections
from inters4.core.i18n import _
from inters4.practices.exports.headings import HEADINGS
from inters4.practices.exports.sheets import PRACTICE, Sheet
from inters4.practices.models import Block
from inters4.practices.models.states import TAKEN_ADDRESSES
from inters4.practices.services.rules import check_sheet


def read_sheet(
    document: FrontMatter,
    *,
    known: Mapping[str, Container[str]],
    owner_of_slug: Callable[[str], str | None],
) -> Sheet:
    """The sheet that a file holds.

    Args:
        document: the file.
        known: ids that may be cited, by set: the schemes of the vocabulary, `organisations` and
            `practices`.
        owner_of_slug: id of the sheet that has, or had, an address.

    Raises:
        ContentErrors: with every mistake.
    """
    reading = Reading(document.path, known)
    values = PRACTICE.read(document.entries, reading)
    values["slug"] = values["slug"] or values["id"]
    check_address(values, document, reading, owner=owner_of_slug(values["slug"]))
    if values["slug"] in TAKEN_ADDRESSES:
        line = document.lines.get("slug") or document.lines["id"]
        reading.note(line, _("Cette adresse est celle d’une autre page du portail."))
    sections = list(_sections(document, reading))
    check_sheet(values, sections, document, reading)
    reading.stop_if_any()
    return Sheet(values, {block: section.text for block, section in sections})


def _sections(document: FrontMatter, reading: Reading) -> Iterator[tuple[Block, Section]]:
    """The blocks of the body; a heading in any of our languages names one."""
    blocks = {title: block for titles in HEADINGS.values() for block, title in titles.items()}
    seen: set[Block] = set()
    for section in split_sections(document.body, first_line=document.body_line):
        block = blocks.get(" ".join(section.title.split()))
        if not section.title:
            reading.note(section.line, _("Ce texte doit être sous un titre « ## »."))
        elif block is None:
            reading.note(
                section.line,
                _(
                    "« %(title)s » n’est pas un titre de fiche : %(known)s.",
                    title=section.title[:80],
                    known=", ".join(HEADINGS["fr"].values()),
                ),
            )
        elif block in seen:
            reading.note(section.line, _("Ce titre est donné deux fois."))
        elif not section.text.strip():
            reading.note(section.line, _("Cette section est vide : écrivez-la ou retirez-la."))
        else:
            seen.add(block)
            yield block, section
