"""A sheet begun from a Word document: its texts in their blocks, the rest kept beside."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient

from inters4.core.db import reading, writing
from inters4.practices.models import Practice
from inters4.practices.queries.revisions import open_revision_of
from inters4.practices.services import starting
from tests.builders.members import make_viewer, sign_in_as
from tests.builders.vocabulary import make_vocabulary
from tests.builders.web import csrf
from tests.builders.word import heading, link, paragraph, picture, relations, run, runs, word

PATH = "/pratiques/proposer"
DOSSIER = "/pratiques/dossiers/appeler"


@pytest.fixture
def person(app: Flask) -> FlaskClient:
    client = app.test_client()
    with writing() as session:
        make_vocabulary(session)
        sign_in_as(client, session, make_viewer(session))
    return client


def propose(client: FlaskClient, data: bytes) -> tuple[int, str]:
    answer = client.post(
        PATH,
        data={
            "csrf_token": csrf(client, PATH),
            "titre": "Appeler",
            "probleme": "On attend.",
            "solution": "On appelle.",
            "document": (io.BytesIO(data), "fiche.docx"),
        },
    )
    return answer.status_code, answer.get_data(as_text=True)


def test_texts_go_to_the_blocks_of_the_same_headings_and_the_rest_stands_beside(
    person: FlaskClient,
) -> None:
    data = word(
        heading("1. CONTEXTE :"),
        paragraph("Une région éloignée."),
        heading("Est-ce que ca marche ?"),
        paragraph("Oui, un peu."),
        heading("Remerciements"),
        paragraph("Merci à l’équipe."),
    )

    status, _html = propose(person, data)

    assert status == 303
    with writing() as session:
        revision = open_revision_of(session, "appeler")
        assert revision is not None
        assert revision.blocks == {
            "context": "Une région éloignée.",
            "evaluation": "Oui, un peu.",
        }
        assert revision.values["title"] == "Appeler"
    for page in (DOSSIER, f"{DOSSIER}/contexte"):
        html = person.get(page).get_data(as_text=True)
        assert ">Remerciements</h3>\n<p>Merci à l’équipe.</p>" in html
        assert "###" not in html
        assert "À ranger" in html
    assert "Une région éloignée." in person.get(f"{DOSSIER}/contexte").get_data(as_text=True)


def test_a_person_has_so_many_documents_read_in_an_hour(
    person: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "MOST_DOCUMENTS", 1)
    propose(person, b"PK")

    status, html = propose(person, word(paragraph("Un mot.")))

    assert status == 422
    assert "beaucoup de documents" in html
    assert "On appelle." in html


def test_what_is_sorted_is_shown_no_more(person: FlaskClient) -> None:
    propose(person, word(paragraph("Un mot.")))

    answer = person.post(f"{DOSSIER}/a-ranger", data={"csrf_token": csrf(person, DOSSIER)})

    assert answer.status_code == 303
    assert "À ranger" not in person.get(DOSSIER).get_data(as_text=True)


def test_a_refused_document_starts_nothing_and_keeps_what_was_typed(person: FlaskClient) -> None:
    status, html = propose(person, b"PK\x03\x04 rien de bon")

    assert status == 422
    assert "Ce document est endommagé" in html
    assert 'value="Appeler"' in html
    with reading() as session:
        assert session.get(Practice, "appeler") is None


def test_a_file_of_another_kind_is_answered_by_the_only_kind_that_is_read(
    person: FlaskClient,
) -> None:
    old_word = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)

    told = [propose(person, data)[1] for data in (b"Un texte.", b"%PDF-1.7\n", old_word)]

    assert [html.count("Choisissez un document Word (.docx).") for html in told] == [2, 2, 2]
    assert not any("Excel" in html for html in told)


def test_bold_and_links_are_in_the_block_and_pictures_are_told(person: FlaskClient) -> None:
    data = word(
        heading("Contexte"),
        runs(run("Une ", "b"), run("région", "b"), run(" "), link("éloignée", "rId1"), picture()),
        extra=[relations(rId1="https://exemple.ca/")],
    )

    propose(person, data)

    with writing() as session:
        revision = open_revision_of(session, "appeler")
        assert revision is not None
        assert revision.blocks == {"context": "**Une région** [éloignée](https://exemple.ca/)"}
    for page in (DOSSIER, f"{DOSSIER}/contexte"):
        html = person.get(page).get_data(as_text=True)
        assert "Une image de votre document n’a pas été reprise." in html
        assert f'href="{DOSSIER}/pieces"' in html
        assert "Contexte\u00a0: 1" in html

    answer = person.post(f"{DOSSIER}/a-ranger", data={"csrf_token": csrf(person, DOSSIER)})

    assert answer.status_code == 303
    assert "n’a pas été reprise" not in person.get(DOSSIER).get_data(as_text=True)
