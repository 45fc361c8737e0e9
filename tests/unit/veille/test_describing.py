"""What sources say of an article besides its reference, and nothing that they do not say."""

import pytest

from inters4.veille.forms.references import read_references
from inters4.veille.models import OpenAccess
from inters4.veille.services.describing import access_of, country_of, design_of
from inters4.veille.services.entries import Entry


@pytest.mark.parametrize(
    ("types", "design"),
    [
        (("Journal Article", "Review", "Systematic Review"), "revue-sys"),
        (("Journal Article", "Randomized Controlled Trial"), "ecr"),
        (("Meta-Analysis", "Randomized Controlled Trial"), "revue-sys"),
        (("Practice Guideline",), "guide"),
        (("Review",), "revue-autre"),
        (("THES",), "these"),
        (("Editorial",), "expert"),
        (("Journal Article", "Multicenter Study"), ""),
        ((), ""),
    ],
)
def test_a_publication_type_says_the_design(types: tuple[str, ...], design: str) -> None:
    assert design_of(types, title="Des soins à domicile") == design


@pytest.mark.parametrize(
    ("title", "design"),
    [
        ("Home care: a systematic review and meta-analysis", "revue-sys"),
        ("Home care: a scoping review of randomized controlled trials", "revue-autre"),
        ("Paramedicine: A Cluster Randomized Clinical Trial", "ecr"),
        ("Un suivi à domicile : essai clinique randomisé", "ecr"),
        ("Home care: a non-randomised controlled trial", "quasi"),
        ("Nurses’ views: a qualitative descriptive study", "qualitative"),
        ("Les proches : une étude qualitative", "qualitative"),
        ("Home care: a mixed-methods study", "mixte"),
        ("Cost-effectiveness of home care alongside a randomized trial", "economique"),
        ("Home care: a population-based cohort study", "observationnelle"),
        ("Home care: protocol for a systematic review", ""),
        ("Correction: Home care, a scoping review", ""),
        ("Comment on a randomized trial", ""),
        ("Reviewing the qualitative", ""),
        ("", ""),
    ],
)
def test_a_title_may_name_its_own_method(title: str, design: str) -> None:
    assert design_of((), title=title) == design


def test_a_publication_type_is_believed_before_a_title() -> None:
    title = "Evidence after a systematic review"

    assert design_of(("Randomized Controlled Trial",), title=title) == "ecr"


@pytest.mark.parametrize(
    ("headings", "country"),
    [
        (("Aged", "Canada/epidemiology"), "CA"),
        (("Quebec", "Ontario", "Humans"), "CA"),
        (("England", "United Kingdom"), "GB"),
        (("Canada", "France"), ""),
        (("Georgia",), ""),
        (("Humans",), ""),
        ((), ""),
    ],
)
def test_one_country_among_headings_is_that_of_the_study(
    headings: tuple[str, ...], country: str
) -> None:
    assert country_of(headings) == country


@pytest.mark.parametrize(
    ("said", "is_open"),
    [
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC123/", True),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC123/", True),
        ("http://creativecommons.org/licenses/by/4.0/", True),
        ("This is an Open Access article", True),
        ("PMC123", True),
        ("https://pubmed.ncbi.nlm.nih.gov/123/", False),
        ("© 2026 La revue. Tous droits réservés.", False),
        ("", False),
    ],
)
def test_access_is_open_when_something_says_so_and_unknown_otherwise(
    said: str, is_open: bool
) -> None:
    assert access_of([said]) is (OpenAccess.YES if is_open else OpenAccess.UNKNOWN)


def described(text: str) -> tuple[str, str, OpenAccess]:
    [entry] = [one.entry for one in read_references(text) if one.entry]
    assert isinstance(entry, Entry)
    return entry.design, entry.country, entry.open_access


@pytest.mark.parametrize(
    ("released", "access"),
    [("2024/01/01 00:00", OpenAccess.YES), ("2099/12/31 00:00", OpenAccess.UNKNOWN)],
)
def test_an_nbib_file_says_design_country_and_when_all_may_read(
    released: str, access: OpenAccess
) -> None:
    text = (
        "PMID- 1\nTI  - Home care\nPT  - Journal Article\nPT  - Systematic Review\n"
        f"MH  - *Home Care Services\nMH  - Canada\nPMC - PMC123\nPMCR- {released}\n"
    )

    assert described(text) == ("revue-sys", "CA", access)


def test_ris_and_bibtex_say_what_they_can() -> None:
    ris = "TY  - THES\nTI  - Les soins\nL2  - https://pmc.ncbi.nlm.nih.gov/articles/PMC1/\nER  - \n"
    bibtex = "@phdthesis{a, title={Les soins}, pmcid={PMC1}}"

    assert described(ris) == ("these", "", OpenAccess.YES)
    assert described(bibtex) == ("these", "", OpenAccess.YES)
    assert described("TY  - JOUR\nTI  - Les soins\nER  - \n") == ("", "", OpenAccess.UNKNOWN)
