"""The lists of every published sheet as open data: a table for each, a line of the sheet a line.

Columns have the names of the fields in the files of `content/`, between what says which sheet they
are of and on what terms. What sources report and what teams declare are two tables.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from inters4.core.clock import day_of
from inters4.core.content.schema import Rows
from inters4.core.i18n import LazyText, lazy
from inters4.core.tables import write_csv
from inters4.core.values import dataclass
from inters4.practices.exports.citing import address_of, mark_of
from inters4.practices.exports.open_data import Terms
from inters4.practices.exports.sheets import PRACTICE, sheet_of
from inters4.practices.models import Adoption, Practice, without_citations

_ROWS = {item.name: item for item in PRACTICE.fields if isinstance(item, Rows)}
_CITING = ("reference", "source")
_SHEET = ("practice", "practice_title", "line")
_TERMS = ("practice_note", "practice_url", "licence")


@dataclass(frozen=True, slots=True)
class OpenList:
    """One list of sheets that may be taken away.

    Attributes:
        slug: names it in addresses and files.
        field: its key in the files of `content/`; none for what no file holds.
    """

    slug: str
    field: str
    title: LazyText
    about: LazyText


LISTS = (
    OpenList(
        "organisations",
        "organisations",
        lazy("Les organisations porteuses"),
        lazy("Une organisation par ligne."),
    ),
    OpenList(
        "situations-de-depart",
        "baselines",
        lazy("Les situations de départ"),
        lazy("Où en étaient les choses avant la pratique : indicateur, valeur, date, source."),
    ),
    OpenList(
        "resultats",
        "outcomes",
        lazy("Les résultats mesurés"),
        lazy("Indicateur, avant, après, nombre suivi, période, devis, source."),
    ),
    OpenList(
        "personnel",
        "staffing",
        lazy("Le personnel requis"),
        lazy("Profession ou fonction, équivalents temps plein, source."),
    ),
    OpenList(
        "couts",
        "costs",
        lazy("Les coûts et les économies"),
        lazy("Nature, montant comme la source l’écrit, période, source."),
    ),
    OpenList(
        "conditions",
        "success_conditions",
        lazy("Les conditions de succès"),
        lazy("Une condition par ligne, avec ce que les sources en disent."),
    ),
    OpenList(
        "transferabilite",
        "transferability",
        lazy("Ce qu’il faut peser ailleurs"),
        lazy("Une dimension de la transférabilité par ligne."),
    ),
    OpenList(
        "adoptants-rapportes",
        "adopters",
        lazy("Les adoptants que rapporte une source"),
        lazy("Qui a adopté la pratique, selon une source citée; aucun n’est compté."),
    ),
    OpenList(
        "pieces",
        "attachments",
        lazy("Les pièces"),
        lazy("Titre, adresse, licence et accessibilité de chaque document."),
    ),
    OpenList(
        "references",
        "references",
        lazy("Les références"),
        lazy("Les sources de chaque fiche, sous le numéro qu’y citent les autres listes."),
    ),
)
BY_SLUG: Mapping[str, OpenList] = {one.slug: one for one in LISTS}
DECLARED = OpenList(
    "adoptions-declarees",
    "",
    lazy("Les adoptions que déclarent des équipes"),
    lazy("Celles que tout le monde peut lire, avec leur étape; aucun nom de personne."),
)


def list_table(one: OpenList, practices: Iterable[Practice], *, terms: Terms) -> Iterator[str]:
    """One list of every sheet. Needs the sheets with all their parts."""
    keys = _ROWS[one.field].schema.keys
    cited = ("source_title", "source_url") if set(keys) & set(_CITING) else ()
    rows = (
        (practice.id, practice.title, str(line), *told, *_terms(practice, terms))
        for practice in practices
        for line, told in enumerate(_lines(one, practice, terms, bool(cited)), start=1)
    )
    return write_csv((*_SHEET, *keys, *cited, *_TERMS), rows)


def adoptions_table(adoptions: Iterable[Adoption], *, terms: Terms) -> Iterator[str]:
    """What teams declare and everyone may read. Needs their sheets and organisations."""
    heads = (
        *_SHEET[:2],
        "adoption",
        "organisation",
        "organisation_name",
        "team",
        "region",
        "setting",
        "since",
        "state",
        "state_since",
        "state_reason",
        "news_at",
        *_TERMS,
    )
    rows = (
        (
            row.practice_id,
            row.practice.title,
            row.public_id,
            row.organisation.slug,
            row.organisation.name,
            row.team,
            row.region,
            row.setting,
            row.since,
            row.state.value,
            str(day_of(row.state_since) or ""),
            row.state_reason,
            str(day_of(row.news_at) or ""),
            *_terms(row.practice, terms),
        )
        for row in adoptions
    )
    return write_csv(heads, rows)


def _lines(
    one: OpenList, practice: Practice, terms: Terms, is_cited: bool
) -> Iterator[Sequence[str]]:
    schema = _ROWS[one.field].schema
    sources = {row.number: row for row in practice.references}
    for row in sheet_of(practice).values[one.field]:
        told = {
            item.name: without_citations(str(item.write(row[item.name])))
            for item in schema.fields
            if row[item.name]
        }
        if row.get("file"):
            told["url"] = f"{terms.site}/fichiers/{row['file']}"
        cells = [told.get(name, "") for name in schema.keys]
        if is_cited:
            source = sources.get(_cited(row))
            cells += [source.title, source.url or source.doi_url] if source else ["", ""]
        yield cells


def _cited(row: Mapping[str, Any]) -> int:
    return next((row[key] for key in _CITING if row.get(key)), 0)


def _terms(practice: Practice, terms: Terms) -> tuple[str, ...]:
    return mark_of(practice), address_of(practice, site=terms.site), terms.licence
