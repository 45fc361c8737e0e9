"""A thread begins with its first post, tied or not to a document that whoever writes may read."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from inters4.community.models import TITLE_MAX, TITLE_MIN, Post, Space, Thread, ThreadKind
from inters4.community.models.spaces import MEETING_KIND, THREAD_KIND
from inters4.community.queries.visibility import moderates
from inters4.community.services.admitting import admit, check_pace
from inters4.community.services.posting import already_posted, tidied, write_post
from inters4.community.services.publishing import lock_space
from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.errors import DomainError, NotAllowed
from inters4.core.files import StoredFile
from inters4.core.frontmatter import storable
from inters4.core.hooks import hooks
from inters4.core.i18n import _

NOT_TIED = frozenset({THREAD_KIND, MEETING_KIND})
"""Kinds of documents that no thread is about."""


def start_thread(
    session: Session,
    space: Space,
    *,
    title: str,
    text: str,
    by: Viewer,
    kind: ThreadKind = ThreadKind.DISCUSSION,
    about: tuple[str, str] | None = None,
    key: str | None = None,
    chosen: Iterable[str] = (),
    files: Iterable[StoredFile] = (),
    is_meant: bool = False,
) -> Thread:
    """Start a thread in `space`, or give back the one that the same `key` already started.

    `about` is the kind and the permanent id of a document, (`fiche`, `gap`) for instance; the rest
    is as for `post`.

    Raises:
        NotAllowed: as for `post`; or an announcement, from whoever does not facilitate.
        LooksPersonal, Conflict, TooMany: as for `post`.
        DomainError: as for `post`; or the title is too short or too long, or the document is none.
    """
    space = lock_space(session, space.id)
    known = already_posted(
        session,
        by=by,
        key=key,
        text=text,
        is_here=lambda one: _begins(session, one, space, title, kind),
    )
    if known is not None:
        return session.get_one(Thread, known.thread_id)
    membership = admit(session, space, by=by)
    check_pace(session, by=by, is_thread=True)
    if kind is ThreadKind.ANNOUNCEMENT and not moderates(by, space.id):
        raise NotAllowed(
            _("Une annonce vient de l’animation : choisissez « Discussion »."),
            about="nature",
        )
    title, text = tidied_title(title), tidied(text)
    about_kind, about_id = checked_about(session, about, by=by)
    thread = Thread(
        space_id=space.id,
        kind=kind,
        title=title,
        about_kind=about_kind,
        about_id=about_id,
        author_id=by.member_id,
        last_number=0,
        last_seq=0,
    )
    session.add(thread)
    session.flush()
    write_post(
        session,
        thread,
        text,
        title=title,
        space=space,
        membership=membership,
        by=by,
        key=key,
        chosen=chosen,
        files=files,
        is_meant=is_meant,
    )
    audit.record(
        session,
        "community.thread_started",
        by=by,
        subject=f"fil:{thread.id}",
        space=space.id,
        kind=kind.value,
    )
    return thread


def _begins(session: Session, post: Post, space: Space, title: str, kind: ThreadKind) -> bool:
    """True of the first post of such a thread of `space`."""
    thread = session.get_one(Thread, post.thread_id)
    is_same = thread.title == " ".join(storable(title).split()) and thread.kind is kind
    return post.number == 1 and thread.space_id == space.id and is_same


def tidied_title(title: str) -> str:
    """The title on one line.

    Raises:
        DomainError: too short to say anything, or too long to be read.
    """
    found = " ".join(storable(title).split())
    if not TITLE_MIN <= len(found) <= TITLE_MAX:
        raise DomainError(
            _(
                "Donnez au fil un titre de %(low)s à %(high)s caractères.",
                low=TITLE_MIN,
                high=TITLE_MAX,
            ),
            about="titre",
        )
    return found


def checked_about(
    session: Session, about: tuple[str, str] | None, *, by: Viewer
) -> tuple[str, str]:
    """The document that a thread is about, if whoever writes may read it.

    Raises:
        DomainError: there is none of this name that they may read.
    """
    if about is None or not all(about):
        return "", ""
    kind, identifier = about
    known = hooks.document_kinds.get(kind)
    if (
        known is None
        or kind in NOT_TIED
        or identifier not in known.confirm(session, [identifier], by)
    ):
        raise DomainError(
            _("Le document dont parle ce fil n’est plus là : publiez-le sans ce lien."),
            about="objet",
        )
    return about
