"""The PDF of a sheet: asked for, made by the worker, made anew, gone with the sheet."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.clock import now
from inters4.core.files import StoredFile, file_store
from inters4.core.paper import lacking, making
from inters4.practices.exports.paper import draw_paper
from inters4.practices.jobs import make_papers
from inters4.practices.models import Openness, Practice, PracticeState
from inters4.practices.models.papers import PracticePaper
from inters4.practices.queries.whole import load_parts
from inters4.practices.services.papers import MOST_AWAITED
from inters4.settings import Settings
from inters4.vocabulary.queries import vocabulary
from tests.builders.adoptions import adopt, serve
from tests.builders.members import make_viewer, sign_in_as
from tests.builders.pdf import objects_of
from tests.builders.practices import make_practice
from tests.builders.vocabulary import make_vocabulary
from tests.builders.web import csrf

SHEET = "/pratiques/visites-virtuelles"
needs_pdf = pytest.mark.skipif(
    lacking() is not None, reason=f"the extra pdf is not whole here: {lacking()}"
)


@pytest.fixture
def practice(session: Session) -> Practice:
    make_vocabulary(session)
    made = make_practice(session)
    session.commit()
    return made


def ask(client: FlaskClient, path: str = SHEET) -> int:
    return client.post(f"{path}/pdf", data={"csrf_token": csrf(client, path)}).status_code


def page(client: FlaskClient) -> str:
    return client.get(SHEET).get_data(as_text=True)


def address(client: FlaskClient) -> str:
    """The link to the PDF on the page of the sheet."""
    drawn = page(client)
    before = drawn.partition("PDF (")[0]
    return "/fichiers/" + before.rpartition("/fichiers/")[2].partition('"')[0]


def status(client: FlaskClient, path: str) -> int:
    with client.get(path) as answer:
        return answer.status_code


def change(session: Session, practice: Practice, title: str) -> None:
    session.rollback()
    session.get_one(Practice, practice.id, populate_existing=True).title = title
    session.commit()


@needs_pdf
def test_a_reader_asks_for_it_and_finds_it_when_the_worker_has_made_it(
    client: FlaskClient, session: Session, practice: Practice
) -> None:
    assert "Demander le PDF" in page(client)
    assert ask(client) == 303
    assert "Le PDF se prépare." in page(client)

    make_papers()

    with client.get(address(client)) as answer:
        assert answer.status_code == 200
        assert answer.mimetype == "application/pdf"
        assert "visites-virtuelles.pdf" in answer.headers["Content-Disposition"]
        objects = objects_of(answer.data)
    assert "/StructTreeRoot" in objects
    assert "/Lang (fr)" in objects


@needs_pdf
def test_it_is_made_anew_when_the_sheet_changes_and_the_former_one_is_gone(
    client: FlaskClient, session: Session, settings: Settings, practice: Practice
) -> None:
    ask(client)
    make_papers()
    former = address(client)
    change(session, practice, "Un autre titre")

    assert "Le PDF se prépare." in page(client)
    assert status(client, former) == 410
    make_papers()
    assert status(client, former) == 404
    assert status(client, address(client)) == 200
    session.rollback()
    assert session.scalar(select(func.count(StoredFile.id))) == 1
    assert len([one for one in file_store(settings).root.glob("*/*/*") if one.is_file()]) == 1


@needs_pdf
def test_it_goes_with_the_sheet(
    client: FlaskClient, session: Session, settings: Settings, practice: Practice
) -> None:
    ask(client)
    make_papers()
    former = address(client)
    session.rollback()
    found = session.get_one(Practice, practice.id, populate_existing=True)
    found.state, found.state_reason = PracticeState.WITHDRAWN, "Essai."
    session.commit()

    assert status(client, former) == 410
    make_papers()
    session.rollback()
    assert session.scalars(select(PracticePaper)).all() == []
    assert not [one for one in file_store(settings).root.glob("*/*/*") if one.is_file()]


@needs_pdf
def test_asking_twice_makes_one(client: FlaskClient, session: Session, practice: Practice) -> None:
    assert [ask(client), ask(client)] == [303, 303]
    session.rollback()
    assert len(session.scalars(select(PracticePaper)).all()) == 1
    session.rollback()
    make_papers()
    made = address(client)
    make_papers()
    assert ask(client) == 303
    assert address(client) == made


@needs_pdf
def test_a_sheet_of_which_none_can_be_made_is_not_tried_for_ever(
    client: FlaskClient,
    session: Session,
    practice: Practice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask(client)
    with monkeypatch.context() as patch:
        patch.setattr(making, "SECONDS", 0.001)
        make_papers()
    assert "Demander le PDF" in page(client)
    make_papers()
    assert "Demander le PDF" in page(client)

    ask(client)
    make_papers()
    assert status(client, address(client)) == 200


@needs_pdf
def test_one_address_asks_so_often_and_the_worker_is_given_so_much(
    app: Flask, client: FlaskClient, session: Session, practice: Practice
) -> None:
    for number in range(MOST_AWAITED):
        other = make_practice(session, f"fiche-{number}")
        session.add(PracticePaper(practice_id=other.id, asked_at=now()))
    session.commit()
    assert ask(client) == 429

    token = csrf(client, SHEET)
    answers = {
        client.post(f"{SHEET}/pdf", data={"csrf_token": token}).status_code for _ in range(25)
    }
    assert answers == {429}


@needs_pdf
def test_none_is_made_of_what_readers_do_not_see(
    app: Flask, client: FlaskClient, session: Session, practice: Practice
) -> None:
    make_practice(session, "ebauche", state=PracticeState.DRAFTING)
    broker = app.test_client()
    sign_in_as(broker, session, make_viewer(session, role=Role.BROKER))
    token = csrf(broker, SHEET)

    assert broker.post("/pratiques/ebauche/pdf", data={"csrf_token": token}).status_code == 404
    assert "Demander le PDF" not in broker.get("/pratiques/ebauche").get_data(as_text=True)


def test_without_what_makes_pdf_nothing_of_it_is_seen(
    client: FlaskClient, session: Session, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = csrf(client, SHEET)
    session.add(PracticePaper(practice_id=practice.id))
    session.commit()
    monkeypatch.setattr(making, "PACKAGE", "no_such_package")
    lacking.cache_clear()
    try:
        assert "PDF" not in page(client)
        asked = client.post(f"{SHEET}/pdf", data={"csrf_token": token})
        assert asked.status_code == 404
        make_papers()
    finally:
        lacking.cache_clear()
    session.rollback()
    assert session.scalars(select(PracticePaper)).all() == []


def test_paper_says_what_the_page_says_to_everyone_and_no_more(
    session: Session, practice: Practice
) -> None:
    place = serve(session, "rss01", slug="cisss-ici", name="CISSS d’ici")
    person = make_viewer(session, name="Camille Ici", organisation=place)
    shown = adopt(session, practice, by=person, team="Équipe de jour", openness=Openness.PUBLIC)
    load_parts(session, practice)

    drawn = draw_paper(
        practice,
        words=vocabulary(session),
        adoptions=[shown],
        results={},
        site="https://portail.exemple.ca",
    )

    assert "cotes proposées, non révisées" in drawn
    assert "Fiche de départ, non relue par l’équipe porteuse." in drawn
    assert "Équipe de jour" in drawn
    assert "Camille Ici" not in drawn
    assert "https://portail.exemple.ca/pratiques/visites-virtuelles" in drawn
    assert "<script" not in drawn
    assert '<html lang="fr">' in drawn
