"""A thread goes to another space: whoever moves it moderates both.

Its posts take new places among those of the other space, in their order. Whoever follows the
thread and does not read the other space is dropped in the same transaction, with what was told
of it; what people had read stays read.
"""

from bisect import bisect_right

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from inters4.community.exports.moderation_subjects import FLAG_KIND, WAITING_KIND
from inters4.community.models import (
    OPENNESS,
    Act,
    Post,
    PostState,
    Space,
    Thread,
    ThreadReading,
)
from inters4.community.queries.telling import (
    MANY,
    READ_BY_READING,
    UNANSWERED_KIND,
    awaited_by,
    subjects_read,
)
from inters4.community.queries.visibility import readers_among
from inters4.community.services.holding import hold_spaces, hold_thread
from inters4.community.services.journaling import must_be_open, must_moderate, note
from inters4.community.services.standing import stand_again
from inters4.community.services.telling_moderated import tell_thread_author
from inters4.core.access import Viewer
from inters4.core.errors import DomainError
from inters4.core.hooks import hooks
from inters4.core.i18n import _

_TOLD = (*READ_BY_READING, UNANSWERED_KIND, FLAG_KIND, WAITING_KIND)


def widens(source: Space, target: Space) -> bool:
    """True when more people would read the thread: who reads `target` is wider."""
    if OPENNESS.index(target.visibility) != OPENNESS.index(source.visibility):
        return OPENNESS.index(target.visibility) > OPENNESS.index(source.visibility)
    return source.is_private and target.is_private and source.id != target.id


def move(
    session: Session,
    thread: Thread,
    target: Space,
    *,
    is_confirmed: bool,
    by: Viewer,
    request_id: str = "",
) -> None:
    """Put `thread` in `target`, with all of its posts; moved twice, it is moved once.

    Raises:
        NotAllowed: `by` does not moderate both spaces.
        DomainError: a space is closed, the thread is not there any more, or others would read it
            and nobody said that they should.
    """
    must_moderate(thread.space_id, by=by)
    must_moderate(target.id, by=by)
    if target.id == thread.space_id:
        return
    hold_spaces(session, (thread.space_id, target.id))
    source = hold_thread(session, thread)
    must_be_open(source)
    must_be_open(target)
    if thread.is_removed:
        raise DomainError(_("Ce fil est retiré : rétablissez-le avant de le déplacer."))
    if widens(source, target) and not is_confirmed:
        raise DomainError(
            _("D’autres personnes liront ce fil : confirmez-le pour le déplacer."),
            about="confirmation",
        )
    thread.space_id, thread.pinned_at = target.id, None
    places = _take_places(session, thread, target)
    _keep_marks(session, thread, places)
    _drop_followers(session, thread, target)
    _forget_notices(session, thread, target)
    stand_again(session, thread)
    _left, came = (
        note(session, act, by=by, space_id=space_id, thread=thread, request_id=request_id)
        for act, space_id in ((Act.MOVE_OUT, source.id), (Act.MOVE_IN, target.id))
    )
    tell_thread_author(session, thread, came, by=by)


def _take_places(session: Session, thread: Thread, target: Space) -> list[tuple[int, int]]:
    """Number the posts anew in `target`; give back (number in the thread, place) of those read."""
    places = []
    seq = target.last_seq
    for post in session.scalars(
        select(Post).where(Post.thread_id == thread.id).order_by(Post.number)
    ):
        post.space_id = target.id
        if post.seq:
            seq += 1
            post.seq = seq
            if post.state is PostState.PUBLISHED:
                places.append((post.number, seq))
    target.last_seq = seq
    session.flush()
    return places


def _keep_marks(session: Session, thread: Thread, places: list[tuple[int, int]]) -> None:
    """What a person had read of the thread is said with its new places."""
    numbers = [number for number, _seq in places]
    for mark in session.scalars(select(ThreadReading).where(ThreadReading.thread_id == thread.id)):
        read = bisect_right(numbers, mark.last_number)
        mark.last_seq = places[read - 1][1] if read else 0
    session.flush()


def _drop_followers(session: Session, thread: Thread, target: Space) -> None:
    """Whoever does not read `target` neither follows nor has read anything of it."""
    people = frozenset(
        session.scalars(select(ThreadReading.member_id).where(ThreadReading.thread_id == thread.id))
    )
    lost = people - readers_among(session, target, people)
    for start in range(0, len(lost), 500):
        some = sorted(lost)[start : start + 500]
        session.execute(
            delete(ThreadReading).where(
                ThreadReading.thread_id == thread.id, ThreadReading.member_id.in_(some)
            )
        )


def _forget_notices(session: Session, thread: Thread, target: Space) -> None:
    """What was told of the thread awaits nobody who does not read `target`."""
    told = awaited_by(session, _TOLD, thread.id)
    for member_id in sorted(told - readers_among(session, target, told)):
        hooks.notifier.seen(
            session, member_id, _TOLD, subjects=lambda: subjects_read(thread.id, MANY)
        )
