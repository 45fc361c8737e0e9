"""References for people and for their reference managers, whatever the titles hold."""

import io
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs

import html5lib
import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from hypothesis import given, settings
from hypothesis import strategies as st

from inters4.core.citations import (
    Author,
    Citation,
    CitationKind,
    apa,
    apa_text,
    bibtex,
    coins,
    highwire,
    json_ld,
    ris,
)
from inters4.core.citations.exchange import bibtex_key
from inters4.core.i18n import use_locale

ARTICLE = Citation(
    key="resume/fleet-2015",
    kind=CitationKind.ARTICLE,
    title="Portrait of rural emergency departments",
    authors=(
        Author(family="Fleet", given="Richard"),
        Author(family="de la Croix", given="Jean-Marc F."),
    ),
    container="BMC Health Services Research",
    year=2015,
    volume="15",
    number="1",
    pages="572–580",
    doi="https://doi.org/10.1186/s12913-015-1242-0",
    pmid="26714652",
    language="en",
    abstract="Une ligne.\nUne autre.",
    keywords=("urgence", "milieu rural"),
)
REPORT = Citation(
    key="synthese/guide",
    kind=CitationKind.REPORT,
    title="Guide d’implantation",
    authors=(Author(literal="INESSS"),),
    publisher="INESSS",
    year=2021,
    number="12",
    url="https://www.exemple.ca/guide",
    language="fr",
)
PAGE = Citation(
    key="fiche/gap",
    kind=CitationKind.WEB_PAGE,
    title="Le guichet : ça marche?",
    container="InterS4",
    day=date(2026, 11, 1),
    accessed=date(2026, 11, 21),
    url="https://portail.exemple.ca/pratiques/gap",
    language="fr",
)
ISSUE = Citation(
    key="numero/proximite/3",
    kind=CitationKind.ISSUE,
    title="Ce qui bouge",
    authors=(Author(literal="Équipe de courtage"),),
    container="Infolettre Proximité",
    number="3",
    day=date(2026, 11, 21),
    language="fr",
)
HOSTILE = (
    'A {brace, an } unbalanced \\one, 50 % of $x_1 & #2 ~ ^ "quoted" <b>é</b>\r\n'
    "ER  - \r\nTY  - BOOK\nTI  - planted\u2028</script><script>alert(1)</script>@book{x,"
)


@pytest.mark.parametrize(
    ("text", "author"),
    [
        ("Richard Fleet", Author(family="Fleet", given="Richard")),
        ("Fleet, Richard", Author(family="Fleet", given="Richard")),
        ("  Marie-Ève\tPoitras ", Author(family="Poitras", given="Marie-Ève")),
        ("Jean de la Croix", Author(family="de la Croix", given="Jean")),
        ("Michael Van der Elst", Author(family="Van der Elst", given="Michael")),
        ("Ali Ben Charif", Author(family="Ben Charif", given="Ali")),
        ("Jeanne d’Arc", Author(family="d’Arc", given="Jeanne")),
        ("Chauny JM", Author(family="Chauny", given="JM")),
        ("Rueda JR", Author(family="Rueda", given="JR")),
        ("Martin Luther King Jr.", Author(family="King", given="Martin Luther")),
        ("INESSS", Author(literal="INESSS")),
        ("CISSS du Bas-Saint-Laurent", Author(literal="CISSS du Bas-Saint-Laurent")),
        ("World Health Organization", Author(literal="World Health Organization")),
        ("Institut national, Direction", Author(literal="Institut national, Direction")),
        ("Table des chefs", Author(literal="Table des chefs")),
        ("et al.", Author(literal="et al.")),
    ],
)
def test_a_name_is_read_as_sources_write_it(text: str, author: Author) -> None:
    assert Author.parse(text) == author


def test_et_al_at_the_end_of_a_name_is_taken_apart() -> None:
    found = Author.parse_all(["Richard Fleet et al.", "Julien Poitras", " "])

    assert [author.inverted for author in found] == ["Fleet, Richard", "et al.", "Poitras, Julien"]


@pytest.mark.parametrize(
    ("given_names", "short"),
    [
        ("Jean-Marc", "X, J.-M."),
        ("Fatoumata Korika", "X, F. K."),
        ("JM", "X, J. M."),
        ("J.-M.", "X, J.-M."),
        ("R.J.", "X, R. J."),
        ("Élise", "X, É."),
        ("", "X"),
    ],
)
def test_given_names_become_initials(given_names: str, short: str) -> None:
    assert Author(family="X", given=given_names).short == short


