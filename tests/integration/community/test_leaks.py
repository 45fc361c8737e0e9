"""The leak matrix: every page of the portal, for every role and visibility, before and after.

A page that is added tomorrow is looked at tomorrow: addresses come from the application.
"""

import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from inters4.community.jobs.telling import tell_new_posts
from inters4.community.models import (
    Appreciation,
    FlagReason,
    Meeting,
    Post,
    Space,
    Thread,
    Visibility,
)
from inters4.community.queries.drafts import place_of_space, place_of_thread
from inters4.community.services.drafting import keep_draft
from inters4.community.services.flagging import flag_post
from inters4.community.services.leaving import ban
from inters4.community.services.leaving import leave as leave_space
from inters4.community.services.meetings.seating import register
from inters4.community.services.moving import move
from inters4.community.services.posting import post
from inters4.community.services.private_addresses import CALENDAR, FEED, open_address
from inters4.community.services.reacting import react
from inters4.community.services.starting import start_thread
from inters4.community.services.visibility_changes import change_visibility
from inters4.core.access import ANONYMOUS, Viewer
from inters4.core.db import reading, writing
from inters4.core.hooks import hooks
from inters4.core.i18n import use_locale
from inters4.members.exports.account_data import archive
from inters4.members.models import Member, MemberState
from inters4.notices.jobs import make_digests
from inters4.search.jobs import bring_up_to_date
from inters4.search.models import Criteria
from inters4.search.queries import engine
from inters4.search.services.searching import search
from inters4.search.services.suggesting import suggest
from inters4.search.services.themes import list_themes
from inters4.settings import Settings
from tests.builders.community import again, make_space
from tests.builders.leaks import (
    BAITS,
    INNER,
    LISTED,
    NAMES,
    THEME,
    TYPED,
    UNSEEN,
    World,
    every_page,
    make_follower,
    make_neighbour,
    make_staff,
    make_world,
    shown,
    unfolded,
)
from tests.builders.members import browser_of, make_viewer
from tests.builders.notices import leave, let_time_pass

OF_THREAD = frozenset({"xylographe", "vertugadin", "zinzolin", "wapitiplan", "coquecigrue"})
"""What is said in the thread and its files."""
OUTSIDERS = ("visitor", "stranger", "staff", "neighbour")
READERS = ("follower", "facilitator")
CELLS = [
    *((Visibility.PRIVATE_HIDDEN, role) for role in OUTSIDERS),
    (Visibility.PRIVATE_LISTED, "visitor"),
    (Visibility.PRIVATE_LISTED, "staff"),
    (Visibility.MEMBERS, "visitor"),
    (Visibility.MEMBERS, "staff"),
    (Visibility.PUBLIC, "visitor"),
]
"""Who reads all may still not read what is hidden there; once is enough for each such space."""


@pytest.fixture(autouse=True)
def _index(settings: Settings, database: str) -> Iterator[None]:
    engine.bind(settings)
    yield
    engine.close()


def person(session: Session, world: World, role: str) -> Viewer:
    made = {
        "visitor": lambda: ANONYMOUS,
        "stranger": lambda: make_viewer(session, name="Estelle Étrangère"),
        "staff": lambda: make_staff(session),
        "neighbour": lambda: make_neighbour(session),
        "follower": lambda: make_follower(session, world),
        "facilitator": lambda: world.facilitator,
        "author": lambda: world.author,
    }[role]()
    session.commit()
    return made


def browser(app: Flask, who: Viewer) -> FlaskClient:
    return browser_of(app, who) if who.is_signed_in else app.test_client()


def forbidden(visibility: Visibility, who: Viewer) -> frozenset[str]:
    """The words that whoever does not belong may not meet."""
    reads = visibility is Visibility.PUBLIC or (
        visibility is Visibility.MEMBERS and who.is_signed_in
    )
    if reads:
        return UNSEEN
    is_hidden = visibility is Visibility.PRIVATE_HIDDEN or (
        visibility is Visibility.MEMBERS and not who.is_signed_in
    )
    return UNSEEN | INNER | (LISTED if is_hidden else frozenset())


def leaks(app: Flask, world: World, who: Viewer, words: frozenset[str]) -> list[str]:
    """Every page that shows one of `words`; and pages that break."""
    seen = browser(app, who)
    found = []
    for endpoint, path in every_page(app, world.values):
        status, text = shown(seen, path)
        told = words - (NAMES if endpoint.startswith(("members.", "home.")) else frozenset())
        found += [f"{path} ({status}): {word}" for word in sorted(told) if word in text]
        if status >= 500 and endpoint != "health.ready":
            found.append(f"{path}: {status}")
        slug = str(world.values["slug"])
        if words >= LISTED and slug not in path and slug in text:
            found.append(f"{path} ({status}): the address")
    return found


