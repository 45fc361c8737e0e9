"""What a file says of one document, whatever its format."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from inters4.core.citations import Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One document, in words.

    Attributes:
        url: absolute, it outlives the file.
        ratings: scale by name, in words; `is_proposed` when no reviewer stands behind them.
        citation: None for what nobody cites.
    """

    key: str
    kind: str
    kind_label: str
    title: str
    url: str
    summary: str = ""
    day: date | None = None
    organisation: str = ""
    regions: tuple[str, ...] = ()
    stage: str = ""
    ratings: Mapping[str, str] = field(default_factory=dict)
    is_proposed: bool = False
    citation: Citation | None = None
