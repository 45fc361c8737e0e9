"""What a page of the form sent: fields as a file would write them, right or wrong."""

import re
from collections.abc import Iterator, Mapping, Sequence

from werkzeug.datastructures import MultiDict

from inters4.core.content.reading import Field
from inters4.core.content.scalars import Choice, Text
from inters4.core.content.schema import Many, Rows
from inters4.core.frontmatter import Plain
from inters4.core.values import dataclass
from inters4.practices.exports.sheets import PRACTICE
from inters4.practices.forms.pages import FormPage
from inters4.practices.models import Block

FIELDS: Mapping[str, Field] = {item.name: item for item in PRACTICE.fields}
BLOCKS: Mapping[str, Block] = {block.field: block for block in Block}
MAIN = "principal-"
"""Before the name of a list, the field that says which of its terms is the main one."""

Form = MultiDict[str, str]


def read_reason(form: Mapping[str, str], *, most: int = 2_000) -> str:
    """Why, as typed; browsers count the end of a line as one sign and send it as two."""
    return form.get("raison", "").replace("\r\n", "\n")[:most]


@dataclass(frozen=True, slots=True)
class Posted:
    """The fields that a form held, and those alone."""

    values: Mapping[str, Plain]
    blocks: Mapping[Block, str]

    def by_field(self) -> dict[str, Plain]:
        """All of it, long texts under `Block.field`."""
        return {**self.values, **{block.field: text for block, text in self.blocks.items()}}

    def without(self, fields: Sequence[str]) -> "Posted":
        """The same, less some fields."""
        return Posted(
            {name: value for name, value in self.values.items() if name not in fields},
            {block: text for block, text in self.blocks.items() if block.field not in fields},
        )


def read_posted(form: Form, page: FormPage, *, removed: str = "", raised: str = "") -> Posted:
    """The fields of `page` that the form says it shows (`champs`), less one row (`LIST-N`).

    The row `raised` goes before the one above it.

    After a conflict, `garder-FIELD` says which text stays: `autre` leaves the stored one, `fusion`
    takes the text of `fusion-FIELD`.
    """
    shown = set(form.getlist("champs")) & set(page.fields)
    values: dict[str, Plain] = {}
    blocks: dict[Block, str] = {}
    for name in page.fields:
        kept = form.get(f"garder-{name}", "")
        if name not in shown or kept == "autre":
            continue
        source = form.get(f"fusion-{name}") if kept == "fusion" else None
        if name in BLOCKS:
            blocks[BLOCKS[name]] = form.get(name, "") if source is None else source
        else:
            values[name] = (
                source if source is not None else _value(form, FIELDS[name], removed, raised)
            )
    return Posted(values, blocks)


def marks_in(form: Form, page: FormPage) -> dict[str, str]:
    """What the form showed of each field, by `mark_of`."""
    return {name: mark for name in page.fields if (mark := form.get(f"vu-{name}"))}


def sent_for(posted: Posted, form: Form, fields: Sequence[str]) -> list[tuple[str, str]]:
    """What was read of some fields, as a form sends it: to be sent again."""
    held = posted.by_field()
    sent = [pair for name in fields if name in held for pair in _flat(name, held[name])]
    chosen = ((f"{MAIN}{name}", form.get(f"{MAIN}{name}", "")) for name in fields)
    return [*sent, *((name, main) for name, main in chosen if main)]


def undecided(form: Form) -> list[str]:
    """After a conflict, the fields of which nobody said which text stays."""
    if "choisir" not in form:
        return []
    return [name for name in form.getlist("champs") if not form.get(f"garder-{name}")]


def _flat(name: str, value: Plain) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(f"{name}-{key}", inner)
    else:
        for place, inner in enumerate(value):
            yield from _flat(name if isinstance(inner, str) else f"{name}-{place}", inner)


def in_former_order(given: Plain, stored: object, *, main: str = "") -> Plain:
    """Terms ticked, those that were chosen before in their place: the first is the main one.

    `main` is the one that the form calls so; it counts while it is ticked.
    """
    stored = stored or []
    if not isinstance(given, list) or not isinstance(stored, list):
        return given
    if not all(isinstance(one, str) for one in (*given, *stored)):
        return given
    before = [one for one in stored if one in given]
    found = [*before, *(one for one in given if one not in before)]
    return sorted(found, key=lambda one: one != main)


def row_numbers(form: Form, name: str) -> list[int]:
    """The numbers of the rows that a form holds, in order."""
    pattern = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-")
    found = {int(match[1]) for key in form if (match := pattern.match(key))}
    return sorted(found)


def _value(form: Form, field: Field, removed: str, raised: str) -> Plain:
    if isinstance(field, Rows):
        numbers = [
            number
            for number in row_numbers(form, field.name)
            if f"{field.name}-{number}" != removed
        ]
        rows = (_row(form, field, number) for number in _in_order(numbers, field.name, raised))
        return [row for row in rows if set(row) - {"number"}]
    if isinstance(field, Many):
        given = form.getlist(field.name)
        if isinstance(field.each, Text):
            return [line.strip() for text in given for line in text.splitlines() if line.strip()]
        return [one for one in given if one]
    return form.get(field.name, "")


def _in_order(numbers: list[int], name: str, raised: str) -> list[int]:
    place = next((at for at, number in enumerate(numbers) if f"{name}-{number}" == raised), 0)
    if place:
        numbers[place - 1], numbers[place] = numbers[place], numbers[place - 1]
    return numbers


def _row(form: Form, field: Rows, number: int) -> dict[str, Plain]:
    """What was typed in a row; the number that the form gives a source says nothing by itself."""
    return {
        inner.name: text
        for inner in field.schema.fields
        if (text := form.get(f"{field.name}-{number}-{inner.name}", "").strip())
        and text != _unsaid(inner)
    }


def _unsaid(field: Field) -> str:
    """What a list chooses when nobody did: it says nothing, and fills no row."""
    return str(field.default.value) if isinstance(field, Choice) and field.default else ""
