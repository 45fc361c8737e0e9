"""HTML made into a tagged PDF by a child process, which fetches nothing."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from inters4.core.paper import Lack, PaperRefused, lacking, make_pdf, making
from tests.builders.pdf import objects_of, tags_of

needs_pdf = pytest.mark.skipif(
    lacking() is not None, reason=f"the extra pdf is not whole here: {lacking()}"
)
PAGE = """<!DOCTYPE html><html lang="fr"><head><title>Une fiche</title></head><body>
<h1>Une fiche</h1><h2>Contexte</h2><p>Voir <a href="https://exemple.ca/"><cite lang="en">it</cite>
</a> et <a href="https://exemple.ca/"><strong>ceci</strong></a>.</p><ul><li>Un</li></ul>
<table><caption>Mesures</caption><tr><th scope="col">Quoi</th></tr><tr><td>1</td></tr></table>
%s</body></html>"""


@pytest.fixture
def looked_at_again() -> Iterator[None]:
    """What is installed is looked at once a process: here, at each test."""
    lacking.cache_clear()
    yield
    lacking.cache_clear()


@pytest.fixture(scope="module")
def made() -> bytes:
    """The PDF of the page."""
    return make_pdf(PAGE % "")


@needs_pdf
def test_the_document_says_its_structure_its_language_and_its_title(made: bytes) -> None:
    objects = objects_of(made)

    assert made.startswith(b"%PDF-")
    assert "/StructTreeRoot" in objects
    assert "/Marked true" in objects
    assert "/Lang (fr)" in objects
    assert "/DisplayDocTitle true" in objects
    assert "pdfuaid:part" in objects
    assert {"H1", "H2", "P", "Link", "L", "LI", "Table", "TR", "TH", "TD"} <= set(tags_of(made))


@needs_pdf
def test_titles_are_bookmarks_and_every_link_is_tagged_once(made: bytes) -> None:
    objects = objects_of(made)

    assert "/Outlines" in objects
    assert objects.count("/Subtype /Link") == tags_of(made).count("Link")


@needs_pdf
def test_fonts_travel_with_the_document() -> None:
    styles = (
        '<style>@font-face {font-family: Nordet; src: url("police:source-sans-3.woff2")}'
        " body {font-family: Nordet}</style><title>"
    )
    objects = objects_of(make_pdf(PAGE.replace("<title>", styles) % ""))
    assert "/FontFile" in objects
    assert "+Nordet" in objects


@needs_pdf
@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:9/x.png", "file:///etc/passwd", "police:../../icons.svg", "style:../a.css"],
)
def test_nothing_is_fetched_nor_read_elsewhere(address: str) -> None:
    pdf = make_pdf(PAGE % f'<img src="{address}" alt="rien">')

    assert b"root:" not in objects_of(pdf).encode("latin-1")
    assert "/Subtype /Image" not in objects_of(pdf)


def test_what_cannot_be_made_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "maker.py"
    script.write_text("raise SystemExit('no paper left')")
    monkeypatch.setattr(making, "_SCRIPT", script)

    with pytest.raises(PaperRefused, match="no paper left"):
        make_pdf(PAGE % "")


def test_one_that_takes_too_long_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "maker.py"
    script.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(making, "_SCRIPT", script)
    monkeypatch.setattr(making, "SECONDS", 0.2)

    with pytest.raises(PaperRefused):
        make_pdf(PAGE % "")


@pytest.mark.usefixtures("looked_at_again")
def test_without_the_package_none_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "PACKAGE", "no_such_package")

    assert lacking() is Lack.PACKAGE


@pytest.mark.usefixtures("looked_at_again")
def test_without_a_library_of_the_system_none_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "PACKAGE", "json")
    monkeypatch.setattr(making, "LIBRARIES", ("no-such-library",))

    assert lacking() is Lack.LIBRARIES
    assert making.missing_libraries() == ["no-such-library"]


@needs_pdf
def test_a_process_of_the_portal_never_loads_what_makes_pdf() -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, inters4.core.paper as p; p.lacking(); print('weasyprint' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "False"
