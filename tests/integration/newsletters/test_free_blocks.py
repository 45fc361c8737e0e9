"""Free blocks: their themes, which say who sees them first; and the weight of images."""

from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.db import reading, writing
from inters4.core.files import Opening, StoredFile
from inters4.core.hooks import hooks
from inters4.newsletters.exports.message import parts_of
from inters4.newsletters.exports.sections import sections_of
from inters4.newsletters.models import Issue, IssueItem, ItemKind
from inters4.newsletters.queries.composing import find_to_compose
from inters4.newsletters.services.arranging import add_items, new_item
from inters4.newsletters.services.checking import check_issue
from inters4.newsletters.services.checking_images import HEAVIEST
from inters4.newsletters.services.composing import field_of, marks_of, stored_fields, write_issue
from inters4.settings import Settings
from tests.builders.approved import make_whole_newsletter, make_written
from tests.builders.members import browser_of
from tests.builders.sending import make_subscriber
from tests.builders.summaries import Team, make_team
from tests.builders.web import sent_by

COMPOSE = "/infolettres/en-bref/1/composer"
FREE = (ItemKind.TEXT, ItemKind.LINK, ItemKind.EVENT, ItemKind.QUESTION)
PICTURE = "a" * 32


@pytest.fixture
def team(app: Flask) -> Team:
    with writing() as session:
        newsletter = make_whole_newsletter(session)
        make_subscriber(session)
        team = make_team(session)
        issue = make_written(session, newsletter, team)
        add_items(session, issue, [new_item(kind) for kind in FREE], by=team.writer)
    return team


@pytest.fixture
def browser(app: Flask, team: Team) -> FlaskClient:
    return browser_of(app, team.writer)


def form(client: FlaskClient) -> dict[str, list[str]]:
    html = client.get(COMPOSE).get_data(as_text=True)
    sent = sent_by(html.partition("data-dossier")[2].partition("</form>")[0])
    return {name: sent.getlist(name) for name in sent}


def item_of(session: Session, kind: ItemKind) -> IssueItem:
    return session.scalars(select(IssueItem).where(IssueItem.kind == kind)).one()


@pytest.mark.parametrize("kind", FREE)
def test_themes_of_a_free_block_are_ticked_kept_and_taken_off(
    browser: FlaskClient, settings: Settings, kind: ItemKind
) -> None:
    with reading() as session:
        name = field_of(item_of(session, kind), "themes")
    sent = form(browser)
    sent[name] = ["telesante", "invente"]
    assert browser.post(COMPOSE, data=sent).status_code == 303
    with reading() as session:
        found = item_of(session, kind)
        assert found.themes == ["telesante"]
        parts = parts_of(session, session.get_one(Issue, found.issue_id), settings=settings)
        assert {one.key: one.themes for one in parts.blocks}[found.public_id] == ("telesante",)
    sent = form(browser)
    assert sent[name] == ["telesante"]
    del sent[name]

    browser.post(COMPOSE, data=sent)

    with reading() as session:
        assert item_of(session, kind).themes == []


def test_two_people_who_tick_see_each_other(app: Flask, browser: FlaskClient, team: Team) -> None:
    with reading() as session:
        name = field_of(item_of(session, ItemKind.LINK), "themes")
    mine, theirs = form(browser), form(browser_of(app, team.coordination))
    theirs[name] = ["telesante"]
    browser_of(app, team.coordination).post(COMPOSE, data=theirs)
    with writing() as session:
        item_of(session, ItemKind.LINK).themes = ["telesante", "autre"]

    mine[name] = ["telesante"]
    answer = browser.post(COMPOSE, data=mine)

    assert answer.status_code == 409
    assert "Thèmes" in answer.get_data(as_text=True)


def test_an_item_goes_to_another_section_by_its_buttons(browser: FlaskClient) -> None:
    sent = form(browser)
    browser.post(COMPOSE, data={**sent, "geste": ["ajouter:heading"]})
    with reading() as session:
        question = item_of(session, ItemKind.QUESTION).public_id

    browser.post(COMPOSE, data={**form(browser), "geste": [f"descendre:{question}"]})

    with reading() as session:
        items = session.scalars(select(IssueItem).order_by(IssueItem.position)).all()
        *_others, last = sections_of(items)
        assert [one.public_id for one in last.items] == [question]


def _opened(opening: Opening, _session: Session, _stored: StoredFile, _by: Viewer) -> Opening:
    return opening


def remarks(session: Session, team: Team, settings: Settings, text: str) -> tuple[list[str], int]:
    session.expire_all()
    issue = find_to_compose(session, "en-bref", 1, viewer=team.writer)
    assert issue is not None
    seen = marks_of(stored_fields(issue))
    write_issue(session, issue, {"opening": text}, seen=seen, by=team.writer)
    parts = parts_of(session, issue, settings=settings)
    checked = check_issue(session, issue, parts, settings=settings)
    return [one.sentence for one in checked.remarks if "mage" in one.sentence], checked.images


@pytest.mark.parametrize(
    "case",
    [
        (HEAVIEST + 1, Opening.PUBLIC, "Les images pèsent 600"),
        (1_000, Opening.PUBLIC, ""),
        (1_000, Opening.PRIVATE, "n’est pas visible de tout le monde"),
        (0, Opening.PUBLIC, "n’est pas visible de tout le monde"),
    ],
)
def test_images_weigh_what_the_portal_serves(
    session: Session,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    case: tuple[int, Opening, str],
) -> None:
    size, opening, said = case
    monkeypatch.setattr(hooks, "file_owners", [partial(_opened, opening)])
    team = make_team(session)
    make_written(session, make_whole_newsletter(session), team)
    session.add(
        StoredFile(
            token=PICTURE, name="image.png", media_type="image/png", size=size, sha256="0" * 64
        )
    )
    session.flush()
    twice = f"![Une salle](/fichiers/{PICTURE})\n\n![La même](/fichiers/{PICTURE})"

    found, weight = remarks(session, team, settings, twice)

    assert weight == size  # the same file is fetched once
    assert len(found) == bool(said)
    assert said in "".join(found)


def test_an_image_that_is_no_more_stops_the_issue(session: Session, settings: Settings) -> None:
    team = make_team(session)
    make_written(session, make_whole_newsletter(session), team)

    found, weight = remarks(session, team, settings, f"![Une salle](/fichiers/{PICTURE})")

    assert (len(found), weight) == (1, 0)
