"""Threads moved, split and merged: rights of both spaces, what is read stays read."""

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from inters4.community.models import (
    Act,
    Level,
    Membership,
    ModerationAct,
    Post,
    Space,
    SpaceStage,
    Thread,
    ThreadReading,
    ThreadSummary,
    Visibility,
)
from inters4.community.queries import telling
from inters4.community.queries.moderation import journal
from inters4.community.queries.unread import news_of, unread_counts
from inters4.community.queries.visibility import find_thread
from inters4.community.services.moving import move
from inters4.community.services.splitting import merge, split
from inters4.core.access import Role, Viewer
from inters4.core.errors import DomainError, NotAllowed
from inters4.core.hooks import hooks
from inters4.core.outbox import OutboxRow
from inters4.members.models import RoleGrant
from tests.builders.community import again, make_post, make_space, make_thread
from tests.builders.members import make_viewer


class Two:
    """A space with a thread of four posts, another space, and people of one or of both."""

    def __init__(self, session: Session) -> None:
        lead, author, both, one = (make_viewer(session) for _number in range(4))
        self.source: Space = make_space(session, facilitator=lead, members=(author, both, one))
        self.target: Space = make_space(
            session, facilitator=lead, members=(both,), visibility=Visibility.PRIVATE_HIDDEN
        )
        self.lead, self.author = again(session, lead), again(session, author)
        self.both, self.one = again(session, both), again(session, one)
        self.thread: Thread = make_thread(session, self.source, author=self.author)
        for _number in range(3):
            make_post(session, self.thread, author=self.author)


@pytest.fixture
def two(session: Session) -> Two:
    return Two(session)


def mark(
    session: Session, thread: Thread, who: Viewer, upto: int, level: Level | None = None
) -> None:
    """`who` has read the thread up to that number."""
    seq = session.scalar(
        select(func.max(Post.seq)).where(Post.thread_id == thread.id, Post.number <= upto)
    )
    session.add(
        ThreadReading(
            member_id=who.member_id,
            thread_id=thread.id,
            last_number=upto,
            last_seq=seq or 0,
            level=level,
        )
    )
    session.flush()


def numbers(session: Session, thread: Thread) -> list[tuple[int, str]]:
    rows = session.execute(
        select(Post.number, Post.source).where(Post.thread_id == thread.id).order_by(Post.number)
    )
    return [(row[0], row[1]) for row in rows]


def test_what_was_told_of_a_thread_that_went_awaits_those_who_still_read_it(
    session: Session, two: Two
) -> None:
    of_thread = select(Post).where(Post.thread_id == two.thread.id).order_by(Post.id)
    first = session.scalars(of_thread).first()
    assert first is not None
    people = [two.both.member_id or 0, two.one.member_id or 0]
    for kind, subject in (
        (telling.THREAD_KIND, telling.about_thread(two.thread.id)),
        (telling.MENTION_KIND, telling.about_post(first.id)),
        (telling.THREAD_KIND, telling.about_thread(make_thread(session, two.source).id)),
    ):
        hooks.notifier.notify(session, kind, people, subject=subject)

    move(session, two.thread, two.target, is_confirmed=True, by=two.lead)

    assert [again(session, who).unread for who in (two.both, two.one)] == [3, 1]


def test_a_thread_moves_with_its_posts_and_drops_who_does_not_read_there(
    session: Session, two: Two
) -> None:
    for who in (two.both, two.one):
        mark(session, two.thread, who, 2, Level.FOLLOWED)
    make_thread(session, two.target, author=two.both)
    session.execute(delete(OutboxRow))

    move(session, two.thread, two.target, is_confirmed=False, by=two.lead)

    assert two.thread.space_id == two.target.id
    posts = session.scalars(
        select(Post).where(Post.thread_id == two.thread.id).order_by(Post.number)
    ).all()
    assert {post.space_id for post in posts} == {two.target.id}
    assert [post.seq for post in posts] == [2, 3, 4, 5]
    assert two.thread.last_seq == two.target.last_seq == 5
    readings = session.scalars(select(ThreadReading)).all()
    assert [(one.member_id, one.last_seq) for one in readings] == [(two.both.member_id, 3)]
    assert news_of(session, two.both, [two.thread])[two.thread.id].count == 2
    queued = session.scalars(select(OutboxRow.document_id).where(OutboxRow.kind == "fil")).all()
    assert str(two.thread.id) in queued
    assert find_thread(session, two.target.slug, two.thread.id, viewer=two.one) is None
    assert find_thread(session, two.target.slug, two.thread.id, viewer=two.both) is two.thread


def test_both_journals_say_it_and_neither_names_the_other_space(session: Session, two: Two) -> None:
    move(session, two.thread, two.target, is_confirmed=False, by=two.lead)

    (left,) = journal(session, two.source.id, viewer=two.lead).rows
    (came,) = journal(session, two.target.id, viewer=two.lead).rows
    assert (left.act.act, left.thread) == (Act.MOVE_OUT, None)
    assert (came.act.act, came.thread) == (Act.MOVE_IN, two.thread)


def test_one_moderates_both_spaces_or_moves_nothing(session: Session, two: Two) -> None:
    session.add(RoleGrant(member_id=two.one.member_id, role=Role.MODERATOR, space_id=two.source.id))
    half = again(session, two.one)

    with pytest.raises(NotAllowed):
        move(session, two.thread, two.target, is_confirmed=True, by=half)
    with pytest.raises(NotAllowed):
        move(session, two.thread, two.target, is_confirmed=True, by=two.author)

    assert two.thread.space_id == two.source.id