def kept_by_caches(app: Flask, world: World) -> list[str]:
    """Pages that show a visitor words of the space, and that a cache may show to others later.

    Asked before the space is narrowed, they are also what the portal itself could remember.
    """
    found, told = [], 0
    for _endpoint, path in every_page(app, world.values):
        _status, text = shown(app.test_client(), path)
        if any(word in text for word in INNER):
            told += 1
            rule = re.search(r"cache-control: (.*)", text)
            if rule is None or not re.search("no-cache|no-store", rule[1]):
                found.append(f"{path}: {rule[1] if rule else ''}")
    assert told > 10
    return found


def counts(session: Session, who: Viewer) -> dict[str, int]:
    """What numbers and proposals say of the space to `who`."""
    page = search(session, Criteria(), viewer=who)
    kinds = {
        option.value: option.count
        for facet in page.facets
        for option in facet.options
        if facet.name == "type"
    }
    themes = {line.entry.id: line.count for line in list_themes(session, viewer=who)}
    found = {"total": page.total, "fil": kinds.get("fil", 0), "theme": themes.get(THEME, 0)}
    found["rencontre"] = kinds.get("rencontre", 0)
    for text in BAITS:
        asked = search(session, Criteria(text=text), viewer=who)
        found[text] = asked.total + (asked.correction is not None)
    for text in TYPED:
        asked = search(session, Criteria(text=text), viewer=who)
        found[f"« {text} »"] = asked.total + (asked.correction is not None)
        found[f"{text}…"] = len(suggest(session, text, viewer=who))
    return found


def sought(who: Viewer) -> dict[str, int]:
    with reading() as session, use_locale("fr"):
        return counts(session, who)


@pytest.mark.parametrize(("visibility", "role"), CELLS)
def test_who_does_not_read_the_space_meets_no_word_of_it(
    app: Flask, session: Session, settings: Settings, visibility: Visibility, role: str
) -> None:
    world = make_world(session, settings, visibility)
    who = person(session, world, role)
    assert bring_up_to_date(settings)
    words = forbidden(visibility, who)
    refused = f"/communaute/{world.values['slug']}/moderation"
    assert shown(browser(app, world.author), refused)[0] == 403  # the journal holds it

    assert leaks(app, world, who, words) == []
    if words >= INNER:
        found = sought(who)
        assert found == {**dict.fromkeys(found, 0), "total": 1}  # the sheet
    else:
        assert sought(who)["fil"] == 1


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.PRIVATE_HIDDEN])
def test_who_reads_the_space_meets_every_word_of_it(
    app: Flask, session: Session, settings: Settings, visibility: Visibility, role: str
) -> None:
    world = make_world(session, settings, visibility)
    who = person(session, world, role)
    assert bring_up_to_date(settings)
    seen = browser(app, who)
    texts = [shown(seen, path)[1] for _end, path in every_page(app, world.values)]

    for word in INNER | LISTED:
        assert any(word in text for text in texts), word
    for word in UNSEEN:
        assert any(word in text for text in texts) is (
            role == "facilitator" and word != "faridondaine"
        ), word
    found = sought(who)
    assert found["fil"] == found["rencontre"] == 1
    assert {bait: found[bait] for bait in BAITS} == {
        **dict.fromkeys(BAITS, 1),
        "turlutaine": 0,
    }


@pytest.mark.parametrize("visibility", [Visibility.PRIVATE_HIDDEN, Visibility.MEMBERS])
def test_narrowing_takes_effect_at_once_whatever_the_index_says(
    app: Flask, session: Session, settings: Settings, visibility: Visibility
) -> None:
    world = make_world(session, settings, Visibility.PUBLIC)
    stranger = person(session, world, "stranger")
    assert bring_up_to_date(settings)
    assert sought(ANONYMOUS)["fil"] == sought(stranger)["fil"] == 1
    assert kept_by_caches(app, world) == []
    with writing() as other:
        space = other.get_one(Space, world.space.id)
        change_visibility(other, space, visibility, by=world.facilitator)
    session.expire_all()

    for who in (ANONYMOUS, stranger):
        words = forbidden(visibility, who)
        assert leaks(app, world, who, words) == []
        assert (sought(who)["fil"] == 1) is not (words >= INNER)


