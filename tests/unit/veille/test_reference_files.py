"""RIS, BibTeX and NBIB, as exports write them and as strangers break them; alerts recognised."""

from datetime import date
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inters4.core.errors import DomainError, TooLarge
from inters4.veille.forms.alerts import LONGEST_ALERT, AlertLink, recognise, unwrapped
from inters4.veille.forms.bibtex import ONE_AT_A_TIME, Unreadable, read_bibtex
from inters4.veille.forms.references import (
    MOST_REFERENCES,
    one_reference,
    read_references,
    text_of_bytes,
)
from inters4.veille.services.depositing import Brought
from inters4.veille.services.entries import Entry

RIS = """Provider: une base
Database: une autre

TY  - JOUR
AU  - Tremblay, Marie
AU  - Roy, Jean
TI  - Un titre sur
      deux lignes
JO  - Une revue
PY  - 2024/07/05/
VL  - 12
IS  - 3
SP  - 10
EP  - 19
DO  - https://doi.org/10.1234/ABC
UR  - https://revue.example/1?utm_source=ris
LA  - fre
AB  - Deux groupes.
ER  -\x20

TY  - RPRT
AU  - Sans titre
ER  -
"""
NBIB = """
PMID- 33818534
OWN - NLM
TI  - Healthcare utilisation among
      Canadian adults.
FAU - Clark, Anna
FAU - St John, Philip
LA  - eng
DP  - 2021 Apr-Jun
TA  - Can J Rural Med
JT  - Canadian journal of rural medicine
VI  - 26
IP  - 2
PG  - 69-79
LID - 10.4103/CJRM.CJRM_43_20 [doi]

PMID- 1
TI  - Un second article
"""
BIBTEX = """@comment{rien}
@article{a, title={Un {T}itre \\'evident}, author={Roy, J. and Tremblay, Marie},
  journal={Une revue}, year=2020, pages={1--9}, doi={10.1234/xyz}, url={https://revue.example/2}}
@article{a, title={Le même nom}}
@book{b, title = "jamais fermé
@misc{c, title={Un dernier}, date={2019-03-02}}
"""


def entries(text: str) -> list[Entry]:
    return [one.entry for one in read_references(text) if one.entry]


def test_a_ris_file_says_all_of_a_reference() -> None:
    [entry] = entries(RIS)

    assert entry.title == "Un titre sur deux lignes"
    assert entry.authors == ("Tremblay, Marie", "Roy, Jean")
    assert (entry.journal, entry.volume, entry.number) == ("Une revue", "12", "3")
    assert (entry.pages, entry.year, entry.published_on) == ("10-19", 2024, date(2024, 7, 5))
    assert (entry.doi, entry.language) == ("10.1234/abc", "fr")
    assert (entry.url, entry.abstract) == ("https://revue.example/1", "Deux groupes.")


def test_a_reference_without_a_title_is_told_with_its_line() -> None:
    assert read_references(RIS)[1] == Brought(21, trouble="Cette référence n’a pas de titre.")


def test_an_nbib_file_is_what_pubmed_writes() -> None:
    first, second = entries(NBIB)

    assert first.title == "Healthcare utilisation among Canadian adults."
    assert first.authors == ("Clark, Anna", "St John, Philip")
    assert (first.pmid, first.doi) == ("33818534", "10.4103/cjrm.cjrm_43_20")
    assert (first.year, first.published_on, first.language) == (2021, date(2021, 4, 1), "en")
    assert second.title == "Un second article"


def test_a_bibtex_file_is_read_around_its_mistakes() -> None:
    found = read_references(BIBTEX)

    assert [one.entry.title for one in found if one.entry] == [
        "Un Titre évident",
        "Le même nom",
        "Un dernier",
    ]
    [broken] = [one for one in found if one.trouble]
    assert broken.line == 5
    first = entries(BIBTEX)[0]
    assert first.authors == ("Roy, J.", "Tremblay, Marie")
    assert (first.year, first.pages, first.doi) == (2020, "1-9", "10.1234/xyz")


def test_a_bibtex_file_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(Unreadable):
        read_bibtex(BIBTEX, seconds=0.001)