def test_an_article_in_apa() -> None:
    assert apa_text(ARTICLE) == (
        "Fleet, R. & de la Croix, J.-M. F. (2015). Portrait of rural emergency departments. "
        "BMC Health Services Research, 15(1), 572–580. "
        "https://doi.org/10.1186/s12913-015-1242-0"
    )
    assert apa(ARTICLE) == (
        "Fleet, R. &amp; de la Croix, J.-M. F. (2015). "
        '<span lang="en">Portrait of rural emergency departments</span>. '
        "<i>BMC Health Services Research</i>, <i>15</i>(1), 572–580. "
        '<a href="https://doi.org/10.1186/s12913-015-1242-0">'
        "https://doi.org/10.1186/s12913-015-1242-0</a>"
    )


def test_who_publishes_is_not_named_twice() -> None:
    assert apa_text(REPORT) == (
        "INESSS. (2021). Guide d’implantation (nº 12). https://www.exemple.ca/guide"
    )
    assert "<i>Guide d’implantation</i>" in apa(REPORT)


def test_a_chapter_is_in_its_work() -> None:
    chapter = replace(REPORT, number="", container="Le grand guide", pages="12-15", publisher="PUL")

    assert apa_text(chapter) == (
        "INESSS. (2021). Guide d’implantation. Dans Le grand guide (p. 12–15). PUL. "
        "https://www.exemple.ca/guide"
    )


def test_a_page_without_author_starts_with_its_title() -> None:
    assert apa_text(PAGE) == (
        "Le guichet : ça marche? (2026, 1er novembre). InterS4. "
        "Consulté le 21 novembre 2026 à https://portail.exemple.ca/pratiques/gap"
    )


def test_an_issue_is_dated_to_the_day() -> None:
    assert apa_text(ISSUE) == (
        "Équipe de courtage. (2026, 21 novembre). Ce qui bouge. Infolettre Proximité, (3)."
    )


def test_what_has_no_date_says_so() -> None:
    assert "(s. d.)" in apa_text(replace(REPORT, year=None))


def test_the_reference_speaks_english_to_who_reads_english() -> None:
    with use_locale("en"):
        assert apa_text(ARTICLE).startswith("Fleet, R., & de la Croix, J.-M. F. (2015).")
        assert "lang=" not in apa(ARTICLE)
        assert "(2026, November 1)" in apa_text(PAGE)


@pytest.mark.parametrize(("count", "has_gap"), [(20, False), (21, True), (30, True)])
def test_past_twenty_authors_the_last_follows_a_gap(count: int, *, has_gap: bool) -> None:
    authors = tuple(Author(family=f"Nom{number}", given="A") for number in range(1, count + 1))

    text = apa_text(replace(ARTICLE, authors=authors))

    assert ("Nom19, A., … Nom" in text) is has_gap
    assert f"Nom{count}, A. (2015)" in text
    assert ("Nom20" in text) is (count == 20)


def test_authors_that_the_source_left_out_are_not_invented() -> None:
    authors = Author.parse_all(["Richard Fleet", "et al."])

    assert apa_text(replace(ARTICLE, authors=authors)).startswith("Fleet, R. et al. (2015)")
    assert "and others}" in bibtex([replace(ARTICLE, authors=authors)])
    assert "et al" not in ris([replace(ARTICLE, authors=authors)])


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//x", "http://["])
def test_only_web_addresses_become_links(address: str) -> None:
    assert "href" not in apa(replace(REPORT, url=address))


def test_markup_in_a_field_stays_text() -> None:
    hostile = replace(
        ARTICLE,
        title=HOSTILE,
        container="<i>x",
        volume='"><b>',
        authors=(Author(literal="<script>"),),
        language='"><b>',
    )
    tree = html5lib.parseFragment(apa(hostile), namespaceHTMLElements=False)

    assert {element.tag for element in tree.iter()} == {"DOCUMENT_FRAGMENT", "span", "i", "a"}