def test_a_wider_space_asks_first_and_so_does_another_private_one(
    session: Session, two: Two
) -> None:
    other = make_space(session, facilitator=two.lead, visibility=Visibility.PRIVATE_HIDDEN)
    lead = again(session, two.lead)
    hidden = make_thread(session, two.target, author=two.both)
    for target in (two.source, other):
        with pytest.raises(DomainError) as refusal:
            move(session, hidden, target, is_confirmed=False, by=lead)
        assert refusal.value.about == "confirmation"
    move(session, hidden, two.source, is_confirmed=True, by=lead)

    assert hidden.space_id == two.source.id


def test_nothing_moves_into_or_out_of_an_archive(session: Session, two: Two) -> None:
    two.target.stage = SpaceStage.CLOSED
    session.flush()
    with pytest.raises(DomainError):
        move(session, two.thread, two.target, is_confirmed=True, by=two.lead)


def test_posts_leave_for_a_new_thread_in_their_order(session: Session, two: Two) -> None:
    make_post(session, two.thread, author=two.both, text="À part.")
    make_post(session, two.thread, author=two.one, text="Oui, à part.")
    accepted = session.scalars(
        select(Post).where(Post.thread_id == two.thread.id, Post.number == 5)
    ).one()
    two.thread.accepted_id = accepted.id
    mark(session, two.thread, two.both, 5, Level.FOLLOWED)
    mark(session, two.thread, two.author, 6)

    new = split(session, two.thread, {5, 6, 99}, title="  Un  sujet à part ", by=two.lead)

    assert new.title == "Un sujet à part"
    assert new.author_id == two.both.member_id
    assert numbers(session, new) == [(1, "À part."), (2, "Oui, à part.")]
    assert [number for number, _text in numbers(session, two.thread)] == [1, 2, 3, 4]
    assert two.thread.last_number == 6
    assert session.scalar(select(Thread.accepted_id).where(Thread.id == two.thread.id)) is None
    assert two.thread.last_seq < new.last_seq == two.source.last_seq
    reading = session.get_one(ThreadReading, (two.both.member_id, new.id))
    assert (reading.last_number, reading.level) == (1, Level.FOLLOWED)
    assert news_of(session, two.both, [new])[new.id].count == 1
    assert not news_of(session, two.author, [two.thread, new])


@pytest.mark.parametrize(
    ("chosen", "title", "about"),
    [({2}, "Non", "titre"), ({2}, "x" * 201, "titre"), ({1, 2}, "Un titre", "messages"),
     (set(), "Un titre", "messages"), ({77}, "Un titre", "messages")],
)  # fmt: skip
def test_a_split_that_cannot_be_says_why(
    session: Session, two: Two, chosen: set[int], title: str, about: str
) -> None:
    with pytest.raises(DomainError) as refusal:
        split(session, two.thread, chosen, title=title, by=two.lead)
    assert refusal.value.about == about


def test_two_threads_make_one_and_nothing_unread_is_lost(session: Session, two: Two) -> None:
    other = make_thread(session, two.source, author=two.one, title="Le même sujet", text="Un.")
    make_post(session, other, author=two.one, text="Deux.")
    mark(session, two.thread, two.both, 4)
    mark(session, other, two.both, 1, Level.FOLLOWED)
    mark(session, two.thread, two.author, 4)
    mark(session, other, two.author, 2)
    summary = ThreadSummary(thread_id=other.id)
    summary.write("On en dit ceci.")
    session.add(summary)
    earlier = Thread(
        space_id=two.source.id, title="Avant", merged_into_id=other.id, is_removed=True
    )
    session.add(earlier)
    session.flush()

    merge(session, other, two.thread, by=two.lead)
    merge(session, other, two.thread, by=two.lead)

    assert numbers(session, two.thread)[-2:] == [(5, "Un."), (6, "Deux.")]
    assert numbers(session, other) == []
    assert (other.merged_into_id, other.is_removed, other.last_seq) == (two.thread.id, True, 0)
    assert earlier.merged_into_id == two.thread.id
    assert two.thread.last_seq == two.source.last_seq
    assert news_of(session, two.both, [two.thread])[two.thread.id].count == 1
    reading = session.get_one(ThreadReading, (two.both.member_id, two.thread.id))
    assert reading.level is Level.FOLLOWED
    assert not news_of(session, two.author, [two.thread])
    assert unread_counts(session, two.author) == {}
    kept = session.get_one(ThreadSummary, two.thread.id)
    assert "ceci" in kept.html
    assert session.get(ThreadSummary, other.id) is None
    acts = session.scalars(select(ModerationAct.act)).all()
    assert list(acts) == [Act.MERGE]


def test_threads_of_two_spaces_are_not_merged(session: Session, two: Two) -> None:
    other = make_thread(session, two.target, author=two.both)
    with pytest.raises(DomainError):
        merge(session, other, two.thread, by=two.lead)
    with pytest.raises(DomainError):
        merge(session, two.thread, two.thread, by=two.lead)
    with pytest.raises(NotAllowed):
        merge(session, two.thread, make_thread(session, two.source), by=two.author)


def test_who_belongs_to_nothing_any_more_moderates_nothing(session: Session, two: Two) -> None:
    session.delete(session.get_one(Membership, (two.target.id, two.lead.member_id)))
    lead = again(session, two.lead)
    with pytest.raises(NotAllowed):
        move(session, two.thread, two.target, is_confirmed=True, by=lead)
