"""Proposing a sheet, and its dossier, as people see them."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.audit import AuditEntry
from inters4.core.db import reading, writing
from inters4.members.queries import load_viewer
from inters4.members.queries.people import find_member_by_email
from inters4.practices.models import Move, PracticeAuthor, PracticeRevision, PracticeState
from inters4.practices.queries.known import citable
from inters4.practices.queries.revisions import author_ids, open_revision_of
from inters4.practices.services.life import move
from inters4.practices.services.revising import start_sheet
from tests.builders.members import give_role, make_member, sign_in_as
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary
from tests.builders.web import csrf

ID = "une-visite-par-semaine"


@pytest.fixture(autouse=True)
def _sketch(database: str) -> None:
    with writing() as session:
        make_vocabulary(session)
        owner = make_member(session, name="Odile Porteuse", email="odile@exemple.ca")
        start_sheet(
            session,
            title="Une visite par semaine",
            problem="L’attente.",
            solution="Une visite.",
            by=load_viewer(session, owner.id),
        )


@pytest.fixture
def owner(app: Flask) -> FlaskClient:
    return browser(app, "odile@exemple.ca")


def browser(app: Flask, email: str, *, role: Role | None = None, name: str = "") -> FlaskClient:
    """The browser of a person, who is made when nobody has the address."""
    client = app.test_client()
    with writing() as session:
        member = find_member_by_email(session, email) or make_member(
            session, name=name or "Une Personne", email=email
        )
        if role is not None:
            give_role(session, member, role)
        sign_in_as(client, session, member)
    return client


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.partition("<main")[2]))


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return words_of(answer.get_data(as_text=True))


def test_three_fields_start_a_sheet_and_lead_to_its_dossier(owner: FlaskClient) -> None:
    path = "/pratiques/proposer"
    answer = owner.post(
        path,
        data={
            "csrf_token": csrf(owner, path),
            "titre": "Appeler en deux jours",
            "probleme": "L’attente.",
            "solution": "Un appel.",
        },
    )

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/pratiques/dossiers/appeler-en-deux-jours"
    told = text(owner, answer.headers["Location"])
    assert "Appeler en deux jours" in told
    assert "Ébauche depuis le" in told
    assert "l’équipe porteuse" in told


def test_a_proposal_that_lacks_something_keeps_what_was_typed(owner: FlaskClient) -> None:
    path = "/pratiques/proposer"
    answer = owner.post(
        path, data={"csrf_token": csrf(owner, path), "titre": "", "solution": "Un appel <b>."}
    )

    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Donnez un titre" in html
    assert 'href="#probleme"' in html
    assert "Un appel &lt;b&gt;." in html


def test_a_proposal_too_long_says_how_much_and_keeps_what_was_typed(owner: FlaskClient) -> None:
    path = "/pratiques/proposer"
    typed = {"titre": "t" * 121, "probleme": "p" * 601, "solution": "s" * 601}

    answer = owner.post(path, data={"csrf_token": csrf(owner, path), **typed})

    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Raccourcissez le titre\u00a0: 120 caractères au plus." in html
    assert html.count("Une phrase\u00a0: 600 caractères au plus.") == 4
    assert [text for text in typed.values() if text not in html] == []


def test_the_dossier_says_what_is_missing_and_leads_to_its_field(owner: FlaskClient) -> None:
    with writing() as session:
        revision = open_revision_of(session, ID)
        assert revision is not None
        revision.state = PracticeState.DRAFTING
    html = owner.get(f"/pratiques/dossiers/{ID}").get_data(as_text=True)

    assert f'href="/pratiques/dossiers/{ID}/identite#team"' in html
    assert f'href="/pratiques/dossiers/{ID}/demarrer#text-steps"' in html
    assert "standing-empty" in html
    assert "standing-begun" in html


def test_a_dossier_does_not_exist_for_others(app: Flask, owner: FlaskClient) -> None:
    stranger = browser(app, "visite@exemple.ca")
    team = browser(app, "equipe@exemple.ca", role=Role.BROKER)

    for path in ("", "/identite", "/apercu", "/abandon"):
        assert stranger.get(f"/pratiques/dossiers/{ID}{path}").status_code == 404
        assert team.get(f"/pratiques/dossiers/{ID}{path}").status_code == 404
        assert owner.get(f"/pratiques/dossiers/{ID}{path}").status_code == 200
    submit()
    assert team.get(f"/pratiques/dossiers/{ID}").status_code == 200
    assert team.get(f"/pratiques/dossiers/{ID}/identite").status_code == 403


def submit() -> None:
    with writing() as session:
        revision = open_revision_of(session, ID)
        assert revision is not None
        [number] = author_ids(session, ID)
        move(
            session, revision, Move.SUBMIT, by=load_viewer(session, number), known=citable(session)
        )


def test_the_target_day_is_ninety_days_after_the_proposal(owner: FlaskClient) -> None:
    assert "parution visée" not in text(owner, f"/pratiques/dossiers/{ID}")
    submit()
    assert "parution visée" in text(owner, f"/pratiques/dossiers/{ID}")


def test_a_sheet_that_was_declined_aims_at_no_day(owner: FlaskClient) -> None:
    submit()
    with writing() as session:
        revision = open_revision_of(session, ID)
        assert revision is not None
        revision.state = PracticeState.DECLINED

    assert "parution visée" not in text(owner, f"/pratiques/dossiers/{ID}")


def test_a_co_author_is_found_by_the_whole_address_or_name_only(
    app: Flask, owner: FlaskClient
) -> None:
    other = browser(app, "paul@exemple.ca", name="Paul Étienne Exemple")

    for told in ("paul", "Paul", "paul@", "@exemple.ca", "%", ""):
        assert "Personne n’a été ajouté" in add(owner, told)
    assert other.get(f"/pratiques/dossiers/{ID}").status_code == 404
    assert "porte maintenant la fiche" in add(owner, "  paul etienne EXEMPLE ")
    assert other.get(f"/pratiques/dossiers/{ID}").status_code == 200
    assert other.get(f"/pratiques/dossiers/{ID}/identite").status_code == 200
    assert "Ajouter une personne" not in text(other, f"/pratiques/dossiers/{ID}")


def add(client: FlaskClient, told: str) -> str:
    page = f"/pratiques/dossiers/{ID}"
    answer = client.post(
        f"{page}/equipe",
        data={"csrf_token": csrf(client, page), "personne": told},
        follow_redirects=True,
    )
    return answer.get_data(as_text=True)


def test_nobody_tries_a_list_of_addresses(owner: FlaskClient) -> None:
    page = f"/pratiques/dossiers/{ID}"
    token = csrf(owner, page)
    for number in range(20):
        owner.post(
            f"{page}/equipe",
            data={"csrf_token": token, "personne": f"personne{number}@exemple.org"},
        )

    answer = owner.post(f"{page}/equipe", data={"csrf_token": token, "personne": "a@exemple.org"})

    assert answer.status_code == 429
    with reading() as session:
        assert session.query(AuditEntry).filter_by(action="practices.author_sought").count() == 20


def test_a_co_author_leaves_by_themselves_and_the_owner_stays(
    app: Flask, owner: FlaskClient
) -> None:
    other = browser(app, "paul@exemple.ca", name="Paul Exemple")
    add(owner, "paul@exemple.ca")
    page = f"/pratiques/dossiers/{ID}"
    found = re.findall(
        r'name="personne" value="([0-9a-f]+)"', other.get(page).get_data(as_text=True)
    )

    assert len(found) == 1
    answer = other.post(
        f"{page}/equipe/retrait", data={"csrf_token": csrf(other, page), "personne": found[0]}
    )
    assert answer.headers["Location"] == "/compte"
    assert other.get(page).status_code == 404


def test_giving_up_asks_by_name_and_closes_the_dossier(owner: FlaskClient) -> None:
    path = f"/pratiques/dossiers/{ID}/abandon"

    assert "Abandonner « Une visite par semaine »" in text(owner, path)
    answer = owner.post(path, data={"csrf_token": csrf(owner, path)})

    assert answer.status_code == 303
    assert owner.get(f"/pratiques/dossiers/{ID}").status_code == 404


def test_the_preview_shows_the_sheet_as_readers_will_see_it(owner: FlaskClient) -> None:
    told = text(owner, f"/pratiques/dossiers/{ID}/apercu")

    assert "Aperçu : voici la page" in told
    assert "Le problème L’attente." in told
    with reading() as session:
        assert session.query(PracticeRevision).count() == 1


def test_a_reason_to_rework_is_shown_until_the_sheet_moves(
    app: Flask, owner: FlaskClient, session: Session
) -> None:
    submit()
    with writing() as opened:
        revision = open_revision_of(opened, ID)
        assert revision is not None
        broker = make_member(opened, name="Béatrice")
        give_role(opened, broker, Role.BROKER)
        move(
            opened,
            revision,
            Move.DECLINE,
            by=load_viewer(opened, broker.id),
            known=citable(opened),
            reason="Trop proche d’une autre fiche.",
        )

    assert "Trop proche d’une autre fiche." in text(owner, f"/pratiques/dossiers/{ID}")


def test_the_dossier_costs_the_same_whatever_the_sheet_holds(owner: FlaskClient) -> None:
    owner.get(f"/pratiques/dossiers/{ID}")
    with statements() as run:
        owner.get(f"/pratiques/dossiers/{ID}")

    assert len(run) == 13, run


def test_my_board_tells_where_my_sheets_stand(app: Flask, owner: FlaskClient) -> None:
    told = text(owner, "/compte")

    assert "Mes pratiques Une visite par semaine Ébauche depuis le" in told
    assert "entre les mains de : l’équipe porteuse" in told
    submit()
    assert "entre les mains de : l’équipe de courtage" in text(owner, "/compte")
    assert "Mes pratiques" not in text(browser(app, "visite@exemple.ca"), "/compte")


def test_the_list_of_sheets_leads_to_proposing_one(client: FlaskClient) -> None:
    assert 'href="/pratiques/proposer"' in client.get("/pratiques").get_data(as_text=True)
    assert 'href="/pratiques/proposer"' in client.get("/").get_data(as_text=True)


def test_whoever_is_added_is_told_as_long_as_they_carry_the_sheet(
    app: Flask, owner: FlaskClient
) -> None:
    other = browser(app, "paul@exemple.ca", name="Paul Exemple")
    add(owner, "paul@exemple.ca")

    assert "Vous portez cette fiche : Une visite par semaine" in text(other, "/avis")
    with writing() as session:
        row = session.query(PracticeAuthor).filter_by(is_owner=False).one()
        session.delete(row)
    assert "Vous portez cette fiche" not in text(other, "/avis")