def test_bibtex_files_are_read_one_at_a_time() -> None:
    found: list[int] = []
    others = [
        Thread(target=lambda: found.append(len(read_bibtex("@article{a, title={Un}}"))))
        for _other in range(3)
    ]
    with ONE_AT_A_TIME:
        for other in others:
            other.start()
        others[0].join(0.5)
        assert found == []
    for other in others:
        other.join()

    assert found == [1, 1, 1]


def test_a_reference_that_is_never_closed_is_read_all_the_same() -> None:
    assert [one.title for one in entries("TY  - JOUR\nTI  - Un\nTY  - JOUR\nTI  - Deux\n")] == [
        "Un",
        "Deux",
    ]


@pytest.mark.parametrize(
    "fields", ["TY  - JOUR\nTI  - {}\nER  - \n", "PMID- 1\nTI  - {}\n      suite\n"]
)
def test_references_set_back_as_a_whole_are_read(fields: str) -> None:
    lines = fields.format("Un titre").splitlines()
    text = "Voici :\n" + "\n".join(f"    {line}" for line in lines)

    [brought] = read_references(text)

    assert brought.entry is not None
    assert brought.entry.title.startswith("Un titre")
    assert brought.line == 2


@pytest.mark.parametrize("closed", [True, False])
def test_files_put_one_after_the_other_lose_no_reference(closed: bool) -> None:
    end = "ER  - \n" if closed else ""
    files = [f"\ufeffTY  - JOUR\nTI  - Titre {number}\n{end}" for number in range(3)]

    brought = read_references("".join(files))

    titles = [one.entry.title for one in brought if one.entry is not None]
    assert titles == ["Titre 0", "Titre 1", "Titre 2"]


def test_a_bibtex_paste_may_begin_with_a_mark_of_order() -> None:
    [brought] = read_references("\ufeff@article{a, title={Un titre}}")

    assert brought.entry is not None


def test_other_texts_are_refused_in_words() -> None:
    with pytest.raises(DomainError, match="ni du RIS, ni du BibTeX, ni du NBIB"):
        read_references("Bonjour, voici mes articles.")


def test_too_many_references_are_refused() -> None:
    with pytest.raises(TooLarge):
        read_references("TY  - JOUR\nTI  - Un\nER  - \n" * (MOST_REFERENCES + 1))
    with pytest.raises(TooLarge):
        read_references("@article{" * (2 * MOST_REFERENCES + 1))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("é".encode(), "é"),
        ("\ufeffé".encode(), "é"),
        ("é".encode("cp1252"), "é"),
        ("é".encode("utf-16"), "\ufeffé"),
    ],
)
def test_a_file_is_read_in_the_usual_encodings(data: bytes, text: str) -> None:
    assert text_of_bytes(data).lstrip("\ufeff") == text.lstrip("\ufeff")


@pytest.mark.parametrize(
    "text",
    [
        "TY  - JOUR\n" + "TI  - " + "a" * 200_000,
        "TY  - JOUR\nTI  - x\n" + "      suite\n" * 100_000,
        "PMID- \0\nTI  - <script>alert(1)</script> Titre\n",
        "@article{a, title={" + "{" * 20_000,
        "@article{" * 2_000,
        "@article{a, title={x}, author={" + " and ".join("A B" for _one in range(5_000)) + "}}",
        "@string{a = {b}}\n@article{c, title = a # a}",
        "@article{a, title={x" + "\n" * 60_000 + "y}}",
        "@article{a, title={x}, author={a" + " " * 100_000 + "b}}",
        "TY  - JOUR\nTI  - Titre &#" + "9" * 5_000 + "; <![foo[",
        "TY  - JOUR\nTI  - " + "<a href='" * 50_000,
        "TY  - JOUR\nDA  - 9999/99/99\nPY  - 20240\nTI  - Une date folle\nER  - ",
    ],
    ids=[
        *("long", "many", "nul", "braces", "openings", "authors", "strings", "empty lines"),
        *("spaces", "marks", "tags", "dates"),
    ],
)
def test_a_hostile_file_is_read_or_told_and_never_breaks(text: str) -> None:
    for one in read_references(text):
        assert one.trouble or one.entry
        assert one.entry is None or "<script" not in one.entry.title


