"""« Garder »: in the browser without an account, in the account with one, from one to the other."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.db import reading, writing
from inters4.core.hooks import hooks
from inters4.search.models import BROWSER_LIMIT, KeptDocument
from tests.builders.members import make_member, sign_in_as
from tests.builders.search import Shelf, make_document
from tests.builders.statements import statements
from tests.builders.web import csrf

JSON = {"Accept": "application/json"}


@pytest.fixture
def client(shelf: Shelf, app: Flask) -> FlaskClient:
    shelf.put(
        make_document("chutes", title="Prévenir les chutes"),
        make_document("repit", kind="resume", title="Répit des proches"),
        make_document("interne", title="Note interne", audience="role:broker"),
    )
    shelf.index()
    return app.test_client()


def press(client: FlaskClient, name: str, *keys: str, **data: str) -> int:
    token = csrf(client, "/recherche")
    fields = {name: list(keys), "csrf_token": token, **data}
    return client.post("/ma-liste", data=fields).status_code


def titles(client: FlaskClient, path: str = "/ma-liste") -> list[str]:
    page = client.get(path).get_data(as_text=True)
    return re.findall(r'<a href="/essais/[a-z]+">([^<]+)</a>', page)


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("liste")
    return found.decoded_value if found else ""


def rows() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(KeptDocument.key).order_by(KeptDocument.key)))


def test_a_visitor_keeps_documents_without_a_trace_on_the_server(client: FlaskClient) -> None:
    assert press(client, "garder", "fiche:chutes") == 303
    assert press(client, "garder", "resume:repit") == 303

    assert titles(client) == ["Répit des proches", "Prévenir les chutes"]
    assert rows() == []
    kept = client.get_cookie("liste")
    assert kept is not None
    assert (kept.http_only, kept.same_site) == (True, "Lax")
    assert (kept.max_age or 0) > 300 * 24 * 3600


def test_the_menu_counts_and_the_buttons_turn(client: FlaskClient) -> None:
    press(client, "garder", "fiche:chutes")

    page = client.get("/recherche?q=chutes").get_data(as_text=True)

    assert "Ma liste (1)</a>" in page
    assert 'name="retirer" value="fiche:chutes"' in page


def test_what_is_taken_out_can_be_put_back(client: FlaskClient) -> None:
    press(client, "garder", "fiche:chutes")
    token = csrf(client, "/ma-liste")

    answer = client.post(
        "/ma-liste", data={"retirer": "fiche:chutes", "suite": "/ma-liste", "csrf_token": token}
    )
    page = client.get(answer.location).get_data(as_text=True)

    assert titles(client) == []
    assert '<input type="hidden" name="garder" value="fiche:chutes">' in page
    assert "Rien n’est gardé encore" in page


def test_the_reader_goes_back_to_what_was_read_and_nowhere_else(client: FlaskClient) -> None:
    token = csrf(client, "/recherche")
    fields = {"garder": "fiche:chutes", "csrf_token": token}

    back = client.post("/ma-liste", data={**fields, "suite": "/recherche?q=chutes"})
    away = client.post("/ma-liste", data={**fields, "suite": "https://exemple.ca/"})

    assert back.location == "/recherche?q=chutes"
    assert away.location == "/ma-liste"


def test_the_script_receives_the_new_title_of_the_menu(client: FlaskClient) -> None:
    token = csrf(client, "/recherche")

    answer = client.post(
        "/ma-liste", data={"garder": "fiche:chutes", "csrf_token": token}, headers=JSON
    )

    assert answer.get_json() == {
        "title": "Ma liste (1)",
        "said": "Le document est dans votre liste.",
    }


@pytest.mark.parametrize("key", ["fiche:interne", "fiche:inconnue", "autre:chose"])
def test_nobody_keeps_what_they_may_not_read(client: FlaskClient, key: str) -> None:
    assert press(client, "garder", key) == 404
    assert cookie(client) == ""


@pytest.mark.parametrize("name", ["garder", "retirer"])
def test_a_button_without_a_document_is_refused(client: FlaskClient, name: str) -> None:
    assert press(client, name, "../../etc/passwd") == 400


def test_without_its_token_the_form_is_refused(client: FlaskClient) -> None:
    assert client.post("/ma-liste", data={"garder": "fiche:chutes"}).status_code == 400


def test_a_forged_cookie_opens_nothing(client: FlaskClient) -> None:
    client.set_cookie("liste", "fiche:interne|fiche:chutes|<script>|fiche:inconnue")

    page = client.get("/ma-liste").get_data(as_text=True)

    assert titles(client) == ["Prévenir les chutes"]
    assert "Note interne" not in page
    assert "2 documents ne sont plus offerts" in page


def test_a_browser_keeps_so_many_documents_and_says_when_it_is_full(
    client: FlaskClient, shelf: Shelf
) -> None:
    shelf.put(*(make_document(f"d{number}") for number in range(BROWSER_LIMIT + 1)))
    client.set_cookie("liste", "|".join(f"fiche:d{number}" for number in range(BROWSER_LIMIT)))

    assert press(client, "garder", f"fiche:d{BROWSER_LIMIT}") == 400
    assert press(client, "retirer", "fiche:d0") == 303
    assert press(client, "garder", f"fiche:d{BROWSER_LIMIT}") == 303


def test_a_member_keeps_documents_in_their_account(client: FlaskClient, session: Session) -> None:
    sign_in_as(client, session, make_member(session))

    press(client, "garder", "fiche:chutes", "resume:repit")
    press(client, "garder", "fiche:chutes")
    press(client, "retirer", "resume:repit")

    assert rows() == ["fiche:chutes"]
    assert cookie(client) == ""
    assert titles(client) == ["Prévenir les chutes"]


def test_the_list_of_the_browser_joins_the_account_at_the_first_visit(
    client: FlaskClient, session: Session
) -> None:
    press(client, "garder", "fiche:chutes")
    sign_in_as(client, session, make_member(session))

    assert client.head("/ma-liste").status_code == 200
    client.get("/ma-liste", headers={"Sec-Purpose": "prefetch"})
    assert rows() == []

    assert titles(client) == ["Prévenir les chutes"]
    assert rows() == ["fiche:chutes"]
    assert cookie(client) == ""


def test_the_list_of_the_browser_joins_the_account_at_the_first_press(
    client: FlaskClient, session: Session
) -> None:
    press(client, "garder", "fiche:chutes")
    sign_in_as(client, session, make_member(session))

    press(client, "garder", "resume:repit")

    assert rows() == ["fiche:chutes", "resume:repit"]
    assert cookie(client) == ""


def test_two_members_do_not_share_a_list(client: FlaskClient, session: Session) -> None:
    sign_in_as(client, session, make_member(session))
    press(client, "garder", "fiche:chutes")
    sign_in_as(client, session, make_member(session))

    assert titles(client) == []


def test_an_address_shares_a_list_that_is_only_read(client: FlaskClient) -> None:
    path = "/ma-liste?cle=fiche:chutes&cle=fiche:interne&cle=resume:repit"

    page = client.get(path)

    assert titles(client, path) == ["Prévenir les chutes", "Répit des proches"]
    assert "Garder ces documents" in page.get_data(as_text=True)
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert cookie(client) == ""


def test_a_list_leaves_in_every_format(client: FlaskClient) -> None:
    press(client, "garder", "fiche:chutes")

    for extension in ("ris", "bib", "csv", "json", "txt"):
        answer = client.get(f"/ma-liste/documents.{extension}")
        assert answer.status_code == 200
        assert "Prévenir les chutes" in answer.get_data(as_text=True), extension
        assert answer.headers["Cache-Control"] == "no-store"
        assert f"inters4-liste.{extension}" in answer.headers["Content-Disposition"]
    assert client.get("/ma-liste/documents.exe").status_code == 404


def test_a_shared_list_leaves_too_as_far_as_its_reader_may_see(client: FlaskClient) -> None:
    text = client.get("/ma-liste/documents.txt?cle=resume:repit&cle=fiche:interne")

    assert "Répit des proches" in text.get_data(as_text=True)
    assert "Note interne" not in text.get_data(as_text=True)


def test_a_list_costs_the_same_statements_whatever_its_length(
    client: FlaskClient, session: Session, shelf: Shelf
) -> None:
    member = make_member(session)
    sign_in_as(client, session, member)
    shelf.put(*(make_document(f"d{number}") for number in range(20)))
    press(client, "garder", "fiche:chutes")
    client.get("/ma-liste")
    with statements() as short:
        client.get("/ma-liste")
    press(client, "garder", *(f"fiche:d{number}" for number in range(20)))
    with statements() as long:
        client.get("/ma-liste")

    assert len(long) == len(short) == 7, long


def test_a_person_who_disappears_takes_their_list_with_them(session: Session) -> None:
    member, other = make_member(session), make_member(session)
    session.add_all(KeptDocument(member_id=one.id, key="fiche:chutes") for one in (member, other))
    session.commit()

    with writing() as written:
        for erase in hooks.member_erased:
            erase(written, member.id)

    with reading() as read:
        assert list(read.scalars(select(KeptDocument.member_id))) == [other.id]


def test_a_person_takes_their_list_away(session: Session) -> None:
    member = make_member(session)
    session.add(KeptDocument(member_id=member.id, key="fiche:chutes"))
    session.flush()

    taken = list(hooks.member_export["kept_documents"](session, member.id))

    assert [row["document"] for row in taken] == ["fiche:chutes"]
