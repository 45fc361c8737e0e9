"""What a file says of one document, whatever its format."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date

from inters4.core.citations import Citation
from inters4.core.i18n import ngettext
from inters4.core.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One document, in words.

    Attributes:
        url: absolute, it outlives the file.
        ratings: scale by name, in words; `is_proposed` when no reviewer stands behind them.
        design: how the study was made, a fact and not a rating.
        origin: what is said of a document that its team has not read, or that has no author.
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
    design: str = ""
    origin: str = ""
    ratings: Mapping[str, str] = field(default_factory=dict)
    is_proposed: bool = False
    citation: Citation | None = None

    @property
    def ratings_status(self) -> str:
        """Whether reviewers stand behind the ratings; nothing when there is none."""
        if not self.ratings:
            return ""
        if not self.is_proposed:
            return ngettext("cote révisée", "cotes révisées", len(self.ratings))
        return ngettext(
            "cote proposée, non révisée", "cotes proposées, non révisées", len(self.ratings)
        )
