"""Files that leave the portal: spreadsheets run nothing, proposed ratings say so."""

import csv
import json
from datetime import date
from io import StringIO

import pytest

from inters4.core.citations import Citation, CitationKind
from inters4.search.exports.files import FORMATS
from inters4.search.exports.records import Record


def record(**values: object) -> Record:
    given: dict[str, object] = {
        "key": "fiche:gap",
        "kind": "fiche",
        "kind_label": "Fiche",
        "title": "Guichet d’accès",
        "url": "https://exemple.ca/pratiques/gap",
        "day": date(2026, 11, 21),
        "ratings": {"Maturité": "prometteuse"},
        "is_proposed": True,
        **values,
    }
    return Record(**given)  # type: ignore[arg-type]


def written(extension: str, *batches: list[Record]) -> str:
    return "".join(FORMATS[extension].write(batches))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def test_a_spreadsheet_has_a_line_for_each_document_of_each_batch() -> None:
    found = rows(written("csv", [record()], [record(title="Autre"), record(title="Tierce")]))

    assert [row["Titre"] for row in found] == ["Guichet d’accès", "Autre", "Tierce"]
    assert found[0]["Date"] == "2026-11-21"


@pytest.mark.parametrize("title", ["=1+1", "+33", "-2", "@x", "\tx"])
def test_a_title_is_never_a_formula(title: str) -> None:
    assert rows(written("csv", [record(title=title)]))[0]["Titre"] == f"'{title}"


PROPOSED, REVIEWED = "cote proposée, non révisée", "cote révisée"
STARTER = "fiche de départ, non relue par l’équipe porteuse"


@pytest.mark.parametrize(("is_proposed", "status"), [(True, PROPOSED), (False, REVIEWED)])
def test_a_rating_says_in_files_too_whether_it_was_reviewed(is_proposed: bool, status: str) -> None:
    given = record(is_proposed=is_proposed)
    (row,) = rows(written("csv", [given]))

    assert row["Cotes"] == "Maturité\xa0: prometteuse"
    assert row["Révision des cotes"] == status
    assert json.loads(written("json", [given]))[0]["ratings_status"] == status


def test_a_document_without_a_rating_has_no_status() -> None:
    given = record(ratings={}, design="essai contrôlé randomisé")
    (row,) = rows(written("csv", [given]))

    assert (row["Devis"], row["Cotes"], row["Révision des cotes"]) == (given.design, "", "")
    assert json.loads(written("json", [given]))[0]["ratings_status"] is None


def test_a_starter_document_says_so_in_every_file() -> None:
    citation = Citation(
        key="fiche/gap",
        kind=CitationKind.WEB_PAGE,
        title="Guichet d’accès",
        note="Fiche de départ, non relue par l’équipe porteuse",
    )
    given = record(origin=STARTER, citation=citation)

    assert rows(written("csv", [given]))[0]["Origine"] == STARTER
    assert json.loads(written("json", [given]))[0]["origin"] == STARTER
    assert f"N1  - {citation.note}" in written("ris", [given])
    assert f"note = {{{citation.note}}}" in written("bib", [given])
    assert written("txt", [given]).casefold().count(STARTER) == 1
    assert written("txt", [record(origin=STARTER)]).endswith(f" [{STARTER}]\n\n")


def test_a_cell_that_holds_several_has_one_separator() -> None:
    given = record(regions=("Nunavik", "Côte-Nord"), ratings={"A": "a", "B": "b"})
    (row,) = rows(written("csv", [given]))

    assert row["Régions"] == "Nunavik; Côte-Nord"
    assert row["Cotes"] == "A\xa0: a; B\xa0: b"


@pytest.mark.parametrize("count", [0, 1, 3])
def test_json_is_one_array_whatever_the_batches(count: int) -> None:
    assert len(json.loads(written("json", *[[record()] for _ in range(count)]))) == count


def test_reference_managers_receive_what_can_be_cited() -> None:
    citation = Citation(
        key="fiche/gap", kind=CitationKind.REPORT, title="Guichet d’accès", year=2026
    )
    batches = ([record(citation=citation)], [record(title="Sans référence")])

    assert written("ris", *batches).count("TY  - RPRT") == 1
    assert "Sans référence" not in written("ris", *batches) + written("bib", *batches)
    assert "@techreport" in written("bib", *batches)


def test_plain_text_names_every_document() -> None:
    text = written("txt", [record()])

    assert text == "Guichet d’accès (2026). https://exemple.ca/pratiques/gap\n\n"
