"""How findings are recognised, whatever feeds write."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from inters4.veille.services.identity import (
    canonical_url,
    folded,
    guid_key,
    is_front_page,
    likeness,
    normalise_doi,
    normalise_pmid,
    url_key,
)


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        ("10.1234/ABC.5", "10.1234/abc.5"),
        ("doi:10.1234/abc", "10.1234/abc"),
        ("DOI: 10.1234/abc.", "10.1234/abc"),
        ("https://doi.org/10.1234/abc?x=1#y", "10.1234/abc"),
        ("http://dx.doi.org/10.1234%2Fabc", "10.1234/abc"),
        ("info:doi/10.1234.5/abc", "10.1234.5/abc"),
        ("(voir 10.1234/abc)", "10.1234/abc"),
        ("10.1016/S0140-6736(25)01234-5", "10.1016/s0140-6736(25)01234-5"),
        ("10.1002/(SICI)1-2(1998)17:15<16::AID>3", "10.1002/(sici)1-2(1998)17:15"),
        ("https://revue.example/doi/full/10.1234/abc?af=R", "10.1234/abc"),
        ("https://revue.example/articles/10.3389/f.2026.1/full", "10.3389/f.2026.1"),
        ("https://prepub.example/content/10.1101/2026.01.3v2?rss=1", "10.1101/2026.01.3"),
        ("https://revue.example/article?id=10.1234/abc", ""),
        ("10.12/abc", ""),
        ("10.1234/", ""),
        ("", ""),
    ],
)
def test_a_doi_is_found_where_people_write_it(written: str, doi: str) -> None:
    assert normalise_doi(written) == doi


@pytest.mark.parametrize(
    ("written", "pmid"),
    [
        ("38123456", "38123456"),
        ("00123", "123"),
        ("PMID: 38123456", "38123456"),
        ("pubmed:38123456", "38123456"),
        ("https://pubmed.ncbi.nlm.nih.gov/38123456/?utm_source=x", "38123456"),
        ("http://www.ncbi.nlm.nih.gov/pubmed/38123456", "38123456"),
        ("https://revue.example/pubmed/38123456", ""),
        ("PMC38123456", ""),
        ("1234567890", ""),
        ("0", ""),
        ("", ""),
    ],
)
def test_a_pmid_is_found_where_people_write_it(written: str, pmid: str) -> None:
    assert normalise_pmid(written) == pmid


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("HTTPS://Revue.Example:443/A?b=1&utm_source=x&c=2#d", "https://revue.example/A?b=1&c=2"),
        ("https://revue.example/a?fbclid=1", "https://revue.example/a"),
        ("https://revue.example/a;jsessionid=F00?b=1", "https://revue.example/a?b=1"),
        ("https://revue.example/a?b=%C3%A9&&c", "https://revue.example/a?b=%C3%A9&&c"),
        ("http://revue.example:8080", "http://revue.example:8080/"),
        ("http://[2001:db8::1]:80/a", "http://[2001:db8::1]/a"),
        ("https://pubmed.ncbi.nlm.nih.gov/1/?fc=2&v=3", "https://pubmed.ncbi.nlm.nih.gov/1/"),
        ("https://revue.example/?" + "&".join("a" * 101), None),
        ("ftp://revue.example/a", ""),
        ("javascript:alert(1)", ""),
        ("https://[revue/a", ""),
        ("https://revue.example:x/a", ""),
        ("https:///a", ""),
        ("https://revue.example/" + "a" * 2_000, ""),
        ("", ""),
    ],
)
def test_an_address_loses_what_only_follows_readers(written: str, url: str | None) -> None:
    assert canonical_url(written) == (written if url is None else url)


def test_two_writings_of_an_address_share_their_key() -> None:
    assert url_key("http://www.revue.example/a/") == url_key("https://revue.example/a#b")
    assert url_key("nulle part") == ""
    assert is_front_page(url_key("https://www.revue.example/"))
    assert not is_front_page(url_key("https://revue.example/?p=12"))


def test_a_guid_belongs_to_its_source_and_is_bounded() -> None:
    assert guid_key(" a\n b ", source="s") == "s:a b"
    assert guid_key("a", source="s", url="https://revue.example/1") == "s:a revue.example/1"
    assert len(guid_key("x" * 2_000, source="s")) < 100
    assert guid_key("  ", source="s") == ""


@pytest.mark.parametrize(
    "author", ["Tremblay, Marie", "Marie Tremblay", "Tremblay M", "Tremblay MC", "TREMBLAY M.-C."]
)
def test_one_person_is_written_in_many_ways(author: str) -> None:
    expected = likeness("Un titre assez long", author="Tremblay M", year=2026)

    assert likeness("UN TITRE, assez  long !", author=author, year=2026) == expected


def test_a_likeness_needs_a_title_and_tells_years_apart() -> None:
    assert likeness("Éditorial", author="Tremblay M", year=2026) == ""
    assert likeness("Un titre assez long", author="", year=2025) != likeness(
        "Un titre assez long", author="", year=2026
    )


def test_words_are_compared_without_case_accent_or_sign() -> None:
    assert folded("L’Évaluation — œuvre n° 2") == "l evaluation oeuvre n 2"


@pytest.mark.parametrize(
    "written",
    [
        "10.1111." * 250_000,
        "10.1111/" + ")" * 2_000_000,
        "10.1111/" + ").." * 700_000,
        "https://revue.example/" + "10.1111." * 250_000,
        "https://" + "\u0315\u0316" * 1_000_000,
        "pmid" + " " * 2_000_000,
    ],
)
def test_a_hostile_text_is_no_identifier_and_holds_nobody(written: str) -> None:
    """Each took minutes or hours: this test would not end."""
    assert normalise_doi(written) == ""
    assert normalise_pmid(written) == ""
    assert canonical_url(written) == ""


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        ("10.1234/a(b)c)].;", "10.1234/a(b)c"),
        ("10.1234/a[b])", "10.1234/a[b]"),
        ("10.1234/a.).).", "10.1234/a"),
        ("10.1234/(a", "10.1234/(a"),
        ("10.12.34.56/a", ""),
        ("10.1234.5.6/a", "10.1234.5.6/a"),
    ],
)
def test_brackets_that_a_doi_does_not_open_are_left_out(written: str, doi: str) -> None:
    assert normalise_doi(written) == doi


@pytest.mark.parametrize("end", [" #ici", " ?", " ?utm_source=x", "? #", "?\xa0"])
def test_a_space_that_something_left_out_hid_is_not_kept(end: str) -> None:
    assert canonical_url(f"https://revue.example/a{end}") == "https://revue.example/a"


@given(some.text(max_size=60))
@example(" #")
def test_nothing_written_breaks_what_recognises(written: str) -> None:
    for address in (written, f"https://{written}", f"https://revue.example/{written}"):
        assert canonical_url(canonical_url(address)) == canonical_url(address)
        assert normalise_doi(normalise_doi(address)) == normalise_doi(address)
        normalise_pmid(address)
    likeness(written, author=written, year=None)
