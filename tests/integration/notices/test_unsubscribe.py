"""Links that refuse mails: one click, no cookie, no guessing, nothing said of whose they are."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core import db
from inters4.core.hooks import hooks
from inters4.core.jobs import jobs
from inters4.core.notices import Channel
from inters4.core.processes.access_log import shown_path
from inters4.members.models import Member, MemberState
from inters4.notices.exports.links import EVERY, read_token, token_for
from inters4.notices.models import MailRule, NoticeChoice, NoticeSettings
from inters4.settings import Settings
from tests.builders.members import make_member
from tests.builders.notices import POST, Posts, kind_of_posts, leave, let_time_pass


@pytest.fixture(autouse=True)
def _bound(settings: Settings, database: str) -> None:
    jobs.bind(settings)


@pytest.fixture
def posts() -> Iterator[Posts]:
    with kind_of_posts() as kind:
        yield kind


@pytest.fixture
def member(session: Session) -> Member:
    found = make_member(session, password=None, name="Ariane Secret", email="ariane@exemple.ca")
    session.commit()
    return found


def path_of(member: Member, kind: str = POST) -> str:
    return f"/avis/desabonnement/{token_for(member.public_id, kind)}"


def choices() -> dict[str, Channel]:
    with db.reading() as session:
        return {row.kind: row.channel for row in session.scalars(select(NoticeChoice))}


def test_a_mail_program_refuses_for_its_owner_in_one_post(
    client: FlaskClient, session: Session, settings: Settings, member: Member, posts: Posts
) -> None:
    hooks.notifier.notify(session, POST, [member.id], subject="a")
    let_time_pass(session)
    (message,) = leave(settings)
    address = str(message["List-Unsubscribe"]).strip("<>").removeprefix(settings.url)

    answer = client.post(address, data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert choices() == {POST: Channel.IN_APP}


def test_following_the_link_changes_nothing(
    client: FlaskClient, member: Member, posts: Posts
) -> None:
    page = client.get(path_of(member))
    client.head(path_of(member))

    assert page.status_code == 200
    assert "Messages des fils" in page.text
    assert choices() == {}


def test_asked_twice_it_is_asked_once(client: FlaskClient, member: Member, posts: Posts) -> None:
    first, second = client.post(path_of(member)), client.post(path_of(member))

    assert (first.status_code, second.status_code) == (200, 200)
    assert choices() == {POST: Channel.IN_APP}


def test_everything_can_be_refused_at_once(
    client: FlaskClient, session: Session, member: Member, posts: Posts
) -> None:
    page = client.get(path_of(member)).text
    every = re.search(r'action="(/avis/desabonnement/[^"]+)"', page)
    assert every is not None

    client.post(every[1])

    session.expire_all()
    assert session.get_one(NoticeSettings, member.id).mail is MailRule.NEVER
    assert hooks.notifier.letters(session, "members.message", [member.id]) == {}
    assert member.id in hooks.notifier.letters(session, "members.security", [member.id])


def test_the_page_says_nothing_of_whose_link_it_is(
    client: FlaskClient, member: Member, posts: Posts
) -> None:
    page = client.get(path_of(member))

    assert "Ariane" not in page.text
    assert "ariane@" not in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert 'rel="canonical"' not in page.text


def test_the_link_of_a_kind_refuses_no_other(member: Member, posts: Posts) -> None:
    public_id, signature, _kind = token_for(member.public_id, POST).split(".", 2)

    assert read_token(f"{public_id}.{signature}.{EVERY}") is None
    assert read_token(f"{public_id}.{signature}.members.message") is None


def test_the_link_of_a_person_refuses_for_no_other(
    session: Session, member: Member, posts: Posts
) -> None:
    other = make_member(session, password=None)
    _public_id, signature, kind = token_for(member.public_id, POST).split(".", 2)

    assert read_token(f"{other.public_id}.{signature}.{kind}") is None


def test_safety_has_no_link_to_refuse_it(member: Member) -> None:
    assert read_token(token_for(member.public_id, "members.security")) is None
    assert read_token(token_for(member.public_id, "members.decision")) is None
    assert read_token(token_for(member.public_id, "inconnu")) is None


@given(st.text(max_size=80))
@hypothesis_settings(max_examples=200)
def test_nobody_guesses_a_link(typed: str) -> None:
    assert read_token(typed) is None


@given(st.data())
@hypothesis_settings(max_examples=60)
def test_a_link_with_one_sign_changed_is_dead(data: st.DataObject) -> None:
    with kind_of_posts():
        token = token_for("0123456789abcdef", POST)
        place = data.draw(st.integers(0, len(token) - 1))
        sign = data.draw(st.characters(codec="ascii").filter(lambda one: one != token[place]))

        found = read_token(token[:place] + sign + token[place + 1 :])

    assert found is None


def test_a_dead_link_is_a_page_that_says_what_to_do(client: FlaskClient) -> None:
    for answer in (
        client.get("/avis/desabonnement/abc.def.ghi"),
        client.post("/avis/desabonnement/abc.def.ghi"),
    ):
        assert answer.status_code == 404
        assert "Ce lien n’est pas complet" in answer.text


def test_the_link_of_whoever_was_erased_is_dead(
    client: FlaskClient, session: Session, member: Member, posts: Posts
) -> None:
    member.state = MemberState.ERASED
    session.commit()

    assert client.post(path_of(member)).status_code == 404
    assert session.scalar(select(func.count()).select_from(NoticeSettings)) == 0


def test_a_mail_program_may_refuse_for_many_from_one_address(client: FlaskClient) -> None:
    codes = {client.post(f"/avis/desabonnement/a.b.{one}").status_code for one in range(125)}

    assert codes == {404}


def test_the_journal_does_not_hold_the_link(member: Member) -> None:
    assert shown_path(path_of(member)) == "/avis/desabonnement/***"


def test_other_forms_still_want_their_token(client: FlaskClient, member: Member) -> None:
    assert client.post("/avis/lus").status_code in {400, 401}
