"""`inters4 community digest`: counted without a trace, made once, and only where news are."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from inters4.community.cli import community
from inters4.community.jobs.telling import tell_new_posts
from inters4.community.models import Level, Membership, PostTelling, Space, Visibility
from inters4.community.queries.digests import count_news
from inters4.community.queries.telling import SPACE_KIND
from inters4.community.services.following import follow_space
from inters4.community.services.reading import mark_all_read
from inters4.community.services.starting import start_thread
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.db import reading
from inters4.core.jobs import jobs
from inters4.core.mail import QueuedMail
from inters4.members.models import Member, MemberSession
from inters4.notices.models import MailRule, Notice, NoticeDigest, NoticeSettings
from inters4.settings import Settings
from tests.builders.community import again, make_space
from tests.builders.members import make_viewer
from tests.builders.notices import leave, let_time_pass, text_of

TITLE = "Qui a essayé la visite du mardi?"


@pytest.fixture(autouse=True)
def _bound(settings: Settings) -> Iterator[None]:
    jobs.bind(settings)
    yield
    jobs.close()


@pytest.fixture
def reader(session: Session) -> Viewer:
    return make_viewer(session)


@pytest.fixture
def space(session: Session, reader: Viewer) -> Space:
    """A space that `reader` follows, and in which something is new."""
    author = make_viewer(session)
    found = make_space(session, members=(author, reader), visibility=Visibility.PRIVATE_LISTED)
    follow_space(session, found, Level.FOLLOWED, by=again(session, reader))
    start_thread(session, found, title=TITLE, text="Et vous?", by=again(session, author))
    session.commit()
    return found


def digest(*options: str) -> list[str]:
    result = CliRunner().invoke(community, ["digest", *options])
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def mails(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(QueuedMail)) or 0


def test_a_dry_run_counts_and_leaves_everything_as_it_is(session: Session, space: Space) -> None:
    assert digest("--dry-run")[0] == "Messages à annoncer : 1"
    tell_new_posts()
    let_time_pass(session)

    said = digest("--dry-run")

    assert said[:4] == [
        "Messages à annoncer : 0",
        "Résumés qui partiraient maintenant : 1",
        "Avec du nouveau des communautés : 1",
        "  Du nouveau dans les espaces que vous suivez, et annonces des vôtres : 1",
    ]
    assert mails(session) == 0
    assert session.scalars(select(NoticeDigest.made_at)).all() == [None]
    assert session.scalars(select(Notice.digest_id)).all() == [None]


def test_run_twice_it_sends_once(session: Session, space: Space, settings: Settings) -> None:
    tell_new_posts()
    let_time_pass(session)

    session.rollback()
    first, second = digest(), digest()

    assert "Résumés préparés : 1" in first
    assert "Résumés préparés : 0" in second
    assert mails(session) == 1
    session.rollback()
    (mail,) = leave(settings)
    assert TITLE in text_of(mail)
    assert mail["List-Id"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_it_tells_of_the_posts_that_waited(session: Session, space: Space) -> None:
    assert "Messages annoncés : 1" in digest()
    session.rollback()
    assert session.scalars(select(PostTelling)).all() == []
    assert session.scalars(select(Notice.kind)).all() == [SPACE_KIND]


def test_nothing_new_makes_no_mail(
    session: Session, space: Space, reader: Viewer, settings: Settings
) -> None:
    tell_new_posts()
    mark_all_read(session, again(session, reader), session.get_one(Space, space.id))
    let_time_pass(session)

    assert "Résumés préparés : 0" in digest()
    assert leave(settings) == []


def test_rights_are_looked_at_again_when_it_counts_and_when_it_sends(
    session: Session, space: Space, reader: Viewer, settings: Settings
) -> None:
    tell_new_posts()
    session.execute(delete(Membership).where(Membership.member_id == reader.member_id))
    let_time_pass(session)

    with reading() as read:
        news = count_news(read, now())
    assert (news.people, news.left_out) == (0, 1)
    digest()
    assert leave(settings) == []


def test_a_space_that_narrows_takes_its_lines_out_of_digests_at_once(
    session: Session, settings: Settings
) -> None:
    author, stranger = make_viewer(session), make_viewer(session)
    space = make_space(session, members=(author, stranger), visibility=Visibility.MEMBERS)
    follow_space(session, space, Level.FOLLOWED, by=again(session, stranger))
    session.execute(delete(Membership).where(Membership.member_id == stranger.member_id))
    start_thread(session, space, title=TITLE, text="Et vous?", by=again(session, author))
    session.commit()
    tell_new_posts()
    let_time_pass(session)
    assert "Avec du nouveau des communautés : 1" in digest("--dry-run")

    space.visibility = Visibility.PRIVATE_HIDDEN
    session.commit()

    assert "Avec du nouveau des communautés : 0" in digest("--dry-run")
    digest()
    assert leave(settings) == []


def test_whoever_was_away_for_180_days_receives_none(
    session: Session, space: Space, reader: Viewer
) -> None:
    tell_new_posts()
    long_ago = now() - timedelta(days=181)
    session.execute(delete(MemberSession))
    session.execute(
        update(Member)
        .where(Member.id == reader.member_id)
        .values(created_at=long_ago, last_active_at=long_ago)
    )
    let_time_pass(session)

    said = digest("--dry-run")

    assert "Avec du nouveau des communautés : 0" in said
    assert "Personnes absentes depuis 180 jours : 1" in said
    assert "Personnes absentes depuis 180 jours : 1" in digest()
    assert mails(session) == 0


def test_whoever_refuses_every_mail_has_no_digest(
    session: Session, space: Space, reader: Viewer, settings: Settings
) -> None:
    session.add(NoticeSettings(member_id=reader.member_id, mail=MailRule.NEVER))
    session.commit()
    tell_new_posts()
    let_time_pass(session)
    digest()

    assert leave(settings) == []
    assert session.scalars(select(Notice.kind)).all() == [SPACE_KIND]
