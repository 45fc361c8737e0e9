"""A revision written and read: what was typed is kept, right or wrong; what is wrong is told.

What is typed goes through the schema of files, so that a form and a file refuse the same things.
The line of a mistake says of which field it is: a thousand lines for each field, one for each row.
"""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.errors import Conflict, DomainError
from inters4.core.frontmatter import (
    FrontMatter,
    Group,
    Items,
    Plain,
    Reading,
    Scalar,
    Section,
    Value,
    below_sections,
    storable,
)
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.practices.exports.headings import HEADINGS
from inters4.practices.exports.sheets import PRACTICE, Sheet
from inters4.practices.models import Block, PracticeRevision
from inters4.practices.services.marks import mark_of
from inters4.practices.services.requirements import Lack
from inters4.practices.services.rules import check_sheet
from inters4.practices.services.writers import note_writer

KEPT_BY_THE_HOUSE = frozenset(
    {
        "id",
        "slug",
        "language",
        "translation_of",
        "origin",
        "state",
        "state_reason",
        "published_at",
        "review_due",
        "rating_status",
        "rated_on",
        "reviewers",
        "approval",
        "approved_on",
        "edition",
        "translation_state",
    }
)
"""Fields that moves write, never a form."""
WRITTEN = tuple(name for name in PRACTICE.keys if name not in KEPT_BY_THE_HOUSE)
"""Fields that a form may write."""

MOST_ROWS = 100

_LINES = 1_000
_MOST = 200_000
_BREAKS = re.compile(r"[ \t\r\n]+")


@dataclass(frozen=True, slots=True)
class Reader:
    """What a revision holds, read.

    Attributes:
        sheet: with empty values in place of those that are wrong.
        mistakes: what is wrong, by field, in the order of the sheet.
    """

    sheet: Sheet
    mistakes: tuple[Lack, ...]


class StaleFields(Conflict):
    """Someone changed meanwhile some of the fields that a person writes.

    Attributes:
        fields: which ones; none of what was typed is kept.
    """

    def __init__(self, message: str, *, theirs: str, mine: str, fields: tuple[str, ...]) -> None:
        super().__init__(message, theirs=theirs, mine=mine)
        self.fields = fields


def read_revision(revision: PracticeRevision, *, known: Mapping[str, Container[str]]) -> Reader:
    """The sheet that a revision would make, and every mistake in it.

    `known` holds the ids that may be cited: schemes of the vocabulary, organisations, practices.
    """
    entries = {
        name: _value(given, (place + 1) * _LINES)
        for place, name in enumerate(PRACTICE.keys)
        if (given := revision.values.get(name)) not in (None, "", [], {})
    }
    document = FrontMatter(
        path="",
        entries=entries,
        body="",
        body_line=1,
        lines={name: (place + 1) * _LINES for place, name in enumerate(PRACTICE.keys)},
    )
    reading = Reading("", known)
    values = PRACTICE.read(entries, reading)
    start = (len(PRACTICE.keys) + 1) * _LINES
    language = values["language"]
    sections = [
        (block, Section(HEADINGS[language][block], text.strip(), start + place))
        for place, block in enumerate(Block)
        if (text := revision.blocks.get(block.value, "")).strip()
    ]
    cited = Reading("", known)
    check_sheet({**values, "state": None}, sections, document, reading, cited=cited)
    found = [(error, False) for error in reading.errors] + [(one, True) for one in cited.errors]
    mistakes = tuple(
        replace(_mistake(error.line, start, error.message), is_source=is_source)
        for error, is_source in sorted(found, key=lambda each: each[0].line)
    )
    return Reader(Sheet(values, {block: section.text for block, section in sections}), mistakes)


def fill_revision(revision: PracticeRevision, sheet: Sheet) -> None:
    """Put all of `sheet` in a revision that is being opened."""
    revision.values = dict(PRACTICE.write(sheet.values))
    revision.blocks = {block.value: text for block, text in sheet.blocks.items()}


