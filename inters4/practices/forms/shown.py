"""A field as people read it, to compare two texts: names instead of ids, one line a row."""

from collections.abc import Mapping
from typing import Any

from inters4.core.content.reading import Field
from inters4.core.content.scalars import Choice, Flag, Known
from inters4.core.content.schema import Many, Rows
from inters4.core.i18n import _
from inters4.practices.forms.controls import Choices
from inters4.practices.forms.posted import BLOCKS, FIELDS
from inters4.practices.forms.words import CHOICES, label_of


def shown(name: str, value: Any, *, choices: Choices) -> str:
    """What a field holds, in words; empty when it holds nothing."""
    if name in BLOCKS:
        return str(value or "")
    return _told(FIELDS[name], value, choices)


def _told(item: Field, value: Any, choices: Choices) -> str:
    if not value:
        return ""
    if isinstance(item, Rows):
        return "\n".join(_row(item, row, choices) for row in value if isinstance(row, Mapping))
    if isinstance(item, Many):
        given = value if isinstance(value, list | tuple) else [value]
        return "\n".join(_told(item.each, one, choices) for one in given)
    return _one(item, str(value), choices)


def _one(item: Field, text: str, choices: Choices) -> str:
    if isinstance(item, Known):
        return choices.label(item.among, text)
    if isinstance(item, Choice):
        return str(CHOICES.get(item.among, {}).get(text, text))
    if isinstance(item, Flag):
        return _("Oui") if text == "true" else _("Non")
    return text


def _row(item: Rows, row: Mapping[str, Any], choices: Choices) -> str:
    parts = (
        _(
            "%(name)s : %(value)s",
            name=label_of(item.name, inner.name),
            value=_told(inner, row[inner.name], choices),
        )
        for inner in item.schema.fields
        if row.get(inner.name) and inner.name != "file"
    )
    return " · ".join(parts)
