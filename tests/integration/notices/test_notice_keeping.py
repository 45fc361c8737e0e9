"""How long notices are kept, what « Mes données » says of them, and how they are forgotten."""

import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from inters4.core import db
from inters4.core.access import ANONYMOUS
from inters4.core.clock import now
from inters4.core.hooks import hooks
from inters4.core.jobs import jobs
from inters4.core.mail import QueuedMail
from inters4.core.notices import Channel
from inters4.members.exports.account_data import archive
from inters4.members.models import Member
from inters4.members.services.erasure import erase_member
from inters4.notices.cli import notices
from inters4.notices.models import (
    MailRule,
    Notice,
    NoticeChoice,
    NoticeDigest,
    NoticeLetter,
    NoticeSettings,
)
from inters4.settings import Settings
from tests.builders.members import make_member
from tests.builders.notices import POST, Posts, kind_of_posts, let_time_pass

TABLES = (Notice, NoticeChoice, NoticeDigest, NoticeLetter, NoticeSettings)


@pytest.fixture
def posts(settings: Settings, database: str) -> Iterator[Posts]:
    jobs.bind(settings)
    with kind_of_posts() as kind:
        yield kind


@pytest.fixture
def told(session: Session, posts: Posts) -> Member:
    """Someone of whom every table holds a row."""
    member = make_member(session, password=None)
    hooks.notifier.notify(session, POST, [member.id], subject="fil-1", facts={"post": 12})
    with kind_of_posts(Channel.DIGEST):
        hooks.notifier.notify(session, POST, [member.id], subject="fil-2")
    session.add(NoticeSettings(member_id=member.id, mail=MailRule.BY_KIND, hour=5))
    session.add(NoticeChoice(member_id=member.id, kind="members.message", channel=Channel.NONE))
    session.flush()
    return member


def rows(session: Session) -> dict[str, int]:
    return {
        model.__tablename__: session.scalar(select(func.count()).select_from(model)) or 0
        for model in TABLES
    }


def purge(session: Session, name: str) -> int:
    rule = hooks.retention[name]
    return rule.purge(session, now() - timedelta(days=rule.days))


def test_an_erased_person_leaves_no_notice(session: Session, told: Member) -> None:
    others = make_member(session, password=None)
    hooks.notifier.notify(session, POST, [others.id], subject="fil-1")
    assert all(rows(session).values())

    erase_member(session, told, keeps_posts=True, by=ANONYMOUS)

    assert {row.member_id for row in session.scalars(select(Notice))} == {others.id}
    left = {model.__tablename__ for model in TABLES if session.scalars(select(model)).all()}
    assert left == {"notices", "notice_letters"}
    assert {row.member_id for row in session.scalars(select(QueuedMail))} == {others.id}


def test_own_data_holds_what_one_was_told_and_chose(session: Session, told: Member) -> None:
    with zipfile.ZipFile(BytesIO(archive(session, told.id))) as held:
        listed = json.loads(held.read("avis.json"))
        wishes = json.loads(held.read("avis-preferences.json"))

    assert [(one["about"], one["channel"]) for one in listed] == [
        ("fil-1", "mail"),
        ("fil-2", "digest"),
    ]
    assert listed[0]["facts"] == {"post": 12}
    assert wishes[0]["hour"] == 5
    assert wishes[0]["channels"] == {"members.message": "none"}
    assert len(wishes) == 2


def test_what_was_read_goes_after_ninety_days(session: Session, told: Member) -> None:
    long_ago = now() - timedelta(days=91)
    session.execute(update(Notice).where(Notice.subject == "fil-1").values(read_at=long_ago))

    assert purge(session, "read_notices") == 1
    assert session.scalars(select(Notice.subject)).all() == ["fil-2"]


def test_what_nobody_reads_goes_after_a_year_with_its_traces(
    session: Session, told: Member
) -> None:
    session.execute(update(Notice).values(created_at=now() - timedelta(days=366)))
    session.execute(update(NoticeLetter).values(created_at=now() - timedelta(days=366)))
    session.execute(update(NoticeDigest).values(made_at=now() - timedelta(days=366)))

    assert purge(session, "unread_notices") == 2
    assert rows(session) == {
        "notices": 0,
        "notice_choices": 1,
        "notice_digests": 0,
        "notice_letters": 0,
        "notice_settings": 1,
    }


def test_a_year_away_loses_nothing(session: Session, told: Member) -> None:
    session.execute(update(Notice).values(created_at=now() - timedelta(days=364)))

    assert purge(session, "unread_notices") == purge(session, "read_notices") == 0


def test_a_digest_that_goes_leaves_its_notices(session: Session, told: Member) -> None:
    digest = session.scalars(select(NoticeDigest)).one()
    session.execute(update(Notice).values(digest_id=digest.id))
    digest.made_at = now() - timedelta(days=400)
    session.flush()

    purge(session, "unread_notices")

    session.expire_all()
    assert {row.digest_id for row in session.scalars(select(Notice))} == {None}


def test_the_command_counts_before_it_makes(session: Session, told: Member) -> None:
    let_time_pass(session)

    tried = CliRunner().invoke(notices, ["digest", "--dry-run"])
    made = CliRunner().invoke(notices, ["digest"])
    again = CliRunner().invoke(notices, ["digest"])

    assert tried.output.splitlines()[0] == "Résumés qui partiraient maintenant\u00a0: 1"
    assert made.output.splitlines()[0] == "Résumés préparés\u00a0: 1"
    assert again.output.splitlines()[0] == "Résumés préparés\u00a0: 0"
    with db.reading() as read:
        kinds = list(read.scalars(select(QueuedMail.kind)))
    assert sorted(kinds) == ["notice", "notice_digest"]
