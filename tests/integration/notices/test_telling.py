"""Being told: channels, one mail for the first unread of a group, rights of the moment, limits."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from inters4.core import db
from inters4.core.clock import now
from inters4.core.hooks import hooks
from inters4.core.jobs import jobs
from inters4.core.mail import MailState, QueuedMail
from inters4.core.notices import Channel
from inters4.members.models import Member, MemberState
from inters4.notices.exports.letters import NOTICE_MAIL
from inters4.notices.models import (
    MAIL_DELAY,
    MOST_A_DAY,
    MailRule,
    Notice,
    NoticeChoice,
    NoticeDigest,
    NoticeSettings,
)
from inters4.notices.services.reading import mark_all_read, mark_read
from inters4.settings import Settings
from tests.builders.members import make_member
from tests.builders.notices import POST, Posts, kind_of_posts, leave, let_time_pass, text_of
from tests.builders.statements import statements


@pytest.fixture(autouse=True)
def _bound(settings: Settings, database: str) -> None:
    jobs.bind(settings)


@pytest.fixture
def posts() -> Iterator[Posts]:
    with kind_of_posts() as kind:
        yield kind


def notify(session: Session, *people: Member, subject: str = "fil-1", once: str = "") -> int:
    ids = [one.id for one in people]
    return hooks.notifier.notify(session, POST, ids, subject=subject, group="fil", once=once)


def notices_of(session: Session, member: Member) -> list[Notice]:
    session.expire_all()
    return list(
        session.scalars(select(Notice).where(Notice.member_id == member.id).order_by(Notice.id))
    )


def mails(session: Session) -> list[QueuedMail]:
    return list(session.scalars(select(QueuedMail).where(QueuedMail.kind == NOTICE_MAIL)))


def test_the_first_unread_of_a_group_queues_one_mail_that_waits_some_minutes(
    session: Session, posts: Posts
) -> None:
    member = make_member(session, password=None)

    for number in range(3):
        notify(session, member, subject=f"fil-{number}")

    (mail,) = mails(session)
    assert now() + MAIL_DELAY - timedelta(minutes=1) < mail.not_before <= now() + MAIL_DELAY
    assert timedelta(minutes=5) <= MAIL_DELAY <= timedelta(minutes=10)
    assert len(notices_of(session, member)) == 3


def test_the_mail_tells_all_that_is_still_unread_and_how_to_refuse_it(
    session: Session, settings: Settings, posts: Posts
) -> None:
    member = make_member(session, password=None)
    for number in range(3):
        notify(session, member, subject=f"fil-{number}")
    let_time_pass(session)

    (message,) = leave(settings)

    text = text_of(message)
    assert all(f"Message fil-{number}" in text for number in range(3))
    assert str(message["List-Id"]).startswith("<test-post.avis.")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert str(message["List-Unsubscribe"]).startswith(f"<{settings.url}/avis/desabonnement/")
    assert message["In-Reply-To"] == message["References"] != message["Message-ID"]
    assert str(member.id) not in str(message["List-Unsubscribe"]).rpartition("/")[2].split(".")


def test_a_mail_is_cancelled_when_the_group_was_read_meanwhile(
    session: Session, settings: Settings, posts: Posts
) -> None:
    member = make_member(session, password=None)
    notify(session, member)
    mark_read(session, notices_of(session, member)[0])
    let_time_pass(session)

    assert leave(settings) == []


def test_no_other_mail_leaves_until_the_group_is_read(
    session: Session, settings: Settings, posts: Posts
) -> None:
    member = make_member(session, password=None)
    notify(session, member, subject="a")
    let_time_pass(session)
    assert len(leave(settings)) == 1
    notify(session, member, subject="b")
    let_time_pass(session)
    assert leave(settings) == []

    mark_all_read(session, member.id, until=notices_of(session, member)[-1].public_id)
    notify(session, member, subject="c")
    let_time_pass(session)

    (message,) = leave(settings)
    assert "Message c" in text_of(message)
    assert "Message a" not in text_of(message)


def test_what_one_may_no_longer_read_is_not_sent(
    session: Session, settings: Settings, posts: Posts
) -> None:
    member = make_member(session, password=None)
    notify(session, member, subject="public")
    notify(session, member, subject="secret")
    let_time_pass(session)
    posts.hidden.add("secret")

    (message,) = leave(settings)

    assert "Message public" in text_of(message)
    assert "secret" not in message.as_string()


def test_a_mail_with_nothing_left_to_tell_is_cancelled_and_the_next_notice_has_its_own(
    session: Session, settings: Settings, posts: Posts
) -> None:
    member = make_member(session, password=None)
    notify(session, member, subject="secret")
    let_time_pass(session)
    posts.hidden.add("secret")
    assert leave(settings) == []

    notify(session, member, subject="ouvert")
    let_time_pass(session)

    (message,) = leave(settings)
    assert "Message ouvert" in text_of(message)


def test_what_is_settled_is_not_mailed(session: Session, settings: Settings, posts: Posts) -> None:
    member = make_member(session, password=None)
    notify(session, member)
    let_time_pass(session)
    posts.over.add("fil-1")

    assert leave(settings) == []


@pytest.mark.parametrize(
    ("rule", "chosen", "expected"),
    [
        (MailRule.BY_KIND, None, {"listed", "mailed"}),
        (MailRule.BY_KIND, Channel.NONE, set()),
        (MailRule.BY_KIND, Channel.IN_APP, {"listed"}),
        (MailRule.BY_KIND, Channel.DIGEST, {"listed", "digested"}),
        (MailRule.DIGEST_ONLY, None, {"listed", "digested"}),
        (MailRule.DIGEST_ONLY, Channel.IN_APP, {"listed"}),
        (MailRule.NEVER, None, {"listed"}),
        (MailRule.NEVER, Channel.NONE, set()),
    ],
)
def test_each_choice_is_obeyed(
    session: Session, posts: Posts, rule: MailRule, chosen: Channel | None, expected: set[str]
) -> None:
    member = make_member(session, password=None)
    session.add(NoticeSettings(member_id=member.id, mail=rule))
    if chosen is not None:
        session.add(NoticeChoice(member_id=member.id, kind=POST, channel=chosen))
    session.flush()

    told = notify(session, member)

    found = {
        "listed": told == 1,
        "mailed": bool(mails(session)),
        "digested": bool(session.scalars(select(NoticeDigest)).all()),
    }
    assert {name for name, happened in found.items() if happened} == expected


def test_a_choice_made_after_the_telling_is_obeyed_when_the_mail_leaves(
    session: Session, settings: Settings, posts: Posts
) -> None:
    member = make_member(session, password=None)
    notify(session, member)
    session.add(NoticeSettings(member_id=member.id, mail=MailRule.NEVER))
    let_time_pass(session)

    assert leave(settings) == []


def test_a_discreet_mail_says_that_something_waits_and_not_what(
    session: Session, settings: Settings, posts: Posts
) -> None:
    member = make_member(session, password=None)
    session.add(NoticeSettings(member_id=member.id, is_discreet=True))
    notify(session, member, subject="diagnostic")
    let_time_pass(session)

    (message,) = leave(settings)

    assert message["Subject"] == "Un avis vous attend dans InterS4"
    assert "diagnostic" not in message.as_string()
    assert "Messages des fils" not in message.as_string()


def test_the_mail_speaks_the_language_of_its_recipient(
    session: Session, settings: Settings, posts: Posts
) -> None:
    notify(session, make_member(session, password=None, locale="en"))
    let_time_pass(session)

    (message,) = leave(settings)

    assert "You receive this message because you follow" in text_of(message)


def test_the_same_thing_is_told_once_whoever_tells_it(session: Session, posts: Posts) -> None:
    member = make_member(session, password=None)

    told = [notify(session, member, once="post-12") for _turn in range(3)]

    assert told == [1, 0, 0]
    assert len(notices_of(session, member)) == 1


@pytest.mark.parametrize("state", [MemberState.SUSPENDED, MemberState.ERASED, MemberState.REFUSED])
def test_whoever_may_not_come_is_not_told(
    session: Session, posts: Posts, state: MemberState
) -> None:
    assert notify(session, make_member(session, password=None, state=state)) == 0


def test_past_the_daily_limit_what_remains_goes_to_the_digest(
    session: Session, posts: Posts
) -> None:
    member = make_member(session, password=None)
    for number in range(MOST_A_DAY + 3):
        hooks.notifier.notify(session, POST, [member.id], subject=f"fil-{number}")

    channels = [one.channel for one in notices_of(session, member)]

    assert channels == [Channel.MAIL] * MOST_A_DAY + [Channel.DIGEST] * 3
    assert len(mails(session)) == MOST_A_DAY
    assert session.scalar(select(func.count()).select_from(NoticeDigest)) == 1


def test_the_limit_is_that_of_a_day(session: Session, posts: Posts) -> None:
    member = make_member(session, password=None)
    for number in range(MOST_A_DAY):
        hooks.notifier.notify(session, POST, [member.id], subject=f"fil-{number}")
    session.flush()
    session.execute(update(QueuedMail).values(created_at=now() - timedelta(hours=25)))

    hooks.notifier.notify(session, POST, [member.id], subject="demain")

    assert notices_of(session, member)[-1].channel is Channel.MAIL


def test_what_was_read_before_it_left_does_not_count(session: Session, posts: Posts) -> None:
    member = make_member(session, password=None)
    for number in range(MOST_A_DAY):
        hooks.notifier.notify(session, POST, [member.id], subject=f"fil-{number}")
    session.flush()
    session.execute(update(QueuedMail).values(state=MailState.CANCELLED))

    hooks.notifier.notify(session, POST, [member.id], subject="lu trop vite")

    assert notices_of(session, member)[-1].channel is Channel.MAIL


def test_what_is_told_is_forgotten_when_the_transaction_is_refused(
    posts: Posts, database: str
) -> None:
    with db.writing() as session:
        member = make_member(session, password=None)
    with pytest.raises(RuntimeError), db.writing() as session:
        notify(session, member)
        raise RuntimeError("refused")

    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Notice)) == 0
        assert session.scalar(select(func.count()).select_from(QueuedMail)) == 0


def test_telling_many_costs_as_many_statements_as_telling_few(
    session: Session, posts: Posts
) -> None:
    people = [make_member(session, password=None) for _number in range(60)]
    costs = []
    for some in (people[:2], people):
        session.flush()
        with statements(verb="") as sent:
            notify(session, *some, subject=f"pour {len(some)}")
        costs.append(len(sent))

    assert costs[0] == costs[1] == 7, sent


EVENTS = st.lists(
    st.sampled_from(["told", "read", "left"]) | st.tuples(st.just("group"), st.integers(0, 2)),
    min_size=1,
    max_size=14,
)


@given(EVENTS)
@hypothesis_settings(max_examples=12)
def test_whatever_the_order_a_group_is_mailed_once_between_two_readings(
    events: list[object],
) -> None:
    """One mail per first unread: counted against a model that knows only that sentence."""
    with kind_of_posts(), db.writing() as session:
        member = make_member(session, password=None)
        group, unread, expected = 0, dict[int, bool](), 0
        for event in events:
            if isinstance(event, tuple):
                group = int(event[1])
            elif event == "told":
                hooks.notifier.notify(
                    session, POST, [member.id], subject="fil", group=f"groupe {group}"
                )
                expected += not unread.get(group, False)
                unread[group] = True
            elif event == "read":
                session.flush()
                newest = session.scalar(
                    select(Notice.public_id)
                    .where(Notice.member_id == member.id)
                    .order_by(Notice.id.desc())
                )
                mark_all_read(session, member.id, until=newest or "")
                unread.clear()
        found = [mail for mail in mails(session) if mail.member_id == member.id]
        assert len(found) == min(expected, MOST_A_DAY)
