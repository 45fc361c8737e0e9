"""`content/vocabulary.yaml`: what its fields are, the vocabulary written that way; its tables."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.content.exporting import as_yaml
from inters4.core.content.quantities import Whole
from inters4.core.content.scalars import Choice, Identifier, Text
from inters4.core.content.schema import Many, Schema
from inters4.core.frontmatter import Plain, dump
from inters4.core.i18n import _
from inters4.core.tables import write_csv
from inters4.vocabulary.models import SynonymGroup, SynonymMode, Term
from inters4.vocabulary.queries import Entry, list_synonym_groups, list_terms

FILE = "vocabulary.yaml"
SCHEMES = (
    "themes",
    "settings",
    "populations",
    "professions",
    "regions",
    "evidence_types",
    "knowledge_sources",
    "maturity",
    "implementation_stage",
    "evidence_strength",
    "transferability",
    "success_conditions",
    "outcomes",
    "product_types",
)
TERM = Schema(
    (
        Identifier("id", required=True),
        Text("fr", required=True, limit=200),
        Text("en", limit=200),
        Text("definition_fr", limit=1000),
        Whole("rank", 0, 99),
        Text("source", limit=200),
    )
)
SYNONYMS = Schema(
    (
        Identifier("id", required=True),
        Many(Text("abbr", limit=60)),
        Many(Text("fr", limit=200)),
        Many(Text("en", limit=200)),
        Choice("mode", SynonymMode, default=SynonymMode.TWO_WAY),
        Many(Identifier("broader")),
        Text("source", limit=200),
    )
)


def term_text(term: Term | Mapping[str, Any], position: int) -> str:
    """The canonical text of one term, its place included."""
    return _text(TERM, term if isinstance(term, Mapping) else _values(TERM, term), position)


def synonyms_text(group: SynonymGroup | Mapping[str, Any], position: int) -> str:
    """The canonical text of one group, its place included."""
    values = group if isinstance(group, Mapping) else _values(SYNONYMS, group)
    return _text(SYNONYMS, values, position)


def export_vocabulary(session: Session) -> Iterator[tuple[str, str]]:
    """The one file, unless there is no vocabulary yet."""
    schemes: dict[str, list[Plain]] = {}
    for term in list_terms(session):
        schemes.setdefault(term.scheme, []).append(TERM.write(_values(TERM, term)))
    groups: list[Plain] = [
        SYNONYMS.write(_values(SYNONYMS, group)) for group in list_synonym_groups(session)
    ]
    if not schemes and not groups:
        return
    ordered: dict[str, Plain] = {name: schemes[name] for name in SCHEMES if name in schemes}
    document: dict[str, Plain] = {"schemes": ordered, "synonyms": groups}
    yield FILE, as_yaml(dump(document, "", key_order=("schemes", "synonyms")))


def terms_csv(scheme: str, entries: Iterable[Entry]) -> Iterator[str]:
    """One line a term, in the order given."""
    heads = (_("Liste"), _("Identifiant"), _("Sous"), _("Français"), _("Anglais"), _("Définition"))
    yield from write_csv(
        heads,
        (
            (scheme, one.id, one.id.rpartition(".")[0], one.fr, one.en, one.definition_fr)
            for one in entries
        ),
    )


def synonyms_csv(groups: Iterable[SynonymGroup]) -> Iterator[str]:
    """One line a group, in the order given; forms are set apart by bars."""
    heads = (
        _("Identifiant"),
        _("Sigles"),
        _("Français"),
        _("Anglais"),
        _("Portée"),
        _("Groupes plus larges"),
        _("Source"),
    )
    yield from write_csv(
        heads,
        (
            (
                one.id,
                " | ".join(one.abbr),
                " | ".join(one.fr),
                " | ".join(one.en),
                one.mode.value,
                " | ".join(one.broader),
                one.source,
            )
            for one in groups
        ),
    )


def _values(schema: Schema, row: Term | SynonymGroup) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in schema.keys}
    return {name: tuple(v) if isinstance(v, list) else v for name, v in found.items()}


def _text(schema: Schema, values: Mapping[str, Any], position: int) -> str:
    written = {**schema.write(values), "position": str(position)}
    return dump(written, "", key_order=schema.keys)