@pytest.mark.parametrize("way", ["leaves", "is banned"])
def test_whoever_goes_out_reads_nothing_more_and_is_told_nothing_more(
    app: Flask, session: Session, settings: Settings, way: str
) -> None:
    world = make_world(session, settings, Visibility.PRIVATE_HIDDEN)
    who = make_follower(session, world, name="Fabien Partant")
    make_follower(session, world, name="Solange Restante")
    paths = open_addresses(world, who)
    take_part(session, world, who)
    post_more(session, world)
    assert bring_up_to_date(settings)
    program = app.test_client()
    assert [program.get(path).status_code for path in paths] == [200, 200]
    assert sought(who)["fil"] == 2
    assert says(own_data(session, who))

    with writing() as other:
        space = other.get_one(Space, world.space.id)
        if way == "leaves":
            leave_space(other, space, by=who)
        else:
            ban(other, space, other.get_one(Member, who.member_id), "Non.", by=world.facilitator)
    session.expire_all()
    who = again(session, who)
    session.rollback()

    assert leaks(app, world, who, UNSEEN | INNER | LISTED) == []
    assert not says(own_data(session, who))
    assert sought(who)["fil"] == 0
    assert [program.get(path).status_code for path in paths] == [404, 404]
    told = [to for to, text in sent_to_everyone(session, settings) if says(text)]
    assert any("solange" in to for to in told), "nobody was told: nothing is shown"
    assert [to for to in told if "fabien" in to] == []


def test_a_suspended_account_reads_nothing_by_its_addresses_and_is_sent_nothing(
    app: Flask, session: Session, settings: Settings
) -> None:
    world = make_world(session, settings, Visibility.PRIVATE_HIDDEN)
    who = make_follower(session, world, name="Fabien Suspendu")
    paths = open_addresses(world, who)
    post_more(session, world)

    session.get_one(Member, who.member_id).state = MemberState.SUSPENDED
    session.commit()

    program = app.test_client()
    assert [program.get(path).status_code for path in paths] == [404, 404]
    mails = sent_to_everyone(session, settings)
    assert [to for to, _text in mails if "fabien" in to] == []


def test_a_thread_that_moves_to_a_stricter_space_is_gone_for_whoever_does_not_read_it(
    app: Flask, session: Session, settings: Settings
) -> None:
    """Before the index has followed, and for whoever took part in it."""
    world = make_world(session, settings, Visibility.PUBLIC)
    who = make_follower(session, world, name="Fabien Suiveur")
    paths = open_addresses(world, who)
    take_part(session, world, who)
    assert bring_up_to_date(settings)
    assert says(own_data(session, who))
    inner = make_space(session, facilitator=world.facilitator, visibility=Visibility.PRIVATE_HIDDEN)
    lead = again(session, world.facilitator)
    session.commit()
    with writing() as other:
        thread = other.get_one(Thread, world.thread.id, options=[joinedload(Thread.space)])
        move(other, thread, other.get_one(Space, inner.id), is_confirmed=True, by=lead)
    session.expire_all()
    who = again(session, who)
    session.commit()

    for looking in (who, ANONYMOUS):
        assert leaks(app, world, looking, UNSEEN | OF_THREAD) == []
    assert who.unread == 0
    assert not says(own_data(session, who), OF_THREAD)
    for path in paths:
        assert not says(shown(app.test_client(), path)[1], OF_THREAD)
    mails = sent_to_everyone(session, settings)
    assert [to for to, text in mails if "fabien" in to and says(text, OF_THREAD)] == []


def test_mails_of_a_discreet_space_say_nothing_of_what_is_said(
    session: Session, settings: Settings
) -> None:
    world = make_world(session, settings, Visibility.PRIVATE_LISTED)
    person(session, world, "follower")
    world.space.is_discreet = True
    session.commit()
    post_more(session, world)

    mails = sent_to_everyone(session, settings)

    assert mails
    assert [text for _to, text in mails if any(word in text for word in INNER)] == []


def test_a_post_hidden_or_moved_is_not_found_before_the_index_has_followed(
    session: Session, settings: Settings
) -> None:
    world = make_world(session, settings, Visibility.PUBLIC)
    assert bring_up_to_date(settings)
    page = search(session, Criteria(text="vertugadin"), viewer=ANONYMOUS)
    assert "vertugadin" in str(page.cards)

    move_away(session, world)
    page = search(session, Criteria(text="vertugadin"), viewer=ANONYMOUS)

    assert page.cards == ()
    assert suggest(session, "kaleid", viewer=ANONYMOUS) == ()


