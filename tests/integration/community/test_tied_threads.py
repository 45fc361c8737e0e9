"""From a sheet, a summary, an issue to the threads about it, and to a new one."""

from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.community.models import (
    JoinPolicy,
    Membership,
    SpaceStage,
    Thread,
    ThreadKind,
    Visibility,
)
from inters4.community.queries.choosing import spaces_to_write_in
from inters4.community.queries.tied import find_subject, threads_about
from inters4.core.access import ANONYMOUS
from inters4.core.db import writing
from inters4.practices.models import PracticeState
from inters4.search.jobs import bring_up_to_date
from inters4.settings import Settings
from tests.builders.community import again, make_space, make_thread
from tests.builders.members import browser_of, make_viewer
from tests.builders.newsletters import make_issue, make_newsletter
from tests.builders.practices import make_practice
from tests.builders.statements import statements
from tests.builders.veille import make_summary
from tests.builders.vocabulary import make_vocabulary
from tests.builders.web import csrf

ABOUT: dict[str, Any] = {"about_kind": "fiche", "about_id": "visites"}


@pytest.fixture
def _sheet(database: str) -> None:
    with writing() as session:
        make_practice(session, "visites", title="Visites virtuelles", slug="visites")


def tie(visibility: Visibility, *, title: str, **fields: Any) -> int:
    """The id of a space with a thread about the sheet."""
    with writing() as session:
        space = make_space(session, visibility=visibility)
        make_thread(session, space, title=title, **{**ABOUT, **fields})
        return space.id


@pytest.mark.usefixtures("_sheet")
def test_a_visitor_sees_the_threads_of_public_spaces_alone(client: FlaskClient) -> None:
    tie(Visibility.PUBLIC, title="Un fil public")
    for visibility in (Visibility.MEMBERS, Visibility.PRIVATE_LISTED, Visibility.PRIVATE_HIDDEN):
        tie(visibility, title="Un fil réservé")

    for path in ("/pratiques/visites", "/communaute/discuter?sujet=fiche:visites"):
        page = client.get(path).text
        assert "Un fil public" in page
        assert "réservé" not in page


@pytest.mark.usefixtures("_sheet")
def test_whoever_belongs_sees_the_threads_of_a_hidden_space_until_they_leave(
    app: Flask,
) -> None:
    space = tie(Visibility.PRIVATE_HIDDEN, title="Entre nous")
    with writing() as session:
        member = make_viewer(session)
        session.add(Membership(space_id=space, member_id=member.member_id))
    client = browser_of(app, member)
    assert "Entre nous" in client.get("/pratiques/visites").text

    with writing() as session:
        session.delete(session.get_one(Membership, (space, member.member_id)))

    assert "Entre nous" not in client.get("/pratiques/visites").text
    assert "Entre nous" not in client.get("/communaute/discuter?sujet=fiche:visites").text


@pytest.mark.usefixtures("_sheet")
def test_what_is_removed_or_merged_is_no_longer_shown(client: FlaskClient) -> None:
    tie(Visibility.PUBLIC, title="Retiré depuis", is_removed=True)
    with writing() as session:
        space = make_space(session, visibility=Visibility.PUBLIC)
        kept = make_thread(session, space, title="Celui qui reste", **ABOUT)
        make_thread(session, space, title="Versé ailleurs", merged_into_id=kept.id, **ABOUT)

    page = client.get("/pratiques/visites").text

    assert "Celui qui reste" in page
    assert "Retiré depuis" not in page
    assert "Versé ailleurs" not in page


@pytest.mark.usefixtures("_sheet")
def test_a_sheet_that_nobody_discusses_shows_no_empty_section(client: FlaskClient) -> None:
    assert "Dans les communautés" not in client.get("/pratiques/visites").text


@pytest.mark.usefixtures("_sheet")
def test_threads_cost_a_sheet_one_statement_however_many(
    client: FlaskClient, session: Session
) -> None:
    for number in range(9):
        tie(Visibility.PUBLIC, title=f"Fil numéro {number}")

    with statements(about="FROM threads") as asked:
        page = client.get("/pratiques/visites").text

    assert len(asked) == 1
    assert page.count("Fil numéro") == 5
    assert "Tous les fils à ce sujet" in page


def test_summaries_and_issues_show_their_threads_too(client: FlaskClient, database: str) -> None:
    with writing() as session:
        make_summary(session, "falls", title="Prévenir les chutes")
        make_newsletter(session)
        issue = make_issue(session, 1, title="Premier numéro")
        space = make_space(session, visibility=Visibility.PUBLIC)
        make_thread(session, space, title="Sur les chutes", about_kind="resume", about_id="falls")
        make_thread(session, space, title="Sur le numéro", about_kind="numero", about_id=issue.id)

    assert "Sur les chutes" in client.get("/veille/resumes/falls").text
    assert "Sur le numéro" in client.get("/infolettres/en-bref/1").text


