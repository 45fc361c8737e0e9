"""An author mends a post within a day; every text that readers saw is kept.

Five minutes after posting, a change leaves no mark: nobody had time to answer something else.
Later on, who moderates changes it, with a reason (`moderating`), under the same rules (`rewrite`).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.community.models import (
    Flag,
    FlagReason,
    FlagState,
    Post,
    PostFile,
    PostMention,
    PostState,
    PostVersion,
    Space,
    Thread,
)
from inters4.community.queries.posts import files_of
from inters4.community.queries.visibility import moderates
from inters4.community.services.admitting import check_sanctions
from inters4.community.services.detecting import Seen, seen_in
from inters4.community.services.holding import hold_post, hold_thread
from inters4.community.services.posting import (
    FILES_MAX,
    LooksPersonal,
    flag_suspect,
    tidied,
    whom_it_names,
)
from inters4.community.services.starting import tidied_title
from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.files import StoredFile
from inters4.core.frontmatter import storable
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.members.models import Member

EDITABLE_FOR = timedelta(hours=24)
UNMARKED_FOR = timedelta(minutes=5)
MOST_CHANGES = 20
"""Texts that an author gives one post: each is kept, shown beside the next, and may name people."""
EDITED = "community.edited"
"""The text of a post changed: `handler(session, post=, thread=, space=, mentioned=)`; `mentioned`
are ids of the people whom it names since then."""


def may_revise(post: Post, thread: Thread, space: Space, *, by: Viewer, at: datetime) -> bool:
    """True when its author may still change this post."""
    return (
        by.member_id is not None
        and post.author_id == by.member_id
        and post.state in {PostState.PUBLISHED, PostState.WAITING}
        and at - post.created_at < EDITABLE_FOR
        and not space.is_archived
        and (not thread.is_locked or moderates(by, space.id))
    )


def revise(
    session: Session,
    post: Post,
    text: str,
    *,
    version: int,
    by: Viewer,
    thread: Thread,
    space: Space,
    chosen: Iterable[str] = (),
    is_meant: bool = False,
    dropped: Iterable[str] = (),
    files: Iterable[StoredFile] = (),
) -> None:
    """Change one's own post; its former text is kept.

    Args:
        session: of the change.
        post: as its form showed it, or later.
        text: Markdown.
        version: the version that the form showed.
        by: its author.
        thread: that of the post.
        space: that of the thread.
        chosen: public ids of people that completion gave.
        is_meant: what looks like personal data was shown, and is kept all the same.
        dropped: tokens of files to take out.
        files: to add, already received; asked for once the post is held.

    Raises:
        NotAllowed: it is someone else's, its day is over, or nothing is written there any more.
        Conflict: it changed since the form was drawn.
        LooksPersonal: what was added may identify a patient.
        DomainError: no text, too long a text, too many people or files; or they changed it many
            times already.
    """
    hold_post(session, post)
    added = tuple(files)
    if not may_revise(post, thread, space, by=by, at=now()):
        raise NotAllowed(
            _(
                "Ce message ne se modifie plus : passé un jour, demandez à qui anime la "
                "communauté, ou répondez dans le fil."
            )
        )
    check_sanctions(session, space, by=by)
    _check_changes(session, post, by=by)
    is_marked = now() - post.created_at > UNMARKED_FOR
    changed = rewrite(
        session,
        post,
        text,
        version=version,
        by=by,
        thread=thread,
        space=space,
        chosen=chosen,
        is_meant=is_meant,
    )
    _change_files(session, post, dropped=frozenset(dropped), added=added)
    if changed and is_marked:
        post.edited_at = now()
    session.flush()


def _check_changes(session: Session, post: Post, *, by: Viewer) -> None:
    changes = session.scalar(
        select(func.count()).where(
            PostVersion.post_id == post.id, PostVersion.replaced_by_id == by.member_id
        )
    )
    if (changes or 0) >= MOST_CHANGES:
        raise DomainError(_("Ce message ne se modifie plus : répondez dans le fil."), about="texte")


def rewrite(
    session: Session,
    post: Post,
    text: str,
    *,
    version: int,
    by: Viewer,
    thread: Thread,
    space: Space,
    chosen: Iterable[str] = (),
    is_meant: bool = False,
    reason: str = "",
) -> bool:
    """Give `post`, which is held, another text, and whom it names with it; False for the same one.

    What the new text adds that looks like personal data is flagged when it is meant.

    Raises:
        Conflict: it changed since the form was drawn.
        LooksPersonal: what was added may identify a patient.
        DomainError: no text, too long a text, too many people.
    """
    text = tidied(text)
    if version != post.version:
        raise Conflict(
            _("Ce message a changé pendant que vous le modifiiez."), theirs=post.source, mine=text
        )
    seen = signs_added(post, text)
    if seen and not is_meant:
        raise LooksPersonal(seen)
    named = whom_it_names(
        session,
        text,
        space=space,
        thread=thread,
        chosen=[*chosen, *_named_already(session, post)],
        except_id=post.author_id,
    )
    fresh = _change_mentions(session, post, named)
    changed = text != post.source
    if changed:
        session.add(
            PostVersion(
                post_id=post.id, source=post.source, replaced_by_id=by.member_id, reason=reason
            )
        )
        post.write(text)
    post.is_suspect = bool(seen) or (post.is_suspect and bool(seen_in(text)))
    session.flush()
    if seen and not _is_flagged(session, post):
        flag_suspect(session, post, seen, thread=thread, space=space)
    if post.is_published:
        hooks.emit(EDITED, session, post=post, thread=thread, space=space, mentioned=fresh)
    return changed


def may_retitle(thread: Thread, space: Space, *, by: Viewer, at: datetime) -> bool:
    """True of its author within a day, and of who moderates."""
    if space.is_archived or thread.merged_into_id is not None:
        return False
    is_own = by.member_id is not None and thread.author_id == by.member_id
    is_fresh = at - thread.created_at < EDITABLE_FOR and not thread.is_locked
    return moderates(by, space.id) or (is_own and is_fresh)


def retitle(
    session: Session, thread: Thread, title: str, *, version: int, by: Viewer, space: Space
) -> None:
    """Give the thread another title, on its one line.

    Raises:
        NotAllowed: its day is over, and `by` does not moderate.
        Conflict: it changed since the form was drawn.
        LooksPersonal: the title may identify a patient: it goes in addresses and mails.
        DomainError: too short or too long a title.
    """
    hold_thread(session, thread)
    if not may_retitle(thread, space, by=by, at=now()):
        raise NotAllowed(_("Ce titre ne se modifie plus : demandez à qui anime l’espace."))
    check_sanctions(session, space, by=by)
    found = tidied_title(title)
    if version != thread.version:
        raise Conflict(
            _("Ce fil a changé pendant que vous le modifiiez."), theirs=thread.title, mine=found
        )
    if found == thread.title:
        return
    if seen := seen_in(found):
        raise LooksPersonal(seen)
    thread.title = found
    audit.record(
        session, "community.thread_retitled", by=by, subject=f"fil:{thread.id}", space=space.id
    )
    session.flush()


def _change_files(
    session: Session, post: Post, *, dropped: frozenset[str], added: Sequence[StoredFile]
) -> None:
    kept = 0
    for stored in files_of(session, [post.id]).get(post.id, []):
        if stored.token in dropped:
            session.delete(session.get_one(PostFile, (post.id, stored.id)))
            session.flush()
            session.delete(stored)
        else:
            kept += 1
    if kept + len(added) > FILES_MAX:
        raise DomainError(
            _("Joignez au plus %(count)s fichiers à un message.", count=FILES_MAX), about="fichier"
        )
    session.add_all(PostFile(post_id=post.id, stored=one) for one in added)
    session.flush()


def _named_already(session: Session, post: Post) -> Sequence[str]:
    """Public ids of the people whom the post names: they keep telling apart those of one name."""
    return session.scalars(
        select(Member.public_id)
        .join(PostMention, PostMention.member_id == Member.id)
        .where(PostMention.post_id == post.id)
    ).all()


def _change_mentions(session: Session, post: Post, named: Sequence[int]) -> frozenset[int]:
    """Keep the rows of those whom the text names; say who is new."""
    rows = {
        row.member_id: row
        for row in session.scalars(select(PostMention).where(PostMention.post_id == post.id))
    }
    for gone in rows.keys() - set(named):
        session.delete(rows[gone])
    fresh = frozenset(named) - rows.keys()
    session.add_all(PostMention(post_id=post.id, member_id=one) for one in sorted(fresh))
    return fresh


def _is_flagged(session: Session, post: Post) -> bool:
    """True when something of the kind awaits a decision already."""
    return (
        session.scalar(
            select(Flag.id).where(
                Flag.post_id == post.id,
                Flag.member_id.is_(None),
                Flag.reason == FlagReason.PERSONAL,
                Flag.state.in_((FlagState.OPEN, FlagState.IN_PROGRESS)),
            )
        )
        is not None
    )


def signs_added(post: Post, text: str) -> tuple[Seen, ...]:
    """What looks like personal data in a new text, and was not in the one that stands."""
    before = seen_in(post.source)
    return tuple(one for one in seen_in(storable(text).strip()) if one not in before)
