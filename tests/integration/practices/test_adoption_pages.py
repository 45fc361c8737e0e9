"""Adoptions as pages: who reads what, everywhere; forms that keep what was typed."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS, Role, Viewer
from inters4.core.db import reading, writing
from inters4.core.mail import QueuedMail
from inters4.members.models import Organisation
from inters4.practices.models import (
    Adoption,
    AdoptionEntry,
    AdoptionState,
    Openness,
    Practice,
    PracticeState,
    TransferAssessment,
)
from inters4.practices.queries.adoptions import (
    adoptions_of,
    beside_public,
    every_public,
    public_adoptions_of,
    public_around,
    public_page,
)
from inters4.practices.services.adoption_life import moderate_adoption
from tests.builders.adoptions import adopt, journal, serve
from tests.builders.members import make_viewer, sign_in_as
from tests.builders.practices import make_practice
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary
from tests.builders.web import csrf

SHEET = "/pratiques/visites-virtuelles"
EVERYONE = ("visitor", "elsewhere", "colleague", "admin", "broker", "coordination")
SHARED = set(EVERYONE) - {"visitor"}
READERS = {
    (Openness.PUBLIC, "shown"): set(EVERYONE),
    (Openness.MEMBERS, "shown"): SHARED,
    (Openness.US, "shown"): {"colleague"},
    (Openness.PUBLIC, "hidden"): {"colleague", "coordination"},
    (Openness.MEMBERS, "hidden"): {"colleague", "coordination"},
    (Openness.US, "hidden"): {"colleague"},
    (Openness.PUBLIC, "withdrawn"): {"colleague", "coordination"},
    (Openness.MEMBERS, "withdrawn"): {"colleague", "coordination"},
    (Openness.US, "withdrawn"): {"colleague"},
}
"""Who reads an adoption, by whom it is open to and what became of it or of its sheet."""


class Scene:
    """A sheet, a team that tries it, and everyone who may look."""

    def __init__(self, session: Session) -> None:
        make_vocabulary(session)
        self.practice: Practice = make_practice(session)
        self.here: Organisation = serve(session, "rss01", "rss02", slug="cisss-ici")
        there = serve(session, "rss02", slug="cisss-la", name="CISSS de là")
        self.person = make_viewer(session, name="Camille Ici", organisation=self.here)
        self.people: dict[str, Viewer] = {
            "visitor": ANONYMOUS,
            "elsewhere": make_viewer(session, organisation=there),
            "colleague": make_viewer(session, name="Alex Ici", organisation=self.here),
            "admin": make_viewer(session, role=Role.ADMIN, organisation=there),
            "broker": make_viewer(session, role=Role.BROKER),
            "coordination": make_viewer(session, role=Role.COORDINATION),
        }


@pytest.fixture
def scene(session: Session) -> Scene:
    return Scene(session)


def browser(app: Flask, session: Session, person: Viewer) -> FlaskClient:
    client = app.test_client()
    if person.is_signed_in:
        sign_in_as(client, session, person)
    else:
        session.commit()
    return client


@pytest.mark.parametrize(("openness", "became"), READERS)
def test_nobody_else_reads_an_adoption_anywhere(
    app: Flask, session: Session, scene: Scene, openness: Openness, became: str
) -> None:
    adoption = adopt(
        session,
        scene.practice,
        by=scene.person,
        team="Équipe-cherchée",
        region="rss02",
        openness=openness,
    )
    journal(session, adoption, by=scene.person, text="Note-cherchée")
    if became == "hidden":
        moderate_adoption(
            session,
            adoption,
            is_hidden=True,
            reason="Non.",
            by=scene.people["coordination"],
        )
    if became == "withdrawn":
        scene.practice.state = PracticeState.WITHDRAWN
    session.commit()
    is_public = (openness, became) == (Openness.PUBLIC, "shown")
    readers = READERS[openness, became]

    assert len(public_page(session, 1).rows) == int(is_public)
    assert len(list(every_public(session))) == int(is_public)
    assert len(public_adoptions_of(session, scene.practice.id)) == int(is_public)
    assert len(public_around(session, organisation_id=scene.here.id)) == int(is_public)
    assert len(public_around(session, region="rss02")) == int(is_public)
    for name, person in scene.people.items():
        expected = name in readers
        assert bool(adoptions_of(session, scene.practice.id, viewer=person)) is expected, name
        client = browser(app, session, person)
        own = client.get(f"{SHEET}/adoptions/{adoption.public_id}")
        elsewhere = 302 if became == "withdrawn" else 404  # to the page that says why
        assert own.status_code == (200 if expected else elsewhere), name
        assert ("Note-cherchée" in own.get_data(as_text=True)) is expected, name
        for address in (SHEET, f"{SHEET}/adoptions"):
            page = client.get(address).get_data(as_text=True)
            is_there = expected and became != "withdrawn"
            assert ("Équipe-cherchée" in page) is is_there, (name, address)
        for address in ("/pratiques/adoptions", "/pratiques/adoptions.csv", "/bilan"):
            page = client.get(address).get_data(as_text=True)
            is_there = is_public and address != "/bilan"
            assert ("Équipe-cherchée" in page) is is_there, (name, address)
        for path in ("modifier", "journal/nouvelle"):
            status = client.get(f"{SHEET}/adoptions/{adoption.public_id}/{path}").status_code
            refused = 403 if expected else 404
            assert status == (303 if name == "visitor" else refused), (name, path)


def test_the_sheet_tells_apart_what_a_source_reports_and_what_a_team_declares(
    app: Flask, session: Session
) -> None:
    make_vocabulary(session)
    reported = {"organisation": "", "name": "Un hôpital d’ailleurs", "region": "rss02"}
    practice = make_practice(
        session, adopters=({**reported, "everywhere": False, "since": "2020", "source": 1},)
    )
    person = make_viewer(session, organisation=serve(session, "rss01"))
    client = browser(app, session, person)
    before = client.get(SHEET).get_data(as_text=True)
    assert "Rapporté par une source : 1" in before
    assert "Déclaré par une équipe" not in before

    adoption = adopt(session, practice, by=person, since="hiver 2026")
    journal(session, adoption, by=person)
    session.commit()
    page = client.get(SHEET).get_data(as_text=True)

    assert "Déclaré par une équipe : 1" in page
    assert "Rapporté par une source : 1" in page
    assert "Délai : 40 → 12\N{NO-BREAK SPACE}jours" in page
    assert 'class="declared origin"' in page
    assert 'class="source"' in page
    adoption.state = AdoptionState.EXTENDED
    session.commit()
    assert "étendue : 1" in client.get(SHEET).get_data(as_text=True)


def test_a_visitor_is_sent_to_sign_in_and_a_person_without_organisation_reads_what_to_do(
    app: Flask, session: Session, scene: Scene
) -> None:
    assert browser(app, session, ANONYMOUS).get(f"{SHEET}/adoptions/nouvelle").status_code == 303
    alone = browser(app, session, scene.people["broker"])

    for path in ("adoptions/nouvelle", "ici"):
        page = alone.get(f"{SHEET}/{path}").get_data(as_text=True)
        assert "aucune n’a encore confirmé" in page


def test_a_team_declares_writes_its_journal_and_goes_on(
    app: Flask, session: Session, scene: Scene
) -> None:
    client = browser(app, session, scene.person)
    declared = {
        "csrf_token": csrf(client, f"{SHEET}/adoptions/nouvelle"),
        "organisation": str(scene.here.id),
        "equipe": "Équipe du littoral",
        "etat": "trial",
        "region": "rss02",
        "milieu": "domicile",
        "depuis": "printemps 2026",
        "visibilite": "public",
    }
    refused = client.post(f"{SHEET}/adoptions/nouvelle", data={**declared, "equipe": ""})
    assert refused.status_code == 422
    assert "printemps 2026" in refused.get_data(as_text=True)
    refused = client.post(f"{SHEET}/adoptions/nouvelle", data={**declared, "etat": "abandoned"})
    assert refused.status_code == 422
    assert "Équipe du littoral" in refused.get_data(as_text=True)
    made = client.post(f"{SHEET}/adoptions/nouvelle", data=declared)
    assert made.status_code == 303
    here = made.headers["Location"]

    note = {
        "csrf_token": declared["csrf_token"],
        "aspect": "adaptations",
        "jour": "2026-10-01",
        "texte": "Un **seul** point de service.",
        "indicateur-0": "Délai",
        "avant-0": "40",
        "apres-0": "12",
        "unite-0": "jours",
    }
    refused = client.post(f"{here}/journal/nouvelle", data={**note, "avant-0": "", "apres-0": ""})
    assert refused.status_code == 422
    assert "Un **seul** point" in refused.get_data(as_text=True)
    assert client.post(f"{here}/journal/nouvelle", data=note).status_code == 303
    page = client.get(here).get_data(as_text=True)
    assert "<strong>seul</strong>" in page
    assert "40 → 12\N{NO-BREAK SPACE}jours" in page
    assert "Camille Ici" in page
    assert "Camille Ici" not in browser(app, session, ANONYMOUS).get(here).get_data(as_text=True)

    with reading() as after:
        entry = after.scalars(select(AdoptionEntry)).one()
    form = client.get(f"{here}/journal/{entry.public_id}").get_data(as_text=True)
    assert 'value="40"' in form
    stale = {**note, "version": "0", "texte": "Le mien"}
    conflict = client.post(f"{here}/journal/{entry.public_id}", data=stale)
    assert conflict.status_code == 409
    both = conflict.get_data(as_text=True)
    assert "Le mien" in both
    assert "Un **seul** point" in both

    go = {"csrf_token": declared["csrf_token"]}
    assert client.post(f"{here}/etape", data={**go, "etat": "in-place"}).status_code == 303
    no_reason = client.post(f"{here}/etape", data={**go, "etat": "abandoned", "raison": " "})
    assert no_reason.status_code == 422
    assert client.post(f"{here}/etape", data={**go, "etat": "oui"}).status_code == 400
    assert client.post(f"{here}/etape", data=go).status_code == 303
    assert "C’est étendu" in client.get(here).get_data(as_text=True)
    seen = re.search(
        r'name="vu" value="(\w+)"', client.get(f"{here}/modifier").get_data(as_text=True)
    )
    assert seen is not None
    changed = {**declared, "vu": seen[1], "equipe": "Équipe des îles", "etat": "in-place"}
    assert client.post(f"{here}/modifier", data=changed).status_code == 303
    assert "Équipe des îles" in client.get("/compte").get_data(as_text=True)
    gone = client.post(f"{here}/journal/{entry.public_id}/retrait", data=go)
    assert gone.status_code == 303
    with reading() as after:
        assert after.scalars(select(AdoptionEntry)).all() == []


def test_the_board_says_that_a_sheet_which_one_tries_is_gone(
    app: Flask, session: Session, scene: Scene
) -> None:
    adopt(session, scene.practice, by=scene.person)
    client = browser(app, session, scene.person)
    assert "fiche retirée" not in client.get("/compte").get_data(as_text=True)

    scene.practice.state = PracticeState.WITHDRAWN
    session.commit()

    assert "fiche retirée" in client.get("/compte").get_data(as_text=True)


def test_a_figure_is_refused_beside_its_cell_and_its_number_is_said_to_be_one(
    app: Flask, session: Session, scene: Scene
) -> None:
    client = browser(app, session, scene.person)
    adoption = adopt(session, scene.practice, by=scene.person)
    session.commit()
    here = f"{SHEET}/adoptions/{adoption.public_id}"
    note = {
        "csrf_token": csrf(client, f"{here}/journal/nouvelle"),
        "aspect": "effectiveness",
        "jour": "2026-10-01",
        "indicateur-0": "Chutes",
        "avant-0": "30",
        "apres-0": "20",
        "unite-0": "%",
        "n-0": "42",
    }
    for cell, wrong in (
        ("valeur-0", {"avant-0": "", "apres-0": ""}),
        ("n-0", {"n-0": "beaucoup"}),
        ("indicateur-0", {"indicateur-0": ""}),
    ):
        refused = client.post(f"{here}/journal/nouvelle", data={**note, **wrong})
        page = refused.get_data(as_text=True)
        assert refused.status_code == 422
        assert f'<a href="#{cell}">' in page
        assert f'id="{cell}-error"' in page

    assert client.post(f"{here}/journal/nouvelle", data=note).status_code == 303
    page = client.get(here).get_data(as_text=True).replace("\N{NO-BREAK SPACE}", "_")
    assert "Chutes_: 30 → 20_% (n_=_42)" in page


def test_a_colleague_joins_and_the_first_leaves(app: Flask, session: Session, scene: Scene) -> None:
    adoption = adopt(session, scene.practice, by=scene.person)
    here = f"{SHEET}/adoptions/{adoption.public_id}"
    colleague = browser(app, session, scene.people["colleague"])
    token = csrf(colleague, here)

    colleague.post(f"{here}/participation", data={"csrf_token": token, "geste": "rejoindre"})
    page = colleague.get(here).get_data(as_text=True)
    assert "Alex Ici" in page
    assert "Modifier la déclaration" in page
    colleague.post(f"{here}/participation", data={"csrf_token": token, "geste": "quitter"})
    assert "Modifier la déclaration" not in colleague.get(here).get_data(as_text=True)


def test_nobody_leaves_what_they_never_held(app: Flask, session: Session, scene: Scene) -> None:
    adoption = adopt(session, scene.practice, by=scene.person)
    here = f"{SHEET}/adoptions/{adoption.public_id}"
    stranger = browser(app, session, scene.people["coordination"])
    data = {"csrf_token": csrf(stranger, here), "geste": "quitter"}

    assert stranger.post(f"{here}/participation", data=data).status_code == 404
    assert "Vous ne répondez" not in stranger.get(here).get_data(as_text=True)


def test_the_coordination_takes_out_of_sight_from_the_page(
    app: Flask, session: Session, scene: Scene
) -> None:
    adoption = adopt(session, scene.practice, by=scene.person)
    here = f"{SHEET}/adoptions/{adoption.public_id}"
    client = browser(app, session, scene.people["coordination"])
    token = csrf(client, here)

    client.post(
        f"{here}/moderation",
        data={"csrf_token": token, "geste": "retirer", "raison": "Publicité."},
    )
    ours = browser(app, session, scene.people["colleague"]).get(here).get_data(as_text=True)
    assert "Publicité." in ours
    assert browser(app, session, ANONYMOUS).get(here).status_code == 404
    client.post(f"{here}/moderation", data={"csrf_token": token, "geste": "montrer"})
    assert browser(app, session, ANONYMOUS).get(here).status_code == 200


def test_one_writes_to_a_team_without_seeing_who_it_is(
    app: Flask, session: Session, scene: Scene
) -> None:
    adoption = adopt(session, scene.practice, by=scene.person)
    here = f"{SHEET}/adoptions/{adoption.public_id}"
    client = browser(app, session, scene.people["elsewhere"])
    page = client.get(f"{here}/message").get_data(as_text=True)
    assert "Camille Ici" not in page
    assert "@exemple.ca" not in page

    token = csrf(client, f"{here}/message")
    empty = client.post(f"{here}/message", data={"csrf_token": token, "message": " "})
    assert empty.status_code == 422
    sent = client.post(f"{here}/message", data={"csrf_token": token, "message": "Bravo!"})

    assert sent.status_code == 303
    mail = session.scalars(select(QueuedMail)).one()
    assert mail.member_id == scene.person.member_id
    assert "Bravo!" in mail.parameters["text"]
    assert "Fiche visites-virtuelles" in mail.parameters["text"]


def test_answers_to_the_four_questions_stay_in_the_organisation(
    app: Flask, session: Session, scene: Scene
) -> None:
    client = browser(app, session, scene.person)
    said = {
        "csrf_token": csrf(client, f"{SHEET}/ici"),
        "organisation": str(scene.here.id),
        "equipe": "Équipe du littoral",
        "convient": "Réponse-cherchée",
    }
    refused = client.post(f"{SHEET}/ici", data={**said, "equipe": " "})
    assert refused.status_code == 422
    assert "Réponse-cherchée" in refused.get_data(as_text=True)
    made = client.post(f"{SHEET}/ici", data=said)
    assert made.status_code == 303
    here = made.headers["Location"]
    assert "Partager une vision" in client.get(here).get_data(as_text=True)
    stale = client.post(f"{here}/modifier", data={**said, "version": "0", "convient": "La mienne"})
    assert stale.status_code == 409

    for name, person in scene.people.items():
        theirs = browser(app, session, person)
        expected = 303 if name == "visitor" else 200 if name == "colleague" else 404
        for path in ("", "/modifier"):
            assert theirs.get(here + path).status_code == expected, name
        if name != "visitor":
            listed = theirs.get(f"{SHEET}/ici").get_data(as_text=True)
            assert ("Équipe du littoral" in listed) is (name == "colleague"), name

    token = said["csrf_token"]
    assert client.post(f"{here}/effacement", data={"csrf_token": token}).status_code == 303
    with reading() as after:
        assert after.scalars(select(TransferAssessment)).all() == []


@pytest.mark.parametrize("number", [1, 6])
def test_lists_of_adoptions_ask_the_same_of_the_database_whatever_their_length(
    app: Flask, session: Session, scene: Scene, number: int
) -> None:
    for place in range(number):
        adoption = adopt(session, scene.practice, by=scene.person, team=f"Équipe {place}")
        journal(session, adoption, by=scene.person)
    client = browser(app, session, ANONYMOUS)
    for address, most in (
        ("/pratiques/adoptions", 5),
        (f"{SHEET}/adoptions", 5),
        (f"{SHEET}/adoptions/{adoption.public_id}", 7),
        ("/pratiques/adoptions.csv", 4),
    ):
        client.get(address)
        with statements() as sent:
            assert client.get(address).status_code == 200
        assert len(sent) <= most, (address, sent)
    client.get(SHEET)
    with statements(about="adoptions") as sent:
        client.get(SHEET)
    assert sum("FROM adoptions JOIN" in one for one in sent) == 0, sent


def test_a_visitor_costs_no_statement_more_and_the_csv_holds_what_everyone_may_read(
    app: Flask, session: Session, scene: Scene
) -> None:
    adopt(session, scene.practice, by=scene.person, team="=Publique", setting="domicile")
    adopt(session, scene.practice, by=scene.person, team="Discrète", openness=Openness.US)
    client = browser(app, session, scene.person)

    for address in ("/pratiques/adoptions.csv", f"{SHEET}/adoptions.csv"):
        text = client.get(address).get_data(as_text=True)
        assert "'=Publique" in text
        assert "Domicile" in text
        assert "Discrète" not in text
    with reading() as one:
        assert beside_public(one, scene.practice.id, viewer=ANONYMOUS) == ()


def test_the_balance_counts_public_adoptions_and_leads_to_their_list(
    app: Flask, session: Session, scene: Scene
) -> None:
    adopt(session, scene.practice, by=scene.person, team="Une")
    adopt(session, scene.practice, by=scene.person, team="Deux")
    adopt(session, scene.practice, by=scene.person, team="Trois", openness=Openness.MEMBERS)
    page = browser(app, session, ANONYMOUS).get("/bilan").get_data(as_text=True)

    text = app.test_client().get("/bilan.csv").get_data(as_text=True)
    assert "Adoptions déclarées par des équipes;2;" in text
    found = re.search(r'href="/bilan/adoptions-declarees\?[^>]*>\s*([^<]*)<', page)
    assert found is not None
    assert found[1] == "2"


@pytest.mark.usefixtures("database")
def test_a_withdrawn_sheet_leads_from_its_adoptions_to_the_page_that_says_why(
    app: Flask,
) -> None:
    with writing() as session:
        scene = Scene(session)
        one = adopt(session, scene.practice, by=scene.person).public_id
        scene.practice.state = PracticeState.WITHDRAWN
    client = app.test_client()

    for path in ("adoptions", f"adoptions/{one}", "adoptions/nulle-part"):
        answer = client.get(f"{SHEET}/{path}")
        assert answer.status_code == 302, path
        assert answer.headers["Location"] == SHEET
    with reading() as after:
        assert after.scalars(select(Adoption)).one().practice_id == "visites-virtuelles"


def test_whoever_meant_to_try_a_withdrawn_sheet_reads_why_and_keeps_what_they_typed(
    app: Flask, session: Session, scene: Scene
) -> None:
    client = browser(app, session, scene.people["colleague"])
    token = csrf(client, "/compte/preferences")
    scene.practice.state = PracticeState.WITHDRAWN
    session.commit()

    for page in (f"{SHEET}/ici", f"{SHEET}/adoptions/nouvelle"):
        answer = client.get(page)
        assert (answer.status_code, answer.location) == (302, SHEET), page
    typed = {"csrf_token": token, "equipe": "Équipe", "convient": "Oui, pour nos aînés."}
    here = {"Sec-Fetch-Site": "same-origin"}
    refused = client.post(f"{SHEET}/ici", data=typed, headers=here)
    assert refused.status_code == 404
    assert "Oui, pour nos aînés." in refused.text
