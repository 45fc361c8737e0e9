"""Looking for someone by their address or name is counted.

Nobody tries a list of addresses to learn who has an account.
"""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.audit import AuditEntry
from inters4.core.clock import now
from inters4.core.errors import TooMany
from inters4.core.i18n import _

_WHILE = timedelta(hours=1)


def check_seeking(session: Session, action: str, *, by: Viewer, most: int) -> None:
    """Refuse whoever looked for `most` people within the hour; each leaves `action` in the journal.

    Raises:
        TooMany: with how long to wait.
    """
    sought = session.scalar(
        select(func.count())
        .select_from(AuditEntry)
        .where(
            AuditEntry.actor_id == by.member_id,
            AuditEntry.action == action,
            AuditEntry.at > now() - _WHILE,
        )
    )
    if (sought or 0) >= most:
        raise TooMany(
            _("Vous avez cherché beaucoup de personnes. Reprenez dans une heure."),
            retry_after=int(_WHILE.total_seconds()),
        )
