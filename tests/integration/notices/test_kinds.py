"""Letters that are notices: members and home ask what people want, and are whole alone."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.errors import DomainError
from inters4.core.hooks import hooks
from inters4.core.i18n import LANGUAGES, use_locale
from inters4.core.jobs import jobs
from inters4.core.mail import QueuedMail
from inters4.core.notices import Channel, NobodyNotifies
from inters4.home.exports.letters import NOTICE
from inters4.home.exports.notices import QUESTION_KIND
from inters4.home.services.asking import ask_question
from inters4.members.exports.letters import DECISION, MESSAGE, REQUESTS
from inters4.members.exports.notices import (
    MESSAGE_KIND,
    REQUEST_KIND,
    SECURITY_NOTICE,
    about_request,
)
from inters4.members.models import Member, ProfileField, ProfileKey, Visibility
from inters4.members.queries import load_viewer
from inters4.members.services.approvals import decide
from inters4.members.services.notices import tell
from inters4.members.services.profiles import write_to
from inters4.members.services.reminders import tell_deciders
from inters4.notices.models import MailRule, Notice, NoticeChoice, NoticeSettings
from inters4.notices.queries.told import words_of
from inters4.settings import Settings
from tests.builders.home import TEXT
from tests.builders.joining import make_request, queued
from tests.builders.members import (
    give_role,
    make_member,
    make_viewer,
    sign_in_as,
)
from tests.builders.notices import leave, text_of
from tests.builders.web import csrf


@pytest.fixture(autouse=True)
def _bound(settings: Settings, database: str) -> None:
    jobs.bind(settings)


@pytest.fixture
def empty_slot() -> Iterator[None]:
    """A portal without the domain that keeps notices."""
    held, hooks.notifier = hooks.notifier, NobodyNotifies()
    yield
    hooks.notifier = held


def coordinator(session: Session) -> Member:
    member = make_member(session, password=None)
    give_role(session, member, Role.COORDINATION)
    return member


def choose(session: Session, member: Member, kind: str, channel: Channel) -> None:
    session.add(NoticeChoice(member_id=member.id, kind=kind, channel=channel))
    session.flush()


def told(session: Session, member: Member | Viewer) -> list[str]:
    """The titles that a person would read."""
    number = member.id if isinstance(member, Member) else member.member_id
    session.flush()
    rows = session.scalars(select(Notice).where(Notice.member_id == number).order_by(Notice.id))
    some = list(rows)
    words = words_of(session, some)
    return [words[one.id].title for one in some if one.id in words]


def test_whoever_decides_is_told_of_each_request_and_gets_one_letter(session: Session) -> None:
    person = coordinator(session)
    make_request(session, name="Camille Un")
    make_request(session, name="Noa Deux")

    tell_deciders(session)
    tell_deciders(session)

    assert told(session, person) == [
        "Demande d’inscription de Camille Un",
        "Demande d’inscription de Noa Deux",
    ]
    assert len(queued(session, REQUESTS)) == 1


@pytest.mark.parametrize("channel", [Channel.IN_APP, Channel.DIGEST, Channel.NONE])
def test_whoever_decides_may_do_without_the_letter(session: Session, channel: Channel) -> None:
    person = coordinator(session)
    choose(session, person, REQUEST_KIND, channel)
    make_request(session)

    tell_deciders(session)

    assert queued(session, REQUESTS) == []
    assert len(told(session, person)) == (channel is not Channel.NONE)


def test_a_request_is_over_once_decided_and_hidden_from_whoever_decides_no_more(
    session: Session,
) -> None:
    person = coordinator(session)
    request = make_request(session)
    tell_deciders(session)
    session.flush()
    rows = list(session.scalars(select(Notice).where(Notice.member_id == person.id)))
    assert not words_of(session, rows)[rows[0].id].is_over

    decide(
        session, request.public_id, is_approved=True, by=load_viewer(session, person.id), reason=""
    )
    assert words_of(session, rows)[rows[0].id].is_over

    other = coordinator(session)
    rows[0].member_id = make_member(session, password=None).id
    assert other.id
    assert words_of(session, rows) == {}


def test_a_request_decided_by_one_awaits_none_of_those_who_were_told(session: Session) -> None:
    first, second = coordinator(session), coordinator(session)
    request = make_request(session)
    make_request(session, name="Noa Deux")
    tell_deciders(session)

    decide(session, request.public_id, is_approved=True, by=load_viewer(session, first.id))

    session.flush()
    unread = session.scalars(select(Notice).where(Notice.read_at.is_(None))).all()
    about = [one.member_id for one in unread if one.kind == REQUEST_KIND]
    assert sorted(about) == sorted([first.id, second.id])
    assert all(one.subject != about_request(request) for one in unread if one.kind == REQUEST_KIND)


def test_the_answer_to_a_request_leaves_even_to_whoever_wants_no_mail(session: Session) -> None:
    request = make_request(session)
    session.add(NoticeSettings(member_id=request.member_id, mail=MailRule.NEVER))
    by = load_viewer(session, coordinator(session).id)

    decide(session, request.public_id, is_approved=True, by=by, reason="")

    (mail,) = queued(session, DECISION)
    assert mail.not_before <= now()
    assert told(session, request.member) == ["Votre demande est acceptée"]


def test_safety_is_told_whatever_one_chose(session: Session, settings: Settings) -> None:
    member = make_member(session, password=None)
    session.add(NoticeSettings(member_id=member.id, mail=MailRule.NEVER))

    tell(session, member.id, "password_changed")

    assert len(queued(session, SECURITY_NOTICE)) == 1
    assert told(session, member) == ["Votre mot de passe a été changé"]
    with use_locale("en"):
        assert told(session, member) == ["Your password was changed"]
    session.commit()
    (message,) = leave(settings)
    assert message["List-Unsubscribe"] is None


def listed(session: Session, *, name: str = "Ariane Essai") -> Member:
    """Someone whose page others may read."""
    member = make_member(session, password=None, name=name)
    session.add(
        ProfileField(
            member_id=member.id,
            key=ProfileKey.SKILLS,
            value="télésanté",
            visibility=Visibility.EVERYONE,
        )
    )
    session.flush()
    return member


def test_a_letter_between_people_says_how_to_refuse_the_next(
    session: Session, settings: Settings
) -> None:
    person = listed(session)
    write_to(session, person.public_id, "Bonjour!", by=make_viewer(session))
    session.commit()

    (message,) = leave(settings)

    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Reply-To"] is not None
    assert "/avis/desabonnement/" in text_of(message)


@pytest.mark.parametrize("rule", [MailRule.BY_KIND, MailRule.NEVER])
def test_a_person_who_wants_no_letters_gets_none(session: Session, rule: MailRule) -> None:
    person = listed(session, name="Noa Discret")
    session.add(NoticeSettings(member_id=person.id, mail=rule))
    if rule is MailRule.BY_KIND:
        choose(session, person, MESSAGE_KIND, Channel.NONE)

    with pytest.raises(DomainError, match="Noa Discret préfère ne pas recevoir"):
        write_to(session, person.public_id, "Bonjour!", by=make_viewer(session))

    assert queued(session, MESSAGE) == []


def test_a_letter_waits_for_the_hour_of_the_digest_of_whoever_asked_so(session: Session) -> None:
    person = listed(session)
    session.add(NoticeSettings(member_id=person.id, mail=MailRule.DIGEST_ONLY))

    write_to(session, person.public_id, "Bonjour!", by=make_viewer(session))

    (mail,) = queued(session, MESSAGE)
    assert now() < mail.not_before <= now() + timedelta(days=1, hours=1)


def test_the_form_says_kindly_that_letters_are_not_wanted_and_keeps_what_was_typed(
    client: FlaskClient, session: Session
) -> None:
    person = listed(session, name="Noa Discret")
    writer = make_viewer(session)
    sign_in_as(client, session, writer)
    path = f"/personnes/{person.public_id}/message"
    token = csrf(client, path)
    choose(session, person, MESSAGE_KIND, Channel.NONE)
    session.commit()

    asked = client.get(path).text
    sent = client.post(path, data={"csrf_token": token, "message": "Mon texte patient"})

    page = client.get(f"/personnes/{person.public_id}").text
    assert "Noa Discret préfère ne pas recevoir" in page
    assert path not in page
    assert "Noa Discret préfère ne pas recevoir" in asked
    assert "<textarea" not in asked
    assert sent.status_code == 422
    assert "Mon texte patient" in sent.text


def ask(session: Session) -> None:
    ask_question(
        session,
        text=TEXT,
        email="quelqu-un@exemple.ca",
        network="net",
        contact="equipe@exemple.ca",
        delay_days=5,
    )
    session.flush()


def test_a_question_is_told_to_the_team_and_to_nobody_else(session: Session) -> None:
    broker, coordination = (
        make_viewer(session, role=role) for role in (Role.BROKER, Role.COORDINATION)
    )
    others = [make_viewer(session, role=role) for role in (None, Role.ADMIN, Role.REVIEWER)]

    ask(session)

    assert [told(session, one) for one in (broker, coordination)] == [["Question reçue"]] * 2
    assert [told(session, one) for one in others] == [[]] * 3
    assert len(queued(session, NOTICE)) == 1


def test_whoever_left_the_team_reads_the_question_no_more(session: Session) -> None:
    broker = make_viewer(session, role=Role.BROKER)
    ask(session)
    row = session.scalars(select(Notice)).one()
    row.member_id = make_member(session, password=None).id
    session.flush()

    assert words_of(session, [row]) == {}
    assert told(session, broker) == []


def test_someone_of_the_team_may_ask_for_a_mail_at_once(session: Session) -> None:
    broker = make_member(session, password=None)
    give_role(session, broker, Role.BROKER)
    choose(session, broker, QUESTION_KIND, Channel.MAIL)

    ask(session)

    kinds = set(session.scalars(select(QueuedMail.kind).where(QueuedMail.member_id == broker.id)))
    assert kinds == {"notice"}


def test_without_the_domain_of_notices_letters_leave_as_before(
    session: Session, empty_slot: None
) -> None:
    coordinator(session)
    person = listed(session)
    make_request(session)

    tell_deciders(session)
    write_to(session, person.public_id, "Bonjour!", by=make_viewer(session))
    tell(session, person.id, "password_changed")
    ask(session)

    assert len(queued(session, REQUESTS)) == 1
    assert queued(session, MESSAGE)[0].not_before <= now()
    assert len(queued(session, SECURITY_NOTICE)) == 1
    assert session.scalars(select(Notice)).all() == []
    assert load_viewer(session, person.id).unread == 0


def test_every_kind_has_its_words_in_every_language() -> None:
    for code in LANGUAGES:
        with use_locale(code):
            for kind in hooks.notice_kinds.values():
                assert kind.label()
                assert kind.group()
                assert kind.channel in kind.channels
                assert kind.must_leave == (kind.channels == (Channel.MAIL,))
