"""Links that refuse mails: one click, no cookie, no guessing, nothing said of whose they are."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core import db
from inters4.core.audit import AuditEntry
from inters4.core.hooks import hooks
from inters4.core.jobs import jobs
from inters4.core.notices import Channel
from inters4.core.processes.access_log import shown_path
from inters4.members.models import Member, MemberState
from inters4.notices.exports.kinds import REFUSED_KIND
from inters4.notices.exports.links import EVERY, read_token, token_for
from inters4.notices.models import (
    Frequency,
    MailRule,
    Notice,
    NoticeChoice,
    NoticeSettings,
    Zone,
)
from inters4.notices.queries.told import words_of
from inters4.notices.services.choosing import Wishes, save_wishes
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
    client.post(path_of(member, EVERY))

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
    public_id, signature, _named = token_for(member.public_id, POST).split(".", 2)

    assert read_token(f"{public_id}.{signature}.0.{EVERY}") is None
    assert read_token(f"{public_id}.{signature}.0.members.message") is None
    assert read_token(f"{public_id}.{signature}.1.{POST}") is None


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


def test_the_page_of_a_kind_gives_no_link_to_refuse_all(
    client: FlaskClient, member: Member, posts: Posts
) -> None:
    page = client.get(path_of(member)).text

    assert token_for(member.public_id, EVERY) not in page
    assert "/avis/desabonnement/" not in page.replace(path_of(member), "")


def wish(session: Session, member: Member, channel: Channel) -> None:
    wishes = Wishes(
        mail=MailRule.BY_KIND,
        frequency=Frequency.DAILY,
        hour=7,
        weekday=0,
        zone=Zone.TORONTO,
        is_discreet=False,
        channels={POST: channel},
    )
    save_wishes(session, member.id, wishes)
    session.commit()


def test_a_link_from_before_its_owner_chose_again_changes_nothing(
    client: FlaskClient, session: Session, settings: Settings, member: Member, posts: Posts
) -> None:
    client.post(path_of(member))
    wish(session, member, Channel.MAIL)
    answers = [client.post(path_of(member, kind)) for kind in (POST, EVERY)]

    assert [answer.status_code for answer in answers] == [410, 410]
    assert "plus ancien que vos choix" in answers[0].text
    assert choices() == {POST: Channel.MAIL}
    session.expire_all()
    assert session.get_one(NoticeSettings, member.id).mail is MailRule.BY_KIND

    hooks.notifier.notify(session, POST, [member.id], subject="a")
    let_time_pass(session)
    (message,) = leave(settings)
    recent = str(message["List-Unsubscribe"]).strip("<>").removeprefix(settings.url)
    assert client.post(recent).status_code == 200
    assert choices() == {POST: Channel.IN_APP}


def test_preferences_saved_as_they_were_leave_links_good(
    client: FlaskClient, session: Session, member: Member, posts: Posts
) -> None:
    wish(session, member, Channel.MAIL)

    assert client.post(path_of(member)).status_code == 200


def test_the_owner_is_told_once_and_the_journal_says_so(
    client: FlaskClient, session: Session, member: Member, posts: Posts
) -> None:
    client.post(path_of(member))
    client.post(path_of(member))

    told = session.scalars(select(Notice).where(Notice.kind == REFUSED_KIND)).all()
    assert [(one.member_id, one.subject, one.channel) for one in told] == [
        (member.id, POST, Channel.IN_APP)
    ]
    assert "Messages des fils" in words_of(session, told)[told[0].id].text
    (entry,) = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "notices.refused_by_link")
    )
    assert (entry.actor_id, entry.subject) == (None, f"member:{member.id}")
    assert entry.detail == {"kind": POST}


def test_refusing_all_is_told_in_its_own_words(
    client: FlaskClient, session: Session, member: Member
) -> None:
    client.post(path_of(member, EVERY))

    told = session.scalars(select(Notice)).all()
    assert "courriels d’avis" in words_of(session, told)[told[0].id].text
