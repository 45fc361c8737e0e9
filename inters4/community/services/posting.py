"""A post is written: once, whatever the network or the finger does, by whoever may write here."""

from collections.abc import Callable, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.models import (
    MENTIONS_MAX,
    POST_MAX,
    Flag,
    FlagReason,
    Membership,
    Post,
    PostFile,
    PostMention,
    PostState,
    Space,
    Thread,
)
from inters4.community.queries.mentionable import mentioned_in
from inters4.community.queries.visibility import moderates
from inters4.community.services.admitting import admit, check_pace
from inters4.community.services.detecting import Seen, seen_in
from inters4.community.services.holding import hold_thread
from inters4.community.services.publishing import (
    AWAITED,
    POSTED,
    SUSPECTED,
    announce,
    next_number,
    take_place,
)
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotFound, TooLarge
from inters4.core.files import StoredFile
from inters4.core.frontmatter import storable
from inters4.core.hooks import hooks
from inters4.core.i18n import _, format_number

__all__ = ["AWAITED", "POSTED", "SUSPECTED", "LooksPersonal", "post"]

TRUSTED = 10
"""Past so many posts let through, nobody counts them any more."""
FILES_MAX = 5


class LooksPersonal(DomainError):
    """The text may identify a patient; whoever wrote it decides, once warned.

    Attributes:
        seen: what looks so.
    """

    status = 422

    def __init__(self, seen: tuple[Seen, ...]) -> None:
        super().__init__(
            _(
                "Ce texte contient peut-être un renseignement qui identifie une personne. Retirez-"
                "le, ou confirmez qu’il n’identifie aucune patiente ni aucun patient."
            ),
            about="texte",
        )
        self.seen = seen


def post(
    session: Session,
    thread: Thread,
    text: str,
    *,
    by: Viewer,
    key: str | None = None,
    chosen: Iterable[str] = (),
    files: Iterable[StoredFile] = (),
    is_meant: bool = False,
) -> Post:
    """Answer in `thread`, or give back what the same `key` already posted.

    Args:
        session: of the change.
        thread: readable by `by`, with or without its space.
        text: Markdown.
        by: whoever writes; where anyone may come in, they join the space.
        key: what the form was given when it was drawn.
        chosen: public ids of people that completion gave.
        files: attached, already received; asked for once the space is held, and when something is
            to be posted.
        is_meant: what looks like personal data was shown, and is posted all the same.

    Raises:
        NotFound: the thread was removed or merged meanwhile.
        NotAllowed: the space is archived, the thread locked, the person suspended or not let in.
        LooksPersonal: the text may identify a patient, and nobody said that it does not.
        Conflict: the same form already posted another text.
        TooMany: they write too fast.
        DomainError: no text, too long or too intricate a text, too many people or files.
    """
    space = hold_thread(session, thread)
    _check_stands(thread)
    known = already_posted(
        session, by=by, key=key, text=text, is_here=lambda one: one.thread_id == thread.id
    )
    if known is not None:
        return known
    membership = admit(session, space, by=by, thread=thread)
    check_pace(session, by=by)
    return write_post(
        session,
        thread,
        tidied(text),
        space=space,
        membership=membership,
        by=by,
        key=key,
        chosen=chosen,
        files=files,
        is_meant=is_meant,
    )


