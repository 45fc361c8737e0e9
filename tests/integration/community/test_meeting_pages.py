"""Pages of meetings: called, changed, cancelled; who sees what; nothing typed is lost."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from inters4.community.models import Meeting, Seat, SeatState, Space, SpaceStage, Visibility
from inters4.core.access import Role, Viewer
from inters4.core.clock import local, now
from inters4.core.db import reading, writing
from tests.builders.community import make_space
from tests.builders.meetings import give_seat, hold, make_meeting
from tests.builders.members import browser_of, make_viewer
from tests.builders.statements import statements
from tests.builders.web import csrf, sent_by

LINK = "https://visio.exemple.ca/secret"


@pytest.fixture
def host(database: str) -> Viewer:
    with writing() as session:
        return make_viewer(session, name="Maude Essai")


@pytest.fixture
def member(database: str) -> Viewer:
    with writing() as session:
        return make_viewer(session, name="Ariane Essai")


@pytest.fixture
def place(host: Viewer, member: Viewer) -> str:
    """Where the meetings of a public space are."""
    return f"/communaute/{make(host, member)}/rencontres"


def make(host: Viewer, member: Viewer, visibility: Visibility = Visibility.PUBLIC) -> str:
    with writing() as session:
        return make_space(session, facilitator=host, members=(member,), visibility=visibility).slug


def meeting_in(place: str, *, host: Viewer | None = None, **fields: Any) -> str:
    """The path of a meeting to come."""
    with writing() as session:
        slug = place.split("/")[2]
        space = session.scalars(select(Space).where(Space.slug == slug)).one()
        return f"{place}/{make_meeting(session, space, host=host, **fields).public_id}"


def typed(client: FlaskClient, path: str, **changes: str) -> dict[str, str]:
    """What a browser sends of the form at `path`, with some fields typed over."""
    html = client.get(path).get_data(as_text=True)
    form = html[html.index('name="version"') - 300 :]
    return {**sent_by(form).to_dict(), **changes, "csrf_token": csrf(client, path)}


def soon(days: int = 10) -> str:
    return local(now() + timedelta(days=days)).strftime("%Y-%m-%d")


def test_whoever_facilitates_calls_a_meeting_and_readers_see_it(
    app: Flask, place: str, host: Viewer, member: Viewer
) -> None:
    client = browser_of(app, host)
    form = typed(
        client,
        f"{place}/nouvelle",
        titre="Bilan de l’automne",
        jour=soon(),
        heure="13:30",
        zone="iles",
        lieu="Salle des goélands",
        lien=LINK,
        ordre="- Tour de table\n- Suites",
        places="2",
    )

    answer = client.post(f"{place}/nouvelle", data=form, follow_redirects=True)
    page = answer.get_data(as_text=True)

    assert answer.status_code == 200
    assert "<li>Tour de table</li>" in page
    assert "heure des Îles-de-la-Madeleine" in page
    assert "heure du Québec" in page
    assert LINK in page
    visitor = app.test_client().get(answer.request.path).get_data(as_text=True)
    assert "Salle des goélands" in visitor
    assert LINK not in visitor
    assert "Bilan de l’automne" in app.test_client().get(place).get_data(as_text=True)


def test_a_form_sent_twice_calls_one_meeting(app: Flask, place: str, host: Viewer) -> None:
    client = browser_of(app, host)
    form = typed(client, f"{place}/nouvelle", titre="Bilan", jour=soon(), heure="13:30")

    answers = [client.post(f"{place}/nouvelle", data=form) for _one in range(2)]

    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].location == answers[1].location


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"titre": "Ah"}, "titre"),
        ({"titre": "x" * 201}, "titre"),
        ({"jour": "demain"}, "jour"),
        ({"jour": "9999-12-31"}, "jour"),
        ({"jour": "2020-01-01"}, "jour"),
        ({"jour": "2150-01-01"}, "jour"),
        ({"heure": "25:00"}, "heure"),
        ({"heure": "13:30+05:00"}, "heure"),
        ({"zone": "mars"}, "zone"),
        ({"duree": "0"}, "duree"),
        ({"duree": str(2**70)}, "duree"),
        ({"duree": "٣٠"}, "duree"),
        ({"places": "-1"}, "places"),
        ({"places": "0"}, "places"),
        ({"lien": "javascript:alert(1)"}, "lien"),
        ({"lien": "https://[mal"}, "lien"),
        ({"lieu": "l" * 301}, "lieu"),
        ({"ordre": "o" * 20_001}, "ordre"),
        ({"ordre": "> " * 40 + "creux"}, "ordre"),
        ({"animation": "personne"}, "animation"),
        ({"portee": ""}, "portee-inter"),
        ({"passee": "oui"}, "jour"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    app: Flask, place: str, host: Viewer, changes: dict[str, str], wrong: str
) -> None:
    client = browser_of(app, host)
    good = {"titre": "Bilan", "jour": soon(), "heure": "13:30", "lieu": "Salle", "ordre": "Accueil"}
    form = typed(client, f"{place}/nouvelle", **{**good, **changes})

    answer = client.post(f"{place}/nouvelle", data=form)
    page = answer.get_data(as_text=True)

    assert answer.status_code == 422
    summary = page[page.index("error-summary") :]
    assert f'href="#{wrong}"' in summary or (wrong == "ordre" and "ordre" in summary)
    kept = sent_by(page[page.index('name="version"') - 300 :])
    for name, value in {**good, **changes}.items():
        if name not in {"zone", "portee", "animation"}:
            assert kept.get(name) == value


def test_an_hour_that_comes_twice_is_asked_about_on_the_page(
    app: Flask, place: str, host: Viewer
) -> None:
    client = browser_of(app, host)
    day = next(
        f"{year}-11-{number:02}"
        for year in (local(now()).year + 1,)
        for number in range(1, 8)
        if _weekday(year, number) == 6
    )
    form = typed(client, f"{place}/nouvelle", titre="Veille de nuit", jour=day, heure="01:30")

    asked = client.post(f"{place}/nouvelle", data=form)
    page = asked.get_data(as_text=True)
    done = client.post(f"{place}/nouvelle", data={**form, "passage": "2"})

    assert asked.status_code == 422
    assert 'name="passage"' in page
    assert "il est deux fois 1\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30" in page
    assert done.status_code == 303
    assert "à l’heure normale" in client.get(done.location).get_data(as_text=True)
    edited = typed(client, f"{done.location}/modifier")
    assert (edited["passage"], edited["heure"]) == ("2", "01:30")


def _weekday(year: int, day: int) -> int:
    from datetime import date

    return date(year, 11, day).weekday()


def test_two_people_who_change_it_see_both_texts(app: Flask, place: str, host: Viewer) -> None:
    client, path = browser_of(app, host), meeting_in(place, host=host)
    mine = typed(client, f"{path}/modifier", titre="Mon titre")
    client.post(f"{path}/modifier", data={**mine, "titre": "Leur titre"})

    answer = client.post(f"{path}/modifier", data=mine)
    page = answer.get_data(as_text=True)

    assert answer.status_code == 409
    assert 'value="Mon titre"' in page
    assert "Leur titre" in page
    again = {**sent_by(page[page.index('name="version"') - 300 :]).to_dict()}
    again["csrf_token"] = mine["csrf_token"]
    assert client.post(f"{path}/modifier", data=again).status_code == 303
    assert "Mon titre" in client.get(path).get_data(as_text=True)


def test_what_was_held_keeps_its_date(app: Flask, place: str, host: Viewer) -> None:
    path = meeting_in(place, host=host)
    _hold(path)
    client = browser_of(app, host)
    form = typed(client, f"{path}/modifier", titre="Titre corrigé")

    assert client.post(f"{path}/modifier", data=form).status_code == 303
    moved = typed(client, f"{path}/modifier", jour=soon())
    answer = client.post(f"{path}/modifier", data=moved)
    assert answer.status_code == 422
    assert "sa date ne change plus" in answer.get_data(as_text=True)


def test_a_past_meeting_is_written_down_when_it_is_said_to_be(
    app: Flask, place: str, host: Viewer
) -> None:
    client = browser_of(app, host)
    day = soon(-20)
    form = typed(
        client, f"{place}/nouvelle", titre="Déjà tenue", jour=day, heure="09:00", passee="oui"
    )

    answer = client.post(f"{place}/nouvelle", data=form)
    assert answer.status_code == 303
    said = client.get(answer.location).get_data(as_text=True)
    assert "La rencontre est enregistrée." in said
    assert "en sont avisées" not in said
    with reading() as session:
        assert session.scalars(select(Meeting)).one().announced_at is not None
    assert "Déjà tenue" in client.get(f"{place}?quand=passees").get_data(as_text=True)


def test_a_meeting_is_cancelled_with_a_reason_once(app: Flask, place: str, host: Viewer) -> None:
    client, path = browser_of(app, host), meeting_in(place, host=host)
    token = csrf(client, f"{path}/annulation")

    nothing = client.post(f"{path}/annulation", data={"csrf_token": token, "motif": " "})
    done = client.post(f"{path}/annulation", data={"csrf_token": token, "motif": "Tempête"})
    twice = client.post(f"{path}/annulation", data={"csrf_token": token, "motif": "Autre"})

    assert [one.status_code for one in (nothing, done, twice)] == [422, 303, 303]
    page = client.get(path).get_data(as_text=True)
    assert "Motif\N{NO-BREAK SPACE}: Tempête" in page
    assert "M’inscrire" not in page


def test_people_register_and_give_back_from_the_page(
    app: Flask, place: str, host: Viewer, member: Viewer
) -> None:
    path, client = meeting_in(place, host=host, link=LINK, capacity=1), browser_of(app, member)
    token = csrf(client, path)

    taken = client.post(
        f"{path}/inscription", data={"csrf_token": token}, follow_redirects=True
    ).get_data(as_text=True)
    left = client.post(
        f"{path}/retrait", data={"csrf_token": token}, follow_redirects=True
    ).get_data(as_text=True)

    assert "Votre place est confirmée." in taken
    assert LINK in taken
    assert LINK not in left
    assert "M’inscrire" in left


def test_too_late_the_page_says_why(app: Flask, place: str, host: Viewer, member: Viewer) -> None:
    path, client = meeting_in(place, host=host), browser_of(app, member)
    token = csrf(client, path)
    _hold(path)

    answer = client.post(f"{path}/inscription", data={"csrf_token": token})

    assert answer.status_code == 409
    assert "a déjà commencé" in answer.get_data(as_text=True)


DESK = ("modifier", "annulation", "inscriptions", "inscriptions.csv", "presences", "compte-rendu")


@pytest.mark.parametrize("visibility", list(Visibility))
def test_each_page_is_for_whom_it_is_and_is_as_nothing_to_others(
    app: Flask, host: Viewer, member: Viewer, visibility: Visibility
) -> None:
    place = f"/communaute/{make(host, member, visibility)}/rencontres"
    path = meeting_in(place, host=host)
    with writing() as session:
        admin = make_viewer(session, role=Role.ADMIN)
        coordination = make_viewer(session, role=Role.COORDINATION)
        elsewhere = make_viewer(session)
        make_space(session, facilitator=elsewhere)
    reads = {
        Visibility.PUBLIC: (True, True),
        Visibility.MEMBERS: (False, True),
    }.get(visibility, (False, False))
    calendar = place.replace("/rencontres", "/calendrier.ics")
    shown = (place, path, f"{path}.ics", calendar)

    visitor = app.test_client()
    for one in shown:
        assert (visitor.get(one).status_code == 200) is reads[0]
    for who in (admin, coordination, elsewhere):
        client = browser_of(app, who)
        for one in shown:
            assert client.get(one).status_code == (200 if reads[1] else 404)
        for name in DESK:
            assert client.get(f"{path}/{name}").status_code == 404
        assert client.get(f"{place}/nouvelle").status_code == 404
    inside = browser_of(app, member)
    assert all(inside.get(one).status_code == 200 for one in shown)
    assert all(
        inside.get(f"{path}/{name}").status_code == 404 for name in DESK if name[-4:] != ".csv"
    )
    assert inside.get(f"{path}/inscriptions.csv").status_code == 404
    leads = browser_of(app, host)
    assert all(leads.get(f"{path}/{name}").status_code == 200 for name in DESK if "." not in name)
    assert leads.get(f"{path}/inscriptions.csv").status_code == 200


def test_names_of_who_comes_are_for_those_who_conduct(
    app: Flask, place: str, host: Viewer, member: Viewer
) -> None:
    path = meeting_in(place, host=host)
    _seat(path, member)

    own = browser_of(app, member).get(path).get_data(as_text=True)
    visitor = app.test_client().get(path).get_data(as_text=True)
    desk = browser_of(app, host).get(f"{path}/inscriptions").get_data(as_text=True)

    assert "1 inscription confirmée" in visitor
    assert "Ariane Essai" not in visitor
    assert "Ariane Essai" not in re.sub(r"<header.*?</header>", "", own, flags=re.DOTALL)
    assert "Ariane Essai" in desk


def test_who_leads_a_meeting_sees_to_it_without_facilitating_the_space(
    app: Flask, place: str, member: Viewer
) -> None:
    path, other = meeting_in(place, host=member), meeting_in(place)
    client = browser_of(app, member)

    assert client.get(f"{path}/inscriptions").status_code == 200
    assert client.get(f"{other}/inscriptions").status_code == 404
    assert client.get(f"{place}/nouvelle").status_code == 404


def test_an_archived_space_is_read_and_not_written(
    app: Flask, place: str, host: Viewer, member: Viewer
) -> None:
    path = meeting_in(place, host=host)
    client = browser_of(app, member)
    token = csrf(client, path)
    with writing() as session:
        session.scalars(select(Space)).one().stage = SpaceStage.CLOSED

    assert client.get(path).status_code == 200
    assert client.post(f"{path}/inscription", data={"csrf_token": token}).status_code == 403
    assert browser_of(app, host).get(f"{place}/nouvelle").status_code == 403


def test_a_former_address_leads_to_the_present_one(app: Flask, place: str) -> None:
    from inters4.community.queries.spaces import SLUGS

    path = meeting_in(place)
    with writing() as session:
        SLUGS.move(session, session.scalars(select(Space)).one(), "nouvelle-adresse")
    client = app.test_client()

    for old in (place, path, place.replace("rencontres", "calendrier.ics")):
        answer = client.get(old)
        assert answer.status_code == 301
        assert "/nouvelle-adresse/" in answer.location


def test_the_list_costs_the_same_statements_whatever_its_length(
    app: Flask, place: str, host: Viewer, member: Viewer
) -> None:
    client = browser_of(app, member)
    _seat(meeting_in(place, host=host), member)
    client.get(place)
    with statements() as few:
        client.get(place)
    for number in range(15):
        _seat(meeting_in(place, host=host, title=f"Rencontre {number}"), member)
    with statements() as many:
        client.get(place)

    assert len(many) == len(few)


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "2"])
def test_a_page_that_is_none_is_the_nearest(app: Flask, place: str, page: str) -> None:
    meeting_in(place)

    assert app.test_client().get(f"{place}?page={page}").status_code == 200


def test_what_one_comes_to_is_beside_the_threads_and_on_ones_board(
    app: Flask, place: str, host: Viewer, member: Viewer
) -> None:
    path = meeting_in(place, host=host, title="Bilan de l’automne")
    _seat(path, member)
    client = browser_of(app, member)

    space = client.get(place.removesuffix("/rencontres")).get_data(as_text=True)
    board = client.get("/compte").get_data(as_text=True)

    assert "Prochaines rencontres" in space
    assert path in space
    assert "Bilan de l’automne" in board


def _hold(path: str) -> None:
    with writing() as session:
        found = session.scalars(select(Meeting).where(Meeting.public_id == path[-12:])).one()
        hold(session, found)


def _seat(path: str, who: Viewer, state: SeatState = SeatState.CONFIRMED) -> Seat:
    with writing() as session:
        found = session.scalars(select(Meeting).where(Meeting.public_id == path[-12:])).one()
        return give_seat(session, found, who, state)
