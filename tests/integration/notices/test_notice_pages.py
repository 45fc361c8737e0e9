"""`/avis`, the header's count, « Mon tableau », preferences: one's own, and nobody else's."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.hooks import hooks
from inters4.core.notices import Channel
from inters4.members.models import Member
from inters4.notices.models import (
    Frequency,
    MailRule,
    Notice,
    NoticeChoice,
    NoticeSettings,
    Zone,
)
from tests.builders.members import make_member, make_viewer, sign_in_as
from tests.builders.notices import POST, Posts, kind_of_posts
from tests.builders.statements import statements
from tests.builders.web import csrf


@pytest.fixture
def posts() -> Iterator[Posts]:
    with kind_of_posts() as kind:
        yield kind


@pytest.fixture
def member(client: FlaskClient, session: Session) -> Member:
    found = make_member(session, password=None)
    sign_in_as(client, session, found)
    return found


def notify(session: Session, member: Member, *subjects: str) -> list[str]:
    for subject in subjects:
        hooks.notifier.notify(session, POST, [member.id], subject=subject)
    session.commit()
    rows = session.scalars(
        select(Notice.public_id).where(Notice.member_id == member.id).order_by(Notice.id)
    )
    found = list(rows)
    session.commit()
    return found


def unread(session: Session) -> set[str]:
    session.expire_all()
    found = set(session.scalars(select(Notice.subject).where(Notice.read_at.is_(None))))
    session.commit()
    return found


def post(client: FlaskClient, path: str, page: str = "/avis", **fields: str) -> int:
    token = csrf(client, page)
    return client.post(path, data={"csrf_token": token, **fields}).status_code


def test_unread_notices_come_first(
    client: FlaskClient, session: Session, member: Member, posts: Posts
) -> None:
    _first, _second, third = notify(session, member, "a", "b", "c")

    before = client.get("/avis").text
    post(client, f"/avis/{third}/lu")
    after = client.get("/avis").text

    assert before.index("Message c") < before.index("Message b") < before.index("Message a")
    assert after.index("Message b") < after.index("Message a") < after.index("Message c")
    assert (before.count("Non lu"), after.count("Non lu")) == (3, 2)


def test_a_link_leads_to_the_page_and_marks_it_read_afterwards(
    client: FlaskClient, session: Session, member: Member, posts: Posts
) -> None:
    (one,) = notify(session, member, "a")

    answer = client.get(f"/avis/{one}")
    answer.close()

    assert (answer.status_code, answer.headers["Location"]) == (303, "/pratiques?q=a")
    assert unread(session) == set()


@pytest.mark.parametrize(
    ("method", "headers"),
    [("HEAD", {}), ("GET", {"Sec-Purpose": "prefetch"}), ("GET", {"Purpose": "prefetch"})],
)
def test_a_mere_look_ahead_marks_nothing(
    client: FlaskClient, session: Session, posts: Posts, method: str, headers: dict[str, str]
) -> None:
    member = make_member(session, password=None)
    sign_in_as(client, session, member)
    (one,) = notify(session, member, "a")

    client.open(f"/avis/{one}", method=method, headers=headers).close()

    assert unread(session) == {"a"}


def test_what_one_may_no_longer_read_leads_back_to_the_list_and_says_so(
    client: FlaskClient, session: Session, member: Member, posts: Posts
) -> None:
    (one,) = notify(session, member, "secret")
    posts.hidden.add("secret")

    assert "secret" not in client.get("/avis").text
    answer = client.get(f"/avis/{one}")
    assert answer.headers["Location"] == "/avis"
    assert "ne vous est plus ouvert" in client.get("/avis").text


def test_a_kind_cannot_lead_outside_the_portal(
    client: FlaskClient, session: Session, member: Member, posts: Posts
) -> None:
    (one,) = notify(session, member, "a")
    posts.paths["a"] = "//exemple.org/piege"

    assert client.get(f"/avis/{one}").headers["Location"] == "/avis"


def test_the_notices_of_others_do_not_exist(
    client: FlaskClient, session: Session, member: Member, posts: Posts
) -> None:
    other = make_member(session, password=None)
    (one,) = notify(session, other, "a")

    assert "Message a" not in client.get("/avis").text
    assert client.get(f"/avis/{one}").status_code == 404
    notify(session, member, "b")
    assert post(client, f"/avis/{one}/lu") == 404
    assert post(client, "/avis/lus", jusqua=one) == 303
    assert unread(session) == {"a", "b"}


def test_reading_one_reads_its_group_up_to_it(
    client: FlaskClient, session: Session, member: Member, posts: Posts
) -> None:
    for subject in ("a", "b", "c"):
        hooks.notifier.notify(session, POST, [member.id], subject=subject, group="fil 7")
    _first, second, _third = notify(session, member)

    client.get(f"/avis/{second}").close()

    assert unread(session) == {"c"}


def test_all_is_read_up_to_what_the_page_showed(
    client: FlaskClient, session: Session, member: Member, posts: Posts
) -> None:
    notify(session, member, "a", "b")
    page = client.get("/avis").text
    found = re.search(r'name="jusqua" value="(\w+)"', page)
    assert found is not None
    notify(session, member, "venu depuis")

    assert post(client, "/avis/lus", jusqua=found[1]) == 303

    assert unread(session) == {"venu depuis"}


def test_the_header_and_the_board_count_what_is_unread(
    client: FlaskClient, session: Session, member: Member, posts: Posts
) -> None:
    assert 'class="bell-count"' not in client.get("/compte").text
    notify(session, member, "a", "b")

    page = client.get("/compte").text

    assert re.search(r'class="bell-count">2<', page)
    assert "2 avis que vous n’avez pas lus" in page
    assert "Rien ne vous attend" not in page
    assert re.search(r'class="bell-count">2<', client.get("/a-propos").text)


def test_nobody_else_is_shown_the_bell(client: FlaskClient) -> None:
    assert 'class="bell"' not in client.get("/").text


def test_the_count_costs_no_statement(
    client: FlaskClient, session: Session, member: Member, posts: Posts
) -> None:
    client.get("/nous-joindre")
    notify(session, member, "a", "b")
    with statements(verb="") as sent:
        client.get("/nous-joindre").close()

    counting = [one for one in sent if "notices" in one]
    assert len(counting) == 1
    assert "FROM members" in counting[0]


def test_the_list_costs_the_same_however_long(
    client: FlaskClient, session: Session, member: Member, posts: Posts
) -> None:
    client.get("/avis")
    costs = []
    for number in (2, 30):
        notify(session, member, *(f"{number}-{one}" for one in range(number)))
        with statements() as sent:
            client.get("/avis")
        costs.append(len(sent))

    assert costs == [5, 5], sent


def test_the_list_is_cut_into_pages(
    client: FlaskClient, session: Session, member: Member, posts: Posts
) -> None:
    notify(session, member, *(f"n{one}" for one in range(25)))

    assert client.get("/avis").text.count("notice-row") == 20
    assert client.get("/avis?page=2").text.count("notice-row") == 5
    assert client.get("/avis?page=999999999999").status_code == 200
    assert client.get("/avis?page=-3").status_code == 200


def test_the_page_of_preferences_says_what_is_chosen_and_keeps_what_is_typed(
    client: FlaskClient, session: Session, member: Member, posts: Posts
) -> None:
    assert client.get("/compte/preferences").text.count("selected") >= 4

    status = post(
        client,
        "/compte/preferences",
        "/compte/preferences",
        courriels="digest-only",
        rythme="weekly",
        heure="18",
        jour="4",
        fuseau="America/Halifax",
        discret="1",
        langue="en",
        **{"avis-test-post": "in-app", "avis-members-message": "none"},
    )

    assert status == 303
    held = session.get_one(NoticeSettings, member.id)
    assert (held.mail, held.frequency, held.zone) == (
        MailRule.DIGEST_ONLY,
        Frequency.WEEKLY,
        Zone.HALIFAX,
    )
    assert (held.hour, held.weekday, held.is_discreet) == (18, 4, True)
    chosen = {row.kind: row.channel for row in session.scalars(select(NoticeChoice))}
    assert chosen == {POST: Channel.IN_APP, "members.message": Channel.NONE}
    assert session.scalar(select(Member.locale).where(Member.id == member.id)) == "en"


def test_the_language_kept_is_spoken_at_once_even_if_another_was_asked_for(
    client: FlaskClient, member: Member, posts: Posts
) -> None:
    form = {"csrf_token": csrf(client, "/compte/preferences?lang=en"), "langue": "fr"}
    assert client.get("/compte/preferences").headers["Content-Language"] == "en"

    client.post("/compte/preferences", data=form, follow_redirects=True)

    assert client.get("/compte/preferences").headers["Content-Language"] == "fr"


def test_nonsense_is_not_kept_and_safety_cannot_be_refused(
    client: FlaskClient, session: Session, member: Member, posts: Posts
) -> None:
    status = post(
        client,
        "/compte/preferences",
        "/compte/preferences",
        courriels="parfois",
        rythme="hourly",
        heure="24",
        jour="9" * 5_000,
        fuseau="Mars/Olympus",
        langue="xx",
        **{"avis-test-post": "fax", "avis-members-security": "none", "avis-inconnu": "mail"},
    )

    assert status == 303
    held = session.get_one(NoticeSettings, member.id)
    assert (held.mail, held.frequency, held.hour) == (MailRule.BY_KIND, Frequency.DAILY, 7)
    assert (held.weekday, held.zone) == (0, Zone.TORONTO)
    assert session.scalar(select(func.count()).select_from(NoticeChoice)) == 0


def test_only_what_may_come_to_a_person_is_asked(
    client: FlaskClient, session: Session, member: Member
) -> None:
    assert "Questions posées à l’équipe" not in client.get("/compte/preferences").text

    sign_in_as(client, session, make_viewer(session, role=Role.BROKER))
    assert "Questions posées à l’équipe" in client.get("/compte/preferences").text


def test_the_page_of_preferences_costs_six_statements(
    client: FlaskClient, session: Session, member: Member
) -> None:
    client.get("/compte/preferences")
    with statements() as sent:
        client.get("/compte/preferences")

    assert len(sent) == 6, sent


def test_the_account_leads_to_both_pages(client: FlaskClient, member: Member) -> None:
    page = client.get("/compte").text

    assert 'href="/avis"' in page
    assert 'href="/compte/preferences"' in page
