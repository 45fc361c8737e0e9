"""What a form saw of a field, in sixteen signs: who left it as it was changed nothing."""

import json
from hashlib import sha256
from typing import Any

from inters4.core.content.scalars import Known
from inters4.core.content.schema import Many
from inters4.practices.exports.sheets import PRACTICE
from inters4.practices.services.pieces import PIECES

_TICKED = frozenset(
    item.name for item in PRACTICE.fields if isinstance(item, Many) and isinstance(item.each, Known)
)
_OF_THE_HOUSE = frozenset({"name", "checked_on"})
"""Cells of a piece that forms do not send."""


def mark_of(name: str, value: Any) -> str:
    """Changes with what a field says; of terms that are ticked, only the first has a place."""
    said = value
    if name in _TICKED and isinstance(value, list | tuple):
        said = [*value[:1], *sorted(value[1:])]
    elif name == PIECES and isinstance(value, list | tuple):
        said = [{key: row[key] for key in row if key not in _OF_THE_HOUSE} for row in value]
    return sha256(json.dumps(said or "", sort_keys=True).encode()).hexdigest()[:16]
