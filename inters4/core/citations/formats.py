"""The files that reference managers read, by the end of their name."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from inters4.core.citations.exchange import bibtex, ris
from inters4.core.citations.model import Citation
from inters4.core.values import dataclass


@dataclass(frozen=True, slots=True)
class ReferenceFormat:
    """A kind of file: its media type, and how it is written."""

    media_type: str
    write: Callable[[Iterable[Citation]], str]


REFERENCE_FORMATS: Mapping[str, ReferenceFormat] = MappingProxyType(
    {
        "ris": ReferenceFormat("application/x-research-info-systems", ris),
        "bib": ReferenceFormat("application/x-bibtex", bibtex),
    }
)
"""For Zotero, EndNote and Mendeley, then for LaTeX."""