@pytest.mark.parametrize(
    ("opening", "repeated"),
    [
        ("TY  - JOUR\nTI  - a\n", "b\n"),
        ("TY  - JOUR\nTI  - a\n", " \n"),
        ("TY  - JOUR\nTI  - a\n", "TI  - a\n"),
        ("TY  - JOUR\nTI  - a\n", "AU  - Roy, Jean\n"),
        ("TY  - JOUR\nTI  - a\nTI  - ", "\x0bTI  - x"),
        ("", "TY  - JOUR\nTI  - a\nDO  - " + "10.1111." * 2_400 + "\nER  - \n"),
        ("", "TY  - JOUR\nTI  - a\nDO  - 10.1111/" + ")" * 19_900 + "\nER  - \n"),
        ("", "TY  - JOUR\nTI  - " + "<a " * 6_600 + "\nDA  - " + "2020/" * 3_900 + "\nER  - \n"),
        ("", "TY  - JOUR\nTI  - a\nAU  - " + "Aa Bb and " * 1_900 + "\nER  - \n"),
        ("PMID- 1\nTI  - a\n", "MH  - Canada\n"),
        ("", "PMID- 1\nTI  - a\nAID - " + "10.1" * 4_900 + " [doi]\n\n"),
        (" ", "\n "),
    ],
)
def test_a_tagged_file_of_a_million_signs_costs_no_more_than_its_length(
    opening: str, repeated: str
) -> None:
    """Read in this process: what cost the square of its length would not end."""
    text = opening + repeated * (1_000_000 // len(repeated)) + "TY  - JOUR\nTI  - Fin\n"

    assert all(one.entry or one.trouble for one in read_references(text))


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=400))
def test_whatever_follows_a_first_field_is_read_or_told(rest: str) -> None:
    for one in read_references(f"TY  - JOUR\n{rest}"):
        assert one.trouble or one.entry


def test_what_is_noted_by_hand_gains_the_doi_of_its_address() -> None:
    entry = one_reference(
        title=" Un  titre ",
        url="https://doi.org/10.1234/X?utm_source=a",
        authors="Roy J\n\nTremblay M",
        said_on="2026-11",
    )

    assert (entry.title, entry.doi) == ("Un titre", "10.1234/x")
    assert (entry.authors, entry.year) == (("Roy J", "Tremblay M"), 2026)
    assert entry.published_on == date(2026, 11, 1)


def test_an_alert_as_text_gives_titles_and_links() -> None:
    text = """Google Scholar
[PDF] Un suivi à domicile des personnes aînées
https://scholar.google.ca/scholar_url?url=https://revue.example/1&hl=fr
A Tremblay - Une revue, 2026
2. Une autre étude en région https://doi.org/10.1234/abc.
Une troisième, sans lien mais avec son numéro
doi:10.5555/xyz
Se désabonner de cette alerte : https://scholar.google.ca/cancel
"""

    assert recognise(text) == [
        AlertLink("Un suivi à domicile des personnes aînées", "https://revue.example/1"),
        AlertLink("Une autre étude en région", "https://doi.org/10.1234/abc", "10.1234/abc"),
        AlertLink(
            "Une troisième, sans lien mais avec son numéro",
            "https://doi.org/10.5555/xyz",
            "10.5555/xyz",
        ),
    ]


def test_an_alert_as_html_gives_its_anchors_once() -> None:
    link = "https://eur.safelinks.protection.outlook.com/?url=https%3A%2F%2Frevue.example%2F1"
    html = (
        f'<p><a href="{link}">Un suivi <b>à domicile</b> des aînés</a>'
        '<a href="https://revue.example/1?utm_source=x">Un suivi à domicile des aînés</a>'
        '<a href="https://revue.example/moi">Voir</a>'
        '<a href="javascript:alert(1)">Un titre assez long pour tromper</a>'
    )

    assert recognise(html) == [
        AlertLink("Un suivi à domicile des aînés", "https://revue.example/1")
    ]


