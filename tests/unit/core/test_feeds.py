"""Feeds as the programs that follow them read them."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from flask import Flask, Response
from markupsafe import Markup

from inters4.core.feeds import Feed, FeedEntry, atom, json_feed, tag_uri
from inters4.core.web.feeds import atom_response, json_feed_response

MORNING = datetime(2026, 11, 21, 13, 5, 7, tzinfo=UTC)
FEED = Feed(
    title="Résumés : « santé » & services <sociaux>",
    url="https://portail.exemple.ca/veille",
    self_url="https://portail.exemple.ca/veille/fil.atom",
    description="Ce que disent les écrits",
)
ENTRY = FeedEntry(
    id="resume/soins-à-domicile",
    title="Un titre </title><script>alert(1)</script> \x0bet \ud800plus",
    url="https://portail.exemple.ca/veille/resumes/soins",
    published=MORNING,
    updated=MORNING + timedelta(hours=2),
    summary_text="Moins de 5 < 6 & plus",
    author="Équipe de courtage",
    categories=("Proximité", "R&D"),
)


def test_a_reader_finds_everything_in_the_atom_form() -> None:
    read = feedparser.parse(atom(FEED, [ENTRY]))

    assert not read.bozo
    assert read.version == "atom10"
    assert read.feed.title == FEED.title
    assert {link.rel: link.href for link in read.feed.links} == {
        "alternate": FEED.url,
        "self": FEED.self_url,
    }
    assert read.feed.language == "fr"
    assert read.feed.subtitle == FEED.description
    assert read.feed.updated == "2026-11-21T15:05:07+00:00"
    (entry,) = read.entries
    assert entry.id == "tag:portail.exemple.ca,2026:resume/soins-%C3%A0-domicile"
    assert entry.link == ENTRY.url
    assert entry.published == "2026-11-21T13:05:07+00:00"
    assert entry.updated == "2026-11-21T15:05:07+00:00"
    assert entry.author == "Équipe de courtage"
    assert [tag.term for tag in entry.tags] == ["Proximité", "R&D"]
    assert entry.summary == "Moins de 5 &lt; 6 &amp; plus"


def test_a_feed_that_is_narrowed_is_another_feed() -> None:
    narrowed = replace(FEED, self_url=f"{FEED.self_url}?theme=t%C3%A9l%C3%A9sant%C3%A9")

    whole, other = (feedparser.parse(atom(one, [])).feed.id for one in (FEED, narrowed))

    assert whole == "tag:portail.exemple.ca,2026:/veille/fil.atom"
    assert other == f"{whole}?theme=t%C3%A9l%C3%A9sant%C3%A9"


def test_nothing_in_a_title_breaks_the_atom_form() -> None:
    body = atom(FEED, [ENTRY]).decode()

    assert "<script>" not in body
    assert feedparser.parse(body).entries[0].title.endswith("et plus")


def test_html_made_by_the_portal_stays_html() -> None:
    entry = replace(ENTRY, summary_html=Markup("<p>Un <em>mot</em></p>"))

    assert feedparser.parse(atom(FEED, [entry])).entries[0].summary == "<p>Un <em>mot</em></p>"
    (item,) = json.loads(json_feed(FEED, [entry]))["items"]
    assert item["content_html"] == "<p>Un <em>mot</em></p>"
    assert "content_text" not in item


def test_the_json_form_has_what_the_standard_requires() -> None:
    whole = json.loads(
        json_feed(
            replace(FEED, self_url="https://portail.exemple.ca/f.json"),
            [
                replace(ENTRY, summary_text="", author="", categories=()),
            ],
        )
    )

    assert whole["version"] == "https://jsonfeed.org/version/1.1"
    assert whole["feed_url"] == "https://portail.exemple.ca/f.json"
    assert whole["items"] == [
        {
            "id": "tag:portail.exemple.ca,2026:resume/soins-%C3%A0-domicile",
            "url": ENTRY.url,
            "title": ENTRY.title.replace("\ud800", "?"),
            "date_published": "2026-11-21T13:05:07+00:00",
            "date_modified": "2026-11-21T15:05:07+00:00",
            "content_text": "",
        }
    ]


def test_an_empty_feed_is_still_a_feed() -> None:
    read = feedparser.parse(atom(FEED, []))

    assert not read.bozo
    assert read.entries == []
    assert json.loads(json_feed(FEED, []))["items"] == []


def test_a_whole_tag_address_is_kept() -> None:
    assert tag_uri("tag:ailleurs.ca,2020:x", site=FEED.url) == "tag:ailleurs.ca,2020:x"


def _ask(form: str, *, entry: FeedEntry = ENTRY, **headers: str) -> Response:
    answer = atom_response if form == "atom" else json_feed_response
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    with Flask(__name__).test_request_context("/fil", headers=names):
        return answer(FEED, [entry])


@pytest.mark.parametrize(
    ("form", "mimetype"), [("atom", "application/atom+xml"), ("json", "application/feed+json")]
)
def test_who_has_the_feed_already_is_told_so(form: str, mimetype: str) -> None:
    first = _ask(form)
    etag, moment = first.headers["ETag"], first.headers["Last-Modified"]

    assert first.mimetype == mimetype
    assert moment == "Sat, 21 Nov 2026 15:05:07 GMT"
    for again in (_ask(form, If_None_Match=etag), _ask(form, If_Modified_Since=moment)):
        assert again.status_code == 304
        assert again.get_data() == b""
        assert again.headers["ETag"] == etag


def test_a_corrected_title_is_sent_again() -> None:
    etag = _ask("atom").headers["ETag"]

    changed = _ask("atom", entry=replace(ENTRY, title="Corrigé"), If_None_Match=etag)

    assert changed.status_code == 200
    assert "Corrigé" in changed.get_data(as_text=True)


def test_a_private_feed_stays_with_its_reader() -> None:
    with Flask(__name__).test_request_context("/fil"):
        answer = atom_response(FEED, [ENTRY], is_private=True)

    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.headers["X-Robots-Tag"] == "noindex"
