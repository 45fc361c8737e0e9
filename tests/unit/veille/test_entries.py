"""Entries out of parsed feeds: plain texts, identifiers wherever they hide."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from inters4.core.fetch import FeedEntry, FeedLink, ParsedFeed
from inters4.veille.models import OpenAccess
from inters4.veille.services.entries import Entry, cleaned, entries_of
from inters4.veille.services.plain import line_of, text_of


def entry_of(**values: Any) -> FeedEntry:
    given: dict[str, Any] = {
        **dict.fromkeys(("id", "title", "link", "summary", "language", "source"), ""),
        **dict.fromkeys(("links", "authors", "tags", "identifiers"), ()),
        **dict.fromkeys(("published", "updated"), None),
        **values,
    }
    return FeedEntry(**given)


def feed_of(*entries: FeedEntry, language: str = "") -> ParsedFeed:
    return ParsedFeed(
        version="rss20",
        title="",
        link="",
        language=language,
        description="",
        ttl_minutes=None,
        entries=entries,
        is_malformed=False,
        is_truncated=False,
    )


def read(*, feed_language: str = "", source_language: str = "", **values: Any) -> Entry | None:
    feed = feed_of(entry_of(**values), language=feed_language)
    return next(iter(entries_of(feed, language=source_language)), None)


def test_an_entry_of_pubmed_gives_its_two_identifiers() -> None:
    entry = read(
        id="pubmed:38123456",
        title="Home <i>care</i> &amp;amp; follow-up",
        link="https://pubmed.ncbi.nlm.nih.gov/38123456/?utm_source=x&fc=1",
        authors=("Ariane Essai", "Camille Exemple"),
        published=datetime(2026, 11, 20, tzinfo=UTC),
        identifiers=("doi:10.1234/essai.56",),
        source="Journal of Examples",
        summary="<p>First.</p><p>Second &lt; third.</p>",
    )

    assert entry == Entry(
        title="Home care & follow-up",
        authors=("Ariane Essai", "Camille Exemple"),
        journal="Journal of Examples",
        published_on=date(2026, 11, 20),
        year=2026,
        doi="10.1234/essai.56",
        pmid="38123456",
        url="https://pubmed.ncbi.nlm.nih.gov/38123456/",
        guid="pubmed:38123456",
        abstract="First.\nSecond < third.",
    )


def test_an_entry_says_its_design_and_who_may_read_it() -> None:
    said = read(
        title="Home care",
        tags=("Nursing",),
        types=("Systematic Review",),
        links=(FeedLink("https://creativecommons.org/licenses/by/4.0/", "license", ""),),
    )
    titled = read(title="Home <i>care</i>: a randomized controlled trial", rights="Open Access")
    silent = read(title="Home care", rights="© La revue")

    assert said is not None
    assert titled is not None
    assert silent is not None
    assert (said.design, said.open_access) == ("revue-sys", OpenAccess.YES)
    assert (titled.design, titled.open_access) == ("ecr", OpenAccess.YES)
    assert (silent.design, silent.open_access) == ("", OpenAccess.UNKNOWN)


def test_a_number_for_a_guid_is_no_pmid() -> None:
    entry = read(id="12345", title="Un")

    assert entry is not None
    assert (entry.pmid, entry.guid) == ("", "12345")


@pytest.mark.parametrize(
    ("entry", "feed", "source", "spoken"),
    [
        ("fr-CA", "en", "es", "fr"),
        ("", "EN_us", "es", "en"),
        ("", "", "es", "es"),
        ("x", "", "", ""),
    ],
)
def test_the_nearest_language_is_believed(entry: str, feed: str, source: str, spoken: str) -> None:
    found = read(title="Un", language=entry, feed_language=feed, source_language=source)

    assert found is not None
    assert found.language == spoken


@pytest.mark.parametrize(
    ("written", "names"),
    [
        (("Roy A, Tremblay B, Gagnon C",), ("Roy A", "Tremblay B", "Gagnon C")),
        (("Anne Roy and Marie Tremblay",), ("Anne Roy", "Marie Tremblay")),
        (("Tremblay, Marie",), ("Tremblay, Marie",)),
        (("Roy A", "Tremblay, Marie"), ("Roy A", "Tremblay, Marie")),
        (("Institut national",), ("Institut national",)),
    ],
)
def test_one_element_may_hold_everyone(written: tuple[str, ...], names: tuple[str, ...]) -> None:
    entry = read(title="Un", authors=written)

    assert entry is not None
    assert entry.authors == names


def test_an_entry_without_title_takes_one_and_without_anything_is_left_out() -> None:
    told, shown = read(summary="<p>Ce que dit le texte.</p>"), read(link="https://revue.example/1")

    assert told is not None
    assert shown is not None
    assert (told.title, shown.title) == ("Ce que dit le texte.", "https://revue.example/1")
    assert read() is None


def test_the_page_of_an_entry_may_be_its_link_or_its_guid() -> None:
    page = "https://revue.example/1"
    linked = read(title="Un", links=(FeedLink(page, "alternate", "text/html"),))
    named = read(title="Un", id=page)

    assert linked is not None
    assert named is not None
    assert (linked.url, named.url) == (page, page)


def test_what_is_too_long_is_cut() -> None:
    entry = cleaned(Entry(title="x" * 9_000, abstract="y" * 90_000, authors=("z",) * 500))

    assert (len(entry.title), len(entry.abstract), len(entry.authors)) == (500, 10_000, 100)


def test_scripts_are_no_text() -> None:
    assert text_of("a<script>b()</script><style>c</style> d<br>e", longest=50) == "a d\ne"
    assert line_of("<p>a</p>\n<p>b &eacute;</p>", longest=50) == "a b é"


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("García Márquez, Gabriel José", ("García Márquez, Gabriel José",)),
        ("de la Cruz, Juan Pablo", ("de la Cruz, Juan Pablo",)),
        (
            "Réseau de recherche et Institut national",
            ("Réseau de recherche et Institut national",),
        ),
        ("Roy, Jean; Tremblay, Marie", ("Roy, Jean", "Tremblay, Marie")),
        (
            "Jean Roy, Marie Tremblay, and Ana de la Cruz",
            ("Jean Roy", "Marie Tremblay", "Ana de la Cruz"),
        ),
        ("Jean Roy et Marie Tremblay", ("Jean Roy", "Marie Tremblay")),
        ("Roy J, Tremblay MC", ("Roy J", "Tremblay MC")),
        ("J. Roy, M.-C. Tremblay", ("J. Roy", "M.-C. Tremblay")),
        ("Tremblay, Marie C.", ("Tremblay, Marie C.",)),
        (
            "World Health Organization and UNICEF Office",
            ("World Health Organization and UNICEF Office",),
        ),
        (
            "Institut National de Santé Publique et Centre Hospitalier",
            ("Institut National de Santé Publique et Centre Hospitalier",),
        ),
    ],
)
def test_a_person_written_in_one_element_stays_one(written: str, names: tuple[str, ...]) -> None:
    entry = read(title="Un titre", authors=(written,))

    assert entry is not None
    assert entry.authors == names


@pytest.mark.parametrize(
    ("others", "names"),
    [
        (("Anne Roy, Luc Gagnon, Ana de la Cruz",), ("Jean Roy", "Marie Tremblay")),
        (("Anne Roy, Luc Gagnon, Ana Cruz", "Cruz, Ana"), ("Jean Roy, Marie Tremblay",)),
        (("Anne Roy",), ("Jean Roy, Marie Tremblay",)),
        ((), ("Jean Roy, Marie Tremblay",)),
    ],
)
def test_a_source_shows_elsewhere_that_its_commas_stand_between_people(
    others: tuple[str, ...], names: tuple[str, ...]
) -> None:
    written = ("Jean Roy, Marie Tremblay", *others)
    feed = feed_of(*(entry_of(title="Un titre", authors=(one,)) for one in written))

    assert entries_of(feed)[0].authors == names


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_a_year_in_which_nothing_appears_is_left_out(day: date) -> None:
    entry = cleaned(Entry(title="Un titre", published_on=day, year=2**40))

    assert (entry.published_on, entry.year) == (None, None)


def test_marks_that_nothing_closes_leave_the_words() -> None:
    assert line_of("Un <![foo[ titre <b>fort</b>, p <0.05", longest=100) == (
        "Un <![foo[ titre fort, p <0.05"
    )
    assert line_of("a<script>if (1<2) '<p>'</script>b<!-- <i> -->c &#99999999999;", longest=50) == (
        "abc \ufffd"
    )


def test_signs_that_turn_or_hide_others_are_left_out() -> None:
    written = "gnp.\u202eexe\u2066 &#8238;a&#x200B;b\u00adc\x00\r\nd\ufeff m\u200ci"

    assert line_of(written, longest=50) == "gnp.exe abc d m\u200ci"
