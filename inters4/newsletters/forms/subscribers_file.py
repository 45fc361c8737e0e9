"""Reads a file of subscribers: each line right or told, none guessed; and the filters of the list.

Columns `courriel` (or `email`), then `langue` and `consentement` (the day, 2024-05-31) if wanted;
commas or semicolons, as spreadsheets write them.
"""

import csv
from collections.abc import Container, Mapping
from datetime import date
from io import StringIO

from inters4.core.clock import local, now
from inters4.core.errors import DomainError
from inters4.core.frontmatter import storable
from inters4.core.i18n import _
from inters4.members.models import normalise_email
from inters4.members.services.people import check_email
from inters4.newsletters.models import SubscriberState
from inters4.newsletters.queries.subscribers import Wanted
from inters4.newsletters.services.importing_subscribers import SubscriberLine

MOST_LINES = 5_000
_LONGEST_WORDS = 100
_HEADS = {
    "courriel": "email",
    "email": "email",
    "langue": "language",
    "consentement": "agreed",
}


def read_subscribers(text: str, *, languages: Container[str]) -> list[SubscriberLine]:
    """Each line of the file, in order.

    Raises:
        DomainError: no column of addresses, no line, or too many.
    """
    text = storable(text.removeprefix("\ufeff")).strip()
    first = text.partition("\n")[0]
    reader = csv.reader(StringIO(text), delimiter=";" if ";" in first else ",")
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error:
        raise DomainError(
            _("Ce fichier n’est pas du CSV : un guillemet ouvert n’est pas fermé, peut-être."),
            about="lignes",
        ) from None
    heads = [_HEADS.get(head.strip().lower(), "") for head in (rows[0][1] if rows else [])]
    if "email" not in heads:
        raise DomainError(
            _("La première ligne doit nommer une colonne « courriel »."), about="lignes"
        )
    lines: list[SubscriberLine] = []
    seen: set[str] = set()
    for number, row in rows[1:]:
        if not any(cell.strip() for cell in row):
            continue
        if len(lines) >= MOST_LINES:
            raise DomainError(
                _("Le fichier dépasse %(most)s lignes.", most=MOST_LINES), about="lignes"
            )
        cells = dict(zip(heads, (cell.strip() for cell in row), strict=False))
        line = _read(number, cells, languages=languages, seen=seen)
        seen.add(normalise_email(line.email))
        lines.append(line)
    if not lines:
        raise DomainError(_("Le fichier ne contient aucune adresse."), about="lignes")
    return lines


def read_wanted(sent: Mapping[str, str]) -> Wanted:
    """The filters of the list; a state that does not exist narrows nothing."""
    state = sent.get("etat", "")
    return Wanted(
        words=sent.get("q", "").strip()[:_LONGEST_WORDS],
        state=state if state in set(SubscriberState) else "",
        newsletter=sent.get("infolettre", ""),
        language=sent.get("langue", ""),
    )


def _read(
    number: int, cells: dict[str, str], *, languages: Container[str], seen: Container[str]
) -> SubscriberLine:
    email = cells.get("email", "")
    language = cells.get("language", "").lower()
    typed, agreed_on, trouble = cells.get("agreed", ""), None, ""
    try:
        check_email(normalise_email(email))
    except DomainError as refusal:
        trouble = refusal.message
    if not trouble and normalise_email(email) in seen:
        trouble = _("Cette adresse est déjà plus haut.")
    if not trouble and language and language not in languages:
        trouble = _("La langue « %(name)s » n’est pas offerte.", name=language)
    if typed:
        try:
            agreed_on = date.fromisoformat(typed)
        except ValueError:
            trouble = trouble or _("Écrivez la date ainsi : 2024-05-31.")
    if not trouble and agreed_on is not None and agreed_on > local(now()).date():
        trouble = _("La date du consentement n’est pas encore venue.")
    return SubscriberLine(number, email, language, agreed_on, trouble)
