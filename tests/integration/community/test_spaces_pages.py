"""`/communaute` and `/communaute/SLUG`: who sees which space, and its threads."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.community.models import (
    JoinPolicy,
    SpaceFormerSlug,
    SpaceStage,
    ThreadKind,
    Visibility,
)
from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from tests.builders.community import make_post, make_space, make_thread
from tests.builders.members import browser_of, make_viewer
from tests.builders.statements import statements

Browser = Callable[[Viewer], FlaskClient]


@pytest.fixture
def browser(app: Flask) -> Browser:
    return lambda who: browser_of(app, who)


def test_a_visitor_sees_public_spaces_and_the_face_of_listed_ones(
    client: FlaskClient, session: Session
) -> None:
    make_space(session, name="Soins à domicile", visibility=Visibility.PUBLIC)
    make_space(session, name="Gestion des lits", visibility=Visibility.MEMBERS)
    make_space(session, name="Deuil périnatal", visibility=Visibility.PRIVATE_LISTED)
    make_space(session, name="Comité discret", visibility=Visibility.PRIVATE_HIDDEN)
    session.commit()

    page = client.get("/communaute").text

    assert "Soins à domicile" in page
    assert "Deuil périnatal" in page
    assert "Gestion des lits" not in page
    assert "Comité discret" not in page
    assert "2 espaces" in page


@pytest.mark.parametrize("role", [None, Role.COORDINATION, Role.ADMIN])
def test_a_hidden_space_does_not_exist_for_who_does_not_belong(
    browser: Browser, session: Session, role: Role | None
) -> None:
    space = make_space(session, name="Comité discret", visibility=Visibility.PRIVATE_HIDDEN)
    someone = make_viewer(session, role=role)
    session.commit()

    there = browser(someone)

    assert there.get(f"/communaute/{space.slug}").status_code == 404
    assert "Comité discret" not in there.get("/communaute").text


def test_a_listed_space_shows_its_presentation_and_no_thread(
    client: FlaskClient, session: Session
) -> None:
    member = make_viewer(session)
    space = make_space(session, members=(member,), visibility=Visibility.PRIVATE_LISTED)
    make_thread(session, space, author=member, title="Ce qui se dit entre nous")
    session.commit()

    page = client.get(f"/communaute/{space.slug}").text

    assert "Un espace d’essai." in page
    assert "Ce qui se dit entre nous" not in page
    assert "1 personne" not in page


def test_who_belongs_reads_threads_pinned_first_and_what_is_new(
    browser: Browser, session: Session
) -> None:
    member, other = make_viewer(session), make_viewer(session, name="Benoît Essai")
    space = make_space(session, members=(member, other), visibility=Visibility.PRIVATE_HIDDEN)
    make_thread(session, space, author=other, title="Un fil épinglé", pinned_at=now())
    make_thread(session, space, author=other, title="Un fil plus récent")
    session.commit()

    page = browser(member).get(f"/communaute/{space.slug}").text

    assert page.index("Un fil épinglé") < page.index("Un fil plus récent")
    assert page.count("thread-line is-unread") == 2


def test_threads_narrow_by_kind_and_to_those_without_an_answer(
    client: FlaskClient, session: Session
) -> None:
    space = make_space(session, visibility=Visibility.PUBLIC)
    asked = make_thread(session, space, title="Qui a un protocole?", kind=ThreadKind.QUESTION)
    make_post(session, asked)
    make_thread(session, space, title="Qui a un modèle?", kind=ThreadKind.QUESTION)
    make_thread(session, space, title="Une simple nouvelle", kind=ThreadKind.ANNOUNCEMENT)
    session.commit()
    here = f"/communaute/{space.slug}"

    questions = client.get(f"{here}?genre=question").text
    unanswered = client.get(f"{here}?genre=question&reponse=non").text

    assert "Qui a un protocole?" in questions
    assert "Une simple nouvelle" not in questions
    assert "Qui a un modèle?" in unanswered
    assert "Qui a un protocole?" not in unanswered


def test_a_former_address_leads_to_the_present_one_for_who_sees_the_space(
    client: FlaskClient, session: Session
) -> None:
    shown = make_space(session, visibility=Visibility.PUBLIC)
    hidden = make_space(session, visibility=Visibility.PRIVATE_HIDDEN)
    session.add_all(
        [
            SpaceFormerSlug(slug="ancien-nom", space_id=shown.id),
            SpaceFormerSlug(slug="ancien-secret", space_id=hidden.id),
        ]
    )
    session.commit()

    moved = client.get("/communaute/ancien-nom")

    assert moved.status_code == 301
    assert moved.location == f"/communaute/{shown.slug}"
    assert client.get("/communaute/ancien-secret").status_code == 404
    assert client.get("/communaute/ancien-nom?genre=question").location == (
        f"/communaute/{shown.slug}?genre=question"
    )


def test_the_list_narrows_by_words_theme_stage_and_way_in(
    client: FlaskClient, session: Session
) -> None:
    make_space(
        session,
        name="Santé des aînés",
        visibility=Visibility.PUBLIC,
        stage=SpaceStage.DORMANT,
        join_policy=JoinPolicy.REQUEST,
    )
    make_space(session, name="Santé mentale jeunesse", visibility=Visibility.PUBLIC)
    session.commit()

    for asked in ("q=aines", "etat=dormance", "adhesion=demande"):
        page = client.get(f"/communaute?{asked}").text
        assert "Santé des aînés" in page
        assert "Santé mentale jeunesse" not in page


@pytest.mark.parametrize(
    "asked",
    ["page=0", "page=-3", f"page={2**70}", "page=x", "theme=inconnu", "etat=x&genre=x"],
)
def test_strange_requests_are_read_as_far_as_they_can_be(
    client: FlaskClient, session: Session, asked: str
) -> None:
    space = make_space(session, visibility=Visibility.PUBLIC)
    session.commit()

    assert client.get(f"/communaute?{asked}").status_code == 200
    assert client.get(f"/communaute/{space.slug}?{asked}").status_code == 200


def test_lists_cost_the_same_however_long_they_are(browser: Browser, session: Session) -> None:
    member = make_viewer(session)
    first = make_space(session, members=(member,))
    make_thread(session, first, author=member)
    session.commit()
    there = browser(member)

    def cost(path: str) -> int:
        there.get(path)
        with statements() as sent:
            there.get(path)
        return len(sent)

    before = cost("/communaute"), cost(f"/communaute/{first.slug}")
    for number in range(15):
        make_space(session, members=(member,))
        make_thread(session, first, author=member, title=f"Un autre fil {number}")
    session.commit()

    assert (cost("/communaute"), cost(f"/communaute/{first.slug}")) == before


@pytest.mark.parametrize("path", ["/communaute", "/communaute/reserve"])
def test_who_leads_a_private_space_is_named_to_people_who_are_signed_in(
    app: Flask, session: Session, path: str
) -> None:
    lead = make_viewer(session, name="Ariane Animation")
    make_space(session, facilitator=lead, visibility=Visibility.PRIVATE_LISTED, slug="reserve")
    someone = make_viewer(session)
    session.commit()

    assert "Ariane Animation" not in app.test_client().get(path).get_data(as_text=True)
    assert "Ariane Animation" in browser_of(app, someone).get(path).get_data(as_text=True)
