"""The versions of a sheet: read, cited, compared."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from inters4.core.access import Role
from inters4.core.db import writing
from inters4.practices.models import Block, CostKind, PracticeState, PracticeVersion
from inters4.practices.queries import load_practice
from inters4.practices.services.following import import_sheet
from inters4.vocabulary.models import FormerTerm
from tests.builders.members import make_viewer, sign_in_as
from tests.builders.practices import BLOCKS, sheet
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary
from tests.builders.web import csrf

SLUG = "visites"


@pytest.fixture(autouse=True)
def _versions(database: str) -> None:
    with writing() as session:
        make_vocabulary(session)
        import_sheet(session, sheet(SLUG))
    changed = {**BLOCKS, Block.CONTEXT: "Le contexte a changé [1]."}
    costs = ({"kind": CostKind.RUNNING, "amount": "12 000 $", "period": "", "reference": None},)
    with writing() as session:
        import_sheet(
            session,
            sheet(SLUG, title="Un titre neuf", blocks=changed, costs=costs),
        )


def words_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    html = answer.get_data(as_text=True).partition("<main")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_history_lists_each_version_with_the_way_to_what_changed(client: FlaskClient) -> None:
    html = client.get(f"/pratiques/{SLUG}/historique").get_data(as_text=True)

    assert html.index(f"/pratiques/{SLUG}/versions/2") < html.index(f"/pratiques/{SLUG}/versions/1")
    assert f"/pratiques/{SLUG}/versions/2/differences" in html
    assert f"/pratiques/{SLUG}/versions/1/differences" not in html


def test_the_sheet_leads_to_its_history(client: FlaskClient) -> None:
    html = client.get(f"/pratiques/{SLUG}").get_data(as_text=True)

    assert f'href="/pratiques/{SLUG}/historique"' in html


def test_an_old_version_reads_as_it_was_and_says_it_is_replaced(client: FlaskClient) -> None:
    told = words_of(client, f"/pratiques/{SLUG}/versions/1")
    html = client.get(f"/pratiques/{SLUG}/versions/1").get_data(as_text=True)

    assert f"Fiche {SLUG}" in told
    assert "Un titre neuf" not in told
    assert "remplacée." in told
    assert '<meta name="robots" content="noindex">' in html
    assert f"/pratiques/{SLUG}/versions/1</a>" in html
    assert "celle que tout le monde lit" in words_of(client, f"/pratiques/{SLUG}/versions/2")


def test_each_version_is_cited_as_it_was_with_its_number_and_its_day(client: FlaskClient) -> None:
    with writing() as session:
        old = session.get_one(PracticeVersion, (SLUG, 1))
        old.published_at = datetime(2024, 6, 5, 15, tzinfo=UTC)
    told = words_of(client, f"/pratiques/{SLUG}/versions/1")
    page = client.get(f"/pratiques/{SLUG}/versions/1").get_data(as_text=True)
    ris = client.get(f"/pratiques/{SLUG}/versions/1.ris").get_data(as_text=True)
    bib = client.get(f"/pratiques/{SLUG}/versions/2.bib").get_data(as_text=True)

    assert f"Fiche {SLUG} (version 1)" in told
    assert "(2024, 5 juin)" in told
    assert f'href="/pratiques/{SLUG}/versions/1.ris"' in page
    assert f"Fiche {SLUG} (version 1)" in ris
    assert f"/pratiques/{SLUG}/versions/1" in ris
    assert "2024" in ris
    assert "Un titre neuf (version 2)" in bib


def test_differences_are_told_in_words_block_by_block(client: FlaskClient) -> None:
    html = client.get(f"/pratiques/{SLUG}/versions/2/differences").get_data(as_text=True)
    told = words_of(client, f"/pratiques/{SLUG}/versions/2/differences")

    assert "De la version 1 à la version 2" in told
    assert "Nature : Fonctionnement · Montant : 12 000 $" in told
    assert re.search(r"<ins>.*?a changé", html)
    for code in ("populations:", "running", "text-context", "kind"):
        assert code not in html.partition("<main")[2].partition("</main>")[0]


def test_any_two_versions_compare_either_way(client: FlaskClient) -> None:
    told = words_of(client, f"/pratiques/{SLUG}/versions/1/differences?avec=2")

    assert "De la version 2 à la version 1" in told
    assert "Rien n’a changé" in words_of(client, f"/pratiques/{SLUG}/versions/1/differences?avec=1")


@pytest.mark.parametrize(
    "path",
    [
        f"/pratiques/{SLUG}/versions/3",
        f"/pratiques/{SLUG}/versions/0",
        f"/pratiques/{SLUG}/versions/2/differences?avec=9",
        f"/pratiques/{SLUG}/versions/2/differences?avec=-1",
        f"/pratiques/{SLUG}/versions/2/differences?avec=99999999999999999999",
        "/pratiques/inconnue/historique",
        "/pratiques/inconnue/versions/1",
    ],
)
def test_what_never_was_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_what_was_cited_of_a_sheet_that_is_gone_leads_to_why(client: FlaskClient) -> None:
    with writing() as session:
        practice = load_practice(session, SLUG)
        assert practice is not None
        practice.state, practice.state_reason = PracticeState.WITHDRAWN, "Dépassée."

    for path in (
        "/historique",
        "/versions/1",
        "/versions/2/differences",
        "/versions/1.ris",
        ".ris",
    ):
        answer = client.get(f"/pratiques/{SLUG}{path}")
        assert (answer.status_code, answer.location) == (302, f"/pratiques/{SLUG}"), path
    assert "Dépassée." in words_of(client, f"/pratiques/{SLUG}")


def test_a_term_merged_since_reads_under_its_present_name(client: FlaskClient) -> None:
    with writing() as session:
        session.add(FormerTerm(scheme="populations", id="personnes-agees", present="aines"))
        version = session.get_one(PracticeVersion, (SLUG, 1))
        version.text = version.text.replace("- aines", "- personnes-agees")
    told = words_of(client, f"/pratiques/{SLUG}/versions/1")

    assert "Personnes âgées" in told


@pytest.mark.parametrize(
    ("path", "number"),
    [("historique", 2), ("versions/1", 8), ("versions/2/differences", 4)],
)
def test_the_pages_of_versions_cost_the_same_whatever_they_hold(
    client: FlaskClient, path: str, number: int
) -> None:
    client.get(f"/pratiques/{SLUG}/{path}")
    with statements() as run:
        client.get(f"/pratiques/{SLUG}/{path}")

    assert len(run) == number, run


def test_a_sheet_that_is_read_is_taken_up_again_by_its_people_only(
    app: Flask, client: FlaskClient
) -> None:
    team, stranger = app.test_client(), app.test_client()
    with writing() as session:
        sign_in_as(team, session, make_viewer(session, role=Role.BROKER))
    with writing() as session:
        sign_in_as(stranger, session, make_viewer(session))
    path = f"/pratiques/{SLUG}"
    action = f'action="{path}/revision"'
    assert action in team.get(path).get_data(as_text=True)
    assert action not in stranger.get(path).get_data(as_text=True)
    assert action not in client.get(path).get_data(as_text=True)

    refused = stranger.post(
        f"{path}/revision", data={"csrf_token": csrf(stranger, "/pratiques/proposer")}
    )
    taken = team.post(f"{path}/revision", data={"csrf_token": csrf(team, path)})

    assert refused.status_code == 403
    assert taken.headers["Location"] == f"/pratiques/dossiers/{SLUG}"
    dossier = words_of(team, f"/pratiques/dossiers/{SLUG}")
    assert "le public lit toujours la version 2" in dossier
    assert team.post(f"{path}/revision", data={"csrf_token": csrf(team, path)}).status_code == 303
