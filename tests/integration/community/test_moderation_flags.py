"""Flags: said once, told to who moderates, decided by another, answered without a name."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.exports.moderation_subjects import (
    AUTHOR_KIND,
    DECIDED_KIND,
    FLAG_KIND,
    WAITING_KIND,
)
from inters4.community.models import (
    Act,
    Flag,
    FlagReason,
    FlagState,
    Membership,
    ModerationAct,
    Post,
    PostState,
    PostVersion,
    Space,
    Thread,
    Visibility,
)
from inters4.community.queries.flags import count_awaiting, find_post, list_flagged, list_waiting
from inters4.community.queries.visibility import find_thread
from inters4.community.services.flagging import MOST_A_DAY, flag_post, reject, take_flags, uphold
from inters4.community.services.leaving import ban, lift_ban
from inters4.community.services.moderating import approve, decline, edit_post, hide, restore
from inters4.community.services.moderating_threads import (
    lock,
    pin,
    remove_thread,
    restore_thread,
    unlock,
    unpin,
)
from inters4.community.services.removing import remove_post
from inters4.core.access import Viewer
from inters4.core.audit import AuditEntry
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotAllowed, TooMany
from inters4.core.notices import Noticed, Told
from inters4.members.models import Member
from inters4.notices.models import Notice
from inters4.notices.queries.told import words_of
from inters4.settings import Settings
from tests.builders.community import again, make_post, make_space, make_thread
from tests.builders.members import make_viewer
from tests.builders.notices import leave, let_time_pass, text_of
from tests.builders.statements import statements


class People:
    """A space, those who lead it, who wrote, and who reads."""

    def __init__(self, session: Session, **fields: Any) -> None:
        lead, deputy = (make_viewer(session, name=name) for name in ("Léa Fictive", "Noé Fictif"))
        author = make_viewer(session, name="Ariane Essai")
        reader = make_viewer(session, name="Jo Lecture")
        self.space: Space = make_space(
            session, facilitator=lead, deputy=deputy, members=(author, reader), **fields
        )
        self.lead, self.deputy = again(session, lead), again(session, deputy)
        self.author, self.reader = again(session, author), again(session, reader)
        self.outside = make_viewer(session, name="Sam Dehors")
        self.thread: Thread = make_thread(session, self.space, author=self.author)
        self.post: Post = session.scalars(
            select(Post).where(Post.thread_id == self.thread.id)
        ).one()


@pytest.fixture
def people(session: Session) -> People:
    return People(session)


def told(session: Session, kind: str, who: Viewer) -> list[Told]:
    session.flush()
    rows = session.scalars(
        select(Notice)
        .where(Notice.kind == kind, Notice.member_id == who.member_id)
        .order_by(Notice.id)
    ).all()
    words = words_of(session, rows)
    return [words[row.id] for row in rows if row.id in words]


def test_a_flag_reaches_who_moderates_and_leaves_the_post_where_it_is(
    session: Session, people: People
) -> None:
    flag = flag_post(session, people.post, FlagReason.OFF_TOPIC, by=people.reader)

    assert flag.state is FlagState.OPEN
    assert people.post.state is PostState.PUBLISHED
    for who in (people.lead, people.deputy):
        (notice,) = told(session, FLAG_KIND, who)
        assert people.space.name in notice.title
        assert people.thread.title in notice.text
        assert notice.path == f"/communaute/{people.space.slug}/moderation/{people.thread.id}/1"
    assert not told(session, FLAG_KIND, people.author)


def test_a_flag_leaves_by_mail_too(session: Session, settings: Settings) -> None:
    people = People(session)
    flag_post(session, people.post, FlagReason.OFF_TOPIC, by=people.reader)
    session.commit()
    let_time_pass(session)

    letters = leave(settings)

    assert len(letters) == 2
    assert all("signalé" in text_of(letter) for letter in letters)
    assert not any("Jo Lecture" in text_of(letter) for letter in letters)


def test_personal_data_hides_the_post_at_once(session: Session, people: People) -> None:
    flag_post(session, people.post, FlagReason.PERSONAL, by=people.reader)

    assert people.post.state is PostState.HIDDEN
    assert people.thread.last_seq == 0
    line = session.scalars(select(ModerationAct)).one()
    assert (line.act, line.by_id) == (Act.HIDE, None)
    (notice,) = told(session, AUTHOR_KIND, people.author)
    assert "masqué" in notice.title
    assert "Jo Lecture" not in notice.title + notice.text
    slug, number = people.space.slug, people.thread.id
    assert find_post(session, slug, number, 1, viewer=people.reader) is None
    assert find_post(session, slug, number, 1, viewer=people.author) is people.post
    assert find_post(session, slug, number, 1, viewer=people.lead) is people.post


def test_the_same_person_flags_once_and_may_say_worse(session: Session, people: People) -> None:
    first = flag_post(session, people.post, FlagReason.OFF_TOPIC, by=people.reader)
    again_ = flag_post(
        session, people.post, FlagReason.PERSONAL, by=people.reader, note_text="Un prénom."
    )

    assert again_ is first
    assert (first.reason, first.note) == (FlagReason.PERSONAL, "Un prénom.")
    assert people.post.state is PostState.HIDDEN


@pytest.mark.parametrize("who", ["author", "outside"])
def test_who_wrote_it_or_does_not_belong_does_not_flag(
    session: Session, people: People, who: str
) -> None:
    with pytest.raises(NotAllowed):
        flag_post(session, people.post, FlagReason.PERSONAL, by=getattr(people, who))

    assert people.post.state is PostState.PUBLISHED


def test_another_reason_is_said(session: Session, people: People) -> None:
    with pytest.raises(DomainError) as refusal:
        flag_post(session, people.post, FlagReason.OTHER, by=people.reader, note_text="  ")

    assert refusal.value.about == "precision"


def test_flags_are_counted_by_day(session: Session, people: People) -> None:
    for _number in range(MOST_A_DAY):
        post = make_post(session, people.thread, author=people.author)
        flag_post(session, post, FlagReason.OFF_TOPIC, by=people.reader)

    with pytest.raises(TooMany):
        flag_post(session, people.post, FlagReason.OFF_TOPIC, by=people.reader)


def test_a_rejected_flag_shows_again_what_it_alone_had_hidden(
    session: Session, people: People
) -> None:
    flag = flag_post(session, people.post, FlagReason.PERSONAL, by=people.reader)
    reject(session, people.post, answer="Le nom est inventé.", by=people.lead)

    assert flag.state is FlagState.REJECTED
    assert people.post.state is PostState.PUBLISHED
    assert people.thread.last_seq == people.post.seq > 0
    (notice,) = told(session, DECIDED_KIND, people.reader)
    assert "Le nom est inventé." in notice.text
    assert all(one.is_over for one in told(session, FLAG_KIND, people.deputy))
    with pytest.raises(DomainError):
        flag_post(session, people.post, FlagReason.PERSONAL, by=people.reader)


def test_what_changed_since_may_be_flagged_again(session: Session, people: People) -> None:
    flag_post(session, people.post, FlagReason.PERSONAL, by=people.reader)
    reject(session, people.post, answer="Rien là.", by=people.lead)
    people.post.edited_at = now()
    session.flush()

    flag_post(session, people.post, FlagReason.PERSONAL, by=people.reader)

    assert people.post.state is PostState.HIDDEN


def test_what_somebody_had_hidden_stays_hidden_when_a_flag_is_rejected(
    session: Session, people: People
) -> None:
    flag_post(session, people.post, FlagReason.OFF_TOPIC, by=people.reader)
    hide(session, people.post, reason="Le temps de voir.", by=people.deputy)
    reject(session, people.post, answer="Il est à sa place.", by=people.lead)

    assert people.post.state is PostState.HIDDEN


def test_an_upheld_flag_hides_and_answers_everyone_who_flagged(
    session: Session, people: People
) -> None:
    flag_post(session, people.post, FlagReason.INAPPROPRIATE, by=people.reader)
    flag_post(session, people.post, FlagReason.OFF_TOPIC, by=people.deputy)
    take_flags(session, people.post, by=people.lead)
    assert set(session.scalars(select(Flag.state))) == {FlagState.IN_PROGRESS}

    uphold(session, people.post, answer="Ce ton ne passe pas.", is_hidden=True, by=people.lead)

    assert set(session.scalars(select(Flag.state))) == {FlagState.UPHELD}
    assert people.post.state is PostState.HIDDEN
    assert told(session, DECIDED_KIND, people.reader)
    (notice,) = told(session, AUTHOR_KIND, people.author)
    assert "Ce ton ne passe pas." in notice.text
    with pytest.raises(DomainError):
        uphold(session, people.post, answer="Encore.", is_hidden=True, by=people.lead)


def test_an_upheld_flag_may_leave_the_post_shown(session: Session, people: People) -> None:
    flag_post(session, people.post, FlagReason.PERSONAL, by=people.reader)
    uphold(session, people.post, answer="Le passage est effacé.", is_hidden=False, by=people.lead)

    assert people.post.state is PostState.PUBLISHED


def test_nobody_decides_of_what_they_wrote(session: Session, people: People) -> None:
    post = make_post(session, people.thread, author=people.lead)
    flag_post(session, post, FlagReason.PERSONAL, by=people.reader)

    acts: tuple[Callable[[], None], ...] = (
        lambda: reject(session, post, answer="Non.", by=people.lead),
        lambda: restore(session, post, by=people.lead),
        lambda: take_flags(session, post, by=people.lead),
    )
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    reject(session, post, answer="Non.", by=people.deputy)
    assert post.state is PostState.PUBLISHED


def test_only_who_moderates_does_anything(session: Session, people: People) -> None:
    flag_post(session, people.post, FlagReason.OFF_TOPIC, by=people.reader)
    acts: tuple[Callable[[], None], ...] = (
        lambda: hide(session, people.post, reason="Non.", by=people.reader),
        lambda: restore(session, people.post, by=people.reader),
        lambda: uphold(session, people.post, answer="Oui.", is_hidden=True, by=people.reader),
        lambda: lock(session, people.thread, by=people.reader),
        lambda: pin(session, people.thread, by=people.author),
        lambda: remove_thread(session, people.thread, reason="Non.", by=people.author),
        lambda: edit_post(
            session, people.post, "Autre", version=1, reason="Non.", by=people.reader
        ),
    )
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert list_flagged(session, people.space.id, viewer=people.reader).total == 0
    counts = count_awaiting(session, people.space.id, viewer=people.reader)
    assert (counts.flagged, counts.waiting) == (0, 0)


def test_who_left_the_space_is_told_nothing_more(session: Session) -> None:
    people = People(session, visibility=Visibility.PRIVATE_HIDDEN)
    flag_post(session, people.post, FlagReason.PERSONAL, by=people.reader)
    reject(session, people.post, answer="Rien là.", by=people.lead)
    assert told(session, FLAG_KIND, people.deputy)
    assert told(session, DECIDED_KIND, people.reader)
    assert told(session, AUTHOR_KIND, people.author)

    for who in (people.deputy, people.reader, people.author):
        session.delete(session.get_one(Membership, (people.space.id, who.member_id)))

    assert not told(session, FLAG_KIND, people.deputy)
    assert not told(session, DECIDED_KIND, people.reader)
    assert not told(session, AUTHOR_KIND, people.author)


def test_a_discreet_space_names_nothing_that_is_written(session: Session) -> None:
    people = People(session, is_discreet=True)
    flag_post(session, people.post, FlagReason.PERSONAL, by=people.reader)
    hide(session, people.post, reason="Un mot de trop.", by=people.lead)
    uphold(session, people.post, answer="Un mot de trop.", is_hidden=True, by=people.lead)

    words = [
        *told(session, FLAG_KIND, people.deputy),
        *told(session, DECIDED_KIND, people.reader),
        *told(session, AUTHOR_KIND, people.author),
    ]
    assert len(words) == 3
    assert not any(
        secret in one.title + one.text
        for one in words
        for secret in (people.thread.title, "mot de trop")
    )


def test_hidden_and_restored_it_is_where_it_was(session: Session, people: People) -> None:
    second = make_post(session, people.thread, author=people.reader)
    place = people.post.seq
    hide(session, people.post, reason="À revoir.", by=people.lead)
    hide(session, people.post, reason="À revoir.", by=people.deputy)
    assert people.thread.last_seq == second.seq
    restore(session, people.post, by=people.deputy, reason="Revu.")

    assert (people.post.state, people.post.seq) == (PostState.PUBLISHED, place)
    acts = session.scalars(select(ModerationAct).order_by(ModerationAct.id)).all()
    assert [(one.act, one.reason) for one in acts] == [
        (Act.HIDE, "À revoir."),
        (Act.RESTORE, "Revu."),
    ]


def test_an_edit_keeps_the_former_text_with_its_reason(session: Session, people: People) -> None:
    former = people.post.source
    edit_post(
        session,
        people.post,
        "Nous commençons en février.",
        version=people.post.version,
        reason="La date était fausse.",
        by=people.lead,
    )

    kept = session.scalars(select(PostVersion)).one()
    assert (kept.source, kept.reason) == (former, "La date était fausse.")
    assert people.post.edited_at is not None
    assert "février" in people.post.html
    with pytest.raises(Conflict) as refusal:
        edit_post(session, people.post, "Mars.", version=1, reason="Encore.", by=people.lead)
    assert (refusal.value.theirs, refusal.value.mine) == (people.post.source, "Mars.")


def test_first_posts_wait_until_somebody_lets_them_through(session: Session) -> None:
    people = People(session, first_posts=1)
    post = make_post(session, people.thread, author=people.reader, state=PostState.WAITING)
    assert [one.id for one in list_waiting(session, people.space.id, viewer=people.lead).rows] == [
        post.id
    ]

    approve(session, post, by=people.lead)
    approve(session, post, by=people.deputy)

    assert post.state is PostState.PUBLISHED
    assert post.seq == people.thread.last_seq == people.space.last_seq
    membership = session.get_one(Membership, (people.space.id, people.reader.member_id))
    assert membership.approved_posts == 1
    assert "publié" in told(session, AUTHOR_KIND, people.reader)[0].title
    assert count_awaiting(session, people.space.id, viewer=people.lead).waiting == 0


def test_a_first_post_that_is_declined_says_why(session: Session) -> None:
    people = People(session, first_posts=1)
    post = make_post(session, people.thread, author=people.reader, state=PostState.WAITING)

    decline(session, post, reason="C’est une publicité.", by=people.lead)

    assert post.state is PostState.REMOVED
    assert not people.thread.is_removed
    assert "C’est une publicité." in told(session, AUTHOR_KIND, people.reader)[0].text
    assert not told(session, WAITING_KIND, people.lead)


def test_locked_pinned_removed_and_back(session: Session, people: People) -> None:
    lock(session, people.thread, by=people.lead)
    pin(session, people.thread, by=people.lead)
    assert (people.thread.locked_at is None, people.thread.pinned_at is None) == (False, False)
    unlock(session, people.thread, by=people.lead)
    unpin(session, people.thread, by=people.lead)
    assert (people.thread.locked_at, people.thread.pinned_at) == (None, None)
    remove_thread(session, people.thread, reason="En double.", by=people.lead)
    assert find_thread(session, people.space.slug, people.thread.id, viewer=people.reader) is None
    assert "En double." in told(session, AUTHOR_KIND, people.author)[0].text
    restore_thread(session, people.thread, by=people.lead)

    assert find_thread(session, people.space.slug, people.thread.id, viewer=people.reader)
    assert [
        one.act for one in session.scalars(select(ModerationAct).order_by(ModerationAct.id))
    ] == [
        Act.LOCK,
        Act.PIN,
        Act.UNLOCK,
        Act.UNPIN,
        Act.REMOVE_THREAD,
        Act.RESTORE_THREAD,
    ]


def test_an_archived_space_is_still_flagged_and_hidden_but_not_arranged(session: Session) -> None:
    from inters4.community.models import SpaceStage

    people = People(session, stage=SpaceStage.CLOSED)
    flag_post(session, people.post, FlagReason.PERSONAL, by=people.reader)
    assert people.post.state is PostState.HIDDEN

    with pytest.raises(DomainError):
        pin(session, people.thread, by=people.lead)


def test_the_audit_journal_holds_no_word_that_somebody_typed(
    session: Session, people: People
) -> None:
    flag_post(session, people.post, FlagReason.OTHER, by=people.reader, note_text="secret un")
    hide(session, people.post, reason="secret deux", by=people.lead)
    uphold(session, people.post, answer="secret trois", is_hidden=True, by=people.lead)
    session.flush()

    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [one.action for one in entries] == [
        "community.flagged",
        "community.hide",
        "community.uphold",
    ]
    assert not any("secret" in str(one.detail) + one.subject for one in entries)


def test_the_queue_puts_personal_data_first_and_costs_the_same(
    session: Session, people: People
) -> None:
    posts = [make_post(session, people.thread, author=people.author) for _n in range(25)]
    for post in posts[:4]:
        flag_post(session, post, FlagReason.OFF_TOPIC, by=people.reader)
    with statements() as few:
        list_flagged(session, people.space.id, viewer=people.lead)
    for post in posts[4:-5]:
        flag_post(session, post, FlagReason.OFF_TOPIC, by=people.reader)
    flag_post(session, people.post, FlagReason.PERSONAL, by=people.deputy)
    session.flush()
    with statements() as many:
        page = list_flagged(session, people.space.id, viewer=people.lead)

    assert len(few) == len(many) == 4
    assert page.total == 21
    assert page.rows[0].post is people.post
    assert page.rows[0].reasons == [FlagReason.PERSONAL]
    with statements() as worded:
        words_of(session, session.scalars(select(Notice)).all())
    assert len(worded) <= 12


def test_a_notice_of_an_unknown_number_says_nothing(session: Session) -> None:
    from inters4.community.exports.moderation_notices import KINDS

    for kind in KINDS:
        assert kind.tell(session, [Noticed(1, 1, "message:999999", {})]) == {}


def test_what_facilitators_do_elsewhere_is_in_the_journal_too(
    session: Session, people: People
) -> None:
    remove_post(session, people.post, by=people.deputy, thread=people.thread)
    member = session.get_one(Member, people.reader.member_id)
    ban(session, people.space, member, "Des attaques.", by=people.lead)
    lift_ban(session, people.space, member.id, by=people.lead)

    lines = session.scalars(select(ModerationAct).order_by(ModerationAct.id)).all()
    assert [(line.act, line.member_id, line.reason) for line in lines] == [
        (Act.REMOVE, None, ""),
        (Act.BAN, member.id, "Des attaques."),
        (Act.LIFT_BAN, member.id, ""),
    ]
    (notice,) = told(session, AUTHOR_KIND, people.author)
    assert "retiré" in notice.title


def test_one_who_removes_their_own_post_leaves_no_line(session: Session, people: People) -> None:
    remove_post(session, people.post, by=people.author, thread=people.thread)

    assert session.scalars(select(ModerationAct)).all() == []
