"""The lists of a sheet's front matter: what the fields of each line are."""

from collections.abc import Mapping

from inters4.core.content.quantities import Day, Whole
from inters4.core.content.scalars import Address, Choice, Flag, Known, Text
from inters4.core.content.schema import Schema
from inters4.practices.models import Accessibility, Check, CostKind, Licence

SENTENCE = 600
_MAX_SOURCE = 999
CHECKS = ("alt_text", "structure", "contrast", "captions")
"""What is looked at in a document, to say whether everyone can read it."""

ORGANISATION = Schema((Known("id", among="organisations"), Text("name", limit=200)))
ADOPTER = Schema(
    (
        Known("organisation", among="organisations"),
        Text("name", limit=300),
        Known("region", among="regions"),
        Flag("everywhere"),
        Text("since", limit=100),
        Whole("source", 1, _MAX_SOURCE),
    )
)
BASELINE = Schema(
    (
        Text("indicator", required=True, limit=200),
        Text("value", required=True, limit=200),
        Text("unit", limit=100),
        Text("date", limit=100),
        Whole("reference", 1, _MAX_SOURCE),
    )
)
OUTCOME = Schema(
    (
        Text("indicator", required=True, limit=200),
        Text("before", limit=200),
        Text("after", limit=200),
        Text("value", limit=400),
        Text("unit", limit=100),
        Text("n", limit=100),
        Text("period", limit=200),
        Text("design", limit=300),
        Whole("reference", 1, _MAX_SOURCE),
    )
)
STAFFING = Schema(
    (
        Known("profession", among="professions"),
        Text("name", limit=200),
        Text("fte", limit=200),
        Whole("reference", 1, _MAX_SOURCE),
    )
)
COST = Schema(
    (
        Choice("kind", CostKind, required=True),
        Text("amount", required=True, limit=300),
        Text("period", limit=200),
        Whole("reference", 1, _MAX_SOURCE),
    )
)
CONDITION = Schema(
    (Known("condition", among="success_conditions", required=True), Text("note", limit=400))
)
DIMENSION = Schema(
    (
        Known("dimension", among="transferability", required=True),
        Text("note", required=True, limit=SENTENCE),
    )
)
ATTACHMENT = Schema(
    (
        Text("title", required=True, limit=200),
        Address("url"),
        Known("file", among="files"),
        Text("name", limit=200),
        Choice("terms", Licence, default=Licence.UNKNOWN),
        Text("licence", limit=200),
        Text("language", limit=40),
        Choice("accessibility", Accessibility, default=Accessibility.UNCHECKED),
        *(Choice(name, Check, default=Check.UNKNOWN) for name in CHECKS),
        Day("checked_on"),
    )
)
REFERENCE = Schema(
    (
        Whole("number", 1, _MAX_SOURCE, required=True),
        Text("title", required=True, limit=400),
        Text("language", limit=40),
        Text("publisher", limit=200),
        Whole("year", 1800, 2200),
        Address("url"),
        Text("doi", limit=200),
    )
)
PLAIN_ROWS: Mapping[str, Schema] = {
    "baselines": BASELINE,
    "outcomes": OUTCOME,
    "staffing": STAFFING,
    "costs": COST,
    "success_conditions": CONDITION,
    "transferability": DIMENSION,
    "attachments": ATTACHMENT,
    "references": REFERENCE,
}
"""Lists whose fields are, one for one, the columns of a table."""
