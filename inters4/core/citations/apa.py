"""The reference that people read: APA, seventh edition, in the reader's language.

French usage is that of Québec's universities: « s. d. », « dans », « consulté le ». Pieces are
built as text and italics, so that the page and the plain text never differ by a word.
"""

from collections.abc import Iterator
from datetime import date

from markupsafe import Markup

from inters4.core.citations.model import Citation, CitationKind, one_line
from inters4.core.i18n import _, current_locale, format_date
from inters4.core.richtext import element, joined
from inters4.core.values import dataclass

_MOST_AUTHORS = 20


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of text; `url` makes it a link, `language` tells screen readers how to say it."""

    text: str
    is_italic: bool = False
    url: str = ""
    language: str = ""


def apa(citation: Citation) -> Markup:
    """The reference for a page: italics, a link, and the language of a foreign title."""
    return joined(_markup(run) for run in _runs(citation))


def apa_text(citation: Citation) -> str:
    """The same, as plain text."""
    return "".join(run.text for run in _runs(citation))


def _markup(run: _Run) -> str:
    drawn = run.text
    if run.url:
        drawn = element("a", drawn, href=run.url)
    if run.language:
        drawn = element("span", drawn, lang=run.language)
    return element("i", drawn) if run.is_italic else drawn


def _runs(citation: Citation) -> Iterator[_Run]:
    authors = _authors(citation)
    title = list(_title(citation))
    if authors:
        yield _Run(_sentence(authors) + " ")
    else:
        yield from title
        yield _Run(" ")
    yield _Run(f"({_date(citation)}).")
    if authors:
        yield _Run(" ")
        yield from title
    yield from _source(citation)
    yield from _address(citation)


def _title(citation: Citation) -> Iterator[_Run]:
    """A work that stands alone is in italics; a part of a work is not."""
    language = citation.language if citation.language != current_locale() else ""
    title = one_line(citation.title)
    yield _Run(title, is_italic=not _is_part(citation), language=language)
    if citation.kind is CitationKind.WEB_PAGE and citation.note:
        yield _Run(f" [{one_line(citation.note)}].")
    elif citation.kind is CitationKind.REPORT and citation.number and not _is_part(citation):
        yield _Run(" (" + _("nº %(number)s", number=one_line(citation.number)) + ").")
    elif _sentence(title) != title:
        yield _Run(".")


def _source(citation: Citation) -> Iterator[_Run]:
    """What holds the work, and who publishes it, unless it was already named as the author."""
    container = one_line(citation.container)
    if citation.kind in {CitationKind.ARTICLE, CitationKind.ISSUE} and container:
        yield from _periodical(citation, container)
    elif citation.kind is CitationKind.REPORT and container:
        yield _Run(" " + _("Dans") + " ")
        yield _Run(container, is_italic=True)
        if citation.pages:
            yield _Run(" (" + _("p. %(pages)s", pages=_pages(citation)) + ")")
        yield _Run(".")
    authors = {author.literal for author in citation.authors}
    named = container if citation.kind is CitationKind.WEB_PAGE else ""
    publisher = named or one_line(citation.publisher)
    wants_publisher = citation.kind in {CitationKind.REPORT, CitationKind.WEB_PAGE}
    if publisher and publisher not in authors and (wants_publisher or not container):
        yield _Run(" " + _sentence(publisher))


def _periodical(citation: Citation, container: str) -> Iterator[_Run]:
    yield _Run(" ")
    yield _Run(container, is_italic=True)
    volume, number = one_line(citation.volume), one_line(citation.number)
    if volume:
        yield _Run(", ")
        yield _Run(volume, is_italic=True)
    if number:
        yield _Run(f"({number})" if volume else f", ({number})")
    if citation.pages:
        yield _Run(", " + _pages(citation))
    yield _Run(".")


def _address(citation: Citation) -> Iterator[_Run]:
    link = citation.link
    if not link:
        return
    if citation.accessed and not citation.bare_doi:
        yield _Run(" " + _("Consulté le %(date)s à", date=format_date(citation.accessed)))
    yield _Run(" ")
    yield _Run(link, url=link)


def _authors(citation: Citation) -> str:
    """« A, A., B, B. & C, C. »; past twenty, the first nineteen and the last."""
    names = [one_line(author.short) for author in citation.named_authors]
    if citation.has_more_authors and names:
        return ", ".join(names[: _MOST_AUTHORS - 1]) + _(" et al.")
    if len(names) > _MOST_AUTHORS:
        return ", ".join(names[: _MOST_AUTHORS - 1]) + f", … {names[-1]}"
    if len(names) < 2:
        return "".join(names)
    comma = "," if current_locale() == "en" else ""
    return ", ".join(names[:-1]) + f"{comma} & {names[-1]}"


def _date(citation: Citation) -> str:
    year = citation.published_year
    if year is None:
        return _("s. d.")
    if citation.day and citation.kind in {CitationKind.WEB_PAGE, CitationKind.ISSUE}:
        return f"{year}, {_day_of_year(citation.day)}"
    return str(year)


def _day_of_year(day: date) -> str:
    """« 21 novembre », which the long date holds before its year."""
    return format_date(day).removesuffix(str(day.year)).rstrip(", ")


def _pages(citation: Citation) -> str:
    last = citation.last_page
    return one_line(f"{citation.first_page}–{last}" if last else citation.first_page)


def _is_part(citation: Citation) -> bool:
    return bool(citation.container) and citation.kind is not CitationKind.WEB_PAGE


def _sentence(text: str) -> str:
    """`text` with a full stop, unless it already ends as a sentence does."""
    ending = text.rstrip('»”" )\N{NO-BREAK SPACE}')[-1:]
    return text if ending and ending in ".?!…" else f"{text}."
