"""Who may moderate, and the two journals of what they do.

The journal of the space keeps the reason that was typed; the audit journal, which nothing ever
changes, keeps numbers alone: what a redaction must reach is never there.
"""

from sqlalchemy.orm import Session

from inters4.community.models import Act, ModerationAct, Post, Space, Thread
from inters4.community.queries.visibility import moderates
from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.errors import DomainError, NotAllowed
from inters4.core.i18n import _

LONGEST_REASON = 1_000
PORTAL = Viewer()
"""Nobody in particular: what the portal does alone."""


def must_moderate(space_id: int, *, by: Viewer) -> None:
    """Let through whoever facilitates or moderates this space.

    Raises:
        NotAllowed: they do not.
    """
    if not moderates(by, space_id):
        raise NotAllowed(_("Seules les personnes qui animent ou modèrent cet espace le peuvent."))


def must_be_open(space: Space) -> None:
    """Refuse to change what is archived.

    Raises:
        DomainError: the space is closed.
    """
    if space.is_archived:
        raise DomainError(_("Cet espace est archivé : tout s’y lit, rien ne s’y écrit."))


def read_reason(text: str, *, about: str = "raison", is_needed: bool = True) -> str:
    """A reason as it is kept.

    Raises:
        DomainError: it is missing, or too long.
    """
    reason = text.replace("\r\n", "\n").replace("\0", "").strip()
    if is_needed and not reason:
        raise DomainError(_("Dites pourquoi, en une phrase."), about=about)
    if len(reason) > LONGEST_REASON:
        raise DomainError(
            _("Dites-le en %(most)s signes au plus.", most=LONGEST_REASON), about=about
        )
    return reason


def keep_line(
    session: Session,
    act: Act,
    *,
    by: Viewer,
    space_id: int,
    thread: Thread | None = None,
    post: Post | None = None,
    member_id: int | None = None,
    reason: str = "",
) -> ModerationAct:
    """A line of the space's journal alone, for what the audit journal says in its own words."""
    line = ModerationAct(
        space_id=space_id,
        act=act,
        by_id=by.member_id,
        thread_id=post.thread_id if post is not None else thread.id if thread else None,
        post_id=post.id if post is not None else None,
        member_id=member_id,
        reason=reason,
    )
    session.add(line)
    session.flush()
    return line


def note(
    session: Session,
    act: Act,
    *,
    by: Viewer,
    space_id: int,
    thread: Thread | None = None,
    post: Post | None = None,
    member_id: int | None = None,
    reason: str = "",
    request_id: str = "",
) -> ModerationAct:
    """Write an act in both journals, and give back the line of the space's."""
    line = keep_line(
        session,
        act,
        by=by,
        space_id=space_id,
        thread=thread,
        post=post,
        member_id=member_id,
        reason=reason,
    )
    detail = {"post": post.number} if post is not None else {}
    if member_id is not None:
        detail["member"] = member_id
    audit.record(
        session,
        f"community.{act.value.replace('-', '_')}",
        by=by,
        subject=f"fil:{line.thread_id}" if line.thread_id else f"space:{space_id}",
        request_id=request_id,
        space=space_id,
        line=line.id,
        **detail,
    )
    return line
