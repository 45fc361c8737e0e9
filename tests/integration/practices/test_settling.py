"""What somebody did stays unread for nobody: steps, tasks, reviews, approvals of a sheet."""

from collections.abc import Mapping

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.members.queries import load_viewer
from inters4.notices.models import Notice
from inters4.practices.models import Move, PracticeRevision, PracticeState
from inters4.practices.queries.known import citable
from inters4.practices.services.life import move
from inters4.practices.services.naming import decline_review
from inters4.practices.services.revising import abandon, open_revision, publish
from tests.builders.members import give_role, make_member, make_viewer
from tests.builders.revisions import Cast, approve, ask, bring_to, make_cast, rate, start
from tests.builders.vocabulary import make_vocabulary


@pytest.fixture
def cast(session: Session) -> Cast:
    make_vocabulary(session)
    return make_cast(session)


@pytest.fixture
def other_broker(session: Session, cast: Cast) -> Viewer:
    return make_viewer(session, role=Role.BROKER, name="Bruno Courtier")


@pytest.fixture
def revision(session: Session, cast: Cast) -> PracticeRevision:
    return start(session, cast)


def unread(session: Session, who: Viewer) -> Mapping[str, int]:
    """By kind, what somebody has left to read."""
    session.flush()
    rows = session.execute(
        select(Notice.kind, func.count())
        .where(Notice.member_id == who.member_id, Notice.read_at.is_(None))
        .group_by(Notice.kind)
    )
    return {row[0].removeprefix("practices."): row[1] for row in rows}


def test_a_proposal_that_one_examined_awaits_no_other(
    session: Session, cast: Cast, revision: PracticeRevision, other_broker: Viewer
) -> None:
    bring_to(session, cast, revision, PracticeState.PROPOSED)
    assert unread(session, other_broker) == {"task": 1}

    move(
        session,
        revision,
        Move.DECLINE,
        by=cast.broker,
        known=citable(session),
        reason="Hors sujet.",
    )

    assert unread(session, other_broker) == {}
    assert unread(session, cast.coordination) == {}


def test_those_who_carry_a_sheet_have_its_last_step_to_read(
    session: Session, cast: Cast, revision: PracticeRevision
) -> None:
    bring_to(session, cast, revision, PracticeState.OWNER_VALIDATION)

    assert unread(session, cast.owner) == {"step": 1}


def test_reviews_that_are_asked_sent_or_declined_await_nobody(
    session: Session, cast: Cast, revision: PracticeRevision
) -> None:
    bring_to(session, cast, revision, PracticeState.REVIEW)
    assert unread(session, cast.coordination) == {"task": 1}

    first = ask(session, cast, revision, cast.first)
    assert unread(session, cast.coordination) == {"task": 1}, "one is missing"
    second = ask(session, cast, revision, cast.second)
    assert unread(session, cast.coordination) == {}
    assert unread(session, cast.first) == {"review": 1}

    rate(session, revision, first, by=cast.first)
    decline_review(session, second, revision, by=cast.second, reason="Faute de temps.")
    assert unread(session, cast.first) == {}
    assert unread(session, cast.second) == {}
    assert unread(session, cast.coordination) == {"task": 1}, "somebody else is to be asked"


def test_reviews_of_a_sheet_that_is_sent_back_await_nobody(
    session: Session, cast: Cast, revision: PracticeRevision
) -> None:
    bring_to(session, cast, revision, PracticeState.REVIEW)
    ask(session, cast, revision, cast.first)

    move(
        session, revision, Move.RETURN, by=cast.broker, known=citable(session), reason="À refaire."
    )

    assert unread(session, cast.first) == {}


def test_an_approval_that_one_signed_awaits_no_other_signatory(
    session: Session, cast: Cast, revision: PracticeRevision
) -> None:
    colleague = make_member(session, name="Sylvie Signataire", organisation=cast.carrying)
    give_role(session, colleague, Role.SIGNATORY, organisation=cast.carrying)
    other = load_viewer(session, colleague.id)
    bring_to(session, cast, revision, PracticeState.APPROVAL)
    assert unread(session, other) == {"approval": 1}

    approve(session, cast, revision)

    assert unread(session, other) == {}
    assert unread(session, cast.coordination) == {"task": 1}, "it is to be published"


def test_a_sheet_published_awaits_nobody(
    session: Session, cast: Cast, revision: PracticeRevision
) -> None:
    bring_to(session, cast, revision, PracticeState.APPROVAL)
    approve(session, cast, revision)

    publish(session, revision, by=cast.coordination, known=citable(session))

    people = (cast.coordination, cast.broker, cast.first, cast.second, cast.signatory)
    assert [unread(session, who) for who in people] == [{}] * len(people)
    assert unread(session, cast.owner) == {"step": 1}


def test_a_revision_given_up_awaits_nobody(
    session: Session, cast: Cast, revision: PracticeRevision, other_broker: Viewer
) -> None:
    bring_to(session, cast, revision, PracticeState.APPROVAL)
    approve(session, cast, revision)
    practice = publish(session, revision, by=cast.coordination, known=citable(session))
    again = open_revision(session, practice, by=cast.owner)

    abandon(session, again, by=cast.owner)

    assert unread(session, other_broker) == {}
