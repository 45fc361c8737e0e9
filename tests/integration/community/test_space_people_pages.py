"""Pages by which one joins, answers, leaves, invites, and by which a space is set."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.models import (
    JoinPolicy,
    JoinRequest,
    Membership,
    RequestState,
    Space,
    SpaceInvitation,
    SpaceStage,
    Visibility,
)
from inters4.core.access import Role, Viewer
from inters4.core.db import reading
from inters4.members.models import Member
from tests.builders.community import make_space, make_thread
from tests.builders.members import browser_of, make_viewer
from tests.builders.statements import statements
from tests.builders.web import csrf, sent_by

Browser = Callable[[Viewer], FlaskClient]
HIDDEN, LISTED = Visibility.PRIVATE_HIDDEN, Visibility.PRIVATE_LISTED


@pytest.fixture
def browser(app: Flask) -> Browser:
    return lambda who: browser_of(app, who)


@pytest.fixture
def lead(session: Session) -> Viewer:
    return make_viewer(session, name="Camille Essai")


@pytest.fixture
def second(session: Session) -> Viewer:
    return make_viewer(session, name="Dominique Essai")


@pytest.fixture
def someone(session: Session) -> Viewer:
    return make_viewer(session, name="Benoît Essai")


@pytest.fixture
def opened(session: Session, lead: Viewer, second: Viewer) -> Callable[..., str]:
    return lambda **fields: _space(session, lead, second, **fields)


def _space(session: Session, lead: Viewer, second: Viewer, **fields: object) -> str:
    space = make_space(session, facilitator=lead, deputy=second, **fields)  # type: ignore[arg-type]
    session.commit()
    return f"/communaute/{space.slug}"


def _send(client: FlaskClient, page: str, path: str, **typed: str) -> int:
    data = {"csrf_token": csrf(client, page), **typed}
    return client.post(path, data=data).status_code


def _public_id(who: Viewer) -> str:
    with reading() as session:
        return session.get_one(Member, who.member_id).public_id


def _people(path: str) -> set[int]:
    with reading() as session:
        slug = path.rpartition("/")[2]
        found = session.scalars(
            select(Membership.member_id)
            .join(Space, Space.id == Membership.space_id)
            .where(Space.slug == slug)
        )
        return set(found)


def test_one_comes_in_and_leaves(
    browser: Browser, session: Session, lead: Viewer, second: Viewer, someone: Viewer
) -> None:
    here = _space(session, lead, second)
    there = browser(someone)

    assert _send(there, here, f"{here}/adhesion/entree") == 303
    assert someone.member_id in _people(here)
    assert "Quitter" in there.get(f"{here}/adhesion").text
    assert _send(there, f"{here}/adhesion", f"{here}/adhesion/depart") == 303
    assert someone.member_id not in _people(here)


def test_a_visitor_is_sent_to_sign_in_and_comes_back(
    client: FlaskClient, session: Session, lead: Viewer, second: Viewer
) -> None:
    here = _space(session, lead, second, visibility=Visibility.PUBLIC)

    answer = client.get(f"{here}/adhesion")

    assert answer.status_code == 303
    assert f"suite={here}/adhesion" in answer.location.replace("%2F", "/")
    assert "Se connecter pour adhérer" in client.get(here).text


def test_a_request_is_sent_followed_and_answered(
    browser: Browser, session: Session, lead: Viewer, second: Viewer, someone: Viewer
) -> None:
    here = _space(session, lead, second, visibility=LISTED, join_policy=JoinPolicy.REQUEST)
    asks, leads = browser(someone), browser(lead)

    assert _send(asks, f"{here}/adhesion", f"{here}/adhesion/demande", message="Bonjour!") == 303
    assert "attend une réponse" in asks.get(f"{here}/adhesion").text
    assert "En attente" in asks.get("/communaute/mes-demandes").text
    page = leads.get(f"{here}/demandes").text
    assert "Benoît Essai" in page
    assert "Bonjour!" in page
    assert "1 demande d’adhésion à traiter" in leads.get("/compte").text
    answer = f"{here}/demandes/{_public_id(someone)}"
    assert _send(leads, f"{here}/demandes", f"{answer}/refus", motif=" ") == 422
    assert _send(leads, f"{here}/demandes", f"{answer}/acceptation") == 303
    assert someone.member_id in _people(here)
    assert _send(leads, f"{here}/demandes", f"{answer}/acceptation") == 409


def test_a_refusal_is_read_by_who_asked(
    browser: Browser, session: Session, lead: Viewer, second: Viewer, someone: Viewer
) -> None:
    here = _space(session, lead, second, visibility=LISTED, join_policy=JoinPolicy.REQUEST)
    asks, leads = browser(someone), browser(lead)
    _send(asks, f"{here}/adhesion", f"{here}/adhesion/demande")
    answer = f"{here}/demandes/{_public_id(someone)}/refus"

    assert _send(leads, f"{here}/demandes", answer, motif="C’est complet.") == 303

    assert "C’est complet." in asks.get(f"{here}/adhesion").text
    assert "C’est complet." in asks.get("/communaute/mes-demandes").text


def test_a_space_hidden_since_is_not_named_to_who_asked(
    browser: Browser, session: Session, lead: Viewer, second: Viewer, someone: Viewer
) -> None:
    here = _space(
        session, lead, second, name="Deuil", visibility=LISTED, join_policy=JoinPolicy.REQUEST
    )
    asks, leads = browser(someone), browser(lead)
    _send(asks, f"{here}/adhesion", f"{here}/adhesion/demande")
    shown = f"{here}/reglages/visibilite"
    assert _send(leads, f"{shown}?qui=cache", shown, qui="cache") == 303

    page = asks.get("/communaute/mes-demandes").text

    assert "Un espace privé" in page
    assert "Deuil" not in page
    assert asks.get(f"{here}/adhesion").status_code == 404


def test_someone_invited_to_a_hidden_space_sees_only_its_face(
    browser: Browser, session: Session, lead: Viewer, second: Viewer, someone: Viewer
) -> None:
    here = _space(session, lead, second, visibility=HIDDEN, join_policy=JoinPolicy.INVITATION)
    invited, leads = browser(someone), browser(lead)
    form = f"{here}/invitations"

    assert _send(leads, form, form, personne="Personne Inconnue") == 422
    assert _send(leads, form, form, personne="Benoît Essai", message="Venez!") == 303
    assert invited.get(here).status_code == 404
    page = invited.get(f"{here}/adhesion").text
    assert "Venez!" in page
    assert "Un espace d’essai." in page
    assert "Une invitation vous attend" in invited.get("/compte").text
    answer = f"{here}/adhesion/invitation"
    assert _send(invited, f"{here}/adhesion", answer, reponse="oui") == 303
    assert invited.get(here).status_code == 200
    with reading() as again:
        assert again.scalar(select(SpaceInvitation.id)) is None


def test_people_are_listed_to_those_who_belong(
    browser: Browser, session: Session, lead: Viewer, second: Viewer, someone: Viewer
) -> None:
    here = _space(session, lead, second)

    page = browser(second).get(f"{here}/personnes").text.partition("person-list")[2]

    assert page.index("Camille Essai") < page.index("Dominique Essai")
    assert browser(someone).get(f"{here}/personnes").status_code == 403


def test_a_person_is_given_a_role_removed_banned_and_let_back(
    browser: Browser, session: Session, lead: Viewer, second: Viewer, someone: Viewer
) -> None:
    here = _space(session, lead, second, members=(someone,))
    leads = browser(lead)
    page = f"{here}/personnes/{_public_id(someone)}"

    assert _send(leads, page, f"{page}/moderation", role="oui") == 303
    assert "Cette personne modère" in leads.get(page).text
    answer = leads.post(f"{page}/exclusion", data={"csrf_token": csrf(leads, page), "motif": "\0 "})
    assert answer.status_code == 422
    assert _send(leads, page, f"{page}/exclusion", motif="Propos répétés.") == 303
    assert someone.member_id not in _people(here)
    people = leads.get(f"{here}/personnes").text
    assert "Propos répétés." in people
    assert leads.get(page).status_code == 404
    freed = f"{here}/exclusions/{_public_id(someone)}/levee"
    assert _send(leads, f"{here}/personnes", freed) == 303
    assert "Propos répétés." not in leads.get(f"{here}/personnes").text


def test_the_lead_is_handed_over(
    browser: Browser, session: Session, lead: Viewer, second: Viewer, someone: Viewer
) -> None:
    here = _space(session, lead, second, members=(someone,))
    leads, page = browser(lead), f"{here}/releve"
    one, other = _public_id(someone), _public_id(second)

    assert _send(leads, page, page, animation=one, releve=one) == 422
    assert _send(leads, page, page, animation=one, releve="inconnu") == 422
    assert _send(leads, page, page, animation=one, releve=other) == 303
    assert leads.get(page).status_code == 403
    assert browser(someone).get(f"{here}/reglages").status_code == 200


def test_settings_are_kept_and_a_stale_form_shows_both(
    browser: Browser, session: Session, lead: Viewer, second: Viewer
) -> None:
    here = _space(session, lead, second)
    leads, page = browser(lead), f"{here}/reglages"
    form = sent_by(leads.get(page).text)
    late = sent_by(leads.get(page).text)
    form["nom"], form["charte-confiance"] = "Soins palliatifs", "Ce qui se dit ici reste ici."
    late["nom"] = "Un autre nom"

    assert leads.post(page, data=form).status_code == 303
    answer = leads.post(page, data=late)

    assert answer.status_code == 409
    assert "Soins palliatifs" in answer.text
    assert "Un autre nom" in answer.text
    assert "Ce qui se dit ici reste ici." in leads.get(here).text
    again = sent_by(answer.text)
    assert leads.post(page, data=again).status_code == 303
    assert "Un autre nom" in leads.get(here).text


def test_nothing_typed_is_lost_when_the_form_is_refused(
    browser: Browser, session: Session, lead: Viewer, second: Viewer
) -> None:
    here = _space(session, lead, second)
    leads, page = browser(lead), f"{here}/reglages"
    form = sent_by(leads.get(page).text)
    form["nom"], form["raison"], form["premiers"] = "", "Une raison gardée", "9" * 40

    answer = leads.post(page, data=form)

    assert answer.status_code == 422
    assert "Une raison gardée" in answer.text
    assert "Choisissez de 0 à 5 messages." in answer.text


def test_a_new_address_is_reached_from_the_former_one(
    browser: Browser, session: Session, lead: Viewer, second: Viewer
) -> None:
    here = _space(session, lead, second)
    leads = browser(lead)
    form = sent_by(leads.get(f"{here}/reglages").text)
    form["nom"], form["adresse"] = "Soins palliatifs", "oui"

    answer = leads.post(f"{here}/reglages", data=form)

    assert answer.location == "/communaute/soins-palliatifs/reglages"
    assert leads.get(here).location == "/communaute/soins-palliatifs"


def test_widening_shows_what_appears_and_asks(
    browser: Browser, client: FlaskClient, session: Session, lead: Viewer, second: Viewer
) -> None:
    space = make_space(session, facilitator=lead, deputy=second, visibility=HIDDEN)
    make_thread(session, space, author=lead, title="Ce qui sera lu par tout le monde")
    session.commit()
    here = f"/communaute/{space.slug}"
    leads, page = browser(lead), f"{here}/reglages/visibilite"

    shown = leads.get(f"{page}?qui=public").text

    assert "Ce qui sera lu par tout le monde" in shown
    assert "1 message" in shown
    form = sent_by(shown)
    leads.post(page, data=form)
    assert client.get(here).status_code == 404
    form["confirmer"] = "oui"
    leads.post(page, data=form)
    assert client.get(here).status_code == 200


def test_narrowing_takes_effect_at_the_next_request(
    browser: Browser, session: Session, lead: Viewer, second: Viewer, someone: Viewer
) -> None:
    here = _space(session, lead, second)
    reads, leads, page = browser(someone), browser(lead), f"{here}/reglages/visibilite"
    assert reads.get(here).status_code == 200

    assert _send(leads, f"{page}?qui=cache", page, qui="cache") == 303

    assert reads.get(here).status_code == 404
    assert reads.get(f"{here}/adhesion").status_code == 404


def test_an_archived_space_is_read_and_may_be_opened_again(
    browser: Browser, session: Session, lead: Viewer, second: Viewer, someone: Viewer
) -> None:
    here = _space(session, lead, second)
    leads, page = browser(lead), f"{here}/reglages"

    assert _send(leads, page, f"{page}/etape", etape="archivee") == 303
    shown = browser(someone).get(here).text
    assert "archivé" in shown
    assert "Qui peut y entrer" not in shown
    assert _send(leads, page, f"{page}/etape", etape="inconnue") == 303
    assert _send(leads, page, f"{page}/etape", etape="active") == 303
    with reading() as again:
        assert again.scalar(select(Space.stage)) is SpaceStage.ACTIVE


def test_the_coordination_opens_a_space(
    browser: Browser, session: Session, lead: Viewer, second: Viewer
) -> None:
    staff = make_viewer(session, role=Role.COORDINATION, name="Farida Essai")
    session.commit()
    there = browser(staff)
    form = sent_by(there.get("/communaute/creer").text)
    unnamed = there.post("/communaute/creer", data={**form, "releve": "Inconnue Essai"})
    form["nom"], form["raison"] = "Soins à domicile", "Mieux suivre."
    form["animation"], form["releve"] = "Camille Essai", "Inconnue Essai"

    refused = there.post("/communaute/creer", data=form)
    form["releve"] = "Dominique Essai"
    answer = there.post("/communaute/creer", data=form)

    assert unnamed.status_code == 422
    for field in ("nom", "raison", "animation", "releve"):
        assert f'href="#{field}"' in unnamed.text, "every mistake is told at once"
    assert refused.status_code == 422
    assert "Mieux suivre." in refused.text
    assert answer.location == "/communaute/soins-a-domicile"
    assert "Camille Essai" in there.get(answer.location).text
    assert _people(answer.location) == {lead.member_id, second.member_id}


def test_whoever_opens_a_hidden_space_does_not_see_it(
    browser: Browser, session: Session, lead: Viewer, second: Viewer
) -> None:
    staff = make_viewer(session, role=Role.ADMIN, name="Farida Essai")
    session.commit()
    there = browser(staff)
    form = sent_by(there.get("/communaute/creer").text)
    form["nom"], form["raison"] = "Comité discret", "Parler à l’abri."
    form["animation"], form["releve"] = "Camille Essai", "Dominique Essai"
    form["visibilite"], form["adhesion"] = "cache", "invitation"

    answer = there.post("/communaute/creer", data=form)

    assert answer.location == "/communaute"
    with reading() as again:
        slug = again.scalar(select(Space.slug))
    assert there.get(f"/communaute/{slug}").status_code == 404
    assert browser(lead).get(f"/communaute/{slug}").status_code == 200


@pytest.mark.parametrize(
    "page",
    ["demandes", "reglages", "reglages/visibilite", "invitations", "releve", "personnes/inconnu"],
)
def test_pages_of_those_who_lead_are_closed_to_others(
    browser: Browser, opened: Callable[..., str], someone: Viewer, page: str
) -> None:
    here, there = opened(), opened(visibility=HIDDEN)

    assert browser(someone).get(f"{here}/{page}").status_code == 403
    assert browser(someone).get(f"{there}/{page}").status_code == 404


def test_lists_of_people_and_requests_cost_the_same_however_long(
    browser: Browser, session: Session, lead: Viewer, second: Viewer
) -> None:
    space = make_space(
        session,
        facilitator=lead,
        deputy=second,
        visibility=LISTED,
        join_policy=JoinPolicy.REQUEST,
    )

    def grow() -> None:
        asking, inside = make_viewer(session), make_viewer(session)
        session.add_all(
            [
                JoinRequest(space_id=space.id, member_id=asking.member_id),
                JoinRequest(
                    space_id=space.id, member_id=inside.member_id, state=RequestState.ACCEPTED
                ),
                Membership(space_id=space.id, member_id=inside.member_id),
            ]
        )
        session.commit()

    grow()
    there = browser(lead)
    pages = [f"/communaute/{space.slug}/{name}" for name in ("personnes", "demandes")]

    def cost(path: str) -> int:
        there.get(path)
        with statements() as sent:
            there.get(path)
        return len(sent)

    before = [cost(path) for path in pages]
    for _time in range(5):
        grow()

    assert [cost(path) for path in pages] == before


@pytest.mark.parametrize(("length", "expected"), [(0, 303), (3_000, 422), (1_000_000, 413)])
def test_hostile_messages_are_refused_or_cleaned(
    browser: Browser, opened: Callable[..., str], someone: Viewer, length: int, expected: int
) -> None:
    here = opened(visibility=LISTED, join_policy=JoinPolicy.REQUEST)
    message = "\0<script>" + "x" * length

    status = _send(
        browser(someone), f"{here}/adhesion", f"{here}/adhesion/demande", message=message
    )

    assert status == expected
