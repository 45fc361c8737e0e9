"""A summary given to readers, and what becomes of it afterwards.

Whatever changes what readers knew is said on the page, dated, under the name of whoever did it,
and told to those who passed the summary on.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import DomainError
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.core.slugs import identifier_from
from inters4.veille.exports.summary_notices import PUBLISH_KIND, about_summary
from inters4.veille.models import TAKEN_ADDRESSES, Finding, FindingState, Origin, Summary
from inters4.veille.queries.summaries import SLUGS
from inters4.veille.services.correcting import forget_correction
from inters4.veille.services.life import Move, check_move, go
from inters4.veille.services.requirements import check_complete
from inters4.veille.services.reviewing import tell_writers
from inters4.veille.services.summaries import tell_readers


def publish(session: Session, summary: Summary, *, by: Viewer, request_id: str = "") -> None:
    """Give a summary to readers; its address becomes that of its title.

    Raises:
        NotFound, Conflict, NotAllowed: as `check_move` says.
        Incomplete: it lacks something.
    """
    check_move(session, summary, Move.PUBLISH, by=by)
    check_complete(summary)
    summary.published_at = summary.state_since = now()
    summary.publisher_id = by.member_id
    summary.origin, summary.state_reason = Origin.WRITTEN, ""
    _name_after_title(session, summary)
    step = go(session, summary, Move.PUBLISH, by=by, request_id=request_id)
    hooks.notifier.settle(session, PUBLISH_KIND, subject=about_summary(summary.id))
    tell_writers(session, summary, step, by=by)


def replace(
    session: Session,
    summary: Summary,
    successor: str,
    *,
    reason: str,
    by: Viewer,
    request_id: str = "",
) -> None:
    """Another summary, at the address `successor`, takes the place of this one.

    Raises:
        NotFound, Conflict, NotAllowed: as `check_move` says.
        DomainError: nothing says why, or there is no such summary that everyone reads.
    """
    reason = check_move(session, summary, Move.REPLACE, by=by, reason=reason)
    slug = successor.strip().rstrip("/").rpartition("/")[2]
    other = session.scalars(select(Summary).where(Summary.slug == slug)).first() if slug else None
    if other is None or not other.is_readable or other.id == summary.id:
        raise DomainError(
            _("Donnez l’adresse d’un autre résumé publié, comme elle se lit dans le navigateur."),
            about="remplacant",
        )
    summary.replaced_by = other.id
    _change(session, summary, Move.REPLACE, by=by, reason=reason, request_id=request_id)


def retract(
    session: Session, summary: Summary, *, reason: str, by: Viewer, request_id: str = ""
) -> None:
    """Say that a summary must not be relied upon.

    Raises:
        NotFound, Conflict, NotAllowed: as `check_move` says.
        DomainError: nothing says why.
    """
    reason = check_move(session, summary, Move.RETRACT, by=by, reason=reason)
    _change(session, summary, Move.RETRACT, by=by, reason=reason, request_id=request_id)


def archive(
    session: Session, summary: Summary, *, reason: str, by: Viewer, request_id: str = ""
) -> None:
    """Nobody keeps a summary up to date any more.

    Raises:
        NotFound, Conflict, NotAllowed: as `check_move` says.
        DomainError: nothing says why.
    """
    reason = check_move(session, summary, Move.ARCHIVE, by=by, reason=reason)
    _change(session, summary, Move.ARCHIVE, by=by, reason=reason, request_id=request_id)


def abandon(
    session: Session, summary: Summary, *, reason: str, by: Viewer, request_id: str = ""
) -> None:
    """Give up a draft; its findings go back among those to tell.

    Raises:
        NotFound, Conflict, NotAllowed: as `check_move` says.
        DomainError: nothing says why.
    """
    reason = check_move(session, summary, Move.ABANDON, by=by, reason=reason)
    for finding in session.scalars(
        select(Finding).where(Finding.summary_id == summary.id).with_for_update()
    ):
        is_held = finding.owner_id is not None
        finding.state = FindingState.ASSIGNED if is_held else FindingState.KEPT
        finding.summary_id = None
    _change(session, summary, Move.ABANDON, by=by, reason=reason, request_id=request_id)


def _change(
    session: Session, summary: Summary, move: Move, *, by: Viewer, reason: str, request_id: str
) -> None:
    summary.state_reason, summary.state_since = reason, now()
    forget_correction(session, summary.id)
    step = go(session, summary, move, by=by, reason=reason, request_id=request_id)
    tell_writers(session, summary, step, by=by)
    tell_readers(session, summary)


def _name_after_title(session: Session, summary: Summary) -> None:
    """A draft is named after its article; readers find it under its own title when it is free."""
    wanted = identifier_from(summary.title)
    if not wanted or wanted in TAKEN_ADDRESSES or SLUGS.owner_of(session, wanted):
        return
    if session.get(Summary, wanted) is None:
        SLUGS.move(session, summary, wanted)
