"""What someone is writing is kept on the server as they type, with the files they deposit."""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.models import Post, PostDraft, PostDraftFile
from inters4.community.queries.drafts import files_of_draft, find_draft
from inters4.community.services.posting import FILES_MAX
from inters4.core.access import Viewer
from inters4.core.errors import Conflict, DomainError, NotAllowed, TooLarge
from inters4.core.files import StoredFile
from inters4.core.frontmatter import storable
from inters4.core.i18n import _

LONGEST_DRAFT = 64_000
"""Twice what a post may hold: what is too long is shortened, not lost."""
_LONGEST_TITLE = 500
_MOST_DRAFTS = 200
_MOST_REFUSED = 2 * FILES_MAX


class Overtaken(Conflict):
    """What is kept of this writing is another text, which an older page does not know of."""


def keep_draft(
    session: Session, place: str, *, text: str, by: Viewer, title: str = "", key: str = ""
) -> PostDraft | None:
    """Keep what is being written there; None when nothing is.

    What comes late, once its form has posted, is not kept again: `key` is that of the form.

    Raises:
        NotAllowed: nobody is signed in.
        TooLarge: the text is longer than anything that may be posted.
    """
    if by.member_id is None:
        raise NotAllowed(_("Connectez-vous pour garder un brouillon."))
    text, title = storable(text), storable(title)[:_LONGEST_TITLE]
    if len(text) > LONGEST_DRAFT:
        raise TooLarge(_("Ce brouillon est trop long pour être gardé : raccourcissez-le."))
    draft = find_draft(session, place, viewer=by)
    if _is_posted(session, key, by=by):
        return draft
    if not text.strip() and not title.strip():
        if draft is not None and not files_of_draft(session, draft):
            session.delete(draft)
            session.flush()
            return None
        if draft is None:
            return None
    if draft is None:
        _make_room(session, by=by)
        draft = PostDraft(member_id=by.member_id, place=place, title=title, source=text)
        session.add(draft)
    else:
        draft.title, draft.source = title, text
    session.flush()
    return draft


def attach(
    session: Session, place: str, stored: StoredFile, *, by: Viewer, most: int = FILES_MAX
) -> None:
    """Add a file that was received to what is being written there.

    Raises:
        NotAllowed: nobody is signed in.
        DomainError: there are `most` files already: as many as a post may have.
    """
    if by.member_id is None:
        raise NotAllowed(_("Connectez-vous pour joindre un fichier."))
    draft = find_draft(session, place, viewer=by)
    if draft is None:
        _make_room(session, by=by)
        draft = PostDraft(member_id=by.member_id, place=place, title="", source="")
        session.add(draft)
        session.flush()
    if len(files_of_draft(session, draft)) >= most:
        raise DomainError(
            _("Joignez au plus %(count)s fichiers à un message.", count=FILES_MAX), about="fichier"
        )
    session.add(PostDraftFile(draft_id=draft.id, stored=stored))
    session.flush()


def keep_refused(
    session: Session,
    place: str,
    *,
    text: str,
    files: Iterable[StoredFile],
    by: Viewer,
    title: str = "",
    seen: str | None = None,
) -> Overtaken | None:
    """Keep what could not be posted: its text, the beginning of one too long, and its files.

    One file too many is kept as well: whoever wrote chooses which to take out. A newer text that
    another tab kept stays there: it is given back, to be shown.
    """
    draft = find_draft(session, place, viewer=by, for_update=True)
    newer = _newer(draft, text=text, title=title, seen=seen)
    if newer is None:
        keep_draft(session, place, text=storable(text)[:LONGEST_DRAFT], title=title, by=by)
    for stored in files:
        with suppress(DomainError):
            attach(session, place, stored, by=by, most=_MOST_REFUSED)
    return newer


