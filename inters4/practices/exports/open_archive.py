"""All the open data in one archive: the files that the page offers, and on what terms."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence

from inters4.core.clock import local, now
from inters4.core.i18n import _, format_date
from inters4.practices.exports.open_data import Terms, practices_json, practices_table
from inters4.practices.exports.open_lists import DECLARED, LISTS, adoptions_table, list_table
from inters4.practices.models import Adoption, Practice


def open_archive(
    practices: Sequence[Practice], adoptions: Iterable[Adoption], *, terms: Terms
) -> bytes:
    """A ZIP. Needs the sheets with all their parts, the adoptions with sheet and organisation."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("LISEZ-MOI.txt", _read_me(terms))
        for name, pieces in _files(practices, adoptions, terms):
            made.writestr(name, "".join(pieces))
    return held.getvalue()


def _files(
    practices: Sequence[Practice], adoptions: Iterable[Adoption], terms: Terms
) -> Iterator[tuple[str, Iterator[str]]]:
    yield "fiches.json", practices_json(practices, terms=terms)
    yield "fiches.csv", practices_table(practices, terms=terms)
    for one in LISTS:
        yield f"{one.slug}.csv", list_table(one, practices, terms=terms)
    yield f"{DECLARED.slug}.csv", adoptions_table(adoptions, terms=terms)


def _read_me(terms: Terms) -> str:
    lines = (
        _("Données ouvertes d’InterS4, %(day)s", day=format_date(local(now()).date())),
        f"{terms.site}/pratiques/donnees-ouvertes",
        _("Licence : %(name)s, %(address)s", name=terms.licence, address=terms.licence_url),
        _(
            "Citez InterS4 et l’adresse de la fiche. Les textes des sources citées, eux, gardent "
            "leurs propres droits."
        ),
        *(f"{one.slug}.csv : {one.title}. {one.about}" for one in (*LISTS, DECLARED)),
    )
    return "\r\n\r\n".join(lines) + "\r\n"
