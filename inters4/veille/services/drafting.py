"""A draft written field by field: what was typed is kept, right or wrong.

A form says, of each field, what it held when it was shown. Two people who write different fields
are no conflict; of the same one, both texts are shown and nothing is lost.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.errors import Conflict, DomainError
from inters4.core.frontmatter import storable
from inters4.core.i18n import _
from inters4.veille.models import (
    AppraisalTool,
    LimitSource,
    OpenAccess,
    Origin,
    Scheme,
    Summary,
)
from inters4.veille.queries.writing import writer_ids
from inters4.veille.services.identity import canonical_url, is_year, normalise_doi
from inters4.veille.services.life import check_team, may_write, note_step
from inters4.veille.services.requirements import PARAGRAPH
from inters4.veille.services.summaries import set_practices, set_terms

Typed = str | list[str]
_LONGEST = 20_000
_BREAKS = re.compile(r"[ \t\r\n]+")

LINES = (
    "title",
    "hook",
    "limit",
    "context",
    "design",
    "evidence_strength",
    "appraisal_result",
    "country",
    "population_studied",
    "article_title",
    "article_language",
    "journal",
    "volume",
    "number",
    "pages",
    "doi",
    "pmid",
    "pmcid",
    "url",
    "url_french",
)
"""Columns of one line of text."""
CHOICES: Mapping[str, type[StrEnum]] = {
    "limit_source": LimitSource,
    "open_access": OpenAccess,
    "appraisal_tool": AppraisalTool,
}
LISTS = ("authors", "missing")
TICKED = frozenset({*(scheme.value for scheme in Scheme), "practices"})
FIELDS = (
    *LINES,
    *CHOICES,
    *LISTS,
    *(scheme.value for scheme in Scheme),
    "year",
    "practices",
    PARAGRAPH,
)
"""What a form may write."""


class StaleFields(Conflict):
    """Somebody changed meanwhile some of the fields that a person writes.

    Attributes:
        fields: which ones; none of what was typed is kept.
    """

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(
            _("Quelqu’un a changé ce texte pendant que vous l’écriviez. Rien n’est perdu.")
        )
        self.fields = fields


def stored_fields(summary: Summary) -> dict[str, Typed]:
    """What each field holds, as a form sends it; needs its parts loaded."""
    found: dict[str, Typed] = {name: getattr(summary, name) for name in LINES}
    for name in CHOICES:
        value = getattr(summary, name)
        found[name] = value.value if value is not None else ""
    for name in LISTS:
        found[name] = list(getattr(summary, name))
    for scheme in Scheme:
        found[scheme.value] = summary.terms_of(scheme)
    found["year"] = str(summary.year or "")
    found["practices"] = [row.practice_id for row in summary.practices]
    found[PARAGRAPH] = summary.source
    return found


def mark_of(name: str, value: Typed) -> str:
    """Changes with what a field says; boxes are ticked in any order, but for the main theme."""
    if name in TICKED:
        first = 1 if name == Scheme.THEMES else 0
        value = [*value[:first], *sorted(value[first:])]
    return hashlib.blake2b(json.dumps(value).encode(), digest_size=8).hexdigest()


def marks_of(fields: Mapping[str, Typed]) -> dict[str, str]:
    """The mark of each field, for a form to send back."""
    return {name: mark_of(name, value) for name, value in fields.items()}


def write_draft(
    session: Session,
    summary: Summary,
    typed: Mapping[str, Typed],
    *,
    seen: Mapping[str, str],
    by: Viewer,
) -> tuple[str, ...]:
    """Keep what was typed; say which fields changed.

    Args:
        session: of the change; `summary` is locked, its parts loaded.
        summary: the draft.
        typed: the fields that a form shows, and those alone.
        seen: the mark of each as it was shown; without one, nobody knows what was written over.
        by: whoever writes: they are one of its writers from now on.

    Raises:
        NotFound: `by` is not of the team.
        Conflict: the summary is not a draft any more.
        StaleFields: somebody changed some of these fields meanwhile.
        DomainError: a year or an address is none, or a text is longer than anything may be.
    """
    check_team(by)
    if not may_write(summary, by=by):
        raise Conflict(
            _(
                "Ce résumé ne s’écrit plus : il est en relecture, prêt ou publié. Reprenez-le "
                "d’abord, s’il le faut."
            )
        )
    changed = change_fields(summary, typed, seen=seen)
    if changed:
        summary.origin = Origin.WRITTEN
        _note_writer(session, summary, by)
        session.flush()
    return changed


def change_fields(
    summary: Summary, typed: Mapping[str, Typed], *, seen: Mapping[str, str]
) -> tuple[str, ...]:
    """Put what was typed in the columns; say which fields changed.

    A value that the form showed and that nobody touched there leaves what is stored.

    Raises:
        StaleFields: somebody changed some of these fields meanwhile.
        DomainError: a year or an address is none, or a text is longer than anything may be.
    """
    stored = stored_fields(summary)
    given = {name: tidied(name, value) for name, value in typed.items() if name in stored}
    changed = what_changes(given, stored, seen=seen)
    for name in changed:
        _put(summary, name, given[name])
    if changed:
        summary.inferred = [one for one in summary.inferred if one not in changed]
    return tuple(changed)


def what_changes(
    given: Mapping[str, Typed], stored: Mapping[str, Typed], *, seen: Mapping[str, str]
) -> list[str]:
    """The fields that somebody changed, of those `given`; `seen` is the mark of each as shown.

    Raises:
        StaleFields: some of them were changed meanwhile by somebody else.
    """
    changed: list[str] = []
    taken: list[str] = []
    for name, value in given.items():
        mark, held = mark_of(name, value), mark_of(name, stored[name])
        if mark in {held, seen.get(name)}:
            continue
        (changed if seen.get(name) == held else taken).append(name)
    if taken:
        raise StaleFields(tuple(taken))
    return changed


def tidied(name: str, value: Typed) -> Typed:
    """What is kept of what was typed: no control character, one line where there is one line.

    Raises:
        DomainError: it is longer than anything may be.
    """
    texts = value if isinstance(value, list) else [value]
    if sum(map(len, texts)) > _LONGEST:
        raise DomainError(
            _("Ce texte est trop long pour être enregistré. Raccourcissez-le, puis recommencez."),
            about=name,
        )
    if isinstance(value, list):
        return list(dict.fromkeys(filter(None, map(_line, value))))
    if name == PARAGRAPH:
        return storable(value).strip()
    return _TIDY.get(name, _line)(value)


def _line(text: str) -> str:
    return _BREAKS.sub(" ", storable(text)).strip(" ")


def _doi(text: str) -> str:
    return normalise_doi(text) or _line(text)


_ADDRESSES = frozenset({"url", "url_french"})
_TIDY: Mapping[str, Callable[[str], str]] = {"doi": _doi}


def _put(summary: Summary, name: str, value: Any) -> None:
    if name == PARAGRAPH:
        summary.write(value)
    elif name == "year":
        summary.year = _year(value)
    elif name in _ADDRESSES:
        setattr(summary, name, _address(name, value))
    elif name == "practices":
        set_practices(summary, value)
    elif name in set(Scheme):
        set_terms(summary, Scheme(name), value)
    elif name in CHOICES:
        _choose(summary, name, value)
    else:
        setattr(summary, name, value)


def _choose(summary: Summary, name: str, value: str) -> None:
    kind = CHOICES[name]
    if value in set(kind):
        setattr(summary, name, kind(value))
    elif kind is AppraisalTool:
        summary.appraisal_tool = None


def _year(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) == 4 and is_year(int(text))):
        raise DomainError(_("Écrivez l’année en quatre chiffres."), about="year")
    return int(text)


def _address(name: str, text: str) -> str:
    """An address of the web: any other sort would go, as it is, into what people download."""
    if text and not canonical_url(text):
        raise DomainError(
            _("Écrivez une adresse complète, qui commence par https:// ou http://."), about=name
        )
    return text


def _note_writer(session: Session, summary: Summary, by: Viewer) -> None:
    """Whoever writes in a draft of somebody else is one of its writers too."""
    writers: Sequence[int] = sorted(writer_ids(session, summary))
    if summary.writer_id is None:
        summary.writer_id = by.member_id
    if by.member_id not in writers:
        note_step(session, summary, "write", before=summary.state, by=by)