def detach(session: Session, place: str, token: str, *, by: Viewer) -> None:
    """Take a file out of what is being written there; one that is not there changes nothing."""
    draft = find_draft(session, place, viewer=by)
    for stored in files_of_draft(session, draft):
        if stored.token == token and draft is not None:
            session.delete(session.get_one(PostDraftFile, (draft.id, stored.id)))
            session.flush()
            session.delete(stored)
            session.flush()


def take_draft(session: Session, place: str, *, by: Viewer) -> Sequence[StoredFile]:
    """The draft is being posted: it goes, and gives its files, once."""
    return _take(session, find_draft(session, place, viewer=by, for_update=True))


def _take(session: Session, draft: PostDraft | None) -> Sequence[StoredFile]:
    if draft is None:
        return ()
    files = files_of_draft(session, draft)
    for stored in files:
        session.delete(session.get_one(PostDraftFile, (draft.id, stored.id)))
    session.flush()
    session.delete(draft)
    session.flush()
    return files


def take_to_post(
    session: Session,
    place: str,
    *,
    text: str,
    by: Viewer,
    title: str = "",
    seen: str | None = None,
) -> Sequence[StoredFile]:
    """The same, unless another tab kept a newer text there.

    Raises:
        Overtaken: with the newer text, which nobody has posted.
    """
    draft = find_draft(session, place, viewer=by, for_update=True)
    if newer := _newer(draft, text=text, title=title, seen=seen):
        raise newer
    return _take(session, draft)


def check_is_latest(
    session: Session, place: str, *, text: str, by: Viewer, title: str = "", seen: str | None = None
) -> None:
    """Refuse to put an older text in the place of what another tab kept.

    `seen` is the mark of what the page knew; None when it does not say.

    Raises:
        Overtaken: with the newer text.
    """
    draft = find_draft(session, place, viewer=by, for_update=True)
    if newer := _newer(draft, text=text, title=title, seen=seen):
        raise newer


def _newer(draft: PostDraft | None, *, text: str, title: str, seen: str | None) -> Overtaken | None:
    if draft is None or seen is None or seen == mark_of_draft(draft):
        return None
    kept = "\n\n".join(one for one in (draft.title, draft.source) if one.strip())
    ours = storable(title)[:_LONGEST_TITLE], storable(text)[:LONGEST_DRAFT]
    if not kept or (draft.title, draft.source) == ours:
        return None
    return Overtaken(_("Ce brouillon a changé dans un autre onglet."), theirs=kept, mine=text)


def give_up(session: Session, place: str, *, by: Viewer) -> None:
    """The draft goes, and its files with it; the sweep takes them off the disk."""
    for stored in take_draft(session, place, by=by):
        session.delete(stored)
    session.flush()


def _drop(session: Session, drafts: Iterable[PostDraft]) -> None:
    for draft in list(drafts):
        files = files_of_draft(session, draft)
        for stored in files:
            session.delete(session.get_one(PostDraftFile, (draft.id, stored.id)))
        session.flush()
        for stored in files:
            session.delete(stored)
        session.delete(draft)
    session.flush()


def _is_posted(session: Session, key: str, *, by: Viewer) -> bool:
    if not key:
        return False
    posted = select(Post.id).where(Post.author_id == by.member_id, Post.key == key)
    return session.scalar(posted) is not None


def _make_room(session: Session, *, by: Viewer) -> None:
    """Past what a person may be writing at once, the oldest goes."""
    ids = session.scalars(
        select(PostDraft)
        .where(PostDraft.member_id == by.member_id)
        .order_by(PostDraft.updated_at.desc(), PostDraft.id.desc())
        .offset(_MOST_DRAFTS - 1)
    )
    _drop(session, ids)


def mark_of_draft(draft: PostDraft | None) -> str:
    """What a page knows of a draft: another tab that wrote meanwhile makes it another."""
    if draft is None:
        return ""
    return hashlib.sha256(f"{draft.title}\n{draft.source}".encode()).hexdigest()[:16]
