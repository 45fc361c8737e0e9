"""Citations for reference managers: RIS through rispy, BibTeX through bibtexparser.

Both libraries write values as they are given. What could end a field early, a line break in RIS
or a brace in BibTeX, is made harmless here, so that a title never becomes a field.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from inters4.core.citations.authors import Author
from inters4.core.citations.model import Citation, CitationKind, one_line

_RIS_TYPES = {
    CitationKind.ARTICLE: "JOUR",
    CitationKind.REPORT: "RPRT",
    CitationKind.WEB_PAGE: "ELEC",
    CitationKind.ISSUE: "MGZN",
}
_BIBTEX_TYPES = {
    CitationKind.ARTICLE: "article",
    CitationKind.REPORT: "techreport",
    CitationKind.WEB_PAGE: "misc",
    CitationKind.ISSUE: "article",
}
# BibTeX counts every brace, escaped or not: one in the text must have a name instead.
_BIBTEX_ESCAPES = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        **{character: f"\\{character}" for character in "&%$#_"},
    }
)
# Styles put titles in lower case, but for what stands between braces: acronyms stay whole.
_ACRONYM = re.compile(r"\b[^\W_]*[A-ZÀ-Þ][^\W_]*[A-ZÀ-Þ][^\W_]*\b")


def ris(citations: Iterable[Citation]) -> str:
    """`citations` as a RIS file, UTF-8 when it is encoded."""
    from rispy import RisWriter  # noqa: PLC0415  (seldom needed)

    writer = RisWriter(skip_unknown_tags=True)
    writer.set_header = lambda _number: ""  # no number between references: it is in no standard
    return str(writer.formats([_ris_entry(citation) for citation in citations]))


def bibtex(citations: Iterable[Citation]) -> str:
    """`citations` as a BibTeX file, accents left as they are; two of the same key give one."""
    from bibtexparser.entrypoint import write_string  # noqa: PLC0415  (slow, seldom needed)
    from bibtexparser.library import Library  # noqa: PLC0415
    from bibtexparser.model import Entry, Field  # noqa: PLC0415

    entries = {}
    for citation in citations:
        fields = [Field(name, value) for name, value in _bibtex_fields(citation)]
        key = bibtex_key(citation)
        entries[key] = Entry(_BIBTEX_TYPES[citation.kind], key, fields)
    return write_string(Library(list(entries.values())))


def bibtex_key(citation: Citation) -> str:
    """The key as BibTeX allows it: `resume-ID`."""
    return re.sub(r"[^A-Za-z0-9:._-]+", "-", citation.key).strip("-") or "document"


def _ris_entry(citation: Citation) -> dict[str, Any]:
    day, accessed = citation.day, citation.accessed
    is_report = citation.kind is CitationKind.REPORT
    is_page = citation.kind is CitationKind.WEB_PAGE
    lines = {
        "type_of_reference": _RIS_TYPES[citation.kind],
        "id": citation.key,
        "title": citation.title,
        "secondary_title": citation.container or (citation.publisher if is_page else ""),
        "year": str(citation.published_year or ""),
        "date": f"{day:%Y/%m/%d}/" if day else "",
        "volume": citation.volume,
        "issn" if is_report else "number": citation.number,  # SN: the number of a report
        "start_page": citation.first_page,
        "end_page": citation.last_page,
        "publisher": citation.publisher,
        "doi": citation.bare_doi,
        "accession_number": citation.pmid,
        "name_of_database": "PubMed" if citation.pmid else "",
        "language": citation.language,
        "abstract": citation.abstract,
        "access_date": f"{accessed:%Y/%m/%d}/" if accessed else "",
    }
    entry: dict[str, Any] = {name: one_line(value) for name, value in lines.items() if value}
    groups = {
        "authors": [author.inverted for author in citation.named_authors],
        "keywords": list(citation.keywords),
        "notes": [citation.note],
        "urls": [citation.url or citation.link],
    }
    for name, values in groups.items():
        if kept := [one_line(value) for value in values if one_line(value)]:
            entry[name] = kept
    return entry


def _bibtex_fields(citation: Citation) -> Iterator[tuple[str, str]]:
    holder = "journal" if _BIBTEX_TYPES[citation.kind] == "article" else "howpublished"
    publisher = "institution" if citation.kind is CitationKind.REPORT else "publisher"
    pages = [one_line(page) for page in (citation.first_page, citation.last_page) if page]
    day, accessed = citation.day, citation.accessed
    values = (
        ("title", _protected(citation.title)),
        ("author", " and ".join(_bibtex_authors(citation))),
        (holder, _escaped(citation.container)),
        (publisher, _escaped(citation.publisher)),
        ("year", str(citation.published_year or "")),
        ("month", str(day.month) if day else ""),
        ("day", str(day.day) if day else ""),
        ("volume", _escaped(citation.volume)),
        ("number", _escaped(citation.number)),
        ("pages", _escaped("--".join(pages))),
        ("doi", _escaped(citation.bare_doi)),
        ("pmid", _escaped(citation.pmid)),
        ("url", _address(citation.url or citation.link)),
        ("urldate", accessed.isoformat() if accessed else ""),
        ("language", _escaped(citation.language)),
        ("keywords", ", ".join(_escaped(word) for word in citation.keywords)),
        ("abstract", _escaped(citation.abstract)),
        ("note", _escaped(citation.note)),
    )
    return ((name, value) for name, value in values if value)


def _bibtex_authors(citation: Citation) -> Iterator[str]:
    for author in citation.named_authors:
        yield _bibtex_author(author)
    if citation.named_authors and citation.has_more_authors:
        yield "others"


def _bibtex_author(author: Author) -> str:
    """A group stands between braces: its « and » and commas are its own."""
    if author.literal:
        return "{" + _escaped(author.literal) + "}"
    return ", ".join(
        "{" + part + "}" if re.search(r"\band\b|,", part) else part
        for part in (_escaped(author.family), _escaped(author.given))
        if part
    )


def _escaped(text: str) -> str:
    return one_line(text).translate(_BIBTEX_ESCAPES)


def _protected(text: str) -> str:
    return _ACRONYM.sub(r"{\g<0>}", _escaped(text))


def _address(url: str) -> str:
    """An address is read as it stands: what BibTeX would misread is percent-encoded."""
    return (
        one_line(url)
        .replace(" ", "%20")
        .replace("{", "%7B")
        .replace("}", "%7D")
        .replace("\\", "%5C")
    )
