"""The feeds of summaries, read as a feed reader does."""

import json
from datetime import UTC, datetime
from typing import Any

import feedparser
import pytest
from flask.testing import FlaskClient

from inters4.core.db import writing
from inters4.veille.models import SummaryState
from inters4.veille.queries.lists import FEED_SIZE
from tests.builders.statements import statements
from tests.builders.veille import PARAGRAPH, make_summary
from tests.builders.vocabulary import make_vocabulary


@pytest.fixture(autouse=True)
def _words(database: str) -> None:
    with writing() as session:
        make_vocabulary(session)


def add(summary_id: str = "suivi-a-domicile", **values: Any) -> None:
    with writing() as session:
        make_summary(session, summary_id, **values)


def atom(client: FlaskClient, path: str = "/veille/flux.atom") -> Any:
    answer = client.get(path)
    assert answer.mimetype == "application/atom+xml"
    found = feedparser.parse(answer.get_data())
    assert not found.bozo, found.bozo_exception
    return found


def test_the_atom_feed_tells_each_summary_whole(client: FlaskClient) -> None:
    add()

    found = atom(client)
    entry = found.entries[0]

    assert found.feed.title == "InterS4\u00a0: Résumés d’articles"
    assert found.feed.language == "fr"
    assert entry.title == "Résumé suivi-a-domicile"
    assert entry.link.endswith("/veille/resumes/suivi-a-domicile")
    assert entry.id.endswith(":resume/suivi-a-domicile")
    assert PARAGRAPH in entry.summary
    assert "Résumé de départ, sans auteur." in entry.summary
    assert "<i>Une revue</i>" in entry.summary
    assert entry.tags[0].term == "Téléconsultation et soins virtuels"
    assert datetime.fromisoformat(entry.published) == datetime(2026, 11, 21, 5, tzinfo=UTC)


def test_the_json_feed_says_the_same(client: FlaskClient) -> None:
    add()

    found = json.loads(client.get("/veille/flux.json").get_data())

    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert found["feed_url"].endswith("/veille/flux.json")
    assert [item["title"] for item in found["items"]] == ["Résumé suivi-a-domicile"]
    assert PARAGRAPH in found["items"][0]["content_html"]


@pytest.mark.parametrize("ending", ["atom", "json"])
def test_a_theme_has_its_own_feed(client: FlaskClient, ending: str) -> None:
    add("a-distance")
    add("a-domicile", themes=("domicile.hospitalisation-domicile",))

    text = client.get(f"/veille/flux.{ending}?theme=domicile").get_data(as_text=True)

    assert "InterS4\u00a0: Résumés d’articles, Soutien à domicile" in text
    assert "resume/a-domicile" in text
    assert "resume/a-distance" not in text
    assert "theme=domicile" in text


@pytest.mark.parametrize("ending", ["atom", "json"])
def test_the_feed_of_an_unknown_theme_does_not_exist(client: FlaskClient, ending: str) -> None:
    add()

    assert client.get(f"/veille/flux.{ending}?theme=rien").status_code == 404


def test_a_draft_is_in_no_feed(client: FlaskClient) -> None:
    add(state=SummaryState.DRAFT, published_at=None)

    assert atom(client).entries == []


def test_whoever_received_a_summary_learns_that_it_was_retracted(client: FlaskClient) -> None:
    add()
    received = atom(client).entries[0].id
    add(state=SummaryState.RETRACTED, state_reason="Les données étaient fausses.")

    entry = atom(client).entries[0]

    assert entry.id == received
    assert entry.title == "Ne tient plus\u00a0: Résumé suivi-a-domicile"
    assert "Les données étaient fausses." in entry.summary
    assert PARAGRAPH not in entry.summary


def test_what_a_reader_has_already_is_not_sent_again(client: FlaskClient) -> None:
    add()
    etag = client.get("/veille/flux.atom").headers["ETag"]

    assert client.get("/veille/flux.atom", headers={"If-None-Match": etag}).status_code == 304
    add(title="Un autre titre")
    assert client.get("/veille/flux.atom", headers={"If-None-Match": etag}).status_code == 200


def test_the_page_leads_to_the_feeds_of_its_theme(client: FlaskClient) -> None:
    add()

    html = client.get("/veille?theme=telesante").get_data(as_text=True)

    assert 'type="application/atom+xml"' in html
    assert 'href="/veille/flux.atom?theme=telesante"' in html
    assert 'href="/veille/flux.json?theme=telesante"' in html


def test_a_feed_costs_the_same_statements_whatever_its_length(client: FlaskClient) -> None:
    add("un")
    client.get("/veille/flux.atom")
    with statements() as few:
        client.get("/veille/flux.atom")
    for number in range(20):
        add(f"r{number}")
    with statements() as many:
        assert len(atom(client).entries) == 21

    assert len(many) == len(few) == 3, many


def test_an_old_summary_comes_up_again_once_it_is_retracted(client: FlaskClient) -> None:
    old: dict[str, Any] = {"published_at": datetime(2020, 1, 1, tzinfo=UTC)}
    with writing() as session:
        for number in range(FEED_SIZE):
            make_summary(session, f"recent-{number}")
        make_summary(session, "ancien", **old)
    assert not any("ancien" in entry.id for entry in atom(client).entries)

    add("ancien", **old, state=SummaryState.RETRACTED, state_reason="Données fausses.")

    assert "ancien" in atom(client).entries[0].id
