"""Changing one's address: confirmed at the new one, told to the old one."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.audit import AuditEntry
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotFound, TooMany
from inters4.core.i18n import _
from inters4.core.mail import enqueue
from inters4.members.exports.letters import ADDRESS, ADDRESS_CHANGED
from inters4.members.models import Member, TokenPurpose, normalise_email
from inters4.members.queries.people import find_member_by_email
from inters4.members.services.people import check_email
from inters4.members.services.tokens import issue_token, use_token

MOST_ASKED = 5
_WINDOW = timedelta(hours=1)
_ASKED = "members.address_asked"


def ask_address(session: Session, email: str, *, by: Viewer) -> None:
    """Send a link to the new address; nothing changes before it is used.

    Whether the address has an account is not told here: its letter does not leave then.

    Raises:
        DomainError: the address cannot be read, or is the present one.
        TooMany: five times an hour at most.
    """
    email = normalise_email(email)
    check_email(email)
    member = session.get(Member, by.member_id, with_for_update=True)
    if member is None:
        raise NotFound(_("Cette page n’existe pas."))
    if email == member.email:
        raise DomainError(_("C’est déjà votre adresse."))
    _admit(session, member.id)
    row = issue_token(session, member, TokenPurpose.CHANGE_EMAIL, data={"email": email})
    audit.record(session, _ASKED, by=by, subject=f"member:{member.id}")
    enqueue(
        session,
        kind=ADDRESS,
        template=ADDRESS,
        recipient=email,
        locale=member.locale,
        member_id=member.id,
        parameters={"token": row.id},
    )


def change_address(session: Session, secret: str) -> Member:
    """Use the link: the address is the new one, and the old one is told.

    Raises:
        DeadToken: the link leads nowhere any more.
        Conflict: the address has an account since.
    """
    row = use_token(session, secret, TokenPurpose.CHANGE_EMAIL)
    member = session.get_one(Member, row.member_id, with_for_update=True)
    email = str(row.data["email"])
    if find_member_by_email(session, email) is not None:
        raise Conflict(_("Cette adresse a déjà un compte."))
    former, member.email = member.email, email
    session.flush()
    audit.record(
        session,
        "members.address_changed",
        by=Viewer(member_id=member.id),
        subject=f"member:{member.id}",
    )
    enqueue(
        session,
        kind=ADDRESS_CHANGED,
        template=ADDRESS_CHANGED,
        recipient=former,
        locale=member.locale,
        member_id=member.id,
        parameters={"at": now().isoformat()},
    )
    return member


def _admit(session: Session, member_id: int) -> None:
    asked = session.scalar(
        select(func.count())
        .select_from(AuditEntry)
        .where(
            AuditEntry.actor_id == member_id,
            AuditEntry.action == _ASKED,
            AuditEntry.at > now() - _WINDOW,
        )
    )
    if (asked or 0) >= MOST_ASKED:
        raise TooMany(
            _("Vous avez demandé plusieurs changements d’adresse. Réessayez dans une heure."),
            retry_after=int(_WINDOW.total_seconds()),
        )