_LONG = "Telehealth in rural areas: a systematic review of what works."
_SHORT = "Another study of home care in the North."
_NUMBERED = f"""PubMed Results
Items 1 - 2 of 2

1.  {_LONG[:50]}
    {_LONG[50:]}
    Smith J, Roy K, van der Berg ML.
    J Rural Health. 2026 Nov 3. doi: 10.1111/jrh.12900. Online ahead of print.
    PMID: 12345678
    Similar articles

2.  {_SHORT}
    Tremblay M.
    Can Fam Physician. 2026;72(11):10-19. doi: 10.46747/cfp.721110.
"""
_ABSTRACTS = f"""1. J Rural Health. 2026 Nov 3. doi: 10.1111/jrh.12900. Online ahead of print.

{_LONG[:50]}
{_LONG[50:]}

Smith J(1), Roy K(2).

ABSTRACT: Many words, in 2025.

DOI: 10.1111/jrh.12900
PMID: 12345678

2. Can Fam Physician. 2026;72(11):10-19. doi: 10.46747/cfp.721110.

{_SHORT}
"""
_CITATIONS = f"""1: Smith J, Roy K. {_LONG} J Rural Health. 2026 Nov 3. doi: 10.1111/jrh.12900.

2: Tremblay M. {_SHORT} Can Fam Physician. 2026;72(11):10. doi: 10.46747/cfp.721110. PMID: 12.
"""
_BARE = f"""{_LONG}
Smith J, Roy K
J Rural Health. 2026. doi: 10.1111/jrh.12900.
PMID: 12345678

{_SHORT}
Tremblay M
Can Fam Physician. 2026. doi: 10.46747/cfp.721110.
"""


@pytest.mark.parametrize("text", [_NUMBERED, _ABSTRACTS, _CITATIONS, _BARE])
def test_an_alert_of_pubmed_as_text_gives_titles_and_numbers(text: str) -> None:
    assert [(one.title, one.doi) for one in recognise(text)] == [
        (_LONG, "10.1111/jrh.12900"),
        (_SHORT, "10.46747/cfp.721110"),
    ]


def test_an_item_without_a_doi_is_found_by_its_pmid() -> None:
    text = f"3. {_SHORT}\nTremblay M.\nCan Fam Physician. 2026;72(11):10.\nPMID: 12345679\n"

    assert recognise(text) == [
        AlertLink(_SHORT, "https://pubmed.ncbi.nlm.nih.gov/12345679/", pmid="12345679")
    ]


def test_lines_of_a_title_and_an_address_are_read_whole() -> None:
    text = (
        "[PDF] Un titre avec un numéro à parenthèses <https://doi.org/10.1016/S0140-6736(20)30-5>\n"
        "Lire l’article <https://revue.example/1>\nTwitter <https://twitter.com/x>\n"
    )

    assert [one.url for one in recognise(text)] == ["https://doi.org/10.1016/S0140-6736(20)30-5"]


def test_a_text_without_articles_gives_nothing() -> None:
    assert recognise("Bonjour, à demain.") == []


def test_links_that_wrap_themselves_end() -> None:
    assert unwrapped("https://www.google.com/url?url=" * 50).startswith("https://")
    assert unwrapped("https://[") == ""
    assert unwrapped("https://www.google.com/url?" + "a=1&" * 60) == ""


@pytest.mark.parametrize(
    "sign",
    ['<a href="http://e.x/', "<a ", "<!", "<!--", "<![", "<a href='\"", "</a", "<a \"<a'", "doi "],
)
def test_signs_that_nothing_closes_cost_no_more_than_their_length(sign: str) -> None:
    pasted = sign * (LONGEST_ALERT // len(sign))

    assert recognise(pasted) == []


def test_an_address_is_found_beside_other_attributes() -> None:
    html = (
        "<p>&lt;a> <!-- <a href='https://revue.example/0'>Un titre mis de côté</a> --> "
        '<A class="b > c" HREF = https://revue.example/1?a=1&amp;b=2>'
        "Un titre avec une esp&egrave;ce de signe</A>"
        "<![if !mso]><a title=l'autre href='https://revue.example/2'>"
        "Un titre que rien ne ferme &#99999999999;"
    )

    assert recognise(html) == [
        AlertLink("Un titre avec une espèce de signe", "https://revue.example/1?a=1&b=2"),
        AlertLink("Un titre que rien ne ferme \ufffd", "https://revue.example/2"),
    ]


@given(st.text(max_size=300))
def test_any_paste_is_recognised_or_not(text: str) -> None:
    for link in recognise(text):
        assert link.url.startswith("http")
