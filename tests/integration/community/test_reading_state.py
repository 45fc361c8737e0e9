"""What a person has not read: markers, the watermark, counters, one visit after the other."""

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from inters4.community.models import (
    Level,
    PostState,
    SpaceReading,
    ThreadReading,
    Visibility,
)
from inters4.community.queries.unread import (
    first_unread,
    marker,
    news_of,
    unread_counts,
    unread_threads,
)
from inters4.community.services.publishing import publish
from inters4.community.services.reading import (
    mark_all_read,
    mark_read,
    note_visit,
)
from inters4.core.access import Viewer
from inters4.core.clock import now
from tests.builders.community import again, make_post, make_space, make_thread
from tests.builders.members import make_viewer
from tests.builders.statements import statements


def test_what_others_write_is_unread_until_it_is_read(session: Session) -> None:
    reader = make_viewer(session)
    space = make_space(session, members=(reader,))
    thread = make_thread(session, space)
    make_post(session, thread)
    reader = again(session, reader)
    assert unread_counts(session, reader) == {space.id: 1}
    assert first_unread(session, reader, thread) == 1

    mark_read(session, reader, thread, 1)
    assert unread_counts(session, reader) == {space.id: 1}
    assert first_unread(session, reader, thread) == 2

    mark_read(session, reader, thread, 2)
    assert unread_counts(session, reader) == {}
    assert first_unread(session, reader, thread) is None


def test_a_marker_never_goes_back(session: Session) -> None:
    reader = make_viewer(session)
    space = make_space(session, members=(reader,))
    thread = make_thread(session, space)
    make_post(session, thread)
    reader = again(session, reader)
    mark_read(session, reader, thread, 2)

    mark_read(session, reader, thread, 1)
    mark_read(session, reader, thread, -5)

    assert marker(session, reader, thread).number == 2
    assert unread_counts(session, reader) == {}


def test_a_marker_never_passes_the_end_of_the_thread(session: Session) -> None:
    reader = make_viewer(session)
    space = make_space(session, members=(reader,))
    thread = make_thread(session, space)
    reader = again(session, reader)
    mark_read(session, reader, thread, 2**70)

    make_post(session, thread)

    assert marker(session, reader, thread).number == 1
    assert unread_counts(session, reader) == {space.id: 1}


def test_a_post_that_waited_is_news_when_it_is_approved(session: Session) -> None:
    reader = make_viewer(session)
    space = make_space(session, members=(reader,))
    thread = make_thread(session, space)
    waiting = make_post(session, thread, state=PostState.WAITING)
    make_post(session, thread)
    reader = again(session, reader)
    mark_read(session, reader, thread, 3)
    assert unread_counts(session, reader) == {}

    space.last_seq += 1
    waiting.seq = thread.last_seq = space.last_seq
    waiting.state = PostState.PUBLISHED
    session.flush()

    assert unread_counts(session, reader) == {space.id: 1}
    assert first_unread(session, reader, thread) == 2
    mark_read(session, reader, thread, 2)
    assert unread_counts(session, reader) == {}


def test_a_post_that_waits_is_not_news(session: Session) -> None:
    reader = make_viewer(session)
    space = make_space(session, members=(reader,))
    thread = make_thread(session, space)
    reader = again(session, reader)
    mark_read(session, reader, thread, 1)

    make_post(session, thread, state=PostState.WAITING)

    assert unread_counts(session, reader) == {}


def test_the_first_page_alone_leaves_the_rest_unread_whatever_was_approved_late(
    session: Session,
) -> None:
    reader = make_viewer(session)
    space = make_space(session, members=(reader,))
    thread = make_thread(session, space)
    late = make_post(session, thread, state=PostState.WAITING)
    for _post in range(3):
        make_post(session, thread)
    space.last_seq += 1
    late.seq = thread.last_seq = space.last_seq
    late.state = PostState.PUBLISHED
    reader = again(session, reader)

    mark_read(session, reader, thread, 2)

    assert news_of(session, reader, [thread])[thread.id].count >= 3
    mark_read(session, reader, thread, 5)
    assert unread_counts(session, reader) == {}


def test_what_is_approved_late_on_a_page_already_read_stays_unread_until_that_page_is_opened(
    session: Session,
) -> None:
    reader = make_viewer(session)
    space = make_space(session, members=(reader,))
    thread = make_thread(session, space)
    late = make_post(session, thread, state=PostState.WAITING)
    for _post in range(43):
        make_post(session, thread)
    reader = again(session, reader)
    mark_read(session, reader, thread, 45)
    assert unread_counts(session, reader) == {}

    publish(session, late, thread=thread, space=space)
    make_post(session, thread)
    mark_read(session, reader, thread, 46)

    assert unread_counts(session, reader) == {space.id: 1}
    assert first_unread(session, reader, thread) == 2
    mark_read(session, reader, thread, 20)
    assert unread_counts(session, reader) == {}


