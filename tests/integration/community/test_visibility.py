"""One rule says who reads what, for every role and visibility."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.models import Membership, Post, PostState, Space, Thread, Visibility
from inters4.community.queries.visibility import (
    containers,
    find_readable_space,
    find_space,
    find_thread,
    readable_post,
)
from inters4.core.access import ANONYMOUS, Role, Viewer
from tests.builders.community import again, make_post, make_space, make_thread
from tests.builders.members import make_viewer


@pytest.fixture
def facilitator(session: Session) -> Viewer:
    return make_viewer(session)


@pytest.mark.parametrize(
    ("visibility", "listed", "read"),
    [
        (Visibility.PUBLIC, (True, True, True, True), (True, True, True, True)),
        (Visibility.MEMBERS, (False, True, True, True), (False, True, True, True)),
        (Visibility.PRIVATE_LISTED, (True, True, True, True), (False, False, True, False)),
        (Visibility.PRIVATE_HIDDEN, (False, False, True, False), (False, False, True, False)),
    ],
)
def test_a_space_is_seen_and_read_by_whom_its_visibility_says(
    session: Session,
    facilitator: Viewer,
    visibility: Visibility,
    listed: tuple[bool, ...],
    read: tuple[bool, ...],
) -> None:
    belonging = make_viewer(session)
    space = make_space(
        session, facilitator=facilitator, members=(belonging,), visibility=visibility
    )
    thread = make_thread(session, space, author=facilitator)
    people = (
        ANONYMOUS,
        make_viewer(session),
        again(session, belonging),
        make_viewer(session, role=Role.ADMIN),
    )

    for viewer, is_listed, is_read in zip(people, listed, read, strict=True):
        assert (find_space(session, space.slug, viewer=viewer) is not None) is is_listed
        assert (find_readable_space(session, space.slug, viewer=viewer) is not None) is is_read
        assert (space.id in containers(session, viewer)) is is_read
        found = find_thread(session, space.slug, thread.id, viewer=viewer)
        assert (found is not None) is is_read


def test_whoever_leaves_reads_no_more_even_with_a_role_left_behind(
    session: Session, facilitator: Viewer
) -> None:
    space = make_space(session, facilitator=facilitator, visibility=Visibility.PRIVATE_HIDDEN)
    thread = make_thread(session, space, author=facilitator)
    session.delete(session.get_one(Membership, (space.id, facilitator.member_id)))

    assert find_thread(session, space.slug, thread.id, viewer=again(session, facilitator)) is None


def test_a_thread_whose_only_post_waits_is_for_its_author_and_who_moderates(
    session: Session, facilitator: Viewer
) -> None:
    author, other = make_viewer(session), make_viewer(session)
    space = make_space(session, facilitator=facilitator, members=(author, other))
    thread = Thread(space_id=space.id, title="Un premier mot", author_id=author.member_id)
    session.add(thread)
    session.flush()
    make_post(session, thread, author=author, state=PostState.WAITING)

    for viewer, reads in ((author, True), (facilitator, True), (other, False)):
        present = again(session, viewer)
        assert (find_thread(session, space.slug, thread.id, viewer=present) is not None) is reads


@pytest.mark.parametrize(
    ("state", "author_reads", "moderator_reads"),
    [
        (PostState.PUBLISHED, True, True),
        (PostState.WAITING, True, True),
        (PostState.HIDDEN, True, True),
        (PostState.REMOVED, False, False),
    ],
)
def test_a_post_that_is_not_published_is_for_its_author_and_who_moderates(
    session: Session,
    facilitator: Viewer,
    state: PostState,
    author_reads: bool,
    moderator_reads: bool,
) -> None:
    author, other = make_viewer(session), make_viewer(session)
    space = make_space(session, facilitator=facilitator, members=(author, other))
    thread = make_thread(session, space, author=facilitator)
    post = make_post(session, thread, author=author, state=state)
    published = state is PostState.PUBLISHED

    for viewer, reads in (
        (author, author_reads),
        (facilitator, moderator_reads),
        (other, published),
        (ANONYMOUS, published),
    ):
        present = again(session, viewer) if viewer.is_signed_in else viewer
        found = session.scalars(
            select(Post.id)
            .join(Space, Space.id == Post.space_id)
            .where(Post.id == post.id, readable_post(present))
        ).all()
        assert bool(found) is reads
