"""How a document is cited: the value, and its forms for people, files and reference managers."""

from inters4.core.citations.apa import apa, apa_text
from inters4.core.citations.authors import Author
from inters4.core.citations.exchange import bibtex, ris
from inters4.core.citations.formats import REFERENCE_FORMATS, ReferenceFormat
from inters4.core.citations.metadata import coins, highwire, json_ld, page_coins
from inters4.core.citations.model import Citation, CitationKind

__all__ = [
    "REFERENCE_FORMATS",
    "Author",
    "Citation",
    "CitationKind",
    "ReferenceFormat",
    "apa",
    "apa_text",
    "bibtex",
    "coins",
    "highwire",
    "json_ld",
    "page_coins",
    "ris",
]
