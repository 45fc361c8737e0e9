"""What a request may bring: addresses, numbers and texts that no database could take."""

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.web.requests import public
from inters4.home.models import Question
from tests.builders.web import csrf


def _addresses(app: Flask, *, text: str, number: str, having: str = "<") -> list[str]:
    """Every address that has a part to fill, filled."""
    found = []
    for rule in app.url_map.iter_rules():
        if having in rule.rule and rule.methods and "GET" in rule.methods:
            address = rule.rule
            for name in rule.arguments:
                address = address.replace(f"<int:{name}>", number).replace(f"<{name}>", text)
            found.append(address)
    assert found
    return found


def test_no_address_with_a_nul_exists(app: Flask, client: FlaskClient) -> None:
    for address in _addresses(app, text="a%00b", number="1"):
        assert client.get(address).status_code == 404, address


def test_no_address_takes_a_nul_among_its_parameters(app: Flask, client: FlaskClient) -> None:
    for rule in app.url_map.iter_rules():
        if not rule.arguments and rule.methods and "GET" in rule.methods:
            for query in ("q=%00", "%00=q", "page=%00", "theme=a%00"):
                assert client.get(f"{rule.rule}?{query}").status_code == 400, rule.rule


@pytest.mark.parametrize("number", ["3000000000", "9223372036854775808", "9" * 5_000])
def test_a_number_too_large_for_a_database_is_no_address(
    app: Flask, client: FlaskClient, number: str
) -> None:
    for address in _addresses(app, text="en-bref", number=number, having="<int:"):
        assert client.get(address).status_code == 404, address


@pytest.mark.parametrize("number", ["99999999999999999999", "9" * 5_000, "-1", "0", "x"])
def test_a_page_number_is_brought_back_among_those_that_exist(
    client: FlaskClient, number: str
) -> None:
    for path in ("/pratiques", "/veille"):
        assert client.get(f"{path}?page={number}").status_code == 200, path


def test_a_nul_pasted_in_a_form_goes_and_the_rest_is_kept(
    client: FlaskClient, session: Session
) -> None:
    answer = client.post(
        "/question",
        data={
            "csrf_token": csrf(client, "/question"),
            "question": "Bonjour\0 tout le monde, que faire?",
            "courriel": "quelqu\0un@exemple.org",
            "nom": "\0Noa",
            "q": "\0",
            "de": "/pratiques\0",
        },
    )

    assert answer.status_code == 303
    kept = session.scalars(select(Question)).one()
    assert kept.text == "Bonjour tout le monde, que faire?"
    assert (kept.email, kept.name, kept.query) == ("quelquun@exemple.org", "Noa", "")


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_whatever_the_form_neither_a_name_nor_a_value_keeps_a_nul(app: Flask, kind: str) -> None:
    @app.post("/essai")
    @public
    def told() -> dict[str, list[str]]:
        return {"form": [*request.form, *request.form.values()], "values": sorted(request.values)}

    client = app.test_client()
    token = csrf(client, "/question")
    sent = {"csrf_token": token, "te\0xte": "a\0b"}
    answer = client.post("/essai", data=sent, content_type=kind)

    assert answer.json == {
        "form": ["csrf_token", "texte", token, "ab"],
        "values": ["csrf_token", "texte"],
    }


def test_every_form_of_the_portal_survives_a_nul(app: Flask, client: FlaskClient) -> None:
    token = csrf(client, "/question")
    names = ("courriel", "mot_de_passe", "suite", "region", "garder", "retirer", "text", "personne")
    typed = dict.fromkeys(names, "a\0b@c.d")
    for rule in app.url_map.iter_rules():
        if not rule.arguments and rule.methods and "POST" in rule.methods:
            answer = client.post(rule.rule, data={"csrf_token": token, **typed})
            assert answer.status_code < 500, rule.rule
