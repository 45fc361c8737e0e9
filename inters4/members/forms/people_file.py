"""Reads a file of people to invite: each line right or told, none guessed.

Columns `courriel` (or `email`), then `organisation` and `role` if wanted; commas or semicolons, as
spreadsheets write them. A name is not asked: each person writes their own.
"""

import csv
from collections.abc import Container
from io import StringIO

from inters4.core.access import ORGANISATION_ROLES, PLATFORM_ROLES, Role
from inters4.core.errors import DomainError
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.members.models import normalise_email
from inters4.members.services.people import check_email

MOST_LINES = 5_000
_HEADS = {"courriel": "email", "email": "email", "organisation": "organisation", "role": "role"}
_OFFERED = PLATFORM_ROLES | ORGANISATION_ROLES


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Someone to invite, or what is wrong with the line."""

    number: int
    email: str = ""
    organisation: str = ""
    role: Role | None = None
    trouble: str = ""


def read_people(text: str, *, organisations: Container[str]) -> list[PersonLine]:
    """Each line of the file, in order.

    Raises:
        DomainError: no column of addresses, or too many lines.
    """
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    reader = csv.reader(StringIO(text), delimiter=";" if ";" in first else ",")
    heads = [_HEADS.get(head.strip().lower(), "") for head in next(reader, [])]
    if "email" not in heads:
        raise DomainError(_("La première ligne doit nommer une colonne « courriel »."))
    lines: list[PersonLine] = []
    seen: set[str] = set()
    for row in reader:
        if not any(cell.strip() for cell in row):
            continue
        if len(lines) >= MOST_LINES:
            raise DomainError(_("Le fichier dépasse %(most)s lignes.", most=MOST_LINES))
        cells = dict(zip(heads, (cell.strip() for cell in row), strict=False))
        line = _read(reader.line_num, cells, organisations=organisations, seen=seen)
        seen.add(line.email)
        lines.append(line)
    return lines


def _read(
    number: int, cells: dict[str, str], *, organisations: Container[str], seen: set[str]
) -> PersonLine:
    email = normalise_email(cells.get("email", ""))
    organisation = cells.get("organisation", "")
    typed = cells.get("role", "")
    role = Role(typed) if typed in {one.value for one in _OFFERED} else None
    trouble = ""
    try:
        check_email(email)
    except DomainError as refusal:
        trouble = refusal.message
    if not trouble and email in seen:
        trouble = _("Cette adresse est déjà plus haut.")
    if not trouble and organisation and organisation not in organisations:
        trouble = _("L’organisation « %(id)s » n’existe pas.", id=organisation)
    if not trouble and typed and role is None:
        trouble = _("Le rôle « %(name)s » n’existe pas.", name=typed)
    if not trouble and role in ORGANISATION_ROLES and not organisation:
        trouble = _("Ce rôle se tient dans une organisation : choisissez-la.")
    return PersonLine(number, email, organisation, role, trouble)
