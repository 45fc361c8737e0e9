"""Every published sheet as open data: structured fields, under the licence that the portal states.

Keys and ids are those of the files of `content/`; a reader of JSON needs no other documentation
than docs/content.md. What no reviewer stands behind says so in each sheet.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from inters4.core.clock import now
from inters4.core.content.schema import Rows
from inters4.core.i18n import _
from inters4.core.tables import write_csv
from inters4.core.values import dataclass
from inters4.practices.exports.citing import address_of, mark_of
from inters4.practices.exports.rows import ATTACHMENT
from inters4.practices.exports.sheets import PRACTICE, sheet_of
from inters4.practices.models import Block, Practice

JSON = "application/json"
_LISTS = frozenset(item.name for item in PRACTICE.fields if isinstance(item, Rows))
_CELLS = tuple(name for name in PRACTICE.keys if name not in _LISTS)


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms the data is given: the name of the licence, its address, the portal's."""

    licence: str
    licence_url: str
    site: str


def practices_json(practices: Iterable[Practice], *, terms: Terms) -> Iterator[str]:
    """One object: the terms, then every sheet with all its fields, a line each.

    Needs the sheets with all their parts.
    """
    head = {
        "licence": terms.licence,
        "licence_url": terms.licence_url,
        "source": f"{terms.site}/pratiques",
        "generated_at": now().isoformat(timespec="seconds"),
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "practices": ['
    for place, practice in enumerate(practices):
        comma = ",\n" if place else "\n"
        yield comma + json.dumps(_whole(practice, terms), ensure_ascii=False)
    yield "\n]}\n"


def practices_table(practices: Iterable[Practice], *, terms: Terms) -> Iterator[str]:
    """The same as a table: a sheet a line, its fields under their code names, lists counted."""
    heads = (*_CELLS, *sorted(_LISTS), "ratings", "note", "url", "licence")
    rows = (
        (
            *(_cell(values.get(name, "")) for name in _CELLS),
            *(str(len(values.get(name, ()))) for name in sorted(_LISTS)),
            _ratings_words(practice),
            mark_of(practice),
            address_of(practice, site=terms.site),
            terms.licence,
        )
        for practice in practices
        for values in [_fields(practice)]
    )
    return write_csv(heads, rows)


def _whole(practice: Practice, terms: Terms) -> Mapping[str, Any]:
    sheet = sheet_of(practice)
    texts = {block.value: sheet.blocks[block] for block in Block if block in sheet.blocks}
    return {
        **_fields(practice),
        **_pieces(practice, terms),
        "ratings": _ratings_words(practice),
        "url": address_of(practice, site=terms.site),
        "note": mark_of(practice),
        "texts": texts,
    }


def _pieces(practice: Practice, terms: Terms) -> Mapping[str, Any]:
    """The pieces, each with its whole address."""
    written = [
        {**ATTACHMENT.write({name: getattr(row, name) for name in ATTACHMENT.keys}), "url": address}
        for row in practice.attachments
        for address in [f"{terms.site}{row.address}" if row.file else row.url]
    ]
    return {"attachments": written} if written else {}


def _fields(practice: Practice) -> Mapping[str, Any]:
    """The fields as files write them; the status of ratings is said even when it is the default."""
    written = PRACTICE.write(sheet_of(practice).values)
    return {**written, "rating_status": practice.rating_status.value}


def _ratings_words(practice: Practice) -> str:
    """Whether anyone stands behind the ratings, for whoever reads no codes."""
    if practice.has_proposed_ratings:
        return _("cotes proposées, non révisées")
    return _("cotes révisées") if practice.maturity or practice.evidence_strength else ""


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else "; ".join(str(one) for one in value)
