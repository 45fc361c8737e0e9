"""References brought as a file or a paste: RIS, BibTeX or NBIB, told line by line.

Nothing raises on what a stranger's file holds: what cannot be read is a line that says why.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from inters4.core.clock import now
from inters4.core.errors import DomainError, TooLarge
from inters4.core.i18n import _
from inters4.veille.forms.bibtex import MOST_CHARACTERS as MOST_BIBTEX
from inters4.veille.forms.bibtex import Unreadable, read_bibtex
from inters4.veille.forms.tagged import Record, read_tagged
from inters4.veille.models import OpenAccess
from inters4.veille.services.depositing import Brought
from inters4.veille.services.describing import access_of, country_of, design_of
from inters4.veille.services.entries import Entry, cleaned
from inters4.veille.services.identity import normalise_doi

MOST_CHARACTERS = 5_000_000
MOST_REFERENCES = 5_000
_TAGGED = re.compile(r"(?:^|[\r\n])[ \t]*+(?:TY  |PMID)-")
_BIBTEX = re.compile(r"(?:^|[\r\n])[ \t]*+@\w+\s*+[{(]")
_OPENINGS = re.compile(r"@\w+\s*[{(]")
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("jan janv", "feb fév fev", "mar mars", "apr avr", "may mai", "jun juin"),
            *("jul juil", "aug août", "sep sept", "oct", "nov", "dec déc"),
        ),
        start=1,
    )
    for name in names.split()
}
_LANGUAGES = {
    "eng": "en",
    "english": "en",
    "anglais": "en",
    "fre": "fr",
    "fra": "fr",
    "french": "fr",
    "français": "fr",
    "francais": "fr",
    "spa": "es",
    "ger": "de",
    "deu": "de",
    "ita": "it",
    "por": "pt",
}
_BRACES = re.compile(r"[{}]")


def text_of_bytes(data: bytes) -> str:
    """The text of a file, whichever of the usual encodings it has."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read_references(text: str) -> list[Brought]:
    """Each reference of `text`, in its order, or why it cannot be read.

    Raises:
        TooLarge: there is too much of it.
        DomainError: it is none of the three formats.
    """
    # marks of order stand in the middle too, where files were put one after the other
    text = text.replace("\0", "").replace("\ufeff", "")
    if len(text) > MOST_CHARACTERS:
        raise TooLarge(_("Ce fichier est trop long : versez-le en plusieurs fois."))
    lines: Iterator[Brought]
    if _TAGGED.search(text):
        lines = (_from_record(record) for record in read_tagged(text))
    elif _BIBTEX.search(text):
        if len(text) > MOST_BIBTEX or len(_OPENINGS.findall(text)) > 2 * MOST_REFERENCES:
            raise TooLarge(_("Ce fichier est trop long : versez-le en plusieurs fois."))
        lines = _from_bibtex(text)
    else:
        raise DomainError(_("Ce texte n’est ni du RIS, ni du BibTeX, ni du NBIB."))
    return _bounded(lines)


def _bounded(lines: Iterator[Brought]) -> list[Brought]:
    found: list[Brought] = []
    for line in lines:
        if len(found) >= MOST_REFERENCES:
            raise TooLarge(
                _("Versez %(most)s références à la fois, au plus.", most=MOST_REFERENCES)
            )
        found.append(line)
    return found


def _brought(line: int, entry: Entry) -> Brought:
    tidy = cleaned(entry)
    if not tidy.title:
        return Brought(line, trouble=_("Cette référence n’a pas de titre."))
    return Brought(line, entry=tidy)


def _from_record(record: Record) -> Brought:
    return _brought(record.line, _nbib(record) if record.is_nbib else _ris(record))


def _ris(record: Record) -> Entry:
    said = record.first("PY", "Y1", "DA")
    pages = [page for page in (record.first("SP"), record.first("EP")) if page]
    title = record.first("TI", "T1", "CT", "BT")
    return Entry(
        title=title,
        authors=record.every("AU", "A1"),
        journal=record.first("JO", "JF", "T2", "JA"),
        published_on=_day(record.first("DA") or said),
        year=_year(said),
        volume=record.first("VL"),
        number=record.first("IS"),
        pages="-".join(pages),
        doi=record.first("DO"),
        url=record.first("UR", "L2", "LK"),
        language=_language(record.first("LA")),
        abstract=record.first("AB", "N2"),
        open_access=access_of(
            [*record.every("UR"), *record.every("L1"), *record.every("L2"), *record.every("LK")]
            + [one for one in record.every("C2") if one.upper().startswith("PMC")]
        ),
        design=design_of((record.first("TY"), *record.every("M3")), title=title),
    )


