"""What browsers' reference buttons and crawlers read in a page: COinS, Highwire, schema.org.

Zotero takes the Highwire names of the head on a document's own page, and COinS in a list.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from inters4.core.citations.authors import Author
from inters4.core.citations.model import Citation, CitationKind, one_line
from inters4.core.richtext import element, json_script

PUBLISHER = "InterS4"
_KEPT_PAGES = 2_000
_SCHEMA_TYPES = {
    CitationKind.ARTICLE: "ScholarlyArticle",
    CitationKind.REPORT: "Report",
    CitationKind.WEB_PAGE: "WebPage",
    CitationKind.ISSUE: "Article",
}
_FORMATS = {
    CitationKind.ARTICLE: ("journal", "article"),
    CitationKind.ISSUE: ("journal", "article"),
    CitationKind.REPORT: ("book", "report"),
    CitationKind.WEB_PAGE: ("dc", "webpage"),
}


def coins(citation: Citation) -> Markup:
    """An empty span whose title is the citation as an OpenURL; a list has one per document."""
    return element("span", class_="Z3988", title=urlencode(list(_openurl(citation))))


@lru_cache(maxsize=_KEPT_PAGES)
def page_coins(
    title: str,
    url: str,
    *,
    day: date | None = None,
    language: str = "",
    note: str = "",
    citation: Citation | None = None,
) -> Markup:
    """`coins` of a page of the portal, from what a list already holds of it, or of `citation`.

    Kept, because lists show the same pages again and writing one takes a tenth of a millisecond.
    """
    if citation is not None:
        return coins(replace(citation, url=citation.url or url))
    return coins(
        Citation(
            key=url,
            kind=CitationKind.WEB_PAGE,
            title=title,
            authors=(Author(literal=PUBLISHER),),
            publisher=PUBLISHER,
            day=day,
            url=url,
            language=language,
            note=note,
        )
    )


def highwire(citation: Citation) -> Sequence[tuple[str, str]]:
    """(name, content) of the `<meta>` elements of a document's own page."""
    is_report = citation.kind is CitationKind.REPORT
    values = [
        ("citation_title", citation.title),
        *(("citation_author", author.inverted) for author in citation.named_authors),
        ("citation_publication_date", _date(citation, "/")),
        ("citation_journal_title", "" if is_report else citation.container),
        (
            "citation_technical_report_institution" if is_report else "citation_publisher",
            citation.publisher,
        ),
        ("citation_volume", citation.volume),
        ("citation_technical_report_number" if is_report else "citation_issue", citation.number),
        ("citation_firstpage", citation.first_page),
        ("citation_lastpage", citation.last_page),
        ("citation_doi", citation.bare_doi),
        ("citation_pmid", citation.pmid),
        ("citation_language", citation.language),
        ("citation_keywords", "; ".join(citation.keywords)),
        ("citation_public_url", citation.url or citation.link),
        ("DC.description", citation.note),
    ]
    return [(name, one_line(value)) for name, value in values if one_line(value)]


def json_ld(
    citation: Citation, *, permalink: str = "", extra: Mapping[str, Any] | None = None
) -> Markup:
    """A `<script type="application/ld+json">` of schema.org; `extra` completes or overrides it.

    It is data, which no content security policy forbids.
    """
    is_dated = citation.published_year is not None
    described = {
        "@context": "https://schema.org",
        "@type": _SCHEMA_TYPES[citation.kind],
        "@id": permalink,
        "name": citation.title,
        "headline": citation.title,
        "author": [
            {"@type": "Organization", "name": author.literal}
            if author.literal
            else {
                "@type": "Person",
                "name": author.natural,
                "familyName": author.family,
                **({"givenName": author.given} if author.given else {}),
            }
            for author in citation.named_authors
        ],
        "isPartOf": _container(citation),
        "publisher": {"@type": "Organization", "name": citation.publisher}
        if citation.publisher
        else None,
        "datePublished": _date(citation, "-") if is_dated else "",
        "pagination": citation.pages,
        "identifier": {"@type": "PropertyValue", "propertyID": "doi", "value": citation.bare_doi}
        if citation.bare_doi
        else None,
        "sameAs": citation.link if citation.bare_doi else "",
        "url": citation.url or citation.link or permalink,
        "inLanguage": citation.language,
        "abstract": citation.abstract,
        "keywords": list(citation.keywords),
    }
    kept = {name: value for name, value in described.items() if value}
    return json_script({**kept, **(extra or {})}, kind="application/ld+json")


def _container(citation: Citation) -> dict[str, Any] | None:
    if not citation.container:
        return None
    if citation.kind is CitationKind.WEB_PAGE:
        return {"@type": "WebSite", "name": citation.container}
    if citation.kind is CitationKind.REPORT:
        return {"@type": "CreativeWork", "name": citation.container}
    whole: dict[str, Any] = {"@type": "Periodical", "name": citation.container}
    if citation.volume:
        whole = {
            "@type": "PublicationVolume",
            "volumeNumber": citation.volume,
            "isPartOf": whole,
        }
    if citation.number:
        whole = {
            "@type": "PublicationIssue",
            "issueNumber": citation.number,
            "isPartOf": whole,
        }
    return whole


def _date(citation: Citation, separator: str) -> str:
    if citation.day:
        return citation.day.isoformat().replace("-", separator)
    return str(citation.published_year or "")


def _openurl(citation: Citation) -> Iterator[tuple[str, str]]:
    form, genre = _FORMATS[citation.kind]
    yield "ctx_ver", "Z39.88-2004"
    yield "rft_val_fmt", f"info:ofi/fmt:kev:mtx:{form}"
    if citation.bare_doi:
        yield "rft_id", f"info:doi/{citation.bare_doi}"
    if citation.pmid:
        yield "rft_id", f"info:pmid/{citation.pmid}"
    if citation.url:
        yield "rft_id", citation.url
    values = _dublin_core if form == "dc" else _context_object
    for name, value in values(citation, form, genre):
        if text := one_line(value):
            yield f"rft.{name}", text


def _dublin_core(citation: Citation, form: str, genre: str) -> Iterator[tuple[str, str]]:  # noqa: ARG001
    yield "type", genre
    yield "title", citation.title
    yield from (("creator", author.inverted) for author in citation.named_authors)
    yield "source", citation.container
    yield "publisher", citation.publisher
    yield "date", _date(citation, "-")
    yield "identifier", citation.url or citation.link
    yield "language", citation.language
    yield "description", citation.note


def _context_object(citation: Citation, form: str, genre: str) -> Iterator[tuple[str, str]]:
    yield "genre", genre
    yield "atitle" if form == "journal" else "btitle", citation.title
    yield "jtitle" if form == "journal" else "series", citation.container
    first = citation.named_authors[:1]
    yield from (("aulast", author.family) for author in first)
    yield from (("aufirst", author.given) for author in first)
    yield from (("au", author.natural) for author in citation.named_authors)
    yield "date", _date(citation, "-")
    yield "volume", citation.volume
    yield "issue", citation.number
    yield "pages", citation.pages
    yield "spage", citation.first_page
    yield "epage", citation.last_page
    yield "pub", citation.publisher
    yield "language", citation.language