def test_marking_all_as_read_is_a_watermark(session: Session) -> None:
    reader = make_viewer(session)
    space = make_space(session, members=(reader,))
    first, second = make_thread(session, space), make_thread(session, space)
    reader = again(session, reader)
    known = space.last_seq
    make_post(session, first)

    mark_all_read(session, reader, space, seq=known)

    assert [one.id for one in unread_threads(session, reader).rows] == [first.id]
    assert first_unread(session, reader, first) == 2
    assert first_unread(session, reader, second) is None
    mark_all_read(session, reader, space, seq=2**70)
    assert unread_counts(session, reader) == {}
    make_post(session, second)
    assert unread_counts(session, reader) == {space.id: 1}


def test_what_came_during_years_away_is_still_unread(session: Session) -> None:
    reader = make_viewer(session)
    space = make_space(session, members=(reader,))
    thread = make_thread(session, space)
    make_post(session, thread, created_at=now() - timedelta(days=2_000))
    reader = again(session, reader)

    assert unread_counts(session, reader) == {space.id: 1}


def test_muted_threads_and_spaces_await_nobody_unless_the_thread_says_otherwise(
    session: Session,
) -> None:
    reader = make_viewer(session)
    space = make_space(session, members=(reader,))
    loud, quiet = make_thread(session, space), make_thread(session, space)
    reader = again(session, reader)
    session.add(ThreadReading(member_id=reader.member_id, thread_id=quiet.id, level=Level.MUTED))
    session.flush()
    assert [one.id for one in unread_threads(session, reader).rows] == [loud.id]

    session.add(SpaceReading(member_id=reader.member_id, space_id=space.id, level=Level.MUTED))
    session.flush()
    assert unread_counts(session, reader) == {}

    session.execute(update(ThreadReading).values(level=Level.FOLLOWED))
    assert [one.id for one in unread_threads(session, reader).rows] == [quiet.id]


def test_spaces_that_one_does_not_belong_to_are_not_counted(session: Session) -> None:
    stranger = make_viewer(session)
    for visibility in Visibility:
        make_thread(session, make_space(session, visibility=visibility))

    assert unread_counts(session, stranger) == {}
    assert unread_threads(session, stranger).total == 0
    assert unread_counts(session, Viewer()) == {}


def test_removed_and_merged_threads_await_nobody(session: Session) -> None:
    reader = make_viewer(session)
    space = make_space(session, members=(reader,))
    kept = make_thread(session, space)
    make_thread(session, space, is_removed=True)
    merged = make_thread(session, space, merged_into_id=kept.id)
    merged.last_seq, merged.is_removed = 0, True
    reader = again(session, reader)

    assert [one.id for one in unread_threads(session, reader).rows] == [kept.id]


def test_own_posts_are_not_counted_as_news(session: Session) -> None:
    reader = make_viewer(session)
    space = make_space(session, members=(reader,))
    thread = make_thread(session, space, author=reader)
    make_post(session, thread)
    reader = again(session, reader)

    assert news_of(session, reader, [thread])[thread.id].count == 1


def test_a_new_visit_begins_after_half_an_hour(session: Session) -> None:
    reader = make_viewer(session)
    space = make_space(session, members=(reader,))
    thread = make_thread(session, space)
    reader = again(session, reader)
    assert reader.member_id is not None
    note_visit(session, reader.member_id, space.id)
    session.execute(update(SpaceReading).values(visited_at=now() - timedelta(hours=3)))
    assert unread_threads(session, reader, is_since_visit=True).total == 1

    note_visit(session, reader.member_id, space.id)
    assert unread_threads(session, reader).total == 1
    assert unread_threads(session, reader, is_since_visit=True).total == 0

    make_post(session, thread)
    note_visit(session, reader.member_id, space.id)
    assert unread_threads(session, reader, is_since_visit=True).total == 1


def test_counters_lists_and_news_take_the_same_statements_whatever_their_number(
    session: Session,
) -> None:
    reader = make_viewer(session)
    spaces = [make_space(session, members=(reader,)) for _space in range(20)]
    threads = [make_thread(session, space) for space in spaces for _thread in range(2)]
    reader = again(session, reader)

    with statements() as counting:
        assert unread_counts(session, reader) == {space.id: 2 for space in spaces}
    with statements() as listing:
        page = unread_threads(session, reader)
        assert {row.space.id for row in page.rows} <= set(reader.spaces)
    with statements() as news:
        assert len(news_of(session, reader, threads)) == 40

    assert (len(counting), len(listing), len(news)) == (1, 3, 1)
