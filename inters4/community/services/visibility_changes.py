"""Who reads a space changes: narrowing takes effect at once, widening is asked twice.

Documents in the index name their space, never who reads it: nothing is to be indexed again.
"""

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from inters4.community.exports.joining_notices import PLACE_KIND, about_place
from inters4.community.models import (
    OPENNESS,
    JoinPolicy,
    Membership,
    Post,
    PostMention,
    Space,
    SpaceToken,
    Thread,
    ThreadReading,
    Visibility,
)
from inters4.community.services.belonging import stop_following
from inters4.community.services.checking import check_leads
from inters4.community.services.describing import fits, ways_in
from inters4.community.services.following import forget_notices
from inters4.community.services.joining import close_waiting_requests
from inters4.community.services.publishing import lock_space
from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.errors import Conflict
from inters4.core.hooks import hooks
from inters4.core.i18n import _

NARROWED = "community.narrowed"
"""Fewer people read a space: `handler(session, space=)`, once the change is flushed."""


def widens(space: Space, visibility: Visibility) -> bool:
    """True when more people would read it, or know that it exists."""
    return OPENNESS.index(visibility) > OPENNESS.index(space.visibility)


def change_visibility(
    session: Session,
    space: Space,
    visibility: Visibility,
    *,
    is_confirmed: bool = False,
    seen: int | None = None,
    by: Viewer,
) -> bool:
    """Say who reads the space; False when nothing changes.

    Narrower: private addresses of those who lose the right end, and what they followed. Wider:
    whoever asks has seen what becomes visible up to post `seen`, and says yes; those who belong
    are told.

    Raises:
        NotAllowed: `by` does not facilitate.
        Conflict: widening was not confirmed, or something was written since.
    """
    check_leads(space, by)
    space = lock_space(session, space.id)
    if space.visibility is visibility:
        return False
    is_wider = widens(space, visibility)
    if is_wider and not (is_confirmed and seen == space.last_seq):
        raise Conflict(
            _(
                "Confirmez ce qui deviendra visible : la liste a changé, ou n’a pas encore été "
                "confirmée."
            ),
            about="visibilite",
        )
    before, space.visibility = space.visibility, visibility
    if not fits(space.join_policy, visibility):
        space.join_policy = ways_in(visibility)[0]
    session.flush()
    audit.record(
        session,
        "community.visibility",
        by=by,
        subject=space.container,
        before=before.value,
        after=visibility.value,
    )
    if is_wider:
        _tell_everyone(session, space, by=by)
    else:
        _shut_out(session, space, by=by)
        hooks.emit(NARROWED, session, space=space)
    return True


def _shut_out(session: Session, space: Space, *, by: Viewer) -> None:
    """What gave a way in to those who do not belong ends in this transaction."""
    belong = select(Membership.member_id).where(Membership.space_id == space.id)
    if space.is_private:
        session.execute(
            delete(SpaceToken)
            .where(SpaceToken.space_id == space.id, SpaceToken.member_id.not_in(belong))
            .execution_options(synchronize_session="fetch")
        )
        followers = select(ThreadReading.member_id).join(
            Thread, Thread.id == ThreadReading.thread_id
        )
        outside = set(
            session.scalars(
                followers.where(
                    Thread.space_id == space.id,
                    ThreadReading.level.is_not(None),
                    ThreadReading.member_id.not_in(belong),
                ).distinct()
            )
        )
        stop_following(session, space, sorted(outside))
        for member_id in sorted(outside | _addressed(session, space, belong)):
            forget_notices(session, space=space, member_id=member_id)
    if space.join_policy is JoinPolicy.INVITATION:
        close_waiting_requests(
            session, space, _("On n’entre plus dans cet espace que sur invitation."), by=by
        )


def _addressed(session: Session, space: Space, belong: Select[int]) -> set[int]:
    """Whoever does not belong, and wrote there or was named: notices may await them."""
    wrote = select(Post.author_id).where(
        Post.space_id == space.id, Post.author_id.is_not(None), Post.author_id.not_in(belong)
    )
    named = (
        select(PostMention.member_id)
        .join(Post, Post.id == PostMention.post_id)
        .where(Post.space_id == space.id, PostMention.member_id.not_in(belong))
    )
    found = {*session.scalars(wrote.distinct()), *session.scalars(named.distinct())}
    return {one for one in found if one is not None}


def _tell_everyone(session: Session, space: Space, *, by: Viewer) -> None:
    people = session.scalars(
        select(Membership.member_id).where(
            Membership.space_id == space.id, Membership.member_id != by.member_id
        )
    ).all()
    hooks.notifier.notify(
        session,
        PLACE_KIND,
        people,
        subject=about_place(space.id),
        facts={"what": "widened"},
    )
