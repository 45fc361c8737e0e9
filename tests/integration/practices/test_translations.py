"""The translation of a sheet: its state, who says it, what readers are led to."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, NotAllowed
from inters4.members.models import Member
from inters4.practices.exports.sheets import sheet_of, write_sheet
from inters4.practices.models import Practice, PracticeState, TranslationState
from inters4.practices.queries import load_practice
from inters4.practices.queries.known import citable
from inters4.practices.queries.revisions import versions_of
from inters4.practices.services.revising import open_revision, publish
from inters4.practices.services.translating import note_translation
from tests.builders.members import make_member, make_viewer, sign_in_as
from tests.builders.practices import make_practice
from tests.builders.revisions import Cast, approve, bring_to, make_cast, start
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary
from tests.builders.web import csrf


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    with writing() as session:
        make_vocabulary(session)
        yield session


def published(session: Session, cast: Cast) -> Practice:
    revision = start(session, cast)
    bring_to(session, cast, revision, PracticeState.APPROVAL)
    approve(session, cast, revision)
    return publish(session, revision, by=cast.coordination, known=citable(session))


def reviewed(session: Session, practice: Practice, *, by: Viewer) -> None:
    note_translation(session, practice, TranslationState.REVIEWED, by=by)


def stands(practice: Practice) -> str:
    return practice.translation_state.value


def test_a_reviewed_translation_is_outdated_when_another_version_is_published(
    session: Session,
) -> None:
    cast = make_cast(session)
    practice = published(session, cast)
    reviewed(session, practice, by=cast.broker)
    revision = open_revision(session, practice, by=cast.owner)
    revision.values = {**revision.values, "training": "Autrement dit"}
    assert stands(practice) == "reviewed", "readers see nothing yet"

    publish(session, revision, by=cast.broker, known=citable(session), is_minor=True)

    assert stands(practice) == "outdated"


def test_a_translation_under_way_stays_so_when_another_version_is_published(
    session: Session,
) -> None:
    cast = make_cast(session)
    practice = published(session, cast)
    revision = open_revision(session, practice, by=cast.owner)
    note_translation(session, practice, TranslationState.IN_PROGRESS, by=cast.broker)

    publish(session, revision, by=cast.broker, known=citable(session), is_minor=True)

    assert practice.translation_state is TranslationState.IN_PROGRESS


def test_saying_how_a_translation_stands_makes_no_version(session: Session) -> None:
    cast = make_cast(session)
    practice = published(session, cast)

    reviewed(session, practice, by=cast.broker)
    open_revision(session, practice, by=cast.owner)

    (only,) = versions_of(session, practice.id)
    whole = load_practice(session, practice.id)
    assert whole is not None
    assert only.text == write_sheet(sheet_of(whole))
    assert "translation_state: reviewed" in only.text


def test_only_the_team_says_it_and_of_a_published_original_only(session: Session) -> None:
    cast = make_cast(session)
    practice = make_practice(session)
    translated = make_practice(session, "virtual-visits", translation_of=practice.id, language="en")
    draft = make_practice(session, "brouillon", state=PracticeState.DRAFTING)

    with pytest.raises(NotAllowed):
        reviewed(session, practice, by=cast.owner)
    for other in (translated, draft):
        with pytest.raises(Conflict):
            reviewed(session, other, by=cast.broker)


@pytest.fixture
def pair(app: Flask) -> None:
    with writing() as session:
        make_vocabulary(session)
        make_practice(session, title="Visites", translation_state=TranslationState.REVIEWED)
        make_practice(
            session,
            "virtual-visits",
            title="Virtual visits",
            language="en",
            translation_of="visites-virtuelles",
        )
        make_practice(session, "seule", title="Seule")
        make_practice(
            session, "en-cours", title="Bientôt", translation_state=TranslationState.IN_PROGRESS
        )


def page(client: FlaskClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


@pytest.mark.usefixtures("pair")
def test_readers_are_led_from_a_sheet_to_its_translation_and_back(client: FlaskClient) -> None:
    french = page(client, "/pratiques/visites-virtuelles?lang=en")
    english = page(client, "/pratiques/virtual-visits?lang=fr")

    assert 'href="/pratiques/virtual-visits" lang="en" hreflang="en"' in french
    assert "in French only" not in french
    assert 'href="/pratiques/visites-virtuelles" lang="fr" hreflang="fr"' in english
    assert "n’existe qu’en français" not in english


@pytest.mark.usefixtures("pair")
def test_readers_of_english_are_told_what_has_no_translation(client: FlaskClient) -> None:
    assert "This sheet is in French only." in page(client, "/pratiques/seule?lang=en")
    assert "its translation is under way" in page(client, "/pratiques/en-cours?lang=en")


@pytest.mark.usefixtures("pair")
def test_an_outdated_translation_says_so_on_both_sides(client: FlaskClient) -> None:
    page(client, "/pratiques/virtual-visits")
    with writing() as session:
        practice = session.get_one(Practice, "visites-virtuelles")
        practice.translation_state = TranslationState.OUTDATED

    assert "qui est périmée" in page(client, "/pratiques/visites-virtuelles")
    assert "Cette traduction est périmée" in page(client, "/pratiques/virtual-visits")


@pytest.mark.usefixtures("pair")
def test_a_translation_withdrawn_is_offered_no_more(client: FlaskClient) -> None:
    page(client, "/pratiques/visites-virtuelles")
    with writing() as session:
        session.get_one(Practice, "virtual-visits").state = PracticeState.WITHDRAWN

    assert "virtual-visits" not in page(client, "/pratiques/visites-virtuelles")


@pytest.mark.usefixtures("pair")
def test_a_sheet_without_translation_costs_no_statement_for_it(client: FlaskClient) -> None:
    for path in ("/pratiques/seule", "/pratiques/visites-virtuelles"):
        page(client, path)
    with statements() as alone:
        page(client, "/pratiques/seule")
    with statements() as translated:
        page(client, "/pratiques/visites-virtuelles")

    assert len(translated) == len(alone) + 1


@pytest.mark.usefixtures("pair")
def test_the_team_says_it_from_the_sheet(app: Flask, client: FlaskClient) -> None:
    with writing() as session:
        broker = make_viewer(session, role=Role.BROKER)
        sign_in_as(client, session, session.get_one(Member, broker.member_id))
    path = "/pratiques/seule/traduction"
    assert f'href="{path}"' in page(client, "/pratiques/seule")

    answer = client.post(path, data={"csrf_token": csrf(client, path), "etat": "in-progress"})

    assert answer.status_code == 303
    with reading() as session:
        found = session.get_one(Practice, "seule").translation_state
    assert found is TranslationState.IN_PROGRESS
    assert "en cours" in page(client, "/pratiques/seule")
    assert client.get("/pratiques/virtual-visits/traduction").status_code == 404
    wrong = {"csrf_token": csrf(client, path), "etat": "belle"}
    assert client.post(path, data=wrong).status_code == 400


@pytest.mark.usefixtures("pair")
def test_others_are_offered_nothing(client: FlaskClient) -> None:
    with writing() as session:
        sign_in_as(client, session, make_member(session))

    assert "/traduction" not in page(client, "/pratiques/seule")
    assert client.get("/pratiques/seule/traduction").status_code == 403