@pytest.mark.usefixtures("_sheet")
def test_one_goes_from_a_document_to_a_thread_about_it_and_back(
    app: Flask, settings: Settings
) -> None:
    with writing() as session:
        make_vocabulary(session)
        make_summary(session, "falls", title="Prévenir les chutes")
        make_newsletter(session)
        issue = make_issue(session, 1, title="Premier numéro")
        member = make_viewer(session)
        make_space(session, name="La mienne", slug="la-mienne", members=(member,))
        pages = {
            "/pratiques/visites": ("fiche:visites", "Visites virtuelles"),
            "/veille/resumes/falls": ("resume:falls", "Prévenir les chutes"),
            "/infolettres/en-bref/1": (f"numero:{issue.id}", "Premier numéro"),
        }
    client = browser_of(app, member)
    for path, (key, title) in pages.items():
        assert f'href="/communaute/discuter?sujet={key}' in client.get(path).text, path
        new = f"/communaute/la-mienne/nouveau?sujet={quote(key, safe='')}"
        assert new in client.get(f"/communaute/discuter?sujet={key}").text, path
        form = client.get(new).text
        assert title in form
        fields = {
            "csrf_token": csrf(client, new),
            "sujet": key,
            "titre": f"Que penser de ceci, {key}?",
            "nature": "discussion",
            "texte": "Dites-nous.",
        }
        begun = client.post("/communaute/la-mienne/nouveau", data=fields)

        assert begun.status_code == 303, path
        thread = begun.location.partition("#")[0]
        assert f'href="{path}">' in client.get(thread).text, path
        assert thread in client.get(path).text, path
    bring_up_to_date(settings)
    found = client.get("/recherche?q=penser&type=fil").text
    for key, _title in pages.values():
        assert f"ceci, {key}" in found


@pytest.mark.usefixtures("_sheet")
def test_a_member_chooses_between_a_space_and_the_team(app: Flask) -> None:
    with writing() as session:
        mine = make_space(session, name="La mienne", slug="la-mienne")
        make_space(session, name="Ouverte", slug="ouverte", visibility=Visibility.MEMBERS)
        make_space(
            session,
            name="Sur demande",
            slug="sur-demande",
            visibility=Visibility.PRIVATE_LISTED,
            join_policy=JoinPolicy.REQUEST,
        )
        make_space(session, name="Cachée", visibility=Visibility.PRIVATE_HIDDEN)
        make_space(session, name="Archivée", stage=SpaceStage.CLOSED)
        member = make_viewer(session)
        session.add(Membership(space_id=mine.id, member_id=member.member_id))
    client = browser_of(app, member)
    sheet = client.get("/pratiques/visites").text
    assert 'href="/communaute/discuter?sujet=fiche:visites"' in sheet

    page = client.get("/communaute/discuter?sujet=fiche:visites").text

    assert 'href="/communaute/la-mienne/nouveau?sujet=fiche%3Avisites"' in page
    assert 'href="/communaute/ouverte/nouveau?sujet=fiche%3Avisites"' in page
    assert 'href="/communaute/sur-demande"' in page
    assert 'href="/question?de=/pratiques/visites"' in page
    assert "Cachée" not in page
    assert "Archivée" not in page


@pytest.mark.usefixtures("_sheet")
def test_a_visitor_asks_the_team_at_once_and_finds_the_communities_from_there(
    client: FlaskClient,
) -> None:
    sheet = client.get("/pratiques/visites").text
    assert 'href="/question?de=/pratiques/visites"' in sheet

    question = client.get("/question?de=/pratiques/visites").text

    assert 'href="/communaute/discuter?sujet=fiche:visites"' in question
    assert client.get("/communaute/discuter?sujet=fiche:visites").status_code == 200


@pytest.mark.parametrize(
    "key",
    [
        "fiche:inconnue",
        "fiche:",
        "fiche",
        ":visites",
        "fil:1",
        "rencontre:1",
        "autre:1",
        "fiche:\u200b",
        "fiche:" + "x" * 5000,
    ],
)
def test_an_unknown_subject_is_not_found(client: FlaskClient, database: str, key: str) -> None:
    answer = client.get("/communaute/discuter", query_string={"sujet": key})

    assert answer.status_code == 404


def test_a_sheet_that_the_viewer_may_not_read_is_no_subject(session: Session) -> None:
    make_practice(session, "secret", title="Encore secrète", state=PracticeState.DRAFTING)
    make_practice(session, "retiree", title="Retirée", state=PracticeState.WITHDRAWN)

    assert find_subject(session, "fiche:secret", viewer=ANONYMOUS) is None
    gone = find_subject(session, "fiche:retiree", viewer=ANONYMOUS)
    assert gone is not None
    assert gone.title == "Retirée"


def test_a_thread_says_whether_it_has_an_answer(session: Session) -> None:
    space = make_space(session, visibility=Visibility.PUBLIC)
    thread: Thread = make_thread(session, space, kind=ThreadKind.QUESTION, **ABOUT)
    thread.accepted_id = 12
    session.flush()

    found = threads_about(session, "fiche", "visites", viewer=ANONYMOUS, limit=5)

    assert [(one.kind, one.is_answered) for one in found.rows] == [(ThreadKind.QUESTION, True)]
    assert not found.has_more


def test_a_space_one_belongs_to_is_offered_whatever_its_door(session: Session) -> None:
    member = make_viewer(session)
    make_space(
        session,
        name="Sur invitation",
        members=(member,),
        visibility=Visibility.PRIVATE_HIDDEN,
        join_policy=JoinPolicy.INVITATION,
    )
    make_space(
        session,
        name="Publique, sur invitation",
        visibility=Visibility.PUBLIC,
        join_policy=JoinPolicy.INVITATION,
    )

    choices = spaces_to_write_in(session, viewer=again(session, member))

    assert [one.name for one in choices.own] == ["Sur invitation"]
    assert not choices.open
    assert not choices.on_request
