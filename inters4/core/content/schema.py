"""The schema of a kind of document: each field turns text into a typed value, and back.

One declaration serves reading, writing and the table of docs/content.md. Reading never stops at
the first mistake: all those of a file are gathered, each with its line. A field that holds
nothing is left out of the file, so that a field added later changes no file.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from inters4.core.content.reading import Field
from inters4.core.content.scalars import Known
from inters4.core.frontmatter import Group, Items, Plain, Reading, Scalar, Value
from inters4.core.i18n import _
from inters4.core.values import dataclass


@dataclass(frozen=True, slots=True)
class Many:
    """A list of values of `each`, none given twice."""

    each: Field
    required: bool = False

    @property
    def name(self) -> str:
        """The key."""
        return self.each.name

    def empty(self) -> tuple[Any, ...]:
        """Nothing."""
        return ()

    def read(self, value: Value, reading: Reading) -> tuple[Any, ...]:
        """The values, those with a mistake left out."""
        if not isinstance(value, Items):
            reading.note(value.line, _("« %(name)s » doit être une liste.", name=self.name))
            return ()
        found: list[Any] = []
        for item in value.values:
            read = self.each.read(item, reading)
            if read in found:
                if isinstance(self.each, Known) and _was_renamed(value, read):
                    continue  # two ids given, which the same term stands for now
                reading.note(item.line, _("« %(value)s » est donné deux fois.", value=read))
            elif read != self.each.empty():
                found.append(read)
        return tuple(found)

    def write(self, value: Sequence[Any]) -> Plain:
        """Each value in turn."""
        return [self.each.write(item) for item in value]


def _was_renamed(items: Items, present: str) -> bool:
    """True when at most one of `items` gives the id itself: the others were renamed to it."""
    given = [item.text.strip() for item in items.values if isinstance(item, Scalar)]
    return given.count(present) <= 1 and len(set(given)) == len(given)


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of mappings; `unique` names the field that tells one row from another."""

    name: str
    schema: "Schema"
    unique: str = ""
    required: bool = False

    def empty(self) -> tuple[dict[str, Any], ...]:
        """Nothing."""
        return ()

    def read(self, value: Value, reading: Reading) -> tuple[dict[str, Any], ...]:
        """Each row as the schema reads it."""
        if not isinstance(value, Items):
            reading.note(value.line, _("« %(name)s » doit être une liste.", name=self.name))
            return ()
        found: list[dict[str, Any]] = []
        seen: set[Any] = set()
        for item in value.values:
            if not isinstance(item, Group):
                reading.note(
                    item.line,
                    _("Chaque ligne de « %(name)s » doit avoir ses champs.", name=self.name),
                )
                continue
            row = self.schema.read(item.entries, reading, line=item.line)
            told = row[self.unique] if self.unique else None
            if told in seen:
                reading.note(item.line, _("« %(value)s » est donné deux fois.", value=told))
            elif told:  # a row that lacks it, or has it wrong, is told of that alone
                seen.add(told)
            found.append(row)
        return tuple(found)

    def write(self, value: Sequence[Mapping[str, Any]]) -> Plain:
        """Each row as the schema writes it."""
        return [self.schema.write(row) for row in value]


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of a document or of a row, in the order in which they are written."""

    fields: tuple[Field, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The names, in order."""
        return tuple(item.name for item in self.fields)

    def read(
        self, entries: Mapping[str, Value], reading: Reading, *, line: int = 1
    ) -> dict[str, Any]:
        """A typed value for every field; mistakes are noted in `reading`."""
        keys = self.keys
        for key, value in entries.items():
            if key not in keys:
                reading.note(
                    value.line,
                    _(
                        "« %(key)s » n’est pas un champ connu ici : %(known)s.",
                        key=key,
                        known=", ".join(keys),
                    ),
                )
        return {item.name: self._one(item, entries, reading, line) for item in self.fields}

    def write(self, values: Mapping[str, Any]) -> dict[str, Plain]:
        """The text of every field that holds something."""
        return {
            item.name: item.write(values[item.name])
            for item in self.fields
            if values[item.name] != item.empty()
        }

    @staticmethod
    def _one(item: Field, entries: Mapping[str, Value], reading: Reading, line: int) -> Any:
        given = entries.get(item.name)
        if given is None or (isinstance(given, Scalar) and not given.text.strip()):
            if item.required:
                reading.note(
                    given.line if given else line,
                    _("Il manque « %(name)s ».", name=item.name),
                )
            return item.empty()
        before = len(reading.errors)
        value = item.read(given, reading)
        if item.required and value == item.empty() and len(reading.errors) == before:
            reading.note(given.line, _("Il manque « %(name)s ».", name=item.name))
        return value


def fields_of(schema: Schema) -> Iterable[tuple[str, Field]]:
    """Every field with its dotted path, rows included: for documentation and its test."""
    for item in schema.fields:
        yield item.name, item
        if isinstance(item, Rows):
            for path, inner in fields_of(item.schema):
                yield f"{item.name}[].{path}", inner