def write_post(
    session: Session,
    thread: Thread,
    text: str,
    *,
    space: Space,
    membership: Membership,
    by: Viewer,
    key: str | None,
    chosen: Iterable[str],
    files: Iterable[StoredFile],
    is_meant: bool,
    title: str = "",
) -> Post:
    """The next post of `thread`, once everything else was checked; `title` is that of a new one."""
    attached = tuple(files)
    seen = seen_in(title, text)
    if seen and not is_meant:
        raise LooksPersonal(seen)
    if len(attached) > FILES_MAX:
        raise DomainError(
            _("Joignez au plus %(count)s fichiers à un message.", count=FILES_MAX), about="fichiers"
        )
    mentioned = whom_it_names(
        session, text, space=space, thread=thread, chosen=chosen, except_id=by.member_id
    )
    waits = _waits(membership, space, by=by)
    made = Post(
        thread_id=thread.id,
        space_id=space.id,
        seq=0,
        author_id=by.member_id,
        key=key or None,
        state=PostState.WAITING if waits else PostState.PUBLISHED,
        created_at=now(),
        is_suspect=bool(seen),
    )
    made.write(text)
    if waits:
        made.number = next_number(session, thread)
    else:
        take_place(session, made, thread=thread, space=space)
    session.add(made)
    session.flush()
    session.add_all(PostMention(post_id=made.id, member_id=one) for one in mentioned)
    session.add_all(PostFile(post_id=made.id, stored=one) for one in attached)
    session.flush()
    if waits:
        hooks.emit(AWAITED, session, post=made, thread=thread, space=space)
    else:
        if membership.approved_posts < TRUSTED:
            membership.approved_posts += 1
        announce(session, made, thread=thread, space=space)
    if seen:
        flag_suspect(session, made, seen, thread=thread, space=space)
    return made


def already_posted(
    session: Session,
    *,
    by: Viewer,
    key: str | None,
    text: str,
    is_here: Callable[[Post], bool],
) -> Post | None:
    """What the same form posted before; `is_here` says whether it did where it would now.

    Raises:
        Conflict: it posted another text, or elsewhere: neither is lost.
    """
    if not key or by.member_id is None:
        return None
    known = session.scalars(
        select(Post).where(Post.author_id == by.member_id, Post.key == key)
    ).one_or_none()
    if known is None or (known.source == storable(text).strip() and is_here(known)):
        return known
    raise Conflict(
        _(
            "Ce formulaire a déjà publié un message, et ce que vous avez écrit depuis est "
            "différent : publiez-le comme un nouveau message, ou modifiez le premier."
        ),
        about="cle",
        theirs=known.source,
        mine=text,
    )


def tidied(text: str) -> str:
    """What is kept of what was typed.

    Raises:
        DomainError: nothing is left.
        TooLarge: it is longer than a post may be.
    """
    found = storable(text).strip()
    if not found:
        raise DomainError(_("Écrivez votre message."), about="texte")
    if len(found) > POST_MAX:
        raise TooLarge(
            _(
                "Ce message compte %(count)s caractères, et la limite est de %(limit)s : "
                "raccourcissez-le, ou joignez-le en fichier.",
                count=format_number(len(found)),
                limit=format_number(POST_MAX),
            ),
            about="texte",
        )
    return found


def whom_it_names(
    session: Session,
    text: str,
    *,
    space: Space,
    thread: Thread | None,
    chosen: Iterable[str] = (),
    except_id: int | None = None,
) -> list[int]:
    """Ids of the people that a text names.

    Raises:
        DomainError: more than a post may name.
    """
    found = mentioned_in(
        session, text, space=space, thread=thread, chosen=chosen, except_id=except_id
    )
    if len(found) > MENTIONS_MAX:
        raise DomainError(
            _(
                "Ce message nomme %(count)s personnes, et la limite est de %(limit)s : les autres "
                "liront le fil.",
                count=len(found),
                limit=MENTIONS_MAX,
            ),
            about="texte",
        )
    return found


def _check_stands(thread: Thread) -> None:
    if thread.is_removed or thread.merged_into_id is not None:
        raise NotFound(_("Ce fil n’est plus là : il a été retiré, ou réuni à un autre."))


def _waits(membership: Membership, space: Space, *, by: Viewer) -> bool:
    return membership.approved_posts < space.first_posts and not moderates(by, space.id)


def flag_suspect(
    session: Session, made: Post, seen: tuple[Seen, ...], *, thread: Thread, space: Space
) -> None:
    """Tell who facilitates; the note says what kind of thing was seen, never the thing."""
    kinds = ", ".join(dict.fromkeys(one.label for one in seen))
    flag = Flag(
        post_id=made.id,
        member_id=None,
        reason=FlagReason.PERSONAL,
        note=_("Vu à l’écriture : %(kinds)s.", kinds=kinds),
    )
    session.add(flag)
    session.flush()
    hooks.emit(SUSPECTED, session, post=made, thread=thread, space=space, flag=flag)
