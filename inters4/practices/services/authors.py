"""Who carries a sheet: its owner and those who write it too."""

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Role, Viewer
from inters4.core.errors import Conflict, NotAllowed
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.members.models import Member
from inters4.members.queries import load_viewer
from inters4.members.services.seeking import check_seeking
from inters4.practices.exports.notices import AUTHOR_KIND, about_sheet
from inters4.practices.models import Practice, PracticeAuthor, PracticeState
from inters4.practices.queries.carrying import find_active_person
from inters4.practices.queries.revisions import author_ids, open_revision_of, owner_id
from inters4.practices.services.writers import note_leaving

_SOUGHT = "practices.author_sought"
_MOST_SOUGHT = 20
_JUDGES = (Role.REVIEWER, Role.SIGNATORY, Role.RESPONDENT)


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
    check_seeking(session, _SOUGHT, by=by, most=_MOST_SOUGHT)
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

    Whoever might be judging the sheet does not join it meanwhile; the refusal says nothing of who
    judges it.

    Raises:
        NotAllowed: `by` neither owns it nor coordinates.
        Conflict: they carry it already, their account is not active, or they may be judging it.
    """
    _check_owns(session, practice, by)
    if member.id in author_ids(session, practice.id) or not member.is_active:
        raise Conflict(_("Cette personne porte déjà la fiche, ou son compte n’est pas actif."))
    if _is_judged(session, practice) and load_viewer(session, member.id).holds_any(*_JUDGES):
        raise Conflict(
            _(
                "Cette personne a un rôle de relecture ou de signature : ajoutez-la quand la fiche "
                "sera sortie de relecture et d’approbation."
            )
        )
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
    """Take a co-author off; the owner stays until somebody else is. They worked on it all the same.

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
    note_leaving(session, practice.id, member_id)
    audit.record(
        session,
        "practices.author_removed",
        by=by,
        subject=f"fiche:{practice.id}",
        request_id=request_id,
        member=member_id,
    )
    session.flush()


def _is_judged(session: Session, practice: Practice) -> bool:
    revision = open_revision_of(session, practice.id)
    return revision is not None and revision.state in {PracticeState.REVIEW, PracticeState.APPROVAL}


def _check_owns(session: Session, practice: Practice, by: Viewer) -> None:
    if owner_id(session, practice.id) != by.member_id and not by.has(Role.COORDINATION):
        raise NotAllowed(_("La personne responsable de la fiche choisit qui la porte."))
