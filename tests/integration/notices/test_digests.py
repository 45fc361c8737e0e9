"""Digests: one a person and period, whoever makes them, how often, and wherever they are killed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import JSON, func, insert, literal, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from inters4.core import db
from inters4.core.clock import now
from inters4.core.hooks import hooks
from inters4.core.installation import RESTORED
from inters4.core.jobs import jobs
from inters4.core.mail import MailState, QueuedMail
from inters4.core.notices import Channel
from inters4.members.models import Member, MemberState
from inters4.notices.exports.letters import DIGEST_MAIL
from inters4.notices.jobs import make_digests
from inters4.notices.models import (
    ABSENT_AFTER,
    Frequency,
    MailRule,
    Notice,
    NoticeDigest,
    NoticeSettings,
    Zone,
)
from inters4.notices.queries.choices import settings_of
from inters4.notices.queries.digests import DigestTally, count_due
from inters4.notices.services.choosing import Wishes, save_wishes
from inters4.notices.services.digests import make_due_digests
from inters4.notices.services.reading import mark_all_read
from inters4.settings import Settings
from tests.builders.members import make_member
from tests.builders.notices import POST, Posts, kind_of_posts, leave, let_time_pass, text_of
from tests.builders.statements import statements

MANY = 20_000


@pytest.fixture(autouse=True)
def _bound(settings: Settings, database: str) -> None:
    jobs.bind(settings)


@pytest.fixture
def posts() -> Iterator[Posts]:
    with kind_of_posts(Channel.DIGEST) as kind:
        yield kind


def notify(session: Session, *people: Member, subject: str = "fil-1") -> None:
    hooks.notifier.notify(session, POST, [one.id for one in people], subject=subject)


def digests(session: Session) -> list[NoticeDigest]:
    session.expire_all()
    return list(session.scalars(select(NoticeDigest).order_by(NoticeDigest.period)))


def queued() -> int:
    with db.reading() as session:
        kinds = session.scalars(select(QueuedMail.kind)).all()
    return list(kinds).count(DIGEST_MAIL)


def test_a_digest_tells_what_is_new_by_kind(
    session: Session, settings: Settings, posts: Posts
) -> None:
    member = make_member(session, password=None)
    for number in range(3):
        notify(session, member, subject=f"fil-{number}")
    assert queued() == 0
    let_time_pass(session)

    make_digests()
    (message,) = leave(settings)

    assert message["Subject"] == "Votre résumé InterS4\u00a0: 3 avis non lus"
    assert "Messages des fils" in text_of(message)
    assert text_of(message).index("Message fil-2") < text_of(message).index("Message fil-0")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_long_digest_says_how_many_it_leaves_out(
    session: Session, settings: Settings, posts: Posts
) -> None:
    member = make_member(session, password=None)
    for number in range(53):
        notify(session, member, subject=f"fil-{number}")
    let_time_pass(session)
    make_digests()

    (message,) = leave(settings)

    assert message["Subject"] == "Votre résumé InterS4\u00a0: 53 avis non lus"
    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        assert body is not None
        said = body.get_content()
        assert "3 autres avis vous attendent dans le portail." in said
        assert "Message fil-3" in said
        assert "Message fil-2<" not in said
        assert "Message fil-2\n" not in said


def test_what_one_may_no_longer_read_hides_nothing_older(
    session: Session, settings: Settings, posts: Posts
) -> None:
    member = make_member(session, password=None)
    notify(session, member, subject="ouvert")
    for number in range(51):
        notify(session, member, subject=f"secret-{number}")
        posts.hidden.add(f"secret-{number}")
    let_time_pass(session)
    make_digests()

    (message,) = leave(settings)

    assert "Message ouvert" in text_of(message)


def test_made_twice_it_leaves_once(session: Session, settings: Settings, posts: Posts) -> None:
    notify(session, make_member(session, password=None))
    let_time_pass(session)

    assert make_digests() == DigestTally(mailed=1)
    assert make_digests() == DigestTally()
    assert len(leave(settings)) == 1


def test_the_database_refuses_a_second_digest_of_a_period(session: Session, posts: Posts) -> None:
    member = make_member(session, password=None)
    notify(session, member)
    (held,) = digests(session)

    session.add(NoticeDigest(member_id=member.id, period=held.period, due_at=now()))

    with pytest.raises(IntegrityError):
        session.flush()


def test_killed_before_the_end_nothing_is_lost_and_nothing_doubled(
    session: Session, settings: Settings, posts: Posts
) -> None:
    notify(session, make_member(session, password=None))
    let_time_pass(session)
    with pytest.raises(KeyboardInterrupt), db.writing() as killed:
        make_due_digests(killed)
        raise KeyboardInterrupt

    assert queued() == 0
    assert make_digests() == DigestTally(mailed=1)
    assert len(leave(settings)) == 1


def test_what_was_read_makes_no_mail(session: Session, posts: Posts) -> None:
    member = make_member(session, password=None)
    notify(session, member)
    session.flush()
    last = session.scalar(select(Notice.public_id))
    mark_all_read(session, member.id, until=last or "")
    let_time_pass(session)

    assert make_digests() == DigestTally(without_news=1)
    assert queued() == 0


def test_what_was_read_between_making_and_leaving_is_not_told(
    session: Session, settings: Settings, posts: Posts
) -> None:
    member = make_member(session, password=None)
    notify(session, member)
    let_time_pass(session)
    make_digests()
    with db.writing() as other:
        mark_all_read(other, member.id, until=other.scalar(select(Notice.public_id)) or "")

    assert leave(settings) == []


def test_what_one_may_no_longer_read_is_not_told(
    session: Session, settings: Settings, posts: Posts
) -> None:
    member = make_member(session, password=None)
    notify(session, member, subject="ouvert")
    notify(session, member, subject="secret")
    let_time_pass(session)
    make_digests()
    posts.hidden.add("secret")

    (message,) = leave(settings)

    assert "Message ouvert" in text_of(message)
    assert "secret" not in message.as_string()


def test_what_is_told_after_a_digest_goes_to_the_next_period(
    session: Session, posts: Posts
) -> None:
    member = make_member(session, password=None)
    notify(session, member, subject="hier")
    let_time_pass(session)
    make_digests()

    with db.writing() as other:
        notify(other, member, subject="aujourd’hui")

    first, second = digests(session)
    assert second.period > first.period
    assert first.made_at is not None
    assert second.made_at is None


def test_a_person_away_for_180_days_is_left_in_peace_and_loses_nothing(
    session: Session, settings: Settings, posts: Posts
) -> None:
    member = make_member(session, password=None)
    notify(session, member, subject="avant")
    session.flush()
    long_ago = now() - ABSENT_AFTER - timedelta(days=1)
    session.execute(update(Member).values(last_active_at=long_ago, created_at=long_ago))
    let_time_pass(session)
    assert make_digests() == DigestTally(absent=1)

    with db.writing() as back:
        back.execute(update(Member).values(last_active_at=now()))
        notify(back, member, subject="après")
    let_time_pass(session)
    make_digests()

    (message,) = leave(settings)
    assert "Message avant" in text_of(message)
    assert "Message après" in text_of(message)


@pytest.mark.parametrize("state", [MemberState.SUSPENDED, MemberState.DEACTIVATED])
def test_a_closed_account_has_no_digest(session: Session, posts: Posts, state: MemberState) -> None:
    member = make_member(session, password=None)
    notify(session, member)
    member.state = state
    let_time_pass(session)

    assert make_digests() == DigestTally(without_news=1)


def test_no_mail_wins_over_a_digest_already_made(
    session: Session, settings: Settings, posts: Posts
) -> None:
    member = make_member(session, password=None)
    notify(session, member)
    let_time_pass(session)
    make_digests()
    with db.writing() as other:
        other.add(NoticeSettings(member_id=member.id, mail=MailRule.NEVER))

    assert leave(settings) == []


def test_choosing_another_hour_moves_the_digest_that_waits(session: Session, posts: Posts) -> None:
    member = make_member(session, password=None)
    notify(session, member)
    before = digests(session)[0].due_at

    save_wishes(session, member.id, wishes(hour=(before.astimezone().hour + 5) % 24))

    (after,) = digests(session)
    assert after.due_at != before
    assert after.made_at is None


def test_a_mail_that_waits_goes_to_the_digest_of_whoever_asks_for_digests_only(
    session: Session, settings: Settings
) -> None:
    with kind_of_posts(Channel.MAIL):
        member = make_member(session, password=None)
        notify(session, member)
        save_wishes(session, member.id, wishes(mail=MailRule.DIGEST_ONLY))
        let_time_pass(session)
        assert make_digests() == DigestTally(mailed=1)

        (message,) = leave(settings)

    assert "résumé" in str(message["Subject"])


def test_a_discreet_digest_names_nothing(
    session: Session, settings: Settings, posts: Posts
) -> None:
    member = make_member(session, password=None)
    session.add(NoticeSettings(member_id=member.id, is_discreet=True))
    notify(session, member, subject="diagnostic")
    let_time_pass(session)
    make_digests()

    (message,) = leave(settings)

    assert "diagnostic" not in message.as_string()
    assert "Messages des fils" not in message.as_string()


def test_a_copy_put_back_sends_no_digest_that_left_already_and_loses_nothing(
    session: Session, settings: Settings, posts: Posts
) -> None:
    member = make_member(session, password=None)
    notify(session, member, subject="la veille")
    let_time_pass(session)

    with db.writing() as restored:
        hooks.emit(RESTORED, restored)

    assert make_digests() == DigestTally()
    (waiting,) = digests(session)
    assert waiting.due_at > now()
    let_time_pass(session)
    assert make_digests() == DigestTally(mailed=1)
    assert "Message la veille" in text_of(leave(settings)[0])


def test_counting_changes_nothing(session: Session, posts: Posts) -> None:
    notify(session, make_member(session, password=None), make_member(session, password=None))
    let_time_pass(session)

    with db.reading() as read:
        assert count_due(read, now()) == DigestTally(mailed=2)

    assert make_digests() == DigestTally(mailed=2)


STEPS = st.lists(
    st.sampled_from(["told", "told", "due", "made", "read", "hour", "weekly", "never", "by kind"]),
    min_size=1,
    max_size=16,
)


@given(STEPS)
@hypothesis_settings(max_examples=15)
def test_whatever_happens_a_period_has_one_digest_and_a_notice_one_place(
    steps: list[str],
) -> None:
    with kind_of_posts(Channel.DIGEST), db.writing() as session:
        member = make_member(session, password=None)
        hour = 7
        for step in steps:
            held = settings_of(session, member.id)
            if step == "told":
                notify(session, member)
            elif step == "due":
                session.execute(
                    update(NoticeDigest)
                    .where(NoticeDigest.member_id == member.id)
                    .values(due_at=now())
                )
            elif step == "made":
                make_due_digests(session)
            elif step == "read":
                newest = session.scalar(
                    select(Notice.public_id)
                    .where(Notice.member_id == member.id)
                    .order_by(Notice.id.desc())
                )
                mark_all_read(session, member.id, until=newest or "")
            else:
                hour = (hour + 5) % 24
                rule = {"never": MailRule.NEVER, "by kind": MailRule.BY_KIND}.get(step, held.mail)
                pace = Frequency.WEEKLY if step == "weekly" else held.frequency
                save_wishes(session, member.id, wishes(mail=rule, hour=hour, frequency=pace))
            session.expire_all()

        rows = session.scalars(
            select(NoticeDigest).where(NoticeDigest.member_id == member.id)
        ).all()
        waiting = [one for one in rows if one.made_at is None]
        pending = session.scalar(
            select(func.count()).where(
                Notice.member_id == member.id,
                Notice.channel == Channel.DIGEST,
                Notice.read_at.is_(None),
                Notice.digest_id.is_(None),
            )
        )
        assert len({one.period for one in rows}) == len(rows)
        assert len(waiting) <= 1
        assert not pending or waiting, "something is new and nothing waits to tell it"


def test_twenty_thousand_people_cost_a_batch_what_five_hundred_do(
    session: Session, posts: Posts
) -> None:
    fill(session, MANY)
    costs = []
    while True:
        with db.writing() as batch, statements(verb="") as sent:
            made = make_due_digests(batch)
        if not made.total:
            break
        assert made == DigestTally(mailed=500)
        costs.append(len([one for one in sent if not one.startswith("BEGIN")]))

    assert costs == [4] * (MANY // 500)
    count = select(func.count(QueuedMail.member_id.distinct()))
    assert session.scalar(count.where(QueuedMail.state == MailState.QUEUED)) == MANY


def fill(session: Session, number: int) -> None:
    """So many people, each with a notice that waits for its digest, due now."""
    moment = now()
    names = (f"personne-{one}" for one in range(number))
    people = [
        {"public_id": one, "name": one, "email": f"{one}@exemple.ca", "state": MemberState.ACTIVE}
        for one in names
    ]
    session.execute(insert(Member), people)
    notice = {
        "kind": literal(POST),
        "subject": literal("fil"),
        "group_key": literal("fil"),
        "facts": literal({}, JSON),
        "channel": literal(Channel.DIGEST, Notice.channel.type),
        "created_at": literal(moment, Notice.created_at.type),
    }
    session.execute(
        insert(Notice).from_select(
            ["public_id", "member_id", *notice],
            select(Member.public_id, Member.id, *notice.values()),
        )
    )
    session.execute(
        insert(NoticeDigest).from_select(
            ["member_id", "period", "due_at"],
            select(Member.id, literal(moment.date()), literal(moment, NoticeDigest.due_at.type)),
        )
    )
    session.commit()


def wishes(
    *,
    mail: MailRule = MailRule.BY_KIND,
    hour: int = 7,
    frequency: Frequency = Frequency.DAILY,
) -> Wishes:
    return Wishes(
        mail=mail,
        frequency=frequency,
        hour=hour,
        weekday=0,
        zone=Zone.TORONTO,
        is_discreet=False,
        channels={},
    )
