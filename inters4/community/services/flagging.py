"""Flags: someone who belongs to a space says that a post has a problem; who moderates decides.

What is flagged as personal data is hidden at once, before anyone looks. A decision answers every
flag of the post; the same person says the same thing of the same text once.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.community.models import (
    Act,
    Flag,
    FlagReason,
    FlagState,
    ModerationAct,
    Post,
    PostState,
)
from inters4.community.queries.flags import SETTLED, UNSETTLED, flags_of
from inters4.community.services.holding import hold_post
from inters4.community.services.journaling import PORTAL, must_moderate, note, read_reason
from inters4.community.services.moderating import (
    hide,
    must_be_of_another,
    put_out_of_sight,
    show_again,
)
from inters4.community.services.telling_moderated import (
    tell_author,
    tell_flag_settled,
    tell_of_flag,
    tell_who_flagged,
)
from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import DomainError, NotAllowed, TooMany
from inters4.core.i18n import _

MOST_A_DAY = 20
_DAY = timedelta(days=1)


def flag_post(
    session: Session,
    post: Post,
    reason: FlagReason,
    *,
    by: Viewer,
    note_text: str = "",
    request_id: str = "",
) -> Flag:
    """Say that `post` has a problem; said again before the decision, it is said once.

    Personal data hides the post in the same transaction.

    Raises:
        NotAllowed: `by` does not belong to the space, or wrote the post.
        DomainError: there is nothing to flag, or it was decided of this very text already.
        TooMany: `by` flagged a great deal since yesterday.
    """
    if by.member_id is None or post.space_id not in by.spaces:
        raise NotAllowed(_("Pour signaler un message, faites d’abord partie de cet espace."))
    if post.author_id == by.member_id:
        raise NotAllowed(_("Ce message est de vous : modifiez-le ou retirez-le."))
    words = read_reason(note_text, about="precision", is_needed=reason is FlagReason.OTHER)
    hold_post(session, post)
    earlier = _last_of(session, post, by.member_id)
    if earlier is not None and earlier.state in UNSETTLED:
        _say_more(session, post, earlier, reason, words)
        return earlier
    if post.state is not PostState.PUBLISHED:
        raise DomainError(_("Ce message n’est plus affiché : la modération s’en occupe déjà."))
    if earlier is not None and _is_of_this_text(post, earlier):
        raise DomainError(
            _("Vous avez signalé ce message, et la modération a répondu : voyez vos avis.")
        )
    _must_not_flood(session, by.member_id)
    flag = Flag(post_id=post.id, member_id=by.member_id, reason=reason, note=words)
    session.add(flag)
    session.flush()
    audit.record(
        session,
        "community.flagged",
        by=by,
        subject=f"fil:{post.thread_id}",
        request_id=request_id,
        post=post.number,
        reason=reason.value,
    )
    if reason is FlagReason.PERSONAL:
        _hide_at_once(session, post)
    tell_of_flag(session, post, flag)
    return flag


def take_flags(session: Session, post: Post, *, by: Viewer, request_id: str = "") -> None:
    """Say that someone looks at the flags of `post`; the others see who.

    Raises:
        NotAllowed: `by` does not moderate the space, or wrote the post.
        DomainError: nothing is to be settled.
    """
    must_moderate(post.space_id, by=by)
    must_be_of_another(post, by=by)
    flags = _to_settle(session, post)
    if all(flag.handled_by_id == by.member_id for flag in flags):
        return
    for flag in flags:
        flag.state, flag.handled_by_id = FlagState.IN_PROGRESS, by.member_id
    note(session, Act.TAKE_FLAG, by=by, space_id=post.space_id, post=post, request_id=request_id)


def uphold(
    session: Session,
    post: Post,
    *,
    answer: str,
    is_hidden: bool,
    by: Viewer,
    request_id: str = "",
) -> None:
    """The flags of `post` are right: it is hidden, or stays because it was put right otherwise.

    Raises:
        NotAllowed: `by` does not moderate the space, or wrote the post.
        DomainError: nothing is to be settled, or no answer is given.
    """
    must_moderate(post.space_id, by=by)
    must_be_of_another(post, by=by)
    words = read_reason(answer, about="reponse")
    flags = _to_settle(session, post)
    _settle(session, post, flags, FlagState.UPHELD, words, by=by)
    note(
        session,
        Act.UPHOLD,
        by=by,
        space_id=post.space_id,
        post=post,
        reason=words,
        request_id=request_id,
    )
    if is_hidden and post.state is PostState.PUBLISHED:
        hide(session, post, reason=words, by=by, request_id=request_id)
    elif not is_hidden and post.state is PostState.HIDDEN and _was_hidden_alone(session, post):
        show_again(session, post, words, by=by, request_id=request_id)


def reject(session: Session, post: Post, *, answer: str, by: Viewer, request_id: str = "") -> None:
    """The flags of `post` are not right; what they alone had hidden is shown again.

    Raises:
        NotAllowed: `by` does not moderate the space, or wrote the post.
        DomainError: nothing is to be settled, or no answer is given.
    """
    must_moderate(post.space_id, by=by)
    must_be_of_another(post, by=by)
    words = read_reason(answer, about="reponse")
    flags = _to_settle(session, post)
    _settle(session, post, flags, FlagState.REJECTED, words, by=by)
    note(
        session,
        Act.REJECT,
        by=by,
        space_id=post.space_id,
        post=post,
        reason=words,
        request_id=request_id,
    )
    if post.state is PostState.HIDDEN and _was_hidden_alone(session, post):
        show_again(session, post, "", by=by, request_id=request_id)


def _last_of(session: Session, post: Post, member_id: int) -> Flag | None:
    return session.scalars(
        select(Flag)
        .where(Flag.post_id == post.id, Flag.member_id == member_id)
        .order_by(Flag.id.desc())
        .limit(1)
    ).first()


def _say_more(session: Session, post: Post, flag: Flag, reason: FlagReason, words: str) -> None:
    """The flag that waits says what its author says now."""
    is_new = reason is FlagReason.PERSONAL and flag.reason is not FlagReason.PERSONAL
    flag.reason, flag.note = reason, words or flag.note
    if is_new and post.state is PostState.PUBLISHED:
        _hide_at_once(session, post)


def _is_of_this_text(post: Post, flag: Flag) -> bool:
    if flag.state not in SETTLED or flag.decided_at is None:
        return False
    return post.edited_at is None or post.edited_at <= flag.decided_at


def _must_not_flood(session: Session, member_id: int) -> None:
    since = now() - _DAY
    made = session.scalar(
        select(func.count(Flag.id)).where(Flag.member_id == member_id, Flag.at > since)
    )
    if (made or 0) >= MOST_A_DAY:
        raise TooMany(
            _("Vous avez beaucoup signalé aujourd’hui : écrivez aux personnes qui animent."),
            retry_after=int(_DAY.total_seconds()),
        )


def _hide_at_once(session: Session, post: Post) -> None:
    put_out_of_sight(session, post)
    line = note(session, Act.HIDE, by=PORTAL, space_id=post.space_id, post=post)
    tell_author(session, post, line, by=PORTAL)


def _was_hidden_alone(session: Session, post: Post) -> bool:
    """True when the portal hid the post, and nobody since."""
    last = session.scalars(
        select(ModerationAct)
        .where(ModerationAct.post_id == post.id, ModerationAct.act.in_((Act.HIDE, Act.RESTORE)))
        .order_by(ModerationAct.id.desc())
        .limit(1)
    ).first()
    return last is not None and last.act is Act.HIDE and last.by_id is None


def _to_settle(session: Session, post: Post) -> Sequence[Flag]:
    hold_post(session, post)
    flags = flags_of(session, post.id)
    if not flags:
        raise DomainError(_("Plus aucun signalement de ce message n’attend de décision."))
    return flags


def _settle(
    session: Session,
    post: Post,
    flags: Sequence[Flag],
    state: FlagState,
    answer: str,
    *,
    by: Viewer,
) -> None:
    for flag in flags:
        flag.state, flag.answer = state, answer
        flag.handled_by_id, flag.decided_at = by.member_id, now()
    session.flush()
    tell_flag_settled(session, post)
    for flag in flags:
        tell_who_flagged(session, flag)