def write_fields(
    session: Session,
    revision: PracticeRevision,
    *,
    values: Mapping[str, Plain],
    blocks: Mapping[Block, str],
    seen: int,
    by_id: int | None,
    marks: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """Keep what was typed; say which fields changed.

    `values` and `blocks` hold the fields that a form shows, and those alone; `seen` is the version
    of the revision that the person had before them. `marks` are those of the fields as the form
    showed them: what the person left as it was stays as it is now, whoever changed it.

    Raises:
        StaleFields: someone changed some of these fields meanwhile; it holds both texts.
        DomainError: a field is not one that forms write, or is longer than anything may be.
    """
    texts = {block.field: below_sections(_clean(text)) for block, text in blocks.items()}
    typed = {**_tidied(values), **texts}
    stored = {**revision.values, **texts_of(revision)}
    known = marks or {}
    changed = tuple(
        name
        for name, given in typed.items()
        if not _same(given, stored.get(name)) and known.get(name) != mark_of(name, given)
    )
    if not changed:
        return ()
    taken = [
        name
        for name in changed
        if (
            known[name] != mark_of(name, stored.get(name))
            if name in known
            else revision.stamps.get(name, 0) > seen
        )
    ]
    if taken:
        raise StaleFields(
            _("Quelqu’un a changé ce texte pendant que vous l’écriviez. Rien n’est perdu."),
            theirs=as_text(stored, taken),
            mine=as_text(typed, taken),
            fields=tuple(taken),
        )
    revision.values = {
        **revision.values,
        **{name: typed[name] for name in changed if name not in texts},
    }
    revision.blocks = {
        **revision.blocks,
        **{block.value: texts[block.field] for block in blocks if block.field in changed},
    }
    revision.stamps = {**revision.stamps, **dict.fromkeys(changed, revision.version + 1)}
    note_writer(session, revision, by_id)
    session.flush()
    return changed


def texts_of(revision: PracticeRevision) -> dict[str, str]:
    """The long texts by `Block.field`."""
    return {Block(name).field: text for name, text in revision.blocks.items()}


def one_line(text: str) -> str:
    """`text` on one line; no-break spaces stay, which `str.split` would take away."""
    return _BREAKS.sub(" ", storable(text)).strip()


def as_text(stored: Mapping[str, Plain], names: Iterable[str]) -> str:
    """Some fields as a person reads them, to compare them."""
    return "\n\n".join(_shown(stored.get(name, "")) for name in names)


def _shown(value: Plain) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return " · ".join(_shown(inner) for inner in value.values() if inner)
    return "\n".join(_shown(inner) for inner in value)


def _same(given: Plain, stored: Plain | None) -> bool:
    return given == stored or (not given and not stored)


def _tidied(values: Mapping[str, Plain]) -> dict[str, Plain]:
    for name in values:
        if name not in WRITTEN:
            raise DomainError(_("« %(name)s » ne s’écrit pas ici.", name=name[:40]))
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Plain) -> Plain:
    """Text without control characters; empty rows and empty fields of a row are left out."""
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, Mapping):
        return {key: kept for key, inner in value.items() if (kept := _plain(inner))}
    if len(value) > MOST_ROWS:
        raise DomainError(
            _("Une liste a %(most)s lignes au plus : retirez-en, puis recommencez.", most=MOST_ROWS)
        )
    return [kept for inner in value if (kept := _plain(inner))]


def _clean(text: str) -> str:
    if len(text) > _MOST:
        raise DomainError(
            _("Ce texte est trop long pour être enregistré. Raccourcissez-le, puis recommencez.")
        )
    return storable(text).strip()


def _value(given: Any, line: int) -> Value:
    """A value as a file would have given it; row N of a list is on line N after its field."""
    if isinstance(given, Mapping):
        return Group({key: _value(inner, line) for key, inner in given.items()}, line)
    if isinstance(given, list | tuple):
        return Items(
            tuple(_value(inner, line + place + 1) for place, inner in enumerate(given)), line
        )
    return Scalar(str(given), line)


def _mistake(line: int, start: int, message: str) -> Lack:
    """A mistake, with the field that its line stands for."""
    if line >= start:
        return Lack(tuple(Block)[min(line - start, len(Block) - 1)].field, message)
    return Lack(PRACTICE.keys[max(line // _LINES - 1, 0)], message, line % _LINES)
