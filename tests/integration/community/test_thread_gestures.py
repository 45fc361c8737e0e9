"""A post is mended, removed, appreciated, named as the answer; a thread is summed up."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.community.models import (
    Appreciation,
    Flag,
    Post,
    PostMention,
    PostReaction,
    PostState,
    PostVersion,
    Space,
    SpaceStage,
    Thread,
    ThreadKind,
    ThreadSummary,
)
from inters4.community.services.accepting import accept, take_back
from inters4.community.services.editing import MOST_CHANGES, may_revise, retitle, revise
from inters4.community.services.posting import LooksPersonal, post
from inters4.community.services.publishing import publish
from inters4.community.services.reacting import react
from inters4.community.services.removing import remove_post
from inters4.community.services.summing_up import mark_of_summary, sum_up
from inters4.core.access import Viewer
from inters4.core.audit import AuditEntry
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.hooks import hooks
from inters4.core.outbox import OutboxRow
from inters4.members.models import Member
from tests.builders.community import again, make_post, make_space, make_thread
from tests.builders.members import make_viewer


@pytest.fixture
def member(session: Session) -> Viewer:
    return make_viewer(session, name="Bastien Membre")


@pytest.fixture
def _lead(session: Session) -> Viewer:
    return make_viewer(session, name="Camille Animation")


@pytest.fixture
def space(session: Session, _lead: Viewer, member: Viewer) -> Space:
    return make_space(session, facilitator=_lead, members=(member,))


@pytest.fixture
def facilitator(session: Session, space: Space, _lead: Viewer) -> Viewer:
    return again(session, _lead)


@pytest.fixture
def thread(session: Session, space: Space, facilitator: Viewer) -> Thread:
    return make_thread(session, space, author=facilitator, kind=ThreadKind.QUESTION)


@pytest.fixture
def answer(session: Session, thread: Thread, member: Viewer) -> Post:
    return make_post(session, thread, author=member, text="Une réponse.")


def mend(
    session: Session, post: Post, text: str, by: Viewer, *, is_meant: bool = False, **fields: int
) -> None:
    session.flush()
    thread = session.get_one(Thread, post.thread_id)
    space = session.get_one(Space, post.space_id)
    version = fields.get("version", post.version)
    revise(
        session,
        post,
        text,
        version=version,
        by=by,
        thread=thread,
        space=space,
        is_meant=is_meant,
    )


def versions(session: Session, post: Post) -> list[str]:
    statement = select(PostVersion.source).where(PostVersion.post_id == post.id)
    return list(session.scalars(statement.order_by(PostVersion.id)))


def test_within_five_minutes_a_change_leaves_no_mark_and_its_former_text(
    session: Session, answer: Post, member: Viewer
) -> None:
    mend(session, answer, "Une **meilleure** réponse.", member)

    assert answer.edited_at is None
    assert "<strong>meilleure</strong>" in answer.markup
    assert versions(session, answer) == ["Une réponse."]


def test_later_on_a_change_is_marked(session: Session, answer: Post, member: Viewer) -> None:
    answer.created_at = now() - timedelta(minutes=6)
    mend(session, answer, "Une meilleure réponse.", member)

    assert answer.edited_at is not None


def test_the_same_text_changes_nothing(session: Session, answer: Post, member: Viewer) -> None:
    answer.created_at = now() - timedelta(minutes=6)
    mend(session, answer, "Une réponse.  ", member)

    assert (answer.edited_at, versions(session, answer)) == (None, [])


def test_an_author_gives_a_post_so_many_texts_and_no_more(
    session: Session, answer: Post, member: Viewer
) -> None:
    for number in range(MOST_CHANGES):
        mend(session, answer, f"Texte {number}.", member)

    with pytest.raises(DomainError, match="répondez dans le fil"):
        mend(session, answer, "Un de plus.", member)

    assert answer.source == f"Texte {MOST_CHANGES - 1}."


def test_a_day_later_the_author_changes_nothing(
    session: Session, answer: Post, member: Viewer
) -> None:
    answer.created_at = now() - timedelta(hours=24)

    with pytest.raises(NotAllowed):
        mend(session, answer, "Trop tard.", member)


def test_nobody_mends_the_post_of_another(
    session: Session, answer: Post, facilitator: Viewer, space: Space, thread: Thread
) -> None:
    assert not may_revise(answer, thread, space, by=facilitator, at=now())
    with pytest.raises(NotAllowed):
        mend(session, answer, "À sa place.", facilitator)


@pytest.mark.parametrize("state", [PostState.HIDDEN, PostState.REMOVED])
def test_what_is_out_of_sight_is_not_mended(
    session: Session, answer: Post, member: Viewer, state: PostState
) -> None:
    answer.state = state

    with pytest.raises(NotAllowed):
        mend(session, answer, "Autrement.", member)


def test_two_changes_at_once_lose_neither_text(
    session: Session, answer: Post, member: Viewer
) -> None:
    seen = answer.version
    mend(session, answer, "La première.", member)
    session.flush()

    with pytest.raises(Conflict) as refusal:
        mend(session, answer, "La seconde.", member, version=seen)
    assert (refusal.value.theirs, refusal.value.mine) == ("La première.", "La seconde.")


def test_a_change_that_adds_personal_data_warns_then_is_flagged_once(
    session: Session, answer: Post, member: Viewer
) -> None:
    with pytest.raises(LooksPersonal):
        mend(session, answer, "Au 418 555-0199.", member)
    mend(session, answer, "Au 418 555-0199.", member, is_meant=True)
    mend(session, answer, "Au 418 555-0199, le soir.", member)

    assert session.scalar(select(func.count()).where(Flag.post_id == answer.id)) == 1


def test_only_people_newly_named_are_told(
    session: Session, space: Space, answer: Post, member: Viewer, facilitator: Viewer
) -> None:
    told: list[frozenset[int]] = []

    def handler(_session: Session, *, mentioned: frozenset[int], **_facts: object) -> None:
        told.append(mentioned)

    event = "community.edited"
    hooks.events.setdefault(event, []).append(handler)
    try:
        mend(session, answer, "Merci @Camille Animation!", member)
        mend(session, answer, "Merci encore @Camille Animation!", member)
        mend(session, answer, "Merci à vous.", member)
    finally:
        hooks.events[event].remove(handler)

    assert told == [frozenset({facilitator.member_id}), frozenset(), frozenset()]
    assert session.scalars(select(PostMention)).all() == []
    assert space.id == answer.space_id


def test_a_removed_post_leaves_its_place_and_its_thread_the_one_before(
    session: Session, thread: Thread, answer: Post, member: Viewer
) -> None:
    session.query(OutboxRow).delete()
    remove_post(session, answer, by=member, thread=thread)

    assert (answer.state, answer.removed_by_id) == (PostState.REMOVED, member.member_id)
    assert (thread.last_number, thread.last_seq, thread.is_removed) == (2, 1, False)
    queued = session.scalars(select(OutboxRow.document_id)).all()
    assert str(thread.id) in queued
    actions = session.scalars(select(AuditEntry.action)).all()
    assert "community.post_removed" in actions


def test_removed_twice_is_removed_once(
    session: Session, thread: Thread, answer: Post, member: Viewer, facilitator: Viewer
) -> None:
    remove_post(session, answer, by=member, thread=thread)
    remove_post(session, answer, by=facilitator, thread=thread)

    assert answer.removed_by_id == member.member_id


def test_the_answer_that_is_removed_answers_no_more(
    session: Session, space: Space, thread: Thread, answer: Post, facilitator: Viewer
) -> None:
    accept(session, answer, by=facilitator, thread=thread, space=space)
    remove_post(session, answer, by=facilitator, thread=thread)

    assert thread.accepted_id is None


def test_a_thread_that_nobody_answered_goes_with_its_post(
    session: Session, thread: Thread, facilitator: Viewer
) -> None:
    first = session.scalars(select(Post).where(Post.thread_id == thread.id)).one()
    remove_post(session, first, by=facilitator, thread=thread)

    assert thread.is_removed


def test_nobody_removes_the_post_of_another(
    session: Session, space: Space, thread: Thread, member: Viewer
) -> None:
    first = session.scalars(select(Post).where(Post.thread_id == thread.id)).one()
    with pytest.raises(NotAllowed):
        remove_post(session, first, by=member, thread=thread)


def test_each_says_it_once_and_takes_it_back(
    session: Session, space: Space, thread: Thread, answer: Post, facilitator: Viewer
) -> None:
    for is_wanted, expected in ((True, 1), (True, 1), (False, 0), (False, 0)):
        react(
            session,
            answer,
            Appreciation.USEFUL,
            is_wanted=is_wanted,
            by=facilitator,
            space=space,
        )
        assert session.scalar(select(func.count()).select_from(PostReaction)) == expected
    assert thread.id == answer.thread_id


def test_nobody_thanks_themselves_nor_from_outside(
    session: Session, space: Space, answer: Post, member: Viewer
) -> None:
    for by in (member, make_viewer(session)):
        with pytest.raises(NotAllowed):
            react(session, answer, Appreciation.THANKS, is_wanted=True, by=by, space=space)


def test_who_asked_names_the_answer_and_may_change_their_mind(
    session: Session, space: Space, thread: Thread, answer: Post, facilitator: Viewer
) -> None:
    accept(session, answer, by=facilitator, thread=thread, space=space)
    assert thread.accepted_id == answer.id

    take_back(session, answer, by=facilitator, thread=thread, space=space)
    assert thread.accepted_id is None


def test_who_neither_asked_nor_moderates_names_no_answer(
    session: Session, space: Space, thread: Thread, answer: Post, member: Viewer
) -> None:
    with pytest.raises(NotAllowed):
        accept(session, answer, by=member, thread=thread, space=space)


def test_a_question_does_not_answer_itself(
    session: Session, space: Space, thread: Thread, facilitator: Viewer
) -> None:
    first = session.scalars(select(Post).where(Post.thread_id == thread.id)).one()
    with pytest.raises(DomainError, match="réponse publiée"):
        accept(session, first, by=facilitator, thread=thread, space=space)


def test_a_discussion_has_no_answer(
    session: Session, space: Space, thread: Thread, answer: Post, facilitator: Viewer
) -> None:
    thread.kind = ThreadKind.DISCUSSION
    with pytest.raises(NotAllowed):
        accept(session, answer, by=facilitator, thread=thread, space=space)


def test_who_facilitates_sums_up_and_the_index_learns_of_it(
    session: Session, space: Space, thread: Thread, facilitator: Viewer
) -> None:
    session.query(OutboxRow).delete()
    sum_up(
        session, thread, "Trois équipes.", seen=mark_of_summary(None), by=facilitator, space=space
    )

    stored = session.get_one(ThreadSummary, thread.id)
    assert (stored.source, stored.by_id) == ("Trois équipes.", facilitator.member_id)
    assert str(thread.id) in session.scalars(select(OutboxRow.document_id)).all()
    sum_up(session, thread, " ", seen=mark_of_summary(stored), by=facilitator, space=space)
    assert session.get(ThreadSummary, thread.id) is None


def test_two_summaries_at_once_lose_neither(
    session: Session, space: Space, thread: Thread, facilitator: Viewer
) -> None:
    blank = mark_of_summary(None)
    sum_up(session, thread, "La première.", seen=blank, by=facilitator, space=space)

    with pytest.raises(Conflict) as refusal:
        sum_up(session, thread, "La seconde.", seen=blank, by=facilitator, space=space)
    assert (refusal.value.theirs, refusal.value.mine) == ("La première.", "La seconde.")


def test_who_does_not_facilitate_sums_nothing_up(
    session: Session, space: Space, thread: Thread, member: Viewer
) -> None:
    with pytest.raises(NotAllowed):
        sum_up(session, thread, "À sa place.", seen="", by=member, space=space)


def test_the_author_changes_a_title_within_a_day_and_who_moderates_after(
    session: Session, space: Space, member: Viewer, facilitator: Viewer
) -> None:
    own = make_thread(session, space, author=member, title="Un premier titre")
    retitle(session, own, "Un autre titre", version=own.version, by=member, space=space)
    own.created_at = now() - timedelta(days=2)
    session.flush()

    with pytest.raises(NotAllowed):
        retitle(session, own, "Trop tard ici", version=own.version, by=member, space=space)
    retitle(session, own, "Un titre clair", version=own.version, by=facilitator, space=space)
    assert own.title == "Un titre clair"


def test_a_stale_title_is_a_conflict(
    session: Session, space: Space, thread: Thread, facilitator: Viewer
) -> None:
    with pytest.raises(Conflict) as refusal:
        retitle(session, thread, "Un autre titre", version=0, by=facilitator, space=space)
    assert refusal.value.theirs == thread.title


def test_nothing_changes_in_what_is_archived(
    session: Session, space: Space, thread: Thread, answer: Post, facilitator: Viewer
) -> None:
    space.stage = SpaceStage.CLOSED
    with pytest.raises(NotAllowed):
        remove_post(session, answer, by=facilitator, thread=thread)
    with pytest.raises(NotAllowed):
        accept(session, answer, by=facilitator, thread=thread, space=space)
    with pytest.raises(NotAllowed):
        sum_up(session, thread, "Trop tard.", seen="", by=facilitator, space=space)
    with pytest.raises(NotAllowed):
        retitle(session, thread, "Trop tard ici", version=1, by=facilitator, space=space)
    with pytest.raises(NotAllowed):
        react(session, answer, Appreciation.USEFUL, is_wanted=True, by=facilitator, space=space)


def test_no_post_changes_in_what_is_archived(
    session: Session, space: Space, answer: Post, member: Viewer
) -> None:
    space.stage = SpaceStage.CLOSED
    with pytest.raises(NotAllowed):
        mend(session, answer, "Autrement.", member)


def test_a_post_that_waited_takes_its_place_when_it_is_let_through(
    session: Session, space: Space, thread: Thread, member: Viewer
) -> None:
    space.first_posts = 1
    waiting = post(session, thread, "Mon premier mot @Camille Animation.", by=member)
    make_post(session, thread, author=None)
    told: list[int] = []

    def handler(_session: Session, **facts: Any) -> None:
        told.append(facts["post"].id)

    event = "community.posted"
    hooks.events.setdefault(event, []).append(handler)
    try:
        publish(session, waiting, thread=thread, space=space)
        publish(session, waiting, thread=thread, space=space)
    finally:
        hooks.events[event].remove(handler)

    named = session.scalars(select(Member.id).where(Member.name == "Camille Animation")).one()
    assert told == [waiting.id]
    assert session.scalars(
        select(PostMention.member_id).where(PostMention.post_id == waiting.id)
    ).all() == [named]
    assert waiting.seq == thread.last_seq == space.last_seq == 3
