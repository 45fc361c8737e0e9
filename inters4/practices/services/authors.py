"""Who carries a sheet: its owner and those who write it too."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, NotAllowed, TooMany
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.members.models import Member
from inters4.practices.exports.notices import AUTHOR_KIND, about_sheet
from inters4.practices.models import Practice, PracticeAuthor
from inters4.practices.queries.carrying import find_active_person
from inters4.practices.queries.revisions import author_ids, owner_id

_SOUGHT = "practices.author_sought"
_MOST_SOUGHT = 20
_WHILE = timedelta(hours=1)


def seek_author(
    session: Session, practice: Practice, told: str, *, by: Viewer, request_id: str = ""
) -> bool:
    """Let the person of this address, or of this whole name, carry the sheet; False when nobody is.

    Attempts are counted: nobody tries a list of addresses to learn who has an account.

    Raises:
        NotAllowed: `by` neither owns it nor coordinates.
        Conflict: they carry it already.
        TooMany: they looked for too many people.
    """
    _check_owns(session, practice, by)
    sought = session.scalar(
        select(func.count())
        .select_from(audit.AuditEntry)
        .where(
            audit.AuditEntry.actor_id == by.member_id,
            audit.AuditEntry.action == _SOUGHT,
            audit.AuditEntry.at > now() - _WHILE,
        )
    )
    if (sought or 0) >= _MOST_SOUGHT:
        raise TooMany(
            _("Vous avez cherché beaucoup de personnes. Reprenez dans une heure."),
            retry_after=int(_WHILE.total_seconds()),
        )
    audit.record(session, _SOUGHT, by=by, subject=f"fiche:{practice.id}", request_id=request_id)
    member = find_active_person(session, told)
    if member is None:
        return False
    add_author(session, practice, member, by=by, request_id=request_id)
    return True


def add_author(
    session: Session, practice: Practice, member: Member, *, by: Viewer, request_id: str = ""
) -> None:
    """Let somebody else carry the sheet too.

    Raises:
        NotAllowed: `by` neither owns it nor coordinates.
        Conflict: they carry it already, or their account is not active.
    """
    _check_owns(session, practice, by)
    if member.id in author_ids(session, practice.id) or not member.is_active:
        raise Conflict(_("Cette personne porte déjà la fiche, ou son compte n’est pas actif."))
    session.add(
        PracticeAuthor(practice_id=practice.id, member_id=member.id, added_by_id=by.member_id)
    )
    audit.record(
        session,
        "practices.author_added",
        by=by,
        subject=f"fiche:{practice.id}",
        request_id=request_id,
        member=member.id,
    )
    session.flush()
    hooks.notifier.notify(
        session,
        AUTHOR_KIND,
        [member.id],
        subject=about_sheet(practice.id),
    )


def remove_author(
    session: Session, practice: Practice, member_id: int, *, by: Viewer, request_id: str = ""
) -> None:
    """Take a co-author off; the owner stays until somebody else is.

    Raises:
        NotAllowed: `by` neither owns it, coordinates, nor leaves by themselves.
        Conflict: it is the owner, or nobody.
    """
    if member_id != by.member_id:
        _check_owns(session, practice, by)
    row = session.get(PracticeAuthor, (practice.id, member_id))
    if row is None or row.is_owner:
        raise Conflict(_("La personne responsable reste tant que personne ne la remplace."))
    session.delete(row)
    audit.record(
        session,
        "practices.author_removed",
        by=by,
        subject=f"fiche:{practice.id}",
        request_id=request_id,
        member=member_id,
    )
    session.flush()


def _check_owns(session: Session, practice: Practice, by: Viewer) -> None:
    if owner_id(session, practice.id) != by.member_id and not by.has(Role.COORDINATION):
        raise NotAllowed(_("La personne responsable de la fiche choisit qui la porte."))
