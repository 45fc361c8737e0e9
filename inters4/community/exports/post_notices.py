"""What people are told of posts: they are named, answered, or follow where something is new.

Words and rights are read when a notice is shown or sent: whoever lost the space, and whoever has
read the thread meanwhile, is told nothing. A discreet space is named, never what is written in it.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.orm import Session

from inters4.community.exports.paths import post_path
from inters4.community.models import Level, Post, Thread
from inters4.community.queries.following import (
    Standing,
    posts_at,
    posts_told,
    standings,
    threads_told,
)
from inters4.community.queries.reading_rights import may_read
from inters4.community.queries.telling import (
    MENTION_KIND,
    REPLY_KIND,
    SPACE_KIND,
    THREAD_KIND,
    number_in,
)
from inters4.core.i18n import _, ngettext
from inters4.core.notices import Channel, Noticed, NoticeKind, Told
from inters4.core.richtext import excerpt

CONVERSATION = "community"
"""Mentions, answers and news of one thread leave in one mail."""
_SHORT = 200
_SAID: Mapping[str, Callable[[str, str], str]] = {
    MENTION_KIND: lambda name, title: _(
        "%(name)s vous nomme dans « %(title)s »", name=name, title=title
    ),
    REPLY_KIND: lambda name, title: _("%(name)s répond dans « %(title)s »", name=name, title=title),
}
_DISCREET: Mapping[str, Callable[[str], str]] = {
    MENTION_KIND: lambda space: _("On vous nomme dans l’espace « %(space)s »", space=space),
    REPLY_KIND: lambda space: _("On vous répond dans l’espace « %(space)s »", space=space),
}


def tell_mentions(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """Who names the person, and where: two statements."""
    return _tell_posts(session, notices, MENTION_KIND)


def tell_replies(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """Who answers the person, and where: two statements."""
    return _tell_posts(session, notices, REPLY_KIND)


def tell_news(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """What is new in a thread since the person read it: four statements."""
    people = {one.member_id for one in notices}
    threads = threads_told(session, {number_in(one.subject) for one in notices})
    reads = may_read(
        session, {one.space_id: one.space for one in threads.values()}.values(), people
    )
    stand = standings(session, threads, people)
    firsts = posts_at(
        session, {(thread, one.first) for (thread, _who), one in stand.items() if one.count}
    )
    found = {}
    for one in notices:
        thread = threads.get(number_in(one.subject))
        if thread is None or (thread.space_id, one.member_id) not in reads:
            continue
        where = stand.get((thread.id, one.member_id), Standing())
        found[one.id] = _news(thread, where, firsts.get((thread.id, where.first)))
    return found


def _tell_posts(session: Session, notices: Sequence[Noticed], kind: str) -> Mapping[int, Told]:
    posts = posts_told(session, {number_in(one.subject) for one in notices})
    spaces = {post.space_id: post.thread.space for post, _name in posts.values()}
    reads = may_read(session, spaces.values(), {one.member_id for one in notices})
    found = {}
    for one in notices:
        if number_in(one.subject) not in posts:
            continue
        post, name = posts[number_in(one.subject)]
        if (post.space_id, one.member_id) not in reads:
            continue
        thread, space = post.thread, post.thread.space
        path = _path(thread, post.number)
        if space.is_discreet:
            found[one.id] = Told(title=_DISCREET[kind](space.name), path=path)
        else:
            title = _SAID[kind](name or _("Une personne retirée"), thread.title)
            found[one.id] = Told(title=title, text=_words(post), path=path)
    return found


def _news(thread: Thread, where: Standing, first: tuple[Post, str] | None) -> Told:
    """Nothing new any more, or a thread muted meanwhile, needs no mail."""
    is_over = not where.count or where.level is Level.MUTED
    path, space = _path(thread, where.first or thread.last_number), thread.space
    if space.is_discreet:
        said = _("Du nouveau dans l’espace « %(space)s »", space=space.name)
        return Told(title=said, path=path, is_over=is_over)
    if is_over or first is None:
        title = _("Du nouveau dans « %(title)s »", title=thread.title)
        return Told(title=title, text=space.name, path=path, is_over=is_over)
    post, name = first
    counted = ngettext("%(num)s nouveau message", "%(num)s nouveaux messages", where.count)
    return Told(
        title=_("%(counted)s dans « %(title)s »", counted=counted, title=thread.title),
        text=_("%(name)s : %(text)s", name=name or _("Une personne retirée"), text=_words(post)),
        path=path,
    )


def _words(post: Post) -> str:
    return excerpt(post.markup, length=_SHORT)


def _path(thread: Thread, number: int) -> str:
    return post_path(thread.space.slug, thread.id, thread.title, number)


def _group() -> str:
    return _("Communautés de pratique")


KINDS = (
    NoticeKind(
        name=MENTION_KIND,
        label=lambda: _("Messages qui vous nomment"),
        group=_group,
        conversation=CONVERSATION,
        channel=Channel.MAIL,
        tell=tell_mentions,
        order=40,
    ),
    NoticeKind(
        name=REPLY_KIND,
        label=lambda: _("Réponses à ce que vous écrivez"),
        group=_group,
        conversation=CONVERSATION,
        channel=Channel.MAIL,
        tell=tell_replies,
        order=41,
    ),
    NoticeKind(
        name=THREAD_KIND,
        label=lambda: _("Nouveaux messages des fils que vous suivez"),
        group=_group,
        conversation=CONVERSATION,
        channel=Channel.DIGEST,
        tell=tell_news,
        order=42,
    ),
    NoticeKind(
        name=SPACE_KIND,
        label=lambda: _("Du nouveau dans les espaces que vous suivez, et annonces des vôtres"),
        group=_group,
        conversation=CONVERSATION,
        channel=Channel.DIGEST,
        tell=tell_news,
        order=43,
    ),
)
