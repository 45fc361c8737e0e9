"""The feed of a space: for whoever reads it, and for a program in their name."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.community.models import (
    Membership,
    PostState,
    Space,
    SpaceToken,
    Visibility,
)
from inters4.community.queries.spaces import SLUGS
from inters4.core.access import Viewer
from inters4.core.db import writing
from inters4.members.models import Member, MemberState
from tests.builders.community import again, make_post, make_space, make_thread
from tests.builders.members import browser_of, make_viewer
from tests.builders.statements import statements
from tests.builders.web import csrf


@pytest.fixture
def reader(session: Session) -> Viewer:
    return make_viewer(session, name="Lise Essai")


def make(session: Session, visibility: Visibility, *members: Viewer, **fields: Any) -> Space:
    space = make_space(session, visibility=visibility, members=members, **fields)
    thread = make_thread(session, space, title="Quel pansement?", text="Le **miel**?")
    make_post(session, thread, text="Encore attendu", state=PostState.WAITING)
    make_post(session, thread, text="L’argent.", author=members[0] if members else None)
    session.commit()
    return space


def address_made(browser: FlaskClient, space: Space) -> str:
    path = f"/communaute/{space.slug}/flux"
    page = browser.post(path, data={"csrf_token": csrf(browser, path)}).get_data(as_text=True)
    found = re.search(r'value="https?://[^/]+(/[^"]+fil\.atom\?cle=[^"]+)"', page)
    assert found is not None, page
    return found[1]


def test_a_public_space_is_followed_without_an_account(
    client: FlaskClient, session: Session, reader: Viewer
) -> None:
    space = make(session, Visibility.PUBLIC, reader)

    answer = client.get(f"/communaute/{space.slug}/fil.atom")
    text = answer.get_data(as_text=True)

    assert answer.mimetype == "application/atom+xml"
    assert "no-cache" in answer.headers["Cache-Control"]
    assert "Quel pansement?" in text
    assert "&lt;strong&gt;miel" in text
    assert "Lise Essai" in text
    assert "Personne retirée" in text
    assert "Encore attendu" not in text
    assert 'fil.atom"' in client.get(f"/communaute/{space.slug}").get_data(as_text=True)


@pytest.mark.parametrize(
    "visibility", [Visibility.MEMBERS, Visibility.PRIVATE_LISTED, Visibility.PRIVATE_HIDDEN]
)
def test_a_program_reads_in_the_name_of_who_reads(
    app: Flask, client: FlaskClient, session: Session, reader: Viewer, visibility: Visibility
) -> None:
    space = make(session, visibility, reader)
    assert client.get(f"/communaute/{space.slug}/fil.atom").status_code == 404

    address = address_made(browser_of(app, reader), space)
    answer = client.get(address)

    assert answer.status_code == 200
    assert "private" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "L’argent." in answer.get_data(as_text=True)
    secret = address.partition("cle=")[2]
    assert secret not in answer.get_data(as_text=True)
    with writing() as other:
        assert secret not in str(other.query(SpaceToken.token_hash).all())


def test_the_address_ends_with_the_right_to_read(
    app: Flask, client: FlaskClient, session: Session, reader: Viewer
) -> None:
    space = make(session, Visibility.PRIVATE_HIDDEN, reader)
    address = address_made(browser_of(app, reader), space)
    session.delete(session.get_one(Membership, (space.id, reader.member_id)))
    session.commit()

    assert client.get(address).status_code == 404


def test_the_address_ends_with_the_account(
    app: Flask, client: FlaskClient, session: Session, reader: Viewer
) -> None:
    space = make(session, Visibility.MEMBERS, reader)
    address = address_made(browser_of(app, reader), space)
    session.get_one(Member, reader.member_id).state = MemberState.SUSPENDED
    session.commit()

    assert client.get(address).status_code == 404


def test_another_address_ends_the_first_and_ending_it_too(
    app: Flask, client: FlaskClient, session: Session, reader: Viewer
) -> None:
    space = make(session, Visibility.MEMBERS, reader)
    browser = browser_of(app, reader)
    first = address_made(browser, space)
    second = address_made(browser, space)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)

    path = f"/communaute/{space.slug}/flux"
    browser.post(f"{path}/fin", data={"csrf_token": csrf(browser, path)})

    assert client.get(second).status_code == 404


def test_an_address_opens_one_space_and_what_is_none_opens_nothing(
    app: Flask, client: FlaskClient, session: Session, reader: Viewer
) -> None:
    space = make(session, Visibility.PRIVATE_HIDDEN, reader)
    other = make(session, Visibility.PRIVATE_HIDDEN, reader)
    secret = address_made(browser_of(app, reader), space).partition("cle=")[2]

    for key in (secret, "faux", "x" * 5000, "é"):
        path = f"/communaute/{other.slug}/fil.atom"
        assert client.get(path, query_string={"cle": key}).status_code == 404


def test_of_a_discreet_space_only_that_something_is_new(
    app: Flask, client: FlaskClient, session: Session, reader: Viewer
) -> None:
    space = make(session, Visibility.PRIVATE_LISTED, reader, is_discreet=True)

    text = client.get(address_made(browser_of(app, reader), space)).get_data(as_text=True)

    assert "Nouveau message" in text
    assert "pansement" not in text
    assert "argent" not in text


def test_a_feed_costs_the_same_statements_whatever_it_holds(
    client: FlaskClient, session: Session, reader: Viewer
) -> None:
    space = make(session, Visibility.PUBLIC, reader)
    path = f"/communaute/{space.slug}/fil.atom"
    with statements() as short:
        client.get(path)
    for number in range(40):
        make_thread(session, space, title=f"Fil numéro {number}", author=again(session, reader))
    session.commit()
    with statements() as long:
        text = client.get(path).get_data(as_text=True)

    assert len(short) == len(long) == 2, long
    assert text.count("<entry>") == 30


def test_an_address_outlives_a_change_of_name(
    app: Flask, client: FlaskClient, session: Session, reader: Viewer
) -> None:
    shown = make(session, Visibility.PUBLIC, reader)
    hidden = make(session, Visibility.PRIVATE_HIDDEN, reader)
    public, private = (
        f"/communaute/{shown.slug}/fil.atom",
        address_made(browser_of(app, reader), hidden),
    )
    for number, space in enumerate((shown, hidden)):
        SLUGS.move(session, space, f"nouveau-nom-{number}")
    session.commit()

    assert client.get(public).location == "/communaute/nouveau-nom-0/fil.atom"
    assert client.get(private).status_code == 200
