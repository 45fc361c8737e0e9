"""What people are told of moderation: who moderates, who flagged, whose post it is.

Words and rights are read when a notice is shown or sent: whoever lost the space is told nothing,
nor does anyone learn who flagged. A discreet space is named, never what is written in it.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from inters4.community.exports.moderation_subjects import (
    AUTHOR_KIND,
    DECIDED_KIND,
    FLAG_KIND,
    MEASURE_KIND,
    WAITING_KIND,
    found_among,
    numbers_in,
)
from inters4.community.exports.moderation_words import TOLD
from inters4.community.exports.paths import post_path, space_path, thread_path
from inters4.community.models import (
    Flag,
    FlagState,
    ModerationAct,
    Post,
    PostState,
    Sanction,
    SanctionKind,
    Space,
    Thread,
)
from inters4.community.queries.flags import UNSETTLED
from inters4.community.queries.moderators import moderators_of
from inters4.community.queries.reading_rights import may_read
from inters4.core.access import SPACE_ROLES
from inters4.core.i18n import _, format_date
from inters4.core.notices import Channel, Noticed, NoticeKind, Told

_SHORT = 300
_STOPS = (".", "?", "!", "…")


def tell_flags(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """What is flagged, for those who moderate the space now: three statements."""
    posts = _posts(session, numbers_in(notices))
    people = moderators_of(session, {post.space_id for post in posts.values()})
    open_posts = set(
        session.scalars(
            select(Flag.post_id)
            .where(Flag.post_id.in_(posts), Flag.state.in_(UNSETTLED))
            .distinct()
        )
    )
    return {
        one.id: Told(
            title=_("Message signalé : %(space)s", space=post.thread.space.name),
            text=_thread_name(post.thread),
            path=moderation_path(post),
            is_over=post.id not in open_posts,
        )
        for one, post in found_among(notices, posts)
        if one.member_id in people[post.space_id]
    }


def tell_waiting(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """First posts that wait, for those who moderate the space now: two statements."""
    posts = _posts(session, numbers_in(notices))
    people = moderators_of(session, {post.space_id for post in posts.values()})
    return {
        one.id: Told(
            title=_("Premier message à approuver : %(space)s", space=post.thread.space.name),
            text=_thread_name(post.thread),
            path=moderation_path(post),
            is_over=post.state is not PostState.WAITING,
        )
        for one, post in found_among(notices, posts)
        if one.member_id in people[post.space_id]
    }


def tell_decided(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """What was decided of a flag, for who flagged and still reads the space: three statements."""
    flags = {
        flag.id: flag
        for flag in session.scalars(select(Flag).where(Flag.id.in_(numbers_in(notices))))
    }
    posts = _posts(session, {flag.post_id for flag in flags.values()})
    spaces = {post.space_id: post.thread.space for post in posts.values()}
    reads = may_read(session, spaces.values(), {one.member_id for one in notices})
    told = {}
    for one, flag in found_among(notices, flags):
        post = posts[flag.post_id]
        space = post.thread.space
        if flag.member_id != one.member_id or (space.id, one.member_id) not in reads:
            continue
        words = [
            _("Votre signalement est retenu. Merci d’y avoir veillé.")
            if flag.state is FlagState.UPHELD
            else _("Votre signalement n’est pas retenu.")
        ]
        if flag.answer and not space.is_discreet:
            words.append(_short(flag.answer))
        told[one.id] = Told(
            title=_("Votre signalement a sa réponse : %(space)s", space=space.name),
            text=" ".join(words),
            path=_post_page(post) if post.is_published else space_path(space.slug),
        )
    return told


def tell_authors(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """What became of a post or a thread, for its author: at most four statements."""
    lines = {
        line.id: line
        for line in session.scalars(
            select(ModerationAct).where(ModerationAct.id.in_(numbers_in(notices)))
        )
    }
    posts = _posts(session, {line.post_id for line in lines.values() if line.post_id})
    threads = _threads(session, {line.thread_id for line in lines.values() if line.thread_id})
    threads |= {post.thread_id: post.thread for post in posts.values()}
    spaces = {thread.space_id: thread.space for thread in threads.values()}
    reads = may_read(session, spaces.values(), {one.member_id for one in notices})
    told = {}
    for one, line in found_among(notices, lines):
        post = posts.get(line.post_id or 0)
        thread = post.thread if post else threads.get(line.thread_id or 0)
        if thread is None or line.act not in TOLD:
            continue
        author_id, space = (post or thread).author_id, thread.space
        if author_id != one.member_id or (space.id, one.member_id) not in reads:
            continue
        is_shown = not space.is_discreet
        told[one.id] = Told(
            title=TOLD[line.act](space.name),
            text=" ".join(
                filter(None, [_thread_name(thread), _short(line.reason) if is_shown else ""])
            ),
            path=_where(post, thread),
        )
    return told


def tell_measures(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """A warning or a suspension, for whom it concerns: three statements."""
    measures = {
        row.Sanction.id: row
        for row in session.execute(
            select(Sanction, Space)
            .join(Space, Space.id == Sanction.space_id)
            .where(Sanction.id.in_(numbers_in(notices)))
        )
    }
    spaces = {row.Space.id: row.Space for row in measures.values()}
    reads = may_read(session, spaces.values(), {one.member_id for one in notices})
    told = {}
    for one, row in found_among(notices, measures):
        measure, space = row.Sanction, row.Space
        if measure.member_id != one.member_id or (space.id, one.member_id) not in reads:
            continue
        title, text = _measure_words(measure, space, is_lifted=one.facts.get("state") == "lifted")
        told[one.id] = Told(title=title, text=text, path=space_path(space.slug))
    return told


def moderation_path(post: Post) -> str:
    """The page where a post is moderated."""
    slug = post.thread.space.slug
    return f"{space_path(slug)}/moderation/{post.thread_id}/{post.number}"


KINDS = (
    NoticeKind(
        name=FLAG_KIND,
        label=lambda: _("Messages signalés dans les espaces que vous animez ou modérez"),
        group=lambda: _("Ce que vous faites pour d’autres"),
        channel=Channel.MAIL,
        channels=(Channel.DIGEST, Channel.MAIL),
        tell=tell_flags,
        concerns=lambda viewer: viewer.holds_any(*SPACE_ROLES),
        order=30,
    ),
    NoticeKind(
        name=WAITING_KIND,
        label=lambda: _("Premiers messages à approuver"),
        group=lambda: _("Ce que vous faites pour d’autres"),
        channel=Channel.MAIL,
        channels=(Channel.DIGEST, Channel.MAIL),
        tell=tell_waiting,
        concerns=lambda viewer: viewer.holds_any(*SPACE_ROLES),
        order=31,
    ),
    NoticeKind(
        name=DECIDED_KIND,
        label=lambda: _("Réponses à vos signalements"),
        group=lambda: _("Communautés de pratique"),
        channel=Channel.IN_APP,
        tell=tell_decided,
        order=48,
    ),
    NoticeKind(
        name=AUTHOR_KIND,
        label=lambda: _("Ce que la modération fait de vos messages"),
        group=lambda: _("Communautés de pratique"),
        channel=Channel.MAIL,
        channels=(Channel.IN_APP, Channel.DIGEST, Channel.MAIL),
        tell=tell_authors,
        order=49,
    ),
    NoticeKind(
        name=MEASURE_KIND,
        label=lambda: _("Avertissements et suspensions"),
        group=lambda: _("Communautés de pratique"),
        channel=Channel.MAIL,
        channels=(Channel.DIGEST, Channel.MAIL),
        tell=tell_measures,
        order=50,
    ),
)


def _posts(session: Session, numbers: Iterable[int]) -> dict[int, Post]:
    rows = session.scalars(
        select(Post)
        .join(Post.thread)
        .join(Thread.space)
        .options(contains_eager(Post.thread).contains_eager(Thread.space))
        .where(Post.id.in_(set(numbers)))
    )
    return {post.id: post for post in rows}


def _threads(session: Session, numbers: Iterable[int]) -> dict[int, Thread]:
    rows = session.scalars(
        select(Thread)
        .join(Thread.space)
        .options(contains_eager(Thread.space))
        .where(Thread.id.in_(set(numbers)))
    )
    return {thread.id: thread for thread in rows}


def _thread_name(thread: Thread) -> str:
    if thread.space.is_discreet:
        return ""
    name = _("Fil : %(title)s.", title=thread.title)
    return name.removesuffix(".") if thread.title.endswith(_STOPS) else name


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _SHORT else words[: _SHORT - 1] + "…"


def _post_page(post: Post) -> str:
    thread = post.thread
    return post_path(thread.space.slug, thread.id, thread.title, post.number)


def _where(post: Post | None, thread: Thread) -> str:
    if thread.is_removed and thread.merged_into_id is None:
        return space_path(thread.space.slug)
    if post is not None and post.state is not PostState.REMOVED:
        return _post_page(post)
    return thread_path(thread.space.slug, thread.id, thread.title)


def _measure_words(measure: Sanction, space: Space, *, is_lifted: bool) -> tuple[str, str]:
    reason = "" if space.is_discreet else _short(measure.reason)
    if is_lifted:
        return (
            _("Votre suspension est levée : %(space)s", space=space.name),
            _("Vous pouvez écrire de nouveau."),
        )
    if measure.kind is SanctionKind.SUSPENSION and measure.until is not None:
        until = _(
            "Vous lisez toujours cet espace; vous pourrez y écrire de nouveau le %(day)s.",
            day=format_date(measure.until),
        )
        return (
            _("Vous ne pouvez plus écrire pour un temps : %(space)s", space=space.name),
            " ".join(filter(None, [until, reason])),
        )
    return _("Un avertissement vous est donné : %(space)s", space=space.name), reason
