"""The watch of a demonstration: made once, fed by feeds that the demonstration serves itself."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core.fetch import FeedParser
from inters4.core.installation import mark_demo
from inters4.members.services import seed_demo
from inters4.veille.models import Finding, FindingState, Sighting, Source, Summary, SummaryState
from inters4.veille.services.demo import FEEDS, feeds_dir, seed_watching
from tests.builders.vocabulary import make_vocabulary

HERE, ELSEWHERE = "http://127.0.0.1:8000", "http://127.0.0.1:9000"


@pytest.fixture
def demo(session: Session) -> Session:
    make_vocabulary(session)
    mark_demo(session)
    seed_demo(session)
    return session


def test_the_desk_of_a_demonstration_is_alive(demo: Session) -> None:
    assert seed_watching(demo, site=HERE)

    states = dict(demo.execute(select(Finding.state, func.count()).group_by(Finding.state)).all())
    assert states[FindingState.NEW] > 15
    assert states[FindingState.SUMMARISED] == 1
    assert demo.scalar(select(func.count()).where(Finding.owner_id.isnot(None))) == 2
    assert demo.scalar(select(Summary.state)) is SummaryState.IN_REVIEW


def test_the_same_articles_come_in_several_feeds(demo: Session) -> None:
    seed_watching(demo, site=HERE)

    findings = demo.scalar(select(func.count()).select_from(Finding)) or 0
    sightings = demo.scalar(select(func.count()).select_from(Sighting)) or 0
    suggested = demo.scalar(select(func.count()).where(Finding.like_id.isnot(None)))
    assert sightings > findings
    assert suggested == 2


def test_running_the_demonstration_again_keeps_what_was_done(demo: Session) -> None:
    seed_watching(demo, site=HERE)
    demo.execute(select(Finding)).scalars().first()
    before = demo.scalar(select(func.count()).select_from(Finding))

    assert not seed_watching(demo, site=HERE)
    assert demo.scalar(select(func.count()).select_from(Finding)) == before


def test_sources_follow_the_demonstration_to_another_port(demo: Session) -> None:
    seed_watching(demo, site=HERE)

    seed_watching(demo, site=ELSEWHERE)

    demo.flush()
    urls = demo.scalars(select(Source.url)).all()
    assert urls
    assert all(url.startswith(f"{ELSEWHERE}/veille/demonstration/") for url in urls)


def test_a_fictional_watch_is_made_nowhere_else(session: Session) -> None:
    with pytest.raises(RuntimeError, match="demonstration"):
        seed_watching(session, site=HERE)


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.file)
def test_each_feed_is_well_made(feed: object) -> None:
    file = feeds_dir() / feed.file  # type: ignore[attr-defined]
    with FeedParser() as parser:
        parsed = parser.parse(file.read_bytes())

    assert parsed.entries
    assert not parsed.is_malformed


def test_a_demonstration_serves_its_feeds(client: FlaskClient, demo: Session) -> None:
    demo.commit()

    answer = client.get("/veille/demonstration/recherche.rss")

    assert answer.status_code == 200
    assert answer.mimetype == "application/rss+xml"
    again = client.get(
        "/veille/demonstration/recherche.rss", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304
    assert client.get("/veille/demonstration/bulletin.rss").status_code == 404
    assert client.get("/veille/demonstration/..%2F..%2Fvocabulary.yaml").status_code == 404


def test_no_other_portal_has_these_feeds(client: FlaskClient) -> None:
    assert client.get("/veille/demonstration/recherche.rss").status_code == 404
