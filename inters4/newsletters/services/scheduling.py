"""When an approved issue leaves; and an issue that will not."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.db import after_commit
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _
from inters4.core.installation import name_installation
from inters4.core.jobs import jobs
from inters4.newsletters.exports.approved import content_of
from inters4.newsletters.exports.message import parts_of
from inters4.newsletters.models import Issue
from inters4.newsletters.queries.approvals import standing_approval
from inters4.newsletters.services.approving import overtake
from inters4.newsletters.services.freezing import SEND_JOB
from inters4.newsletters.services.life import Move, check_move, go
from inters4.newsletters.services.telling import tell_writers
from inters4.settings import Settings

_TYPING = timedelta(minutes=2)
"""A form shows minutes, and takes some time to be sent."""


def schedule(
    session: Session,
    issue: Issue,
    *,
    at: datetime,
    by: Viewer,
    settings: Settings,
    request_id: str = "",
) -> None:
    """Let the approved message leave at this hour; at once when it is the present one.

    Raises:
        NotFound, Conflict: as `check_move` says; the message is not the approved one any more.
        DomainError: the hour is past: a day mistyped would send to everyone at once.
    """
    check_move(session, issue, Move.SCHEDULE, by=by)
    moment = now()
    if at < moment - _TYPING:
        raise DomainError(
            _("Cette heure est passée. Choisissez une heure à venir, ou « Envoyer maintenant »."),
            about="heure",
        )
    approval = standing_approval(session, issue.id)
    present = content_of(parts_of(session, issue, settings=settings), issue.audience)
    if approval is None or approval.content != present:
        raise Conflict(
            _(
                "Le message n’est plus celui qui a été approuvé : un élément qu’il cite a changé. "
                "Reprenez le numéro, puis demandez une nouvelle approbation."
            )
        )
    issue.send_at = max(at, moment)
    issue.instance, issue.held_for = name_installation(session).instance, ""
    go(session, issue, Move.SCHEDULE, by=by, request_id=request_id)
    if at <= moment:
        after_commit(session, partial(jobs.nudge, SEND_JOB))


def unschedule(session: Session, issue: Issue, *, by: Viewer, request_id: str = "") -> None:
    """Keep an issue that has not left; it stays approved.

    Raises:
        NotFound, Conflict: as `check_move` says.
    """
    check_move(session, issue, Move.UNSCHEDULE, by=by)
    go(session, issue, Move.UNSCHEDULE, by=by, request_id=request_id)


def cancel(
    session: Session, issue: Issue, *, reason: str, by: Viewer, request_id: str = ""
) -> None:
    """Give an issue up before it leaves; its number is not used again.

    Raises:
        NotFound, Conflict, DomainError: as `check_move` says.
    """
    reason = check_move(session, issue, Move.CANCEL, by=by, reason=reason)
    overtake(session, issue)
    go(session, issue, Move.CANCEL, by=by, reason=reason, request_id=request_id)
    tell_writers(session, issue, by=by)
