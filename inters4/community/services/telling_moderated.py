"""Who is told of moderation: who moderates, who flagged, whose post it is."""

from sqlalchemy.orm import Session

from inters4.community.exports.moderation_subjects import (
    AUTHOR_KIND,
    DECIDED_KIND,
    FLAG_KIND,
    MEASURE_KIND,
    WAITING_KIND,
    about_flag,
    about_line,
    about_measure,
    about_post,
)
from inters4.community.models import Flag, ModerationAct, Post, Sanction, Space, Thread
from inters4.community.queries.moderators import moderators_of
from inters4.core.access import Viewer
from inters4.core.hooks import hooks


def tell_of_flag(session: Session, post: Post, flag: Flag) -> None:
    """Who moderates learns that a post is flagged, once for all who flag it meanwhile."""
    people = moderators_of(session, [post.space_id])[post.space_id]
    others = [one for one in people if one != flag.member_id]
    hooks.notifier.notify(session, FLAG_KIND, others, subject=about_post(post.id))


def tell_flag_settled(session: Session, post: Post) -> None:
    """Nobody is asked to look at it any more."""
    hooks.notifier.settle(session, FLAG_KIND, subject=about_post(post.id))


def tell_who_flagged(session: Session, flag: Flag) -> None:
    """Who flagged learns what was decided."""
    if flag.member_id is not None:
        hooks.notifier.notify(
            session,
            DECIDED_KIND,
            [flag.member_id],
            subject=about_flag(flag.id),
            once=about_flag(flag.id),
        )


def tell_author(session: Session, post: Post, line: ModerationAct, *, by: Viewer) -> None:
    """The author learns what became of their post, unless they did it."""
    _tell_line(session, post.author_id, line, by=by)


def tell_thread_author(
    session: Session, thread: Thread, line: ModerationAct, *, by: Viewer
) -> None:
    """Who started a thread learns what became of it, unless they did it."""
    _tell_line(session, thread.author_id, line, by=by)


def tell_measure(session: Session, sanction: Sanction) -> None:
    """A person learns of a measure, and of its end before its time."""
    name = about_measure(sanction.id)
    state = "lifted" if sanction.lifted_at else "taken"
    hooks.notifier.notify(
        session,
        MEASURE_KIND,
        [sanction.member_id],
        subject=name,
        facts={"state": state},
        once=f"{name}/{state}",
    )


def tell_of_waiting(session: Session, *, post: Post, thread: Thread, space: Space) -> None:
    """Who moderates learns that a first post waits; handler of `AWAITED`."""
    del thread
    people = moderators_of(session, [space.id])[space.id]
    hooks.notifier.notify(session, WAITING_KIND, people, subject=about_post(post.id))


def tell_waiting_settled(session: Session, post: Post) -> None:
    """Nobody is asked to approve it any more."""
    hooks.notifier.settle(session, WAITING_KIND, subject=about_post(post.id))


def tell_of_suspicion(
    session: Session, *, post: Post, thread: Thread, space: Space, flag: Flag
) -> None:
    """Who moderates learns what the detector saw; handler of `SUSPECTED`."""
    del thread, space
    tell_of_flag(session, post, flag)


def _tell_line(session: Session, member_id: int | None, line: ModerationAct, *, by: Viewer) -> None:
    if member_id is not None and member_id != by.member_id:
        hooks.notifier.notify(session, AUTHOR_KIND, [member_id], subject=about_line(line.id))