def test_files_open_for_whoever_reads_the_post_now(
    app: Flask, session: Session, settings: Settings
) -> None:
    world = make_world(session, settings, Visibility.PRIVATE_HIDDEN)
    path = f"/fichiers/{world.values['token']}"
    follower = browser(app, person(session, world, "follower"))
    staff = browser(app, person(session, world, "staff"))

    browsers = (follower, staff, app.test_client())

    assert [shown(one, path)[0] for one in browsers] == [200, 404, 404]
    assert "no-store" in shown(follower, path)[1]
    _status, mark = given(follower, path)
    asked: tuple[dict[str, str], ...] = (
        {"If-None-Match": mark},
        {"Range": "bytes=0-3"},
        {"If-Modified-Since": "Wed, 01 Jan 2098 00:00:00 GMT"},
    )
    assert [given(follower, path, one)[0] for one in asked] == [304, 206, 304]
    move_away(session, world)
    for one in browsers:
        assert {given(one, path, headers) for headers in ({}, *asked)} == {(404, "")}


def test_only_public_threads_are_listed_or_counted_for_robots(
    session: Session, settings: Settings
) -> None:
    make_world(session, settings, Visibility.PRIVATE_HIDDEN)

    for kind in ("fil", "rencontre"):
        listed = hooks.document_kinds[kind].public_ids
        assert listed is not None
        assert list(listed(session)) == []


def move_away(session: Session, world: World) -> None:
    """The thread goes where nobody is."""
    thread = session.merge(world.thread)
    thread.space_id = make_space(session, visibility=Visibility.PRIVATE_HIDDEN).id
    session.commit()


def post_more(session: Session, world: World) -> None:
    """The author writes again, and those who follow are told."""
    start_thread(
        session,
        session.merge(world.space),
        title="Encore xylographe",
        text="Encore vertugadin.",
        by=world.facilitator,
    )
    session.commit()
    tell_new_posts()


def given(
    browser: FlaskClient, path: str, headers: dict[str, str] | None = None
) -> tuple[int, str]:
    """Status and mark of an answer."""
    with browser.get(path, headers=headers) as answer:
        return answer.status_code, answer.headers.get("ETag", "")


def take_part(session: Session, world: World, who: Viewer) -> None:
    """Leave in the thread all that a person may, and be named in it."""
    space, thread = session.merge(world.space), session.merge(world.thread)
    of_thread = select(Post).where(Post.thread_id == thread.id).order_by(Post.id)
    first = session.scalars(of_thread).first()
    assert first is not None
    post(session, thread, "Bonjour à vous.", by=who)
    react(session, first, Appreciation.USEFUL, is_wanted=True, by=who, space=space)
    keep_draft(session, place_of_thread(thread), text="À suivre.", by=who)
    keep_draft(session, place_of_space(space), title="Un autre fil", text="À venir.", by=who)
    flag_post(session, first, FlagReason.OFF_TOPIC, by=who)
    register(session, session.scalars(select(Meeting)).one(), by=who)
    session.commit()
    name = who.display_name
    post(session, thread, f"@{name}, encore vertugadin.", by=again(session, world.facilitator))
    session.commit()
    tell_new_posts()


def open_addresses(world: World, who: Viewer) -> list[str]:
    """Private addresses of the feed and of the calendar."""
    slug = world.space.slug
    with writing() as other:
        space = other.get_one(Space, world.space.id)
        return [
            f"/communaute/{slug}/fil.atom?cle={open_address(other, space, FEED, by=who)}",
            f"/communaute/{slug}/calendrier.ics?cle={open_address(other, space, CALENDAR, by=who)}",
        ]


def own_data(session: Session, who: Viewer) -> str:
    """All that a person takes with them."""
    with reading() as other:
        return unfolded(archive(other, who.member_id or 0)).casefold()


def says(text: str, words: frozenset[str] = INNER | LISTED) -> bool:
    return any(word in text for word in words)


def sent_to_everyone(session: Session, settings: Settings) -> list[tuple[str, str]]:
    """Recipient and whole text of every mail that leaves, digests with the rest."""
    for _round in range(2):
        let_time_pass(session)
        make_digests()
    let_time_pass(session)
    return [(str(one["To"]).casefold(), all_of(one).casefold()) for one in leave(settings)]


def all_of(message: EmailMessage) -> str:
    """Headers and parts, whatever they are encoded in."""
    parts = [part for part in message.walk() if not part.is_multipart()]
    heads = [f"{name}: {value}" for part in message.walk() for name, value in part.items()]
    return "\n".join([*heads, *(str(part.get_content()) for part in parts)])
