"""Keeping a document and letting it go, with an account; browsers keep theirs in a cookie."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.errors import DomainError, NotFound
from inters4.core.i18n import _
from inters4.search.models import BROWSER_LIMIT, MEMBER_LIMIT, KeptDocument
from inters4.search.queries.keeping import kept_documents, kept_keys
from inters4.search.services.cards import find_present


def list_title(count: int) -> str:
    """« Ma liste (3) », as the menu says it."""
    return _("Ma liste (%(count)s)", count=count) if count else _("Ma liste")


def limit_for(viewer: Viewer) -> int:
    """How many documents `viewer` may keep."""
    return MEMBER_LIMIT if viewer.is_signed_in else BROWSER_LIMIT


def with_kept(
    session: Session, present: Iterable[str], added: Iterable[str], *, viewer: Viewer
) -> tuple[str, ...]:
    """The list once `added` is put first, as far as `viewer` may read it.

    Raises:
        NotFound: nothing of `added` may be read.
        DomainError: the list is full.
    """
    before = tuple(present)
    wanted = tuple(added)
    readable = find_present(session, wanted, viewer=viewer)
    if not readable:
        raise NotFound(_("Ce document n’existe pas ou n’est plus offert."))
    fresh = tuple(key for key in wanted if key in readable and key not in before)
    if len(before) + len(fresh) > limit_for(viewer):
        raise DomainError(_("Votre liste est pleine. Retirez-en des documents, puis recommencez."))
    return (*fresh, *before)


def keep(session: Session, keys: Iterable[str], *, viewer: Viewer) -> None:
    """Put documents in the list of a member; one that is there already stays where it is.

    Raises:
        NotFound, DomainError: see `with_kept`.
    """
    member = _member(viewer)
    before = kept_keys(session, member)
    after = with_kept(session, before, keys, viewer=viewer)
    fresh = after[: len(after) - len(before)]
    session.add_all(KeptDocument(member_id=member, key=key) for key in fresh)


def let_go(session: Session, keys: Iterable[str], *, viewer: Viewer) -> None:
    """Take documents out of the list of a member; those that are not there are no matter."""
    session.execute(
        delete(KeptDocument).where(
            KeptDocument.member_id == _member(viewer), KeptDocument.key.in_(list(keys))
        )
    )


def take_over(session: Session, keys: Iterable[str], *, viewer: Viewer) -> None:
    """Bring in what the browser kept before its owner signed in, as much of it as there is room.

    Nothing is checked: what can no longer be read is not shown, like the rest of the list.
    """
    member = _member(viewer)
    before = set(kept_keys(session, member))
    fresh = [key for key in keys if key not in before]
    room = max(0, MEMBER_LIMIT - len(before))
    session.add_all(KeptDocument(member_id=member, key=key) for key in fresh[:room])


def count_kept(session: Session, *, viewer: Viewer) -> int:
    """How many documents the account keeps."""
    return len(kept_keys(session, _member(viewer)))


def erase_kept(session: Session, member_id: int) -> None:
    """A person disappears, and their list with them."""
    session.execute(delete(KeptDocument).where(KeptDocument.member_id == member_id))


def export_kept(session: Session, member_id: int) -> Iterator[Mapping[str, Any]]:
    """What a person kept, for « Mes données »."""
    for row in kept_documents(session, member_id):
        yield {"document": row.key, "kept_at": row.kept_at.isoformat()}


def _member(viewer: Viewer) -> int:
    if viewer.member_id is None:
        raise ValueError("a visitor keeps documents in their browser")
    return viewer.member_id
