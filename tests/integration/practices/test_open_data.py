"""Every sheet as open data: whole, as a table, and a table for each of its lists."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.practices.exports.open_lists import LISTS
from inters4.practices.models import Openness, PracticeCost, PracticeState
from inters4.practices.models.states import CostKind
from tests.builders.adoptions import adopt, serve
from tests.builders.members import make_viewer
from tests.builders.practices import answered_values, make_practice
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary

pytestmark = pytest.mark.usefixtures("sheets")


@pytest.fixture
def sheets(session: Session) -> None:
    make_vocabulary(session)
    make_practice(session, "premiere", **answered_values())
    make_practice(session, "deuxieme")
    hidden = make_practice(session, "cachee", state=PracticeState.DRAFTING)
    hidden.costs = [PracticeCost(position=0, kind=CostKind.RUNNING, amount="Caché")]
    session.commit()


def table(client: FlaskClient, name: str) -> Sequence[Mapping[str, str]]:
    text = client.get(f"/pratiques/{name}.csv").text.lstrip("\ufeff")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_the_file_of_whole_sheets_holds_every_field_of_what_everyone_reads(
    client: FlaskClient,
) -> None:
    data = json.loads(client.get("/pratiques/donnees.json").text)

    assert data["licence"] == "CC BY 4.0"
    assert [one["id"] for one in data["practices"]] == ["deuxieme", "premiere"]
    starter, reviewed = data["practices"]
    assert starter["rating_status"] == "proposed"
    assert starter["ratings"] == "cotes proposées, non révisées"
    assert "non relue" in starter["note"]
    assert reviewed["rating_status"] == "reviewed"
    assert reviewed["outcomes"][0]["after"] == "12"
    assert reviewed["texts"]["steps"].startswith("Texte de steps")
    assert reviewed["url"].endswith("/pratiques/premiere")


def test_the_table_of_sheets_reads_as_a_table(client: FlaskClient) -> None:
    rows = table(client, "donnees")

    assert [row["id"] for row in rows] == ["deuxieme", "premiere"]
    assert [row["rating_status"] for row in rows] == ["proposed", "reviewed"]
    assert rows[0]["ratings"] == "cotes proposées, non révisées"
    assert rows[1]["ratings"] == "cotes révisées"
    assert rows[1]["outcomes"] == "1"
    assert rows[1]["licence"] == "CC BY 4.0"


def test_each_list_has_a_line_for_each_of_its_rows_and_says_which_sheet_it_is_of(
    client: FlaskClient,
) -> None:
    whole = json.loads(client.get("/pratiques/donnees.json").text)["practices"]

    for one in LISTS:
        rows = table(client, f"donnees/{one.slug}")
        expected = [
            (sheet["id"], str(line))
            for sheet in whole
            for line, _row in enumerate(sheet.get(one.field, ()), start=1)
        ]
        assert [(row["practice"], row["line"]) for row in rows] == expected, one.slug
        assert {row["licence"] for row in rows} <= {"CC BY 4.0"}


def test_an_outcome_is_told_with_its_source(client: FlaskClient) -> None:
    [outcome] = table(client, "donnees/resultats")

    assert (outcome["before"], outcome["after"], outcome["unit"]) == ("30", "12", "jours")
    assert outcome["practice_title"] == "Fiche premiere"
    assert outcome["source_url"] == "https://exemple.ca/1"
    assert client.get("/pratiques/resultats.csv").location == "/pratiques/donnees/resultats.csv"


def test_what_a_spreadsheet_would_run_is_given_as_text(
    client: FlaskClient, session: Session
) -> None:
    practice = make_practice(session, "troisieme", **answered_values())
    practice.costs = [PracticeCost(position=0, kind=CostKind.RUNNING, amount="=1+1")]
    session.commit()

    costs = [row for row in table(client, "donnees/couts") if row["practice"] == "troisieme"]

    assert [row["amount"] for row in costs] == ["'=1+1"]


def test_what_is_being_written_is_in_no_list(client: FlaskClient) -> None:
    archive = zipfile.ZipFile(io.BytesIO(client.get("/pratiques/donnees.zip").data))

    for name in archive.namelist():
        assert "cachee" not in archive.read(name).decode(), name


def test_declared_adoptions_are_those_that_everyone_may_read(
    client: FlaskClient, session: Session
) -> None:
    practice = make_practice(session, "troisieme")
    team = make_viewer(session, organisation=serve(session, "rss01", slug="cisss-ici"))
    adopt(session, practice, by=team)
    adopt(session, practice, by=team, team="Entre nous", openness=Openness.US)
    adopt(session, practice, by=team, team="Aux inscrits", openness=Openness.MEMBERS)
    session.commit()

    rows = table(client, "donnees/adoptions-declarees")

    assert [row["team"] for row in rows] == ["Équipe du littoral"]
    assert (rows[0]["practice"], rows[0]["organisation"]) == ("troisieme", "cisss-ici")
    assert rows[0]["state"] == "trial"


def test_the_archive_holds_every_file_of_the_page(client: FlaskClient) -> None:
    archive = zipfile.ZipFile(io.BytesIO(client.get("/pratiques/donnees.zip").data))

    expected = {"LISEZ-MOI.txt", "fiches.json", "fiches.csv", "adoptions-declarees.csv"}
    assert set(archive.namelist()) == expected | {f"{one.slug}.csv" for one in LISTS}
    assert "CC BY 4.0" in archive.read("LISEZ-MOI.txt").decode()
    assert archive.read("resultats.csv") == client.get("/pratiques/donnees/resultats.csv").data


def test_the_page_states_the_terms_and_leads_to_every_file(client: FlaskClient) -> None:
    page = client.get("/pratiques/donnees-ouvertes").text

    assert 'rel="license noopener"' in page
    assert "https://creativecommons.org/licenses/by/4.0/deed.fr" in page
    for one in LISTS:
        assert f'href="/pratiques/donnees/{one.slug}.csv"' in page
    assert client.get("/pratiques/donnees/inconnue.csv").status_code == 404


@pytest.mark.parametrize("name", ["donnees.json", "donnees.zip", "donnees/couts.csv"])
def test_twenty_sheets_more_cost_no_more_statements(
    client: FlaskClient, session: Session, name: str
) -> None:
    client.get(f"/pratiques/{name}")
    with statements() as few:
        client.get(f"/pratiques/{name}")
    for number in range(20):
        make_practice(session, f"autre-{number}")
    session.commit()
    with statements() as many:
        client.get(f"/pratiques/{name}")

    assert len(many) == len(few)
