"""Who may change a meeting, and the row locked while what it decides is decided."""

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from inters4.community.models import Meeting, Space
from inters4.community.queries.meetings import conducts
from inters4.community.queries.visibility import moderates
from inters4.community.services.admitting import check_is_open
from inters4.community.services.publishing import lock_space
from inters4.core.access import Viewer
from inters4.core.errors import Conflict, NotAllowed
from inters4.core.i18n import _


def lock_meeting(session: Session, meeting: Meeting) -> tuple[Meeting, Space]:
    """The meeting as it is now, and its space: others who change either wait.

    The space is locked first, as everywhere: two locks taken in two orders would wait for ever.
    """
    space = lock_space(session, meeting.space_id)
    found = session.scalars(
        select(Meeting)
        .join(Meeting.space)
        .options(contains_eager(Meeting.space))
        .where(Meeting.id == meeting.id)
        .with_for_update(of=Meeting)
        .execution_options(populate_existing=True)
    ).one()
    return found, space


def check_plans(space: Space, by: Viewer) -> None:
    """Refuse whoever may not call a meeting here.

    Raises:
        NotAllowed: the space is archived, or `by` does not facilitate it.
    """
    check_is_open(space)
    if not moderates(by, space.id):
        raise NotAllowed(_("Les personnes qui animent cet espace y convoquent les rencontres."))


def check_conducts(meeting: Meeting, space: Space, by: Viewer) -> None:
    """Refuse whoever does not see to this meeting.

    Raises:
        NotAllowed: the space is archived, or `by` does not conduct the meeting.
    """
    check_is_open(space)
    if not conducts(by, meeting):
        raise NotAllowed(_("Les personnes qui animent cette rencontre en décident."))


def check_to_come(meeting: Meeting) -> None:
    """Refuse what can only be done before a meeting.

    Raises:
        Conflict: it is cancelled, or has begun.
    """
    if meeting.cancelled_at is not None:
        raise Conflict(_("Cette rencontre est annulée."))
    if meeting.has_started:
        raise Conflict(_("Cette rencontre a déjà commencé : les inscriptions sont closes."))
