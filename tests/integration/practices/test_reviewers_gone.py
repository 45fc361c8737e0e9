"""Reviewers who are erased, suspended, or review no more: what they rated stays, unnamed or not."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.members.models import Member, MemberState, RoleGrant
from inters4.members.services.erasure import erase_member
from inters4.members.services.people import OPERATOR
from inters4.members.services.states import change_state
from inters4.notices.models import Notice
from inters4.practices.models import Practice, PracticeRevision, PracticeState
from inters4.practices.queries.known import citable
from inters4.practices.queries.queue import Wait, wait_of
from inters4.practices.queries.revisions import reviews_of, versions_of
from inters4.practices.services.chasing import chase_reviews
from inters4.practices.services.revising import open_revision, publish
from tests.builders.revisions import Cast, approve, ask, bring_to, make_cast, rate, start
from tests.builders.vocabulary import make_vocabulary

pytestmark = pytest.mark.usefixtures("app")
"""Whoever erases somebody nudges the job that scrubs."""


@pytest.fixture
def cast(session: Session) -> Cast:
    make_vocabulary(session)
    return make_cast(session)


def erase(session: Session, person: Viewer) -> None:
    member = session.get_one(Member, person.member_id)
    erase_member(session, member, keeps_posts=True, by=OPERATOR)


def published(session: Session, cast: Cast) -> tuple[Practice, PracticeRevision]:
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    approve(session, cast, revision)
    return publish(session, revision, by=cast.coordination, known=citable(session)), revision


def test_an_erased_reviewer_is_found_by_their_place_and_the_other_stays(
    session: Session, cast: Cast
) -> None:
    practice, revision = published(session, cast)
    [version] = versions_of(session, practice.id)
    before = version.text

    erase(session, cast.first)

    assert practice.reviewers == ["Personne retirée", "Rémi Relecteur (Université d’ailleurs)"]
    assert revision.values["reviewers"] == practice.reviewers
    assert "Rose" not in version.text
    assert version.text.count("Personne retirée") == 1
    assert len(version.text) < len(before)
    assert version.text.replace("Personne retirée", "Rose Relectrice (Université d’ailleurs)") == (
        before
    )


def test_what_is_written_of_a_published_sheet_loses_the_name_too(
    session: Session, cast: Cast
) -> None:
    practice, _revision = published(session, cast)
    again = open_revision(session, practice, by=cast.owner)
    assert "Rose" in str(again.values)

    erase(session, cast.first)

    assert "Rose" not in str(again.values)


def test_a_reviewer_erased_between_two_reviews_keeps_nobody_from_publishing(
    session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    rate(session, revision, ask(session, cast, revision, cast.first), by=cast.first)

    erase(session, cast.first)
    rate(session, revision, ask(session, cast, revision, cast.second), by=cast.second)
    approve(session, cast, revision)
    practice = publish(session, revision, by=cast.coordination, known=citable(session))

    assert practice.reviewers == ["Personne retirée", "Rémi Relecteur (Université d’ailleurs)"]


def test_two_erased_reviewers_are_told_apart(session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    approve(session, cast, revision)

    erase(session, cast.first)
    erase(session, cast.second)
    practice = publish(session, revision, by=cast.coordination, known=citable(session))

    assert practice.reviewers == ["Personne retirée", "Personne retirée (2)"]


def test_a_suspended_reviewer_keeps_their_name_on_what_they_sent(
    session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    rate(session, revision, ask(session, cast, revision, cast.first), by=cast.first)
    member = session.get_one(Member, cast.first.member_id)
    change_state(session, member, MemberState.SUSPENDED, by=OPERATOR)

    rate(session, revision, ask(session, cast, revision, cast.second), by=cast.second)

    assert revision.values["reviewers"][0].startswith("Rose Relectrice")


@pytest.mark.parametrize("how", ["suspended", "role", "erased"])
def test_somebody_else_is_asked_once_a_reviewer_can_no_longer_answer(
    session: Session, cast: Cast, how: str
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    ask(session, cast, revision, cast.first)
    ask(session, cast, revision, cast.second)
    member = session.get_one(Member, cast.first.member_id)
    if how == "suspended":
        change_state(session, member, MemberState.SUSPENDED, by=OPERATOR)
    elif how == "erased":
        erase(session, cast.first)
    else:
        roles = (RoleGrant.member_id == member.id) & (RoleGrant.role == Role.REVIEWER)
        for grant in session.scalars(select(RoleGrant).where(roles)):
            session.delete(grant)
    session.flush()

    chase_reviews(session)

    assert [one.reviewer_id for one in reviews_of(session, revision)] == [cast.second.member_id]
    assert wait_of(session, revision) is Wait.REVIEWERS
    tasks = session.scalars(
        select(Notice.facts).where(Notice.member_id == cast.coordination.member_id)
    )
    assert [facts.get("task") for facts in tasks].count("name-reviewers") == 2
    ask(session, cast, revision, cast.third)


def test_what_a_drafter_leaves_waits_for_the_team(session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.DRAFTING)
    assert wait_of(session, revision) is Wait.DRAFTING

    erase(session, cast.broker)

    assert wait_of(session, revision) is Wait.RESUMING