def _nbib(record: Record) -> Entry:
    numbers = (*record.every("LID"), *record.every("AID"))
    doi = next((one for one in numbers if one.endswith("[doi]")), "")
    pmid = record.first("PMID")
    title = record.first("TI", "BTI", "TT")
    return Entry(
        title=title,
        authors=record.every("FAU", "AU", "CN"),
        journal=record.first("JT", "TA"),
        published_on=_day(record.first("DP")),
        year=_year(record.first("DP")),
        volume=record.first("VI"),
        number=record.first("IP"),
        pages=record.first("PG"),
        doi=doi.removesuffix("[doi]"),
        pmid=pmid,
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid.isdigit() else "",
        language=_language(record.first("LA")),
        abstract=record.first("AB"),
        open_access=_access_in_pubmed(record),
        design=design_of(record.every("PT"), title=title),
        country=country_of(one.replace("*", "") for one in record.every("MH")),
    )


def _access_in_pubmed(record: Record) -> OpenAccess:
    """An article of PubMed Central is read there from its day of release on."""
    released = _day(record.first("PMCR"))
    is_awaited = released is not None and released > now().date()
    return access_of(() if is_awaited else record.every("PMC"))


def _from_bibtex(text: str) -> Iterator[Brought]:
    try:
        entries = read_bibtex(text)
    except Unreadable:
        raise DomainError(
            _("Ce fichier BibTeX ne se lit pas en un temps raisonnable : versez-le en partie.")
        ) from None
    for one in entries:
        if one.fields is None:
            told = _("Cette référence est mal fermée : accolade ou guillemet manquant.")
            yield Brought(one.line, trouble=told)
        else:
            yield _brought(one.line, _bibtex(one.fields))


def _bibtex(fields: Mapping[str, str]) -> Entry:
    def said(*names: str) -> str:
        return _BRACES.sub("", next((fields[one] for one in names if fields.get(one)), ""))

    authors = " ".join(said("author", "editor").split()).split(" and ")
    return Entry(
        title=said("title"),
        authors=tuple(one.strip() for one in authors if one.strip()),
        journal=said("journal", "journaltitle", "booktitle", "institution"),
        published_on=_day(said("date")),
        year=_year(said("year", "date")),
        volume=said("volume"),
        number=said("number", "issue"),
        pages=said("pages").replace("--", "-").replace("–", "-"),
        doi=said("doi"),
        pmid=said("pmid"),
        url=said("url") if "://" in said("url") else "",
        language=_language(said("language", "langid")),
        abstract=said("abstract"),
        open_access=access_of((said("url"), said("pmcid"), said("pmc"))),
        design=design_of((said("entrytype"), said("type")), title=said("title")),
    )


def _year(written: str) -> int | None:
    found = _YEAR.search(written)
    return int(found[1]) if found else None


def _day(written: str) -> date | None:
    """The day, or the first day of the month, that `written` says; None for a year alone."""
    year = _year(written)
    rest = re.findall(r"[^\W_]+", written.partition(str(year))[2]) if year else []
    if not rest:
        return None
    month = _MONTHS.get(rest[0].lower()[:4]) or _MONTHS.get(rest[0].lower()[:3]) or _small(rest[0])
    day = _small(rest[1]) if len(rest) > 1 else 1
    try:
        return date(year or 0, month, day or 1) if month else None
    except ValueError:
        return None


def _small(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) <= 2 else 0


def _language(written: str) -> str:
    return _LANGUAGES.get(written.strip().lower(), written)


def one_reference(
    *,
    title: str,
    url: str,
    authors: str = "",
    journal: str = "",
    said_on: str = "",
    doi: str = "",
    language: str = "",
    abstract: str = "",
) -> Entry:
    """What a person noted by hand, cleaned; authors are one a line."""
    return cleaned(
        Entry(
            title=title,
            url=url.strip(),
            authors=tuple(one for one in authors.splitlines() if one.strip()),
            journal=journal,
            published_on=_day(said_on),
            year=_year(said_on),
            doi=doi or normalise_doi(url),
            language=language,
            abstract=abstract,
            open_access=access_of((url,)),
            design=design_of((), title=title),
        )
    )
