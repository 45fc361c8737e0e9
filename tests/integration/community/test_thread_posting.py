"""Threads begin and posts follow: once each, by whoever may, in an order that nobody shares."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from inters4.community.models import (
    Flag,
    FlagReason,
    JoinPolicy,
    Membership,
    Post,
    PostMention,
    PostState,
    Sanction,
    SanctionKind,
    Space,
    SpaceReading,
    SpaceStage,
    Thread,
    ThreadKind,
    Visibility,
)
from inters4.community.services.posting import LooksPersonal, post
from inters4.community.services.starting import start_thread
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotAllowed, NotFound, TooLarge, TooMany
from inters4.core.outbox import OutboxRow
from inters4.members.models import Member
from tests.builders.community import again, make_post, make_space, make_thread
from tests.builders.members import make_viewer

TITLE = "Qui a essayé la visite du mardi?"


@pytest.fixture
def facilitator(session: Session) -> Viewer:
    return make_viewer(session)


@pytest.fixture
def member(session: Session) -> Viewer:
    return make_viewer(session)


@pytest.fixture
def space(session: Session, facilitator: Viewer, member: Viewer) -> Space:
    return make_space(session, facilitator=facilitator, members=(member,))


@pytest.fixture
def thread(session: Session, space: Space, facilitator: Viewer) -> Thread:
    return make_thread(session, space, author=facilitator)


def name(session: Session, viewer: Viewer, given: str) -> str:
    session.get_one(Member, viewer.member_id).name = given
    session.flush()
    return session.get_one(Member, viewer.member_id).public_id


def mentioned(session: Session, made: Post) -> set[int]:
    return set(session.scalars(select(PostMention.member_id).where(PostMention.post_id == made.id)))


def test_a_thread_begins_with_its_first_post(
    session: Session, space: Space, member: Viewer
) -> None:
    made = start_thread(session, space, title=TITLE, text="Nous **aussi**.", by=member)

    first = session.scalars(select(Post).where(Post.thread_id == made.id)).one()
    assert (first.number, first.seq, first.state) == (1, 1, PostState.PUBLISHED)
    assert (made.last_number, made.last_seq, space.last_seq) == (1, 1, 1)
    assert "<strong>aussi</strong>" in first.markup


def test_posts_are_numbered_in_their_thread_and_ordered_in_their_space(
    session: Session, space: Space, thread: Thread, member: Viewer
) -> None:
    other = start_thread(session, space, title=TITLE, text="Un autre fil.", by=member)
    made = post(session, thread, "Une réponse.", by=member)

    assert (made.number, made.seq) == (2, 3)
    assert (thread.last_seq, other.last_seq, space.last_seq) == (3, 2, 3)
    session.expire_all()
    stored = session.get_one(Thread, thread.id)
    assert (stored.last_number, stored.last_seq) == (2, 3)
    assert session.get_one(Space, space.id).last_seq == 3


def test_posting_makes_no_form_of_a_moderator_stale(
    session: Session, space: Space, thread: Thread, member: Viewer
) -> None:
    before = (space.version, thread.version)
    post(session, thread, "Une réponse.", by=member)
    session.expire_all()

    assert (space.version, thread.version) == before


def test_the_index_learns_of_a_post_in_the_same_transaction(
    session: Session, thread: Thread, member: Viewer
) -> None:
    session.execute(delete(OutboxRow))
    post(session, thread, "Une réponse.", by=member)

    rows = session.execute(select(OutboxRow.kind, OutboxRow.document_id)).all()
    assert ("fil", str(thread.id)) in {tuple(row) for row in rows}


def test_the_same_key_posts_once(session: Session, thread: Thread, member: Viewer) -> None:
    first = post(session, thread, "Une réponse.", by=member, key="a" * 32)
    second = post(session, thread, "  Une réponse. ", by=member, key="a" * 32)

    assert first.id == second.id
    assert session.scalar(select(func.count()).where(Post.thread_id == thread.id)) == 2


def test_the_same_key_with_another_text_loses_neither(
    session: Session, thread: Thread, member: Viewer
) -> None:
    post(session, thread, "Une réponse.", by=member, key="a" * 32)

    with pytest.raises(Conflict) as refusal:
        post(session, thread, "Une autre réponse.", by=member, key="a" * 32)
    assert (refusal.value.theirs, refusal.value.mine) == ("Une réponse.", "Une autre réponse.")


def test_the_same_key_in_another_thread_loses_neither_post(
    session: Session, space: Space, thread: Thread, member: Viewer
) -> None:
    other = make_thread(session, space)
    made = post(session, thread, "Une réponse.", by=member, key="a" * 32)

    with pytest.raises(Conflict) as refusal:
        post(session, other, "Une réponse.", by=member, key="a" * 32)
    with pytest.raises(Conflict):
        start_thread(session, space, title=TITLE, text="Une réponse.", by=member, key="a" * 32)

    assert (refusal.value.theirs, refusal.value.mine) == (made.source, "Une réponse.")
    assert other.last_number == 1


@pytest.mark.parametrize(
    "changed", [{"title": "Un autre titre que le premier"}, {"kind": ThreadKind.QUESTION}]
)
def test_the_same_key_with_another_title_or_kind_is_not_said_to_be_posted(
    session: Session, space: Space, member: Viewer, changed: dict[str, Any]
) -> None:
    sent: dict[str, Any] = {"title": TITLE, "text": "Voici.", "by": member, "key": "b" * 32}
    started = start_thread(session, space, **sent)

    assert start_thread(session, space, **sent).id == started.id
    with pytest.raises(Conflict):
        start_thread(session, space, **{**sent, **changed})


def test_the_same_key_starts_one_thread(session: Session, space: Space, member: Viewer) -> None:
    made = [
        start_thread(session, space, title=TITLE, text="Voici.", by=member, key="b" * 32)
        for _time in range(2)
    ]

    assert made[0].id == made[1].id


def test_who_does_not_belong_does_not_post_where_one_asks_to_come_in(
    session: Session, thread: Thread, space: Space
) -> None:
    space.join_policy = JoinPolicy.REQUEST

    with pytest.raises(NotAllowed, match="Adhérez"):
        post(session, thread, "Bonjour.", by=make_viewer(session))


def test_whoever_posts_in_an_open_space_joins_it(
    session: Session, thread: Thread, space: Space
) -> None:
    newcomer = make_viewer(session)
    post(session, thread, "Bonjour.", by=newcomer)

    assert session.get(Membership, (space.id, newcomer.member_id)) is not None
    reading = session.get_one(SpaceReading, (newcomer.member_id, space.id))
    assert reading.read_seq == 1
    assert space.id in again(session, newcomer).spaces


def test_an_open_policy_opens_no_private_space(session: Session) -> None:
    space = make_space(session, visibility=Visibility.PRIVATE_LISTED, join_policy=JoinPolicy.OPEN)
    thread = make_thread(session, space)

    with pytest.raises(NotAllowed):
        post(session, thread, "Bonjour.", by=make_viewer(session))


@pytest.mark.parametrize("kind", [SanctionKind.SUSPENSION, SanctionKind.BAN])
def test_whoever_is_suspended_does_not_write(
    session: Session, thread: Thread, space: Space, member: Viewer, kind: SanctionKind
) -> None:
    until = now() + timedelta(days=3) if kind is SanctionKind.SUSPENSION else None
    session.add(
        Sanction(
            space_id=space.id, member_id=member.member_id, kind=kind, reason="Assez.", until=until
        )
    )

    with pytest.raises(NotAllowed, match="Vous ne pouvez"):
        post(session, thread, "Encore.", by=member)


def test_a_suspension_that_ended_holds_nobody(
    session: Session, thread: Thread, space: Space, member: Viewer
) -> None:
    session.add(
        Sanction(
            space_id=space.id,
            member_id=member.member_id,
            kind=SanctionKind.SUSPENSION,
            reason="Assez.",
            until=now() - timedelta(minutes=1),
        )
    )

    assert post(session, thread, "Me revoilà.", by=member).is_published


def test_an_archived_space_is_read_only(
    session: Session, thread: Thread, space: Space, member: Viewer
) -> None:
    space.stage = SpaceStage.CLOSED

    with pytest.raises(NotAllowed, match="archivé"):
        post(session, thread, "Encore un mot.", by=member)


def test_a_locked_thread_is_for_who_moderates(
    session: Session, thread: Thread, member: Viewer, facilitator: Viewer
) -> None:
    thread.locked_at = now()

    with pytest.raises(NotAllowed, match="verrouillé"):
        post(session, thread, "Encore un mot.", by=member)
    assert post(session, thread, "Le mot de la fin.", by=again(session, facilitator)).number == 2


def test_a_thread_that_was_removed_takes_no_answer(
    session: Session, thread: Thread, member: Viewer
) -> None:
    thread.is_removed = True

    with pytest.raises(NotFound):
        post(session, thread, "Encore un mot.", by=member)


def test_first_posts_wait_then_are_trusted(
    session: Session, thread: Thread, space: Space, member: Viewer
) -> None:
    space.first_posts = 1
    waiting = post(session, thread, "Mon premier message.", by=member)

    assert (waiting.state, waiting.seq) == (PostState.WAITING, 0)
    assert thread.last_seq == 1
    session.get_one(Membership, (space.id, member.member_id)).approved_posts = 1
    assert post(session, thread, "Mon deuxième message.", by=member).is_published


def test_announcements_are_made_by_who_facilitates(
    session: Session, space: Space, member: Viewer, facilitator: Viewer
) -> None:
    def announce(by: Viewer) -> Thread:
        kind = ThreadKind.ANNOUNCEMENT
        return start_thread(session, space, title=TITLE, text="Voici.", kind=kind, by=by)

    with pytest.raises(NotAllowed, match="annonce"):
        announce(member)
    assert announce(again(session, facilitator)).kind is ThreadKind.ANNOUNCEMENT


@pytest.mark.parametrize("title", ["", "Oui?", "a" * 201, " \n "])
def test_a_title_says_something_and_ends(
    session: Session, space: Space, member: Viewer, title: str
) -> None:
    with pytest.raises(DomainError, match="titre") as refusal:
        start_thread(session, space, title=title, text="Voici.", by=member)
    assert refusal.value.about == "titre"


def test_a_post_says_something_and_ends(session: Session, thread: Thread, member: Viewer) -> None:
    with pytest.raises(DomainError, match="Écrivez"):
        post(session, thread, " \0\n ", by=member)
    with pytest.raises(TooLarge):
        post(session, thread, "a" * 32_001, by=member)


def test_a_thread_is_about_what_there_is(session: Session, space: Space, member: Viewer) -> None:
    with pytest.raises(DomainError, match="document"):
        start_thread(
            session, space, title=TITLE, text="Voici.", by=member, about=("fiche", "nulle-part")
        )


def test_nobody_floods_a_space(session: Session, thread: Thread, member: Viewer) -> None:
    for number in range(5):
        post(session, thread, f"Message {number}.", by=member)

    with pytest.raises(TooMany) as refusal:
        post(session, thread, "Un de trop.", by=member)
    assert 0 < refusal.value.retry_after <= 121


def test_a_post_names_people_who_read_it(
    session: Session, space: Space, thread: Thread, member: Viewer, facilitator: Viewer
) -> None:
    stranger = make_viewer(session)
    name(session, facilitator, "Ariane Lebrun")
    name(session, stranger, "Basile Roy")
    made = post(session, thread, "@Ariane Lebrun, qu’en dit @Basile Roy?", by=member)

    assert mentioned(session, made) == {facilitator.member_id}
    assert space.visibility is Visibility.MEMBERS


def test_two_people_of_one_name_are_told_apart_by_completion(
    session: Session, space: Space, thread: Thread, member: Viewer
) -> None:
    twins = [make_viewer(session), make_viewer(session)]
    names = [name(session, one, "Dominique Roy") for one in twins]
    session.add_all(Membership(space_id=space.id, member_id=one.member_id) for one in twins)
    session.flush()

    unclear = post(session, thread, "Merci @Dominique Roy!", by=member)
    clear = post(session, thread, "Merci @Dominique Roy!", by=member, chosen=[names[1]])

    assert mentioned(session, unclear) == set()
    assert mentioned(session, clear) == {twins[1].member_id}


def test_a_post_names_ten_people_at_most(
    session: Session, space: Space, thread: Thread, member: Viewer
) -> None:
    crowd = [make_viewer(session) for _number in range(11)]
    for number, one in enumerate(crowd):
        name(session, one, f"Personne{number}")
        session.add(Membership(space_id=space.id, member_id=one.member_id))
    session.flush()
    text = ", ".join(f"@Personne{number}" for number in range(11))

    with pytest.raises(DomainError, match="11 personnes"):
        post(session, thread, text, by=member)


def test_what_may_name_a_patient_warns_then_is_flagged(
    session: Session, thread: Thread, member: Viewer
) -> None:
    text = "Sa carte est TREM 5851 0112."
    with pytest.raises(LooksPersonal) as refusal:
        post(session, thread, text, by=member)
    assert [one.text for one in refusal.value.seen] == ["TREM 5851 0112"]

    made = post(session, thread, text, by=member, is_meant=True)

    flag = session.scalars(select(Flag).where(Flag.post_id == made.id)).one()
    assert made.is_suspect
    assert (flag.member_id, flag.reason) == (None, FlagReason.PERSONAL)
    assert "TREM" not in flag.note


def test_a_post_of_the_builder_and_of_the_service_follow_each_other(
    session: Session, thread: Thread, member: Viewer
) -> None:
    make_post(session, thread, author=member)

    assert post(session, thread, "Ensuite.", by=member).number == 3


def test_forms_without_a_key_post_each_time(session: Session) -> None:
    author = make_viewer(session)
    space = make_space(session, members=(author,))
    thread, by = make_thread(session, space), again(session, author)

    posts = [post(session, thread, text, by=by, key="") for text in ("Un.", "Deux.")]

    assert [one.number for one in posts] == [2, 3]