def _read_ris(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rispy.load(io.StringIO(text))
    return found


def test_ris_is_read_back() -> None:
    (entry, report) = _read_ris(ris([ARTICLE, replace(REPORT, day=date(2021, 3, 9))]))

    assert entry["type_of_reference"] == "JOUR"
    assert entry["title"] == ARTICLE.title
    assert entry["authors"] == ["Fleet, Richard", "de la Croix, Jean-Marc F."]
    assert entry["secondary_title"] == ARTICLE.container
    assert (entry["year"], entry["volume"], entry["number"]) == ("2015", "15", "1")
    assert (entry["start_page"], entry["end_page"]) == ("572", "580")
    assert entry["doi"] == "10.1186/s12913-015-1242-0"
    assert entry["accession_number"] == "26714652"
    assert entry["keywords"] == ["urgence", "milieu rural"]
    assert entry["abstract"] == "Une ligne. Une autre."
    assert entry["urls"] == [ARTICLE.link]
    assert report["date"] == "2021/03/09/"
    assert report["publisher"] == "INESSS"


RIS_TAGS = re.compile(
    "A[234BDNU]|C[1-8ANY]|D[ABOP]|E[PT]|I[DS]|J2|KW|L[14AB]|M[13]|N[1V]|OP|P[BY]|R[INP]"
    "|S[ENPTV]|T[23AITY]|UR|VL|Y2"
)
"""Tags of the specification of 2011, and those of the one before that everyone still reads."""


@pytest.mark.parametrize(
    ("citation", "kind"),
    [(ARTICLE, "JOUR"), (REPORT, "RPRT"), (PAGE, "ELEC"), (ISSUE, "MGZN")],
)
def test_ris_keeps_to_the_tags_and_dates_of_its_specification(
    citation: Citation, kind: str
) -> None:
    lines = ris([citation]).rstrip("\n").split("\n")

    told = [re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line) for line in lines]
    assert all(told), lines
    pairs = [(found[1], found[2]) for found in told if found]
    assert (pairs[0], pairs[-1]) == (("TY", kind), ("ER", ""))
    assert all(RIS_TAGS.fullmatch(tag) for tag, _value in pairs[:-1])
    for tag, value in pairs:
        if tag == "PY":
            assert re.fullmatch(r"\d{4}", value)
        if tag in {"DA", "Y2"}:
            assert re.fullmatch(r"\d{4}/\d{2}/\d{2}/", value)
        if tag == "DO":
            assert re.fullmatch(r"10\.\d{4,9}/\S+", value)


def test_a_report_has_its_number_and_a_page_its_site_where_zotero_looks() -> None:
    (report, page) = _read_ris(ris([REPORT, replace(PAGE, container="", publisher="InterS4")]))

    assert (report["issn"], report.get("number")) == ("12", None)
    assert page["secondary_title"] == "InterS4"


def test_no_field_can_plant_a_reference_in_ris() -> None:
    hostile = replace(
        ARTICLE, title=HOSTILE, abstract=HOSTILE, keywords=(HOSTILE,), key=HOSTILE, pages=HOSTILE
    )

    (entry, after) = _read_ris(ris([hostile, REPORT]))

    assert entry["type_of_reference"] == "JOUR"
    assert "TY - BOOK" in re.sub(" +", " ", entry["title"])
    assert after["title"] == REPORT.title


def _decoded(value: str) -> str:
    """A BibTeX value as LaTeX shows it."""
    names = {"textbackslash": "\\", "textbraceleft": "\1", "textbraceright": "\2"}
    names |= {"textasciitilde": "~", "textasciicircum": "^"}
    value = re.sub(r"\{\\(text[a-z]+)\}", lambda found: names[found[1]], value)
    value = re.sub(r"\\([&%$#_])", r"\1", value)
    value = value.replace("{", "").replace("}", "")
    return value.replace("\1", "{").replace("\2", "}")


def _read_bibtex(text: str) -> list[tuple[str, str, Mapping[str, str]]]:
    library = parse_string(text)
    assert library.failed_blocks == []
    return [
        (
            entry.entry_type,
            entry.key,
            {field.key: field.value for field in entry.fields},
        )
        for entry in library.entries
    ]


def test_bibtex_is_read_back() -> None:
    (article, report) = _read_bibtex(bibtex([ARTICLE, REPORT]))

    kind, key, fields = article
    assert (kind, key) == ("article", "resume-fleet-2015")
    assert fields["author"] == "Fleet, Richard and de la Croix, Jean-Marc F."
    assert fields["pages"] == "572--580"
    assert _decoded(fields["doi"]) == "10.1186/s12913-015-1242-0"
    assert report[0] == "techreport"
    assert report[2]["author"] == "{INESSS}"
    assert report[2]["institution"] == "INESSS"


def test_acronyms_keep_their_capitals_in_bibtex() -> None:
    (entry,) = _read_bibtex(bibtex([replace(ARTICLE, title="Un GMF-U et deux CLSC à Québec")]))

    assert entry[2]["title"] == "Un {GMF}-U et deux {CLSC} à Québec"


