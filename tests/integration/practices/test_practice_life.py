"""The life of a sheet: who moves it, what must be there, what is written down."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.audit import AuditEntry
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.members.models import Member
from inters4.practices.exports.own_data import moves_of, reviews_by, sheets_of
from inters4.practices.exports.sheets import sheet_of
from inters4.practices.models import (
    Advice,
    Move,
    Origin,
    PracticeRevision,
    PracticeState,
    RatingStatus,
    TranslationState,
)
from inters4.practices.queries.known import citable
from inters4.practices.queries.revisions import (
    approvals_of,
    author_ids,
    find_revision,
    reviews_shown_to,
    steps_of,
    versions_of,
)
from inters4.practices.services.approving import decide_approval
from inters4.practices.services.authors import add_author, remove_author
from inters4.practices.services.drafts import write_fields
from inters4.practices.services.erasing import forget_author
from inters4.practices.services.following import import_sheet
from inters4.practices.services.leaving import mark_overdue, withdraw
from inters4.practices.services.life import Incomplete, move
from inters4.practices.services.naming import ask_review
from inters4.practices.services.reviewing import Written, save_review
from inters4.practices.services.revising import abandon, open_revision, publish, start_sheet
from inters4.practices.services.translating import note_translation
from tests.builders.practices import make_practice, sheet
from tests.builders.revisions import (
    PASSAGE,
    Cast,
    approve,
    ask,
    bring_to,
    make_cast,
    rate,
    start,
)
from tests.builders.vocabulary import make_vocabulary


@pytest.fixture
def cast(session: Session) -> Cast:
    make_vocabulary(session)
    return make_cast(session)


def test_a_sheet_goes_from_its_first_words_to_readers(session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    approve(session, cast, revision)

    practice = publish(session, revision, by=cast.coordination, known=citable(session))

    assert practice.state is PracticeState.PUBLISHED
    assert practice.rating_status is RatingStatus.REVIEWED
    assert practice.approval == "CISSS porteur"
    assert practice.review_due is not None
    assert not revision.is_open
    assert [version.number for version in versions_of(session, practice.id)] == [1]
    assert [step.move for step in steps_of(session, practice.id)] == [
        Move.START,
        Move.SUBMIT,
        Move.ADMIT,
        Move.TAKE,
        Move.SEND_TO_OWNER,
        Move.VALIDATE,
        Move.REVIEWED,
        Move.PUBLISH,
    ]
    actions = set(session.scalars(select(AuditEntry.action)))
    assert {"practices.publish", "practices.review_sent", "practices.approval_granted"} <= actions


def test_nobody_lets_pass_alone_what_they_wrote(session: Session, cast: Cast) -> None:
    known = citable(session)
    revision = start_sheet(
        session, title="De la coordination", problem="P", solution="S", by=cast.coordination
    )
    move(session, revision, Move.SUBMIT, by=cast.coordination, known=known)

    with pytest.raises(NotAllowed):
        move(session, revision, Move.ADMIT, by=cast.coordination, known=known)


@pytest.mark.parametrize("state", PASSAGE)
def test_a_stranger_moves_nothing_and_sees_nothing(
    session: Session, cast: Cast, state: PracticeState
) -> None:
    revision = bring_to(session, cast, start(session, cast), state)

    assert find_revision(session, revision.practice_id, viewer=cast.stranger) is None
    assert find_revision(session, revision.practice_id, viewer=Viewer()) is None
    for which in (Move.SUBMIT, Move.ADMIT, Move.VALIDATE, Move.RETURN):
        with pytest.raises((NotAllowed, Conflict)):
            move(session, revision, which, by=cast.stranger, known=citable(session), reason="Parce")


def test_a_sketch_is_hidden_from_the_brokering_team(session: Session, cast: Cast) -> None:
    revision = start(session, cast)

    assert find_revision(session, revision.practice_id, viewer=cast.owner) is revision
    assert find_revision(session, revision.practice_id, viewer=cast.coordination) is None


def test_reviewers_are_from_outside_and_do_not_see_each_other(session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    first = ask(session, cast, revision, cast.first)
    second = ask(session, cast, revision, cast.second)
    rate(session, revision, first, by=cast.first)

    assert reviews_shown_to(session, revision, viewer=cast.second) == [second]
    assert reviews_shown_to(session, revision, viewer=cast.owner) == []
    assert reviews_shown_to(session, revision, viewer=cast.coordination) == []
    assert cast.signatory.member_id is not None
    assert cast.owner.member_id is not None
    with pytest.raises(DomainError):
        ask_review(session, revision, cast.signatory.member_id, by=cast.coordination)
    with pytest.raises(Conflict, match="Deux personnes"):
        ask(session, cast, revision, cast.third)


def test_a_gap_goes_to_a_third_whose_ratings_stand(session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    rate(session, revision, ask(session, cast, revision, cast.first), by=cast.first)
    rate(
        session,
        revision,
        ask(session, cast, revision, cast.second),
        by=cast.second,
        maturity="emergente",
    )
    assert standing(revision) is PracticeState.REVIEW

    third = ask(session, cast, revision, cast.third)
    assert third.is_adjudication
    assert len(reviews_shown_to(session, revision, viewer=cast.third)) == 3
    rate(session, revision, third, by=cast.third, maturity="emergente")

    assert standing(revision) is PracticeState.APPROVAL
    assert revision.values["maturity"] == "emergente"
    assert len(revision.values["reviewers"]) == 3


def test_two_reviewers_may_send_the_sheet_back(session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    for reviewer in (cast.first, cast.second):
        review = ask(session, cast, revision, reviewer)
        rate(session, revision, review, by=reviewer, advice=Advice.REWORK)

    assert revision.state is PracticeState.DRAFTING
    bring_to(session, cast, revision, PracticeState.REVIEW)
    assert revision.round == 2
    assert reviews_shown_to(session, revision, viewer=cast.coordination) == []


def test_silence_and_refusal_are_no_yes(session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    with pytest.raises(Conflict, match="pas encore approuvé"):
        publish(session, revision, by=cast.coordination, known=citable(session))
    [approval] = approvals_of(session, revision)

    with pytest.raises(DomainError):
        decide_approval(
            session, revision, approval, is_granted=False, reason=" ", by=cast.signatory
        )
    with pytest.raises(NotAllowed):
        decide_approval(session, revision, approval, is_granted=True, reason="", by=cast.owner)
    decide_approval(
        session, revision, approval, is_granted=False, reason="Un chiffre.", by=cast.signatory
    )

    assert revision.state is PracticeState.DRAFTING


def test_a_minor_change_keeps_the_ratings_and_a_rated_one_is_refused(
    session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    approve(session, cast, revision)
    practice = publish(session, revision, by=cast.coordination, known=citable(session))
    again = open_revision(session, practice, by=cast.owner)
    write(session, again, cast.owner, training="Quatre heures [1].")

    assert practice.training == "Trois heures [1]."
    publish(session, again, by=cast.broker, known=citable(session), is_minor=True, note="Une heure")
    assert practice.training == "Quatre heures [1]."
    assert practice.edition == 1
    assert practice.rating_status is RatingStatus.REVIEWED

    third = open_revision(session, practice, by=cast.owner)
    write(session, third, cast.owner, result="Un tout autre effet [1].")
    with pytest.raises(Conflict, match="coté"):
        publish(session, third, by=cast.broker, known=citable(session), is_minor=True)
    assert [version.number for version in versions_of(session, practice.id)] == [2, 1]


def test_a_minor_change_does_not_make_a_sheet_reviewed_again(session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    approve(session, cast, revision)
    practice = publish(session, revision, by=cast.coordination, known=citable(session))
    practice.review_due = date(2020, 1, 1)
    mark_overdue(session)
    again = open_revision(session, practice, by=cast.owner)
    write(session, again, cast.owner, training="Un mot de plus")

    publish(session, again, by=cast.broker, known=citable(session), is_minor=True)

    assert practice.state is PracticeState.REVIEW_DUE
    assert practice.review_due == date(2020, 1, 1)
    assert mark_overdue(session) == 0


def test_a_new_edition_has_the_day_of_its_own_publication(session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    approve(session, cast, revision)
    practice = publish(session, revision, by=cast.coordination, known=citable(session))
    practice.published_at = datetime(2024, 6, 5, tzinfo=UTC)
    again = open_revision(session, practice, by=cast.owner)
    bring_to(session, cast, again, PracticeState.APPROVAL)
    approve(session, cast, again)

    publish(session, again, by=cast.coordination, known=citable(session))

    assert practice.edition == 2
    assert practice.published_at.year > 2024


def test_a_review_that_is_due_or_a_translation_makes_no_version(
    session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    approve(session, cast, revision)
    practice = publish(session, revision, by=cast.coordination, known=citable(session))
    practice.review_due = date(2020, 1, 1)
    mark_overdue(session)
    note_translation(session, practice, TranslationState.IN_PROGRESS, by=cast.broker)

    again = open_revision(session, practice, by=cast.owner)
    abandon(session, again, by=cast.owner)
    assert [version.number for version in versions_of(session, practice.id)] == [1]

    third = open_revision(session, practice, by=cast.owner)
    write(session, third, cast.owner, training="Quatre heures [1].")
    publish(session, third, by=cast.broker, known=citable(session), is_minor=True)
    assert [version.number for version in versions_of(session, practice.id)] == [2, 1]


def test_a_starter_sheet_does_not_slip_among_the_reviewed(session: Session, cast: Cast) -> None:
    practice = make_practice(session)
    revision = open_revision(session, practice, by=cast.broker)
    write(session, revision, cast.broker, training="Une heure")

    with pytest.raises(Incomplete) as refused:
        move(session, revision, Move.SEND_TO_OWNER, by=cast.broker, known=citable(session))
    assert {lack.field for lack in refused.value.lacks} >= {"team", "organisations", "text-steps"}
    publish(session, revision, by=cast.coordination, known=citable(session), is_minor=True)
    assert practice.origin is Origin.STARTER
    assert practice.rating_status is RatingStatus.PROPOSED
    assert practice.training == "Une heure"


def test_two_who_change_the_same_field_are_told_and_nothing_is_lost(
    session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.DRAFTING)
    seen = revision.version
    write(session, revision, cast.owner, title="Le titre de l’équipe", seen=seen)
    write(session, revision, cast.broker, subtitle="Un sous-titre", seen=seen)

    with pytest.raises(Conflict) as refused:
        write(session, revision, cast.broker, title="Un autre", seen=seen)

    assert refused.value.theirs == "Le titre de l’équipe"
    assert refused.value.mine == "Un autre"
    assert revision.values["subtitle"] == "Un sous-titre"


def test_what_is_wrong_is_kept_and_told(session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.DRAFTING)
    write(session, revision, cast.owner, started_year="l’an passé")

    with pytest.raises(Incomplete) as refused:
        move(session, revision, Move.SEND_TO_OWNER, by=cast.broker, known=citable(session))

    assert revision.values["started_year"] == "l’an passé"
    assert [lack.field for lack in refused.value.lacks] == ["started_year"]


def test_a_sheet_given_up_or_withdrawn_leaves_its_reason(session: Session, cast: Cast) -> None:
    sketch = start(session, cast)
    with pytest.raises(NotAllowed):
        abandon(session, sketch, by=cast.broker)
    abandon(session, sketch, by=cast.owner)
    assert find_revision(session, sketch.practice_id, viewer=cast.owner) is None

    practice = make_practice(session, "retiree")
    with pytest.raises(DomainError):
        withdraw(session, practice, reason=" \u200b\x07 ", by=cast.coordination)
    withdraw(session, practice, reason="Remplacée par une autre.", by=cast.coordination)
    assert practice.is_tombstone
    assert practice.state_reason == "Remplacée par une autre."


def write(
    session: Session,
    revision: PracticeRevision,
    by: Viewer,
    *,
    seen: int | None = None,
    **values: str,
) -> None:
    """Type in some fields."""
    write_fields(
        session,
        revision,
        values=values,
        blocks={},
        seen=revision.version if seen is None else seen,
        by_id=by.member_id,
    )


def test_an_erased_reviewer_leaves_ratings_without_a_name(session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    approve(session, cast, revision)
    practice = publish(session, revision, by=cast.coordination, known=citable(session))
    assert cast.first.member_id is not None
    assert any("Rose Relectrice" in line for line in practice.reviewers)

    forget_author(session, cast.first.member_id)

    [version] = versions_of(session, practice.id)
    assert practice.reviewers[0] == "Personne retirée"
    assert "Rose" not in version.text + str(revision.values)
    assert "Rémi Relecteur" in version.text


@pytest.mark.parametrize("line", ["Rose Relectrice (CISSS d’Ailleurs)", "Rosa Relectrise"])
def test_an_erased_reviewer_leaves_no_name_in_what_a_file_changed(
    session: Session, cast: Cast, line: str
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    approve(session, cast, revision)
    practice = publish(session, revision, by=cast.coordination, known=citable(session))
    other = next(one for one in practice.reviewers if "Rose" not in one)
    told = sheet_of(practice)
    import_sheet(session, replace(told, values={**told.values, "reviewers": [other, line]}))
    assert cast.first.member_id is not None

    forget_author(session, cast.first.member_id)

    newest, oldest = versions_of(session, practice.id)
    assert practice.reviewers == [other, "Personne retirée"]
    for text in (newest.text, oldest.text):
        assert "Ros" not in text
        assert "Rémi Relecteur" in text


def test_an_erased_reviewer_takes_along_what_they_had_not_sent(
    session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    review = ask(session, cast, revision, cast.first)
    written = Written(reason="Un début.", comments="Un autre.")
    save_review(session, review, revision, by=cast.first, written=written)
    assert cast.first.member_id is not None

    forget_author(session, cast.first.member_id)

    session.refresh(review)
    assert (review.reason, review.comments) == ("", "")
    assert not review.is_waited_for


def test_an_erased_owner_takes_their_sketch_along(session: Session, cast: Cast) -> None:
    sketch = start(session, cast)
    assert cast.owner.member_id is not None

    forget_author(session, cast.owner.member_id)

    assert not sketch.is_open
    assert "L’attente." not in str(sketch.values)
    assert author_ids(session, sketch.practice_id) == frozenset()


def test_what_a_file_changes_is_kept_as_a_version(session: Session, cast: Cast) -> None:
    practice = import_sheet(session, sheet("importee"))
    import_sheet(session, sheet("importee"))
    import_sheet(session, sheet("importee", title="Un autre titre"))

    newest, oldest = versions_of(session, practice.id)
    assert (newest.number, oldest.number) == (2, 1)
    assert "title: Fiche importee" in oldest.text
    assert "title: Un autre titre" in newest.text


def test_a_person_finds_their_sheets_in_their_data(session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    rate(session, revision, ask(session, cast, revision, cast.first), by=cast.first)
    assert cast.owner.member_id is not None
    assert cast.first.member_id is not None

    own = list(sheets_of(session, cast.owner.member_id))
    assert own[0]["is_owner"]
    assert own[1]["values"]["title"] == revision.values["title"]
    assert [each["move"] for each in moves_of(session, cast.owner.member_id)] == [
        "start",
        "submit",
        "validate",
    ]
    [review] = reviews_by(session, cast.first.member_id)
    assert review["reason"] == "Deux études concordent."


def test_whoever_left_a_sheet_finds_in_their_data_nothing_written_since(
    session: Session, cast: Cast
) -> None:
    revision = start(session, cast)
    member = session.get_one(Member, cast.stranger.member_id)
    add_author(session, revision.practice, member, by=cast.owner)
    retype(session, revision, cast.stranger, "Écrit à deux.")
    assert any("values" in row for row in sheets_of(session, member.id))

    remove_author(session, revision.practice, member.id, by=cast.owner)
    retype(session, revision, cast.owner, "Écrit après le départ.")

    [kept] = sheets_of(session, member.id)
    assert kept["practice"] == revision.practice_id
    assert "worked_on_since" in kept
    assert not {"values", "blocks", "note"} & kept.keys()


def retype(session: Session, revision: PracticeRevision, by: Viewer, problem: str) -> None:
    """Write another problem in it."""
    seen = revision.version
    typed = {"problem": problem}
    write_fields(session, revision, values=typed, blocks={}, seen=seen, by_id=by.member_id)


def standing(revision: PracticeRevision) -> PracticeState:
    """Where it stands now."""
    return revision.state
