"""What came of an item: questions, evidence asked for, practices proposed and tried."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.home.models import Outcome, Question, Subject
from inters4.members.models import Organisation
from inters4.newsletters.models import Issue, IssueItem, ItemKind
from inters4.newsletters.queries.born import harvests_of
from inters4.newsletters.queries.sequels import SequelKind
from inters4.practices.models import Adoption, Openness, Practice, PracticeState
from tests.builders.adoptions import serve
from tests.builders.home import ask
from tests.builders.members import make_viewer, sign_in_as
from tests.builders.newsletters import item, make_read_issue
from tests.builders.web import csrf, sent_by

ISSUE = "/infolettres/en-bref/1"
SHEET = "/pratiques/visites-virtuelles"
K = SequelKind


@pytest.fixture(autouse=True)
def _issue(session: Session) -> None:
    make_read_issue(
        session,
        item(ItemKind.QUESTION, title="Et chez vous?", text="Dites-nous."),
        item(ItemKind.HEADING, title="À lire"),
    )
    session.commit()


def name_of(kind: ItemKind) -> str:
    with reading() as session:
        return session.scalars(select(IssueItem.public_id).where(IssueItem.kind == kind)).one()


def born(kind: ItemKind) -> dict[SequelKind, int]:
    """How many of each came of the item of this kind, as its list tells it."""
    with reading() as session:
        issue = session.scalars(select(Issue).where(Issue.id == "en-bref-1")).one()
        (found,) = [one for one in harvests_of(session, issue)[0] if one.kind is kind]
        assert sum(found.born.values()) == len(found.sequels)
        return dict(found.born)


def links(client: FlaskClient) -> list[str]:
    html = client.get(ISSUE).get_data(as_text=True)
    return [one.replace("&amp;", "&") for one in re.findall(r'href="([^"]*numero=[^"]*)"', html)]


def test_a_question_asked_from_an_item_remembers_it(client: FlaskClient) -> None:
    name = name_of(ItemKind.SUMMARY)
    (path,) = [
        one
        for one in links(client)
        if one.startswith("/question") and "preuves" in one and name in one
    ]
    html = client.get(path).get_data(as_text=True)
    assert "Demander les preuves</h1>" in html
    assert "L’élément de l’infolettre qui vous amène" in html
    sent = sent_by(html.partition("<main")[2])
    assert sent["question"] == "Je voudrais lire ce qui appuie «\u00a0Le suivi à domicile\u00a0»."

    refused = client.post("/question", data={**sent.to_dict(), "courriel": "pas une adresse"})
    assert refused.status_code == 422
    again = sent_by(refused.get_data(as_text=True).partition("<main")[2])
    assert again["numero"] == name
    for _twice in range(2):
        done = client.post("/question", data={**again.to_dict(), "courriel": "ada@exemple.ca"})
        assert done.status_code == 303

    with reading() as session:
        (kept,) = session.scalars(select(Question)).all()
        assert (kept.read_in, kept.subject) == (name, Subject.EVIDENCE)
    assert born(ItemKind.SUMMARY) == {K.EVIDENCE: 1}
    assert born(ItemKind.PRACTICE) == {}


@pytest.mark.parametrize("name", ["0123456789ab", "'; --", "<script>", "a" * 5000])
def test_a_name_that_is_no_item_is_not_kept(client: FlaskClient, name: str) -> None:
    shown = client.get("/question", query_string={"numero": name}).get_data(as_text=True)
    assert (name in shown.partition("<main")[2]) is (len(name) == 12)

    assert ask(client, numero=name).status_code == 303

    with reading() as session:
        assert session.scalars(select(Question.read_in)).all() == [""]


def test_each_subject_is_told_apart_and_the_unwanted_ones_are_not(client: FlaskClient) -> None:
    name = name_of(ItemKind.QUESTION)
    for number, subject in enumerate(("question", "question", "preuves", "pratique")):
        ask(client, objet=subject, numero=name, courriel=f"ada{number}@exemple.ca")
    assert born(ItemKind.QUESTION) == {K.QUESTION: 2, K.EVIDENCE: 1, K.PRACTICE: 1}

    with writing() as session:
        first = session.scalars(select(Question).order_by(Question.id)).first()
        assert first is not None
        first.outcome = Outcome.UNWANTED

    assert born(ItemKind.QUESTION)[K.QUESTION] == 1


@pytest.fixture
def here(client: FlaskClient, session: Session) -> Organisation:
    """The organisation of whoever is signed in."""
    found = serve(session, "rss01", slug="cisss-ici")
    person = make_viewer(session, name="Camille Ici", organisation=found)
    sign_in_as(client, session, person)
    session.commit()
    return found


def declare(client: FlaskClient, here: Organisation, *, path: str, **said: str) -> None:
    sent = {
        "csrf_token": csrf(client, path),
        "organisation": str(here.id),
        "equipe": "Équipe du littoral",
        "etat": "trial",
        "region": "rss01",
        "milieu": "",
        "visibilite": "public",
        **said,
    }
    answer = client.post(f"{SHEET}/adoptions/nouvelle", data=sent)
    assert answer.status_code == 303, answer.get_data(as_text=True)


def test_an_adoption_begun_from_an_item_remembers_it(
    client: FlaskClient, here: Organisation
) -> None:
    name = name_of(ItemKind.PRACTICE)
    path = f"{SHEET}/adoptions/nouvelle?numero={name}"
    assert path in links(client)
    carried = sent_by(client.get(path).get_data(as_text=True).partition("<main")[2])
    assert carried["numero"] == name
    onward = client.get(f"{SHEET}?numero={name}").get_data(as_text=True)
    assert f'href="{path}"' in onward
    asking = onward.partition('href="/communaute/discuter')[2].partition('"')[0]
    assert f"numero={name}" in asking
    spaces = client.get("/communaute/discuter" + unescape(asking)).get_data(as_text=True)
    assert f"numero={name}" in spaces.partition('href="/question')[2].partition('"')[0]

    declare(client, here, path=path, numero=name)

    assert born(ItemKind.PRACTICE) == {K.ADOPTION: 1}


@pytest.mark.parametrize("kind", [ItemKind.SUMMARY, ItemKind.QUESTION, ItemKind.HEADING])
def test_an_adoption_is_not_told_of_an_item_that_does_not_cite_the_sheet(
    client: FlaskClient, here: Organisation, kind: ItemKind
) -> None:
    declare(client, here, path=f"{SHEET}/adoptions/nouvelle", numero=name_of(kind))

    with reading() as session:
        assert session.scalars(select(Adoption.read_in)).all() == [""]


def test_a_question_about_a_sheet_is_not_told_of_an_item_that_does_not_cite_it(
    client: FlaskClient,
) -> None:
    name = name_of(ItemKind.SUMMARY)
    shown = client.get("/question", query_string={"numero": name, "de": SHEET})
    assert "L’élément de l’infolettre qui vous amène" not in shown.get_data(as_text=True)

    for number, (item_of, origin) in enumerate(
        [
            (ItemKind.SUMMARY, SHEET),
            (ItemKind.HEADING, ISSUE),
            (ItemKind.PRACTICE, SHEET),
            (ItemKind.SUMMARY, ISSUE),
        ]
    ):
        ask(client, de=origin, numero=name_of(item_of), courriel=f"ada{number}@exemple.ca")

    with reading() as session:
        kept = session.scalars(select(Question.read_in).order_by(Question.id)).all()
        assert kept == ["", "", name_of(ItemKind.PRACTICE), name]


def test_what_an_organisation_keeps_to_itself_is_not_told(
    client: FlaskClient, here: Organisation
) -> None:
    name = name_of(ItemKind.PRACTICE)
    declare(client, here, path=f"{SHEET}/adoptions/nouvelle", numero=name, visibilite="us")
    assert born(ItemKind.PRACTICE) == {}

    with writing() as session:
        made = session.scalars(select(Adoption)).one()
        made.openness = Openness.MEMBERS
    assert born(ItemKind.PRACTICE) == {K.ADOPTION: 1}

    with writing() as session:
        session.scalars(select(Adoption)).one().hidden_at = now()
    assert born(ItemKind.PRACTICE) == {}


def test_a_practice_begun_from_an_item_is_told_once_it_is_proposed(
    app: Flask, client: FlaskClient, session: Session, here: Organisation
) -> None:
    name = name_of(ItemKind.SUMMARY)
    path = f"/pratiques/proposer?numero={name}"
    assert path in links(client)
    sent = sent_by(client.get(path).get_data(as_text=True).partition("<main")[2])
    assert sent["numero"] == name
    made = client.post(
        "/pratiques/proposer",
        data={
            "csrf_token": sent["csrf_token"],
            "numero": name,
            "titre": "Ébauche secrète",
            "probleme": "Le problème.",
            "solution": "La solution.",
        },
    )
    assert made.status_code == 303
    assert born(ItemKind.SUMMARY) == {}
    team = app.test_client()
    sign_in_as(team, session, make_viewer(session, role=Role.BROKER))
    session.commit()
    assert "Ébauche secrète" not in team.get(f"{ISSUE}/bilan").get_data(as_text=True)

    with writing() as other:
        found = other.scalars(select(Practice).where(Practice.read_in == name)).one()
        found.state = PracticeState.PROPOSED

    assert born(ItemKind.SUMMARY) == {K.PRACTICE: 1}
    page = team.get(f"{ISSUE}/bilan").get_data(as_text=True)
    assert "Ébauche secrète" in page
    assert f'href="#suites-{name}"' in page


def test_whoever_is_not_signed_in_comes_back_with_the_item(client: FlaskClient) -> None:
    name = name_of(ItemKind.SUMMARY)

    answer = client.get(f"/pratiques/proposer?numero={name}")

    assert answer.status_code == 303
    assert name in answer.location