def test_no_field_can_plant_a_reference_in_bibtex() -> None:
    hostile = replace(
        ARTICLE,
        title=HOSTILE,
        abstract=HOSTILE,
        url="https://x.ca/}\n@book{y, title={planted}}",
        authors=(Author(literal=HOSTILE), Author(family="Smith and Sons, Ltd", given="A }")),
    )

    (entry, after) = _read_bibtex(bibtex([hostile, REPORT]))

    assert re.sub(r"\s+", " ", HOSTILE) == _decoded(entry[2]["title"])
    assert after[1] == bibtex_key(REPORT)


@settings(max_examples=60)
@given(st.text(max_size=60), st.text(max_size=30))
def test_any_text_goes_to_both_formats_and_back(title: str, family: str) -> None:
    citation = replace(ARTICLE, title=f"T{title}", authors=(Author(family=f"N{family}"),))

    (ris_entry,) = _read_ris(ris([citation]))
    (bib_entry,) = _read_bibtex(bibtex([citation]))

    assert ris_entry["title"].strip() == _decoded(bib_entry[2]["title"]).strip()
    assert len(ris_entry["authors"]) == 1


def test_a_document_cited_twice_is_written_once_in_bibtex() -> None:
    assert len(_read_bibtex(bibtex([ARTICLE, ARTICLE]))) == 1


def test_an_empty_list_is_an_empty_file() -> None:
    assert ris([]).strip() == ""
    assert bibtex([]).strip() == ""


@pytest.mark.parametrize("citation", [ARTICLE, REPORT, PAGE, ISSUE])
def test_zotero_finds_each_kind_in_a_list(citation: Citation) -> None:
    tree = html5lib.parseFragment(coins(citation), namespaceHTMLElements=False)
    span = tree.find("span")
    read = parse_qs(span.get("title"))

    assert span.get("class") == "Z3988"
    assert citation.title in {
        *read.get("rft.atitle", ()),
        *read.get("rft.btitle", ()),
        *read.get("rft.title", ()),
    }


def test_the_head_names_what_zotero_reads() -> None:
    found = highwire(ARTICLE)

    assert ("citation_title", ARTICLE.title) in found
    assert [content for name, content in found if name == "citation_author"] == [
        "Fleet, Richard",
        "de la Croix, Jean-Marc F.",
    ]
    assert ("citation_journal_title", ARTICLE.container) in found
    assert ("citation_publication_date", "2015") in found
    assert ("citation_firstpage", "572") in found
    assert ("citation_doi", "10.1186/s12913-015-1242-0") in found
    assert ("citation_technical_report_institution", "INESSS") in highwire(REPORT)
    assert all(content for _name, content in found)


def test_nothing_ends_the_script_of_the_description() -> None:
    hostile = replace(ARTICLE, title=HOSTILE, abstract="<!--<script>")
    drawn = json_ld(hostile, permalink="https://portail.exemple.ca/x")

    assert drawn.count("</script>") == 1
    assert "<!--" not in drawn
    tree = html5lib.parseFragment(drawn, namespaceHTMLElements=False)
    read = json.loads(tree.find("script").text)
    assert read["name"] == HOSTILE
    assert read["@id"] == "https://portail.exemple.ca/x"


def test_the_description_says_what_it_is() -> None:
    drawn = json_ld(ARTICLE, extra={"version": "2"})
    read = json.loads(drawn[drawn.index(">") + 1 : drawn.rindex("<")])

    assert read["@type"] == "ScholarlyArticle"
    assert read["author"][1]["familyName"] == "de la Croix"
    assert read["isPartOf"]["issueNumber"] == "1"
    assert read["isPartOf"]["isPartOf"]["isPartOf"]["name"] == ARTICLE.container
    assert read["version"] == "2"
    kinds = [json.loads(json_ld(x)[35:-9])["@type"] for x in (REPORT, PAGE, ISSUE)]
    assert kinds == ["Report", "WebPage", "Article"]


NOTED = replace(PAGE, note="Fiche de départ, {non} relue")


def test_what_nobody_has_read_says_so_in_every_form() -> None:
    assert "N1  - Fiche de départ, {non} relue" in ris([NOTED])
    assert "note = {Fiche de départ" in bibtex([NOTED])
    assert "Le guichet : ça marche? [Fiche de départ, {non} relue]." in apa_text(NOTED).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert ("DC.description", NOTED.note) in highwire(NOTED)
    assert "rft.description=Fiche" in coins(NOTED)


def test_the_reference_of_an_article_is_not_changed_by_what_its_summary_is() -> None:
    assert apa_text(replace(ARTICLE, note="Résumé de départ")) == apa_text(ARTICLE)


def test_a_reference_without_a_note_has_no_empty_one() -> None:
    assert "N1  -" not in ris([PAGE])
    assert "note = " not in bibtex([PAGE])
    assert "DC.description" not in dict(highwire(PAGE))
