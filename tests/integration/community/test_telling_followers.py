"""Who is told of a post, how, once; and who is not told any more when it is sent."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from inters4.community.jobs.telling import tell_new_posts
from inters4.community.models import (
    Level,
    Membership,
    PostState,
    PostTelling,
    Space,
    Thread,
    ThreadKind,
    ThreadReading,
    Visibility,
)
from inters4.community.queries.telling import MENTION_KIND, REPLY_KIND, SPACE_KIND, THREAD_KIND
from inters4.community.queries.unread import marker, unread_counts
from inters4.community.services.editing import revise
from inters4.community.services.following import (
    follow_space,
    follow_thread,
    prefer,
)
from inters4.community.services.leaving import leave as leave_space
from inters4.community.services.posting import post
from inters4.community.services.publishing import publish
from inters4.community.services.quoting import quoted
from inters4.community.services.reading import mark_all_read, mark_read
from inters4.community.services.starting import start_thread
from inters4.community.services.telling import tell_waiting
from inters4.core.access import Viewer
from inters4.core.jobs import jobs
from inters4.core.mail import QueuedMail
from inters4.core.notices import Channel
from inters4.members.models import Member
from inters4.notices.models import Notice, NoticeChoice, default_settings
from inters4.notices.queries.told import words_of
from inters4.notices.services.choosing import Wishes, save_wishes
from inters4.notices.services.digests import make_due_digests
from inters4.settings import Settings
from tests.builders.community import again, make_post, make_space, make_thread
from tests.builders.members import make_viewer
from tests.builders.notices import leave, let_time_pass, text_of
from tests.builders.statements import statements

TITLE = "Qui a essayé la visite du mardi?"


@pytest.fixture(autouse=True)
def _bound(settings: Settings) -> Iterator[None]:
    jobs.bind(settings)
    yield
    jobs.close()


@pytest.fixture
def author(session: Session) -> Viewer:
    return make_viewer(session)


@pytest.fixture
def reader(session: Session) -> Viewer:
    return make_viewer(session)


@pytest.fixture
def space(session: Session, author: Viewer, reader: Viewer) -> Space:
    return make_space(session, members=(author, reader), visibility=Visibility.PRIVATE_LISTED)


def told(session: Session, viewer: Viewer) -> list[tuple[str, str]]:
    """What waits for someone: kinds, and what they say now."""
    rows = session.scalars(
        select(Notice)
        .where(Notice.member_id == viewer.member_id, Notice.read_at.is_(None))
        .order_by(Notice.id)
        .execution_options(populate_existing=True)
    ).all()
    words = words_of(session, rows)
    return [(row.kind, words[row.id].title) for row in rows if row.id in words]


def kinds(session: Session, viewer: Viewer) -> list[str]:
    return [kind for kind, _title in told(session, viewer)]


def name(session: Session, viewer: Viewer, given: str) -> str:
    session.get_one(Member, viewer.member_id).name = given
    session.flush()
    return session.get_one(Member, viewer.member_id).public_id


def test_whoever_is_named_is_told_once(
    session: Session, space: Space, author: Viewer, reader: Viewer
) -> None:
    author, reader = again(session, author), again(session, reader)
    name(session, author, "Camille Essai")
    chosen = name(session, reader, "Dominique Essai")
    start_thread(
        session, space, title=TITLE, text="@Dominique Essai, et toi?", by=author, chosen=[chosen]
    )
    tell_waiting(session)

    assert told(session, reader) == [
        (MENTION_KIND, "Camille Essai vous nomme dans « Qui a essayé la visite du mardi? »")
    ]
    assert session.scalar(select(func.count()).select_from(QueuedMail)) == 1


def test_whoever_began_a_thread_is_told_of_answers_but_never_of_their_own(
    session: Session, space: Space, author: Viewer, reader: Viewer
) -> None:
    author, reader = again(session, author), again(session, reader)
    thread = start_thread(session, space, title=TITLE, text="Et vous?", by=author)
    post(session, thread, "J’ajoute une précision.", by=author)
    mark_read(session, reader, thread, 2)
    post(session, thread, "Nous l’avons essayée.", by=reader)
    tell_waiting(session)

    assert kinds(session, author) == [REPLY_KIND]
    assert kinds(session, reader) == []


def test_whoever_is_quoted_is_told(session: Session, space: Space, author: Viewer) -> None:
    other, third = make_viewer(session), make_viewer(session)
    for one in (other, third):
        session.add(Membership(space_id=space.id, member_id=one.member_id))
    author, other, third = (again(session, one) for one in (author, other, third))
    for one in (other, third):
        prefer(session, follows=False, by=one)
    thread = start_thread(session, space, title=TITLE, text="Et vous?", by=author)
    answer = post(session, thread, "Nous l’avons essayée.", by=other)
    quotation = quoted(answer.source, author="Un *Nom* Fictif", number=answer.number)
    post(session, thread, f"{quotation}Combien de fois?", by=third)
    post(session, thread, f"{quotation}Je me cite.", by=other)
    tell_waiting(session)

    assert kinds(session, other) == [REPLY_KIND]
    assert kinds(session, third) == []


def test_posting_tells_nobody_by_itself_and_leaves_one_row(
    session: Session, space: Space, author: Viewer, reader: Viewer
) -> None:
    author, reader = again(session, author), again(session, reader)
    chosen = name(session, reader, "Dominique Essai")
    thread = start_thread(session, space, title=TITLE, text="Et vous?", by=reader)
    tell_waiting(session)

    made = post(session, thread, "@Dominique Essai, oui.", by=author, chosen=[chosen])

    assert session.scalars(select(Notice)).all() == []
    assert session.scalars(select(PostTelling.post_id)).all() == [made.id]
    tell_waiting(session)
    assert kinds(session, reader) == [MENTION_KIND]


def test_whoever_read_a_post_before_the_worker_came_is_told_nothing_of_it(
    session: Session, space: Space, author: Viewer, reader: Viewer
) -> None:
    author, reader = again(session, author), again(session, reader)
    chosen = name(session, reader, "Dominique Essai")
    thread = start_thread(session, space, title=TITLE, text="Et vous?", by=reader)
    post(session, thread, "Nous aussi.", by=author)
    post(session, thread, "@Dominique Essai, et en avril?", by=author, chosen=[chosen])
    mark_read(session, reader, thread, 2)

    tell_waiting(session)

    assert kinds(session, reader) == [MENTION_KIND]


def test_whoever_an_edit_names_before_the_worker_came_is_told_once(
    session: Session, space: Space, author: Viewer, reader: Viewer
) -> None:
    author, reader = again(session, author), again(session, reader)
    chosen = name(session, reader, "Dominique Essai")
    thread = start_thread(session, space, title=TITLE, text="Et vous?", by=author)
    made = post(session, thread, "Qui d’autre?", by=author)
    text = "@Dominique Essai, et toi?"
    revise(
        session,
        made,
        text,
        version=made.version,
        by=author,
        thread=thread,
        space=space,
        chosen=[chosen],
    )

    tell_waiting(session)

    assert kinds(session, reader) == [MENTION_KIND]


def test_several_workers_tell_each_follower_once(
    session: Session, space: Space, author: Viewer, reader: Viewer
) -> None:
    author, reader = again(session, author), again(session, reader)
    follow_space(session, space, Level.FOLLOWED, by=reader)
    for number in range(3):
        start_thread(session, space, title=f"Un fil {number}", text=f"{number}?", by=author)
    session.commit()

    with ThreadPoolExecutor(4) as pool:
        done = sum(pool.map(lambda _one: tell_new_posts(), range(4)))

    assert done == 3
    assert kinds(session, reader) == [SPACE_KIND] * 3
    assert session.scalars(select(PostTelling)).all() == []


def test_whoever_writes_follows_unless_they_prefer_not_to(
    session: Session, space: Space, author: Viewer, reader: Viewer
) -> None:
    author, reader = again(session, author), again(session, reader)
    prefer(session, follows=False, by=author)
    thread = start_thread(session, space, title=TITLE, text="Et vous?", by=author)
    post(session, thread, "Nous aussi.", by=reader)

    assert marker(session, author, thread).level is None
    assert marker(session, reader, thread).level is Level.FOLLOWED


def test_whoever_said_otherwise_does_not_follow_by_writing(
    session: Session, space: Space, author: Viewer, reader: Viewer
) -> None:
    author, reader = again(session, author), again(session, reader)
    thread = start_thread(session, space, title=TITLE, text="Et vous?", by=author)
    follow_thread(session, thread, Level.NORMAL, by=reader)

    post(session, thread, "Nous aussi.", by=reader)

    assert marker(session, reader, thread).level is Level.NORMAL


def test_followers_have_one_notice_a_thread_that_counts_what_they_did_not_read(
    session: Session, space: Space, author: Viewer, reader: Viewer
) -> None:
    author, reader = again(session, author), again(session, reader)
    thread = start_thread(session, space, title=TITLE, text="Et vous?", by=author)
    mark_read(session, reader, thread, 1)
    follow_thread(session, thread, Level.FOLLOWED, by=reader)
    for _post in range(3):
        post(session, thread, f"Encore {_post}.", by=author)
        tell_waiting(session)

    assert told(session, reader) == [(THREAD_KIND, f"3 nouveaux messages dans « {TITLE} »")]
    assert session.scalar(select(func.count()).select_from(PostTelling)) == 0


def test_followers_of_a_space_are_told_of_its_threads_unless_they_muted_one(
    session: Session, space: Space, author: Viewer, reader: Viewer
) -> None:
    author, reader = again(session, author), again(session, reader)
    follow_space(session, space, Level.FOLLOWED, by=reader)
    loud = start_thread(session, space, title="Un fil à lire", text="Et vous?", by=author)
    quiet = start_thread(session, space, title="Un fil à taire", text="Et vous?", by=author)
    tell_waiting(session)
    assert kinds(session, reader) == [SPACE_KIND, SPACE_KIND]

    follow_thread(session, quiet, Level.MUTED, by=reader)
    post(session, quiet, "Encore.", by=author)
    post(session, loud, "Encore.", by=author)
    tell_waiting(session)

    assert told(session, reader) == [(SPACE_KIND, "2 nouveaux messages dans « Un fil à lire »")]


def test_muting_again_and_following_again_tells_of_what_comes_next(
    session: Session, space: Space, author: Viewer, reader: Viewer
) -> None:
    author, reader = again(session, author), again(session, reader)
    thread = start_thread(session, space, title=TITLE, text="Et vous?", by=author)
    follow_thread(session, thread, Level.FOLLOWED, by=reader)
    post(session, thread, "Un.", by=author)
    tell_waiting(session)
    follow_thread(session, thread, Level.MUTED, by=reader)
    assert kinds(session, reader) == []

    follow_thread(session, thread, Level.FOLLOWED, by=reader)
    post(session, thread, "Deux.", by=author)
    tell_waiting(session)

    assert kinds(session, reader) == [THREAD_KIND]


def test_an_announcement_reaches_everyone_but_those_who_muted_the_space(session: Session) -> None:
    facilitator, one, other, quiet = (make_viewer(session) for _person in range(4))
    space = make_space(session, facilitator=facilitator, members=(one, other, quiet))
    facilitator, quiet = again(session, facilitator), again(session, quiet)
    follow_space(session, space, Level.MUTED, by=quiet)
    thread = start_thread(
        session,
        space,
        title="La rencontre est déplacée",
        text="Au 12 mai.",
        by=facilitator,
        kind=ThreadKind.ANNOUNCEMENT,
    )
    tell_waiting(session)
    assert [kinds(session, who) for who in (one, other, quiet, facilitator)] == [
        [SPACE_KIND],
        [SPACE_KIND],
        [],
        [],
    ]

    mark_read(session, again(session, one), thread, 1)
    post(session, thread, "J’ajoute l’adresse.", by=facilitator)
    tell_waiting(session)

    assert kinds(session, one) == []


def test_reading_the_thread_reads_what_was_told_of_it(
    session: Session, space: Space, author: Viewer, reader: Viewer
) -> None:
    author, reader = again(session, author), again(session, reader)
    chosen = name(session, reader, "Dominique Essai")
    thread = start_thread(
        session, space, title=TITLE, text="@Dominique Essai, et toi?", by=author, chosen=[chosen]
    )
    follow_thread(session, thread, Level.FOLLOWED, by=reader)
    post(session, thread, "Encore.", by=author)
    tell_waiting(session)
    assert kinds(session, reader) == [MENTION_KIND, THREAD_KIND]

    mark_read(session, reader, thread, 1)
    assert kinds(session, reader) == [THREAD_KIND]
    mark_read(session, reader, thread, 2)
    assert kinds(session, reader) == []


def test_what_is_approved_late_is_told_to_whoever_wrote_or_read_further_on(
    session: Session, space: Space, author: Viewer, reader: Viewer
) -> None:
    author, reader = again(session, author), again(session, reader)
    name(session, reader, "Dominique Essai")
    thread = start_thread(session, space, title=TITLE, text="Bonjour.", by=author)
    follow_thread(session, thread, Level.FOLLOWED, by=reader)
    space.first_posts = 99
    late = post(session, thread, "Un premier mot, @Dominique Essai.", by=author)
    space.first_posts = 0
    for _post in range(19):
        make_post(session, thread, author=author)
    post(session, thread, "Je suis allée plus loin.", by=reader)
    tell_waiting(session)
    mark_read(session, reader, thread, 22)
    assert kinds(session, reader) == []

    publish(session, late, thread=thread, space=space)
    tell_waiting(session)
    assert kinds(session, reader) == [MENTION_KIND]
    mark_read(session, reader, thread, 22)
    assert kinds(session, reader) == [MENTION_KIND]
    mark_read(session, reader, thread, 20)
    assert kinds(session, reader) == []


def test_marking_the_space_as_read_reads_what_was_told_of_it_and_nothing_else(
    session: Session, space: Space, author: Viewer, reader: Viewer
) -> None:
    other = make_space(session, members=(author, reader))
    author, reader = again(session, author), again(session, reader)
    for place in (space, other):
        follow_space(session, place, Level.FOLLOWED, by=reader)
        start_thread(session, place, title=TITLE, text=f"Dans {place.name}.", by=author)
    tell_waiting(session)

    mark_all_read(session, reader, space)

    assert kinds(session, reader) == [SPACE_KIND]
    assert unread_counts(session, reader) == {other.id: 1}


def test_a_mail_leaves_once_for_a_thread_until_it_is_read(
    session: Session, space: Space, author: Viewer, reader: Viewer, settings: Settings
) -> None:
    author, reader = again(session, author), again(session, reader)
    name(session, reader, "Dominique Essai")
    thread = start_thread(session, space, title=TITLE, text="Et vous?", by=reader)
    post(session, thread, "Nous aussi, depuis mars.", by=author)
    post(session, thread, "Et depuis avril à Gaspé.", by=author)
    tell_waiting(session)
    session.commit()
    assert leave(settings) == []
    let_time_pass(session)

    mails = leave(settings)

    assert len(mails) == 1
    assert "depuis mars" in text_of(mails[0])
    assert "depuis avril" in text_of(mails[0])
    post(session, thread, "Encore.", by=author)
    tell_waiting(session)
    let_time_pass(session)
    assert leave(settings) == []
    mark_read(session, reader, thread, 4)
    post(session, thread, "Toujours.", by=author)
    tell_waiting(session)
    let_time_pass(session)
    assert len(leave(settings)) == 1


def test_mentions_and_answers_in_one_thread_leave_in_one_mail(
    session: Session, space: Space, author: Viewer, reader: Viewer, settings: Settings
) -> None:
    author, reader = again(session, author), again(session, reader)
    chosen = name(session, reader, "Dominique Essai")
    thread = start_thread(session, space, title=TITLE, text="Et vous?", by=reader)
    post(session, thread, "Nous aussi, depuis mars.", by=author)
    post(session, thread, "@Dominique Essai, et en avril?", by=author, chosen=[chosen])
    tell_waiting(session)
    let_time_pass(session)

    (mail,) = leave(settings)

    assert "depuis mars" in text_of(mail)
    assert "et en avril" in text_of(mail)
    post(session, thread, "@Dominique Essai, encore.", by=author, chosen=[chosen])
    tell_waiting(session)
    let_time_pass(session)
    assert leave(settings) == []


def test_refusing_one_kind_leaves_the_other_its_mail(
    session: Session, space: Space, author: Viewer, reader: Viewer, settings: Settings
) -> None:
    author, reader = again(session, author), again(session, reader)
    chosen = name(session, reader, "Dominique Essai")
    thread = start_thread(session, space, title=TITLE, text="Et vous?", by=reader)
    post(session, thread, "Nous aussi, depuis mars.", by=author)
    post(session, thread, "@Dominique Essai, et en avril?", by=author, chosen=[chosen])
    tell_waiting(session)
    session.add(NoticeChoice(member_id=reader.member_id, kind=REPLY_KIND, channel=Channel.IN_APP))
    let_time_pass(session)

    (mail,) = leave(settings)

    assert "et en avril" in text_of(mail)
    assert "depuis mars" not in text_of(mail)


def test_what_shared_a_mail_goes_to_the_digest_when_its_kind_does(
    session: Session, space: Space, author: Viewer, reader: Viewer, settings: Settings
) -> None:
    author, reader = again(session, author), again(session, reader)
    chosen = name(session, reader, "Dominique Essai")
    thread = start_thread(session, space, title=TITLE, text="Et vous?", by=reader)
    post(session, thread, "@Dominique Essai, et en avril?", by=author, chosen=[chosen])
    post(session, thread, "Nous aussi, depuis mars.", by=author)
    tell_waiting(session)
    assert reader.member_id is not None
    held = default_settings(reader.member_id)
    save_wishes(
        session,
        reader.member_id,
        Wishes(
            mail=held.mail,
            frequency=held.frequency,
            hour=held.hour,
            weekday=held.weekday,
            zone=held.zone,
            is_discreet=False,
            channels={REPLY_KIND: Channel.DIGEST},
        ),
    )
    let_time_pass(session)
    (mail,) = leave(settings)
    assert "depuis mars" not in text_of(mail)

    make_due_digests(session)
    session.commit()
    (mail,) = leave(settings)

    assert "depuis mars" in text_of(mail)


def test_no_mail_leaves_for_what_was_read_meanwhile(
    session: Session, space: Space, author: Viewer, reader: Viewer, settings: Settings
) -> None:
    author, reader = again(session, author), again(session, reader)
    thread = start_thread(session, space, title=TITLE, text="Et vous?", by=reader)
    post(session, thread, "Nous aussi.", by=author)
    tell_waiting(session)
    mark_read(session, reader, thread, 2)
    let_time_pass(session)

    assert leave(settings) == []


def test_whoever_left_the_space_is_told_nothing_more(
    session: Session, space: Space, author: Viewer, reader: Viewer, settings: Settings
) -> None:
    author, reader = again(session, author), again(session, reader)
    thread = start_thread(session, space, title=TITLE, text="Et vous?", by=reader)
    post(session, thread, "Nous aussi.", by=author)
    tell_waiting(session)
    session.execute(delete(Membership).where(Membership.member_id == reader.member_id))
    let_time_pass(session)

    assert leave(settings) == []
    assert told(session, reader) == []
    post(session, thread, "Encore.", by=author)
    tell_waiting(session)
    total = select(func.count()).select_from(Notice)
    assert session.scalar(total.where(Notice.member_id == reader.member_id)) == 1


def test_leaving_a_space_ends_what_was_followed_there(
    session: Session, space: Space, author: Viewer, reader: Viewer
) -> None:
    author, reader = again(session, author), again(session, reader)
    follow_space(session, space, Level.FOLLOWED, by=reader)
    thread = start_thread(session, space, title=TITLE, text="Et vous?", by=author)
    follow_thread(session, thread, Level.FOLLOWED, by=reader)
    mark_read(session, reader, thread, 1)
    post(session, thread, "Encore.", by=author)
    tell_waiting(session)

    leave_space(session, space, by=reader)

    assert marker(session, reader, thread).level is None
    assert session.scalar(
        select(ThreadReading.last_number).where(ThreadReading.member_id == reader.member_id)
    )
    assert kinds(session, reader) == []


def test_a_hidden_or_removed_post_is_told_to_nobody(
    session: Session, space: Space, author: Viewer, reader: Viewer, settings: Settings
) -> None:
    author, reader = again(session, author), again(session, reader)
    thread = start_thread(session, space, title=TITLE, text="Et vous?", by=reader)
    post(session, thread, "Un texte de trop.", by=author).state = PostState.HIDDEN
    told_of = post(session, thread, "Un autre texte de trop.", by=author)
    tell_waiting(session)
    assert kinds(session, reader) == [REPLY_KIND]
    told_of.state = PostState.HIDDEN
    session.flush()
    let_time_pass(session)

    assert leave(settings) == []
    assert told(session, reader) == []


def test_a_discreet_space_says_that_something_is_new_and_never_what(
    session: Session, space: Space, author: Viewer, reader: Viewer, settings: Settings
) -> None:
    space.is_discreet = True
    author, reader = again(session, author), again(session, reader)
    name(session, author, "Camille Essai")
    chosen = name(session, reader, "Dominique Essai")
    follow_space(session, space, Level.FOLLOWED, by=reader)
    mine = start_thread(session, space, title="Un titre que je donne", text="À moi.", by=reader)
    post(session, mine, "Une phrase à taire.", by=author)
    start_thread(
        session, space, title=TITLE, text="@Dominique Essai à taire.", by=author, chosen=[chosen]
    )
    start_thread(session, space, title="Encore un titre", text="À taire.", by=author)
    tell_waiting(session)
    let_time_pass(session)
    make_due_digests(session)
    session.commit()

    mails = leave(settings)

    assert len(mails) == 3
    for mail in mails:
        said = f"{mail['subject']} {text_of(mail)}"
        assert space.name in said
        for word in ("taire", "titre", "mardi", "Camille"):
            assert word not in said


def test_what_followers_are_told_leaves_in_one_digest_and_only_with_news(
    session: Session, space: Space, author: Viewer, reader: Viewer, settings: Settings
) -> None:
    author, reader = again(session, author), again(session, reader)
    follow_space(session, space, Level.FOLLOWED, by=reader)
    thread = start_thread(session, space, title=TITLE, text="Et vous?", by=author)
    tell_waiting(session)
    let_time_pass(session)
    for _run in range(2):
        make_due_digests(session)
        session.commit()
    mails = leave(settings)
    assert len(mails) == 1
    assert "1 nouveau message dans « Qui a essayé" in text_of(mails[0])

    post(session, thread, "Encore.", by=author)
    tell_waiting(session)
    mark_read(session, reader, thread, 2)
    let_time_pass(session)
    make_due_digests(session)
    session.commit()

    assert leave(settings) == []


def test_a_digest_tells_again_of_a_thread_that_went_on_since_the_last_one(
    session: Session, space: Space, author: Viewer, reader: Viewer, settings: Settings
) -> None:
    author, reader = again(session, author), again(session, reader)
    follow_space(session, space, Level.FOLLOWED, by=reader)
    thread = start_thread(session, space, title=TITLE, text="Et vous?", by=author)
    tell_waiting(session)
    let_time_pass(session)
    make_due_digests(session)
    session.commit()
    assert len(leave(settings)) == 1

    post(session, thread, "Encore.", by=author)
    tell_waiting(session)
    let_time_pass(session)
    make_due_digests(session)
    session.commit()

    assert len(leave(settings)) == 1


def test_telling_takes_the_same_statements_whatever_is_followed(
    session: Session, reader: Viewer
) -> None:
    def measure(number: int) -> int:
        for _space in range(number):
            space = make_space(session, members=(reader,), visibility=Visibility.PRIVATE_HIDDEN)
            follow_space(session, space, Level.FOLLOWED, by=again(session, reader))
            made = make_post(session, make_thread(session, space))
            session.add(PostTelling(post_id=made.id))
        tell_waiting(session)
        rows = session.scalars(select(Notice)).all()
        session.expunge_all()
        with statements() as asked:
            assert len(words_of(session, rows)) == len(rows)
        return len(asked)

    assert measure(1) == measure(4) == 4


def test_posting_costs_the_same_whoever_follows(
    session: Session, space: Space, author: Viewer
) -> None:
    author = again(session, author)
    thread = start_thread(session, space, title=TITLE, text="Et vous?", by=author)

    def measure(text: str) -> int:
        with statements(verb="") as asked:
            post(session, thread, text, by=author)
        return len(asked)

    measure("Un premier.")
    alone = measure("Seul.")
    for _person in range(12):
        person = make_viewer(session)
        session.add(Membership(space_id=space.id, member_id=person.member_id))
        follow_thread(session, thread, Level.FOLLOWED, by=again(session, person))
    session.flush()

    assert measure("À douze.") == alone
    assert tell_waiting(session) == 4
    assert session.scalar(select(func.count()).select_from(Notice)) == 12


def test_one_s_own_post_is_read(
    session: Session, space: Space, author: Viewer, reader: Viewer
) -> None:
    author, reader = again(session, author), again(session, reader)
    thread = start_thread(session, space, title=TITLE, text="Et vous?", by=author)
    assert unread_counts(session, author) == {}
    post(session, thread, "Nous aussi.", by=reader)
    assert unread_counts(session, reader) == {space.id: 1}

    mark_read(session, reader, thread, 2)
    post(session, thread, "Et encore.", by=reader)
    assert unread_counts(session, reader) == {}


def test_a_thread_without_an_author_is_told_to_those_who_follow_it(
    session: Session, space: Space, reader: Viewer
) -> None:
    reader = again(session, reader)
    thread: Thread = make_thread(session, space)
    follow_thread(session, thread, Level.FOLLOWED, by=reader)
    made = make_post(session, thread)
    session.add(PostTelling(post_id=made.id))
    session.flush()

    tell_waiting(session)

    assert told(session, reader)[0][1] == f"2 nouveaux messages dans « {TITLE} »"
