"""What a source says of one article, whatever the source: a feed, a mail, a file, a person.

Texts are plain, identifiers normalised and the address without its tracking: whoever makes an
`Entry` from something else goes through `cleaned` and need not think of it.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date

from inters4.core.fetch import FeedEntry, ParsedFeed
from inters4.core.values import dataclass
from inters4.veille.models import OpenAccess
from inters4.veille.services.describing import access_of, design_of
from inters4.veille.services.identity import (
    INITIALS,
    canonical_url,
    folded,
    is_year,
    normalise_doi,
    normalise_pmid,
)
from inters4.veille.services.plain import line_of, text_of

LONGEST_TITLE = 500
LONGEST_ABSTRACT = 10_000
_LONGEST_NAME = 200
_LONGEST_SHORT = 100
_MOST_AUTHORS = 100
_MOST_LINKS = 10
_TITLE_FROM_TEXT = 120
_AND = re.compile(r",(?: and | et )?| and | et ")
_PARTICLES = frozenset(
    {
        *("al", "bin", "da", "de", "del", "den", "der", "des", "di"),
        *("dos", "du", "el", "la", "le", "ter", "van", "von", "y"),
    }
)


_INSTITUTIONS = frozenset(
    {
        *("academy", "agence", "agency", "alliance", "association", "authority", "autorite"),
        *("board", "bureau", "campaign", "center", "centre", "cisss", "ciusss", "clinic"),
        *("clinique", "college", "collaboration", "comite", "commission", "committee"),
        *("consortium", "conseil", "council", "department", "departement", "direction", "ecole"),
        *("equipe", "faculte", "faculty", "federation", "fondation", "forum", "foundation"),
        *("government", "gouvernement", "group", "groupe", "health", "healthcare", "hopital"),
        *("hospital", "hospitalier", "inspq", "inesss", "institut", "institute", "institution"),
        *("laboratoire", "laboratory", "medicine", "ministere", "ministry", "national"),
        *("nationale", "network", "nursing", "office", "ordre", "organisation", "organization"),
        *("programme", "program", "project", "regie", "research", "reseau", "sante", "school"),
        *("secretariat", "service", "services", "societe", "society", "system", "team", "trust"),
        *("unicef", "unit", "universite", "university"),
    }
)
"""Words, folded, of names that are no person's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article as a source shows it.

    Attributes:
        authors: as the source names them, in order.
        published_on: the day, or the first day of what is known of it.
        guid: as the source gives it; empty when it gives none.
        language: ISO code of two letters.
        design: id of the vocabulary; `country` an ISO code.
    """

    title: str
    authors: tuple[str, ...] = ()
    journal: str = ""
    published_on: date | None = None
    year: int | None = None
    volume: str = ""
    number: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    url: str = ""
    guid: str = ""
    language: str = ""
    abstract: str = ""
    open_access: OpenAccess = OpenAccess.UNKNOWN
    design: str = ""
    country: str = ""


def cleaned(entry: Entry) -> Entry:
    """`entry` with plain texts of bearable length, identifiers and address normalised."""
    authors = (line_of(name, longest=_LONGEST_NAME) for name in entry.authors[:_MOST_AUTHORS])
    abstract = text_of(entry.abstract, longest=LONGEST_ABSTRACT)
    url = canonical_url(entry.url)
    day = entry.published_on
    published_on = day if day is not None and is_year(day.year) else None
    year = entry.year or (published_on.year if published_on else None)
    return replace(
        entry,
        title=line_of(entry.title, longest=LONGEST_TITLE)
        or line_of(abstract, longest=_TITLE_FROM_TEXT)
        or url,
        authors=tuple(name for name in authors if name),
        journal=line_of(entry.journal, longest=_LONGEST_NAME),
        published_on=published_on,
        year=year if year is not None and is_year(year) else None,
        volume=line_of(entry.volume, longest=_LONGEST_SHORT),
        number=line_of(entry.number, longest=_LONGEST_SHORT),
        pages=line_of(entry.pages, longest=_LONGEST_SHORT),
        doi=normalise_doi(entry.doi),
        pmid=normalise_pmid(entry.pmid),
        url=url,
        guid=entry.guid.strip(),
        language=_primary(entry.language),
        abstract=abstract,
    )


def entries_of(feed: ParsedFeed, *, language: str = "") -> tuple[Entry, ...]:
    """The articles of `feed`, in its order; what has neither words nor address is left out.

    `language` is that of the source, when neither the entry nor the feed says its own.
    """
    spoken = feed.language or language
    written = [entry.authors[0] for entry in feed.entries if len(entry.authors) == 1]
    is_comma_between = _is_comma_between(written)
    made = (
        _from_feed(entry, language=entry.language or spoken, is_comma_between=is_comma_between)
        for entry in feed.entries
    )
    return tuple(entry for entry in made if entry.title)


def _from_feed(entry: FeedEntry, *, language: str, is_comma_between: bool) -> Entry:
    hrefs = [link.href for link in entry.links[:_MOST_LINKS]]
    said = (*entry.identifiers, entry.id, entry.link, *hrefs)
    moment = entry.published or entry.updated
    pages = (link.href for link in entry.links if link.rel == "alternate")
    return cleaned(
        Entry(
            title=entry.title,
            authors=_people(entry.authors, is_comma_between=is_comma_between),
            journal=entry.source,
            volume=entry.volume,
            number=entry.number,
            pages=entry.pages,
            # Days are often written as midnight UTC: our own zone would say the day before.
            published_on=moment.astimezone(UTC).date() if moment else None,
            doi=_first(normalise_doi(text) for text in said),
            pmid=_first(normalise_pmid(text) for text in said if not text.isdigit()),
            url=entry.link or _first(pages) or (entry.id if "://" in entry.id else ""),
            guid=entry.id,
            language=language,
            abstract=entry.summary,
            open_access=access_of((entry.rights, entry.link, *hrefs)),
            design=design_of(
                (*entry.types, *entry.tags), title=line_of(entry.title, longest=LONGEST_TITLE)
            ),
        )
    )


def _is_comma_between(written: Iterable[str]) -> bool:
    """True when a source, in each element that holds several people, parts them by commas.

    Three people say it for two: « Jean Roy, Marie Tremblay » alone could be one name. A single
    word beside a comma is a family name, and says the contrary.
    """
    lists = [_AND.split(names) for names in written if "," in names and ";" not in names]
    return any(len(parts) > 2 for parts in lists) and all(
        _is_person(part.strip()) for parts in lists for part in parts
    )


def _people(names: tuple[str, ...], *, is_comma_between: bool) -> tuple[str, ...]:
    """One name for each person: some journals put them all in one element.

    One comma parts a family name from first names, unless both sides have initials or the source
    shows elsewhere that it parts people; « et » stands in names of institutions.
    """
    if len(names) != 1:
        return names
    written = names[0]
    if ";" in written:
        return tuple(filter(None, (part.strip() for part in written.split(";"))))
    parts = tuple(part.strip() for part in _AND.split(written))
    is_sure = is_comma_between or all(map(_has_initials, parts))
    is_one = written.count(",") == 1 and len(parts) == 2 and not is_sure
    return names if is_one or not all(map(_is_person, parts)) else parts


def _is_person(name: str) -> bool:
    """True of several words that all begin as names do, and that name no institution."""
    words = name.split()
    return (
        len(words) > 1
        and all(word[0].isupper() or word.lower() in _PARTICLES for word in words)
        and _INSTITUTIONS.isdisjoint(folded(name).split())
    )


def _has_initials(name: str) -> bool:
    return any(INITIALS.fullmatch(word) for word in name.split())


def _first(found: Iterable[str]) -> str:
    return next((text for text in found if text), "")


def _primary(language: str) -> str:
    code = language.strip().lower().replace("_", "-").partition("-")[0]
    return code if len(code) == 2 and code.isascii() and code.isalpha() else ""
