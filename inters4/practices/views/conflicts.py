"""Two texts of the same field: what each says, what differs, and what may be done with them."""

from collections.abc import Mapping, Sequence
from typing import Any

from inters4.core.content.scalars import Text
from inters4.core.values import dataclass
from inters4.practices.forms.controls import Choices
from inters4.practices.forms.posted import BLOCKS, FIELDS
from inters4.practices.forms.shown import shown
from inters4.practices.forms.words import label_of
from inters4.practices.services.comparing import Run, compare


@dataclass(frozen=True, slots=True)
class Dispute:
    """One field that two people wrote.

    Attributes:
        runs: from theirs to mine.
        is_text: a third text may be written from both.
    """

    field: str
    label: str
    mine: str
    theirs: str
    runs: Sequence[Run]
    is_text: bool


def disputes_of(
    fields: Sequence[str],
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    *,
    choices: Choices,
) -> list[Dispute]:
    """Each field of a conflict."""
    found = []
    for name in fields:
        own = shown(name, mine.get(name), choices=choices)
        other = shown(name, theirs.get(name), choices=choices)
        found.append(
            Dispute(
                field=name,
                label=label_of(name),
                mine=own,
                theirs=other,
                runs=compare(other, own),
                is_text=name in BLOCKS or isinstance(FIELDS[name], Text),
            )
        )
    return found
