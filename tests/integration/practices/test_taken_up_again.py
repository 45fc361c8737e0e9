"""A published sheet taken up again: who is told, who takes it, what stays of it, what files do."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict
from inters4.members.models import Member, MemberState, RoleGrant
from inters4.members.services.people import OPERATOR
from inters4.members.services.states import change_state
from inters4.notices.models import Notice
from inters4.notices.queries.told import words_of
from inters4.practices.exports.sheets import Sheet, sheet_of
from inters4.practices.models import Move, Practice, PracticeRevision, PracticeState
from inters4.practices.queries import load_practice
from inters4.practices.queries.awaiting import awaiting
from inters4.practices.queries.carrying import own_sheets
from inters4.practices.queries.known import citable
from inters4.practices.queries.queue import Hand, Wait, wait_of
from inters4.practices.queries.revisions import approvals_of
from inters4.practices.services.approving import may_sign
from inters4.practices.services.chasing import chase_approvals, free_drafts
from inters4.practices.services.drafts import write_fields
from inters4.practices.services.following import import_sheet
from inters4.practices.services.leaving import mark_overdue, withdraw
from inters4.practices.services.life import move, today
from inters4.practices.services.revising import open_revision, publish
from tests.builders.members import make_viewer, sign_in_as
from tests.builders.practices import make_practice, sheet
from tests.builders.revisions import Cast, approve, ask, bring_to, make_cast, rate, start
from tests.builders.vocabulary import make_vocabulary


@pytest.fixture
def cast(session: Session) -> Cast:
    make_vocabulary(session)
    return make_cast(session)


def published(session: Session, cast: Cast) -> Practice:
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    approve(session, cast, revision)
    return publish(session, revision, by=cast.coordination, known=citable(session))


def told(session: Session, person: Viewer) -> list[tuple[str, str]]:
    """Title and text of what a person would read now, oldest first."""
    rows = session.scalars(
        select(Notice).where(Notice.member_id == person.member_id).order_by(Notice.id)
    ).all()
    words = words_of(session, rows)
    return [
        (words[row.id].title.partition("\u00a0:")[0], words[row.id].text)
        for row in rows
        if row.id in words
    ]


def write(session: Session, revision: PracticeRevision, by: Viewer, **values: str) -> None:
    write_fields(
        session, revision, values=values, blocks={}, seen=revision.version, by_id=by.member_id
    )


def now_of(session: Session, practice: Practice) -> Sheet:
    whole = load_practice(session, practice.id)
    assert whole is not None
    return sheet_of(whole)


def test_the_owner_s_revision_goes_to_who_drafted_the_sheet(session: Session, cast: Cast) -> None:
    practice = published(session, cast)

    again = open_revision(session, practice, by=cast.owner)

    assert again.drafter_id == cast.broker.member_id
    assert wait_of(session, again) is Wait.DRAFTING
    assert told(session, cast.broker)[-1][0] == "Fiche à rédiger"
    assert len(awaiting(session, viewer=cast.broker).drafts) == 1


def test_a_revision_that_nobody_drafts_is_told_to_the_team_and_taken(
    session: Session, cast: Cast
) -> None:
    practice = published(session, cast)
    for revision in session.scalars(select(PracticeRevision)):
        revision.drafter_id = None
    session.flush()

    again = open_revision(session, practice, by=cast.owner)

    assert wait_of(session, again) is Wait.RESUMING
    for person in (cast.broker, cast.coordination):
        assert told(session, person)[-1][0] == "Fiche à rédiger"
        assert awaiting(session, viewer=person).counts[Wait.RESUMING] == 1
    move(session, again, Move.TAKE, by=cast.broker, known=citable(session))
    assert wait_of(session, again) is Wait.DRAFTING
    assert Wait.RESUMING not in awaiting(session, viewer=cast.coordination).counts
    [_examine, drafting] = [
        row
        for row in session.scalars(
            select(Notice).where(Notice.member_id == cast.coordination.member_id)
        )
        if row.facts.get("task") in {"examine", "draft"}
    ]
    assert words_of(session, [drafting])[drafting.id].is_over


def test_its_owner_is_told_of_a_revision_that_the_team_opens(session: Session, cast: Cast) -> None:
    practice = published(session, cast)

    open_revision(session, practice, by=cast.broker)

    title, text = told(session, cast.owner)[-1]
    assert title == "Révision commencée"
    assert "Parution visée" in text


def test_letters_of_a_revision_say_the_day_aimed_at_and_earlier_ones_keep_theirs(
    session: Session, cast: Cast
) -> None:
    practice = published(session, cast)
    before = [text for _title, text in told(session, cast.owner)]
    again = open_revision(session, practice, by=cast.owner)

    move(session, again, Move.SEND_TO_OWNER, by=cast.broker, known=citable(session))

    texts = [text for _title, text in told(session, cast.owner)]
    assert texts[: len(before)] == before
    assert "Parution visée" in before[0]
    assert "Parution visée" in texts[-1]


def test_a_draft_is_free_again_once_its_drafter_left_the_team(session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.DRAFTING)
    assert free_drafts(session) == 0
    member = session.get_one(Member, cast.broker.member_id)
    change_state(session, member, MemberState.SUSPENDED, by=OPERATOR)

    assert free_drafts(session) == 1
    assert free_drafts(session) == 0

    assert wait_of(session, revision) is Wait.RESUMING
    assert told(session, cast.coordination)[-1][0] == "Fiche à rédiger"


def test_a_signatory_named_after_the_escalation_is_asked_with_the_whole_delay(
    session: Session, cast: Cast
) -> None:
    for grant in session.scalars(select(RoleGrant).where(RoleGrant.role == Role.SIGNATORY)):
        session.delete(grant)
    session.flush()
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    assert wait_of(session, revision) is Wait.SILENCE
    assert chase_approvals(session) == 0

    named = make_viewer(session, role=Role.SIGNATORY, organisation=cast.carrying)
    chase_approvals(session)
    chase_approvals(session)

    assert [title for title, _text in told(session, named)] == ["Fiche à approuver"]
    assert wait_of(session, revision) is Wait.SIGNING
    [approval] = approvals_of(session, revision)
    assert may_sign(session, revision.practice_id, cast.carrying.id, by=named)
    approval.asked_at = now() - timedelta(days=20)
    assert chase_approvals(session) == 1
    assert len(told(session, named)) == 2


def test_a_second_signatory_named_meanwhile_is_asked_too(session: Session, cast: Cast) -> None:
    bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    named = make_viewer(session, role=Role.SIGNATORY, organisation=cast.carrying)

    chase_approvals(session)

    assert len(told(session, named)) == len(told(session, cast.signatory)) == 1


def test_who_holds_a_sheet_is_said_alike_to_its_owner_and_to_the_team(
    app: Flask, session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)

    def hand() -> Hand | None:
        session.flush()
        [own] = own_sheets(session, viewer=cast.owner)
        return own.hand

    assert hand() is Hand.COORDINATION
    reviews = [ask(session, cast, revision, one) for one in (cast.first, cast.second)]
    assert hand() is Hand.REVIEWERS
    for review, by in zip(reviews, (cast.first, cast.second), strict=True):
        rate(session, revision, review, by=by)
    assert hand() is Hand.ORGANISATIONS
    approve(session, cast, revision)
    assert hand() is Hand.COORDINATION
    client = app.test_client()
    sign_in_as(client, session, cast.owner)
    for address in (f"/pratiques/dossiers/{revision.practice_id}", "/compte"):
        page = client.get(address).get_data(as_text=True)
        assert "entre les mains de\u00a0: la coordination" in page


def test_a_withdrawn_sheet_stays_among_those_of_its_owner(session: Session, cast: Cast) -> None:
    practice = published(session, cast)
    withdraw(session, practice, reason="Remplacée.", by=cast.coordination)

    [own] = own_sheets(session, viewer=cast.owner)

    assert (own.practice_id, own.state, own.is_open) == (
        practice.id,
        PracticeState.WITHDRAWN,
        False,
    )


def test_sheets_to_look_at_again_are_on_the_boards_of_brokers(session: Session, cast: Cast) -> None:
    make_practice(session, review_due=today() - timedelta(days=1))
    mark_overdue(session)

    assert awaiting(session, viewer=cast.broker).due_count == 1
    assert awaiting(session, viewer=cast.owner).due_count == 0


def test_a_file_brings_into_the_revision_what_nobody_changed(session: Session, cast: Cast) -> None:
    practice = import_sheet(session, sheet("importee"))
    revision = open_revision(session, practice, by=cast.broker)
    write(session, revision, cast.broker, training="Un mot de la courtière")

    told_now = now_of(session, practice)
    values = {**told_now.values, "audience": "Pour tout le monde."}
    import_sheet(session, replace(told_now, values=values))

    assert practice.audience == "Pour tout le monde."
    assert revision.values["audience"] == "Pour tout le monde."
    assert revision.values["training"] == "Un mot de la courtière"
    publish(session, revision, by=cast.coordination, known=citable(session), is_minor=True)
    assert (practice.training, practice.audience) == (
        "Un mot de la courtière",
        "Pour tout le monde.",
    )


def test_a_file_that_changes_what_is_being_changed_is_refused_by_name(
    session: Session, cast: Cast
) -> None:
    practice = import_sheet(session, sheet("importee"))
    revision = open_revision(session, practice, by=cast.broker)
    write(session, revision, cast.broker, title="Un titre de la courtière")

    with pytest.raises(Conflict, match=r"importee.*title"):
        import_sheet(session, sheet("importee", title="Un titre du fichier"))

    assert practice.title == "Fiche importee"
    assert revision.values["title"] == "Un titre de la courtière"


def test_a_file_changes_nothing_of_a_sheet_that_people_judge(session: Session, cast: Cast) -> None:
    practice = published(session, cast)
    revision = open_revision(session, practice, by=cast.owner)
    bring_to(session, cast, revision, PracticeState.REVIEW)
    told_now = now_of(session, practice)

    import_sheet(session, told_now)
    with pytest.raises(Conflict, match="subtitle"):
        import_sheet(session, replace(told_now, values={**told_now.values, "subtitle": "Autre"}))


def test_a_file_does_not_take_away_a_sheet_that_is_being_written(
    session: Session, cast: Cast
) -> None:
    practice = import_sheet(session, sheet("importee"))
    open_revision(session, practice, by=cast.broker)

    with pytest.raises(Conflict, match="state"):
        import_sheet(session, sheet("importee", state=PracticeState.WITHDRAWN))


def test_a_preview_says_reviewed_of_nothing_that_reviewers_did_not_see(
    app: Flask, session: Session, cast: Cast
) -> None:
    practice = published(session, cast)
    again = open_revision(session, practice, by=cast.owner)
    session.flush()
    client = app.test_client()
    sign_in_as(client, session, cast.owner)

    def preview() -> str:
        session.commit()
        address = f"/pratiques/dossiers/{practice.id}/apercu"
        return client.get(address).get_data(as_text=True)

    assert "Cotes révisées" in preview()
    write(session, again, cast.owner, maturity="exemplaire")
    page = preview()
    assert "Cotes révisées" not in page
    assert "Rose Relectrice" not in page


def test_one_reason_for_both_ratings_is_read_once(app: Flask, session: Session, cast: Cast) -> None:
    practice = published(session, cast)
    session.commit()

    page = app.test_client().get(f"/pratiques/{practice.slug}").get_data(as_text=True)

    assert page.count("Deux études concordent.") == 1
    assert "Même justification." in page
