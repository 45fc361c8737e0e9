"""What a demonstration shows of sheets on their way."""

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core.db import reading, writing
from inters4.core.installation import mark_demo
from inters4.members.models import Member
from inters4.members.queries import find_member_by_email, load_viewer
from inters4.members.services import seed_demo
from inters4.notices.models import Notice
from inters4.practices.models import READABLE, Practice, PracticeRevision
from inters4.practices.queries.awaiting import Awaiting, awaiting
from inters4.practices.queries.queue import Wait
from inters4.practices.services.demo import seed_practices
from tests.builders.vocabulary import make_vocabulary


def seen_by(session: Session, key: str) -> Awaiting:
    member = find_member_by_email(session, f"{key}@exemple.invalid")
    assert member is not None
    return awaiting(session, viewer=load_viewer(session, member.id))


def test_one_thing_awaits_each_role_and_nothing_is_published(session: Session) -> None:
    make_vocabulary(session)
    mark_demo(session)
    seed_demo(session)

    assert seed_practices(session) == 8
    assert seed_practices(session) == 0

    assert len(seen_by(session, "camille").validations) == 1
    assert len(seen_by(session, "claude").reviews) == 1
    assert len(seen_by(session, "andrea").reviews) == 1
    assert len(seen_by(session, "maxime").approvals) == 1
    assert len(seen_by(session, "sacha").approvals) == 1
    assert len(seen_by(session, "dominique").drafts) == 1
    assert Wait.EXAMINATION in seen_by(session, "dominique").counts
    assert Wait.PUBLISHING in seen_by(session, "frederique").counts
    titles = session.scalars(select(Practice.title)).all()
    assert all(title.startswith("Exemple fictif") for title in titles)
    shown = select(func.count()).where(Practice.state.in_(READABLE))
    assert session.scalar(shown) == 0
    assert session.scalar(select(func.count()).select_from(PracticeRevision)) == 8


def test_each_has_to_read_only_what_awaits_them(app: Flask) -> None:
    with writing() as session:
        make_vocabulary(session)
        mark_demo(session)
        seed_demo(session)
        seed_practices(session)

    with reading() as session:
        unread = session.execute(
            select(Member.name, func.count())
            .join(Notice, Notice.member_id == Member.id)
            .where(Notice.read_at.is_(None), Notice.kind.startswith("practices."))
            .group_by(Member.name)
        )
        most = {row[0]: row[1] for row in unread}

    assert most["Camille Exemple"] == 1
    assert most["Claude Exemple"] == 1
    assert most["Andréa Exemple"] == 1
    assert max(most.values()) <= 2


def test_a_real_database_gets_no_fictional_sheet(session: Session) -> None:
    with pytest.raises(RuntimeError):
        seed_practices(session)
