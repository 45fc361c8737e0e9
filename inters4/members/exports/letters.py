"""The facts that letters to people tell, read when they leave.

Whether an address has an account is looked at here, by the worker: the page that took the form
did the same for everyone. Names were typed by somebody: addresses are taken out of them.
"""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session, joinedload

from inters4.core.clock import now
from inters4.core.i18n import _, format_date, format_moment
from inters4.core.mail import QueuedMail
from inters4.members.exports.words import role_label
from inters4.members.models import (
    ApprovalRequest,
    Decision,
    Member,
    MemberState,
    Registration,
)
from inters4.members.queries.approvals import deciders, open_requests, requests_of
from inters4.members.queries.people import find_member_by_email
from inters4.members.queries.registrations import (
    AGAIN_AFTER,
    Letter,
    letter_due,
    load_invitation,
    refused_at,
)
from inters4.members.queries.tokens import secret_of_seed, secret_of_token

REGISTRATION, REQUESTS, DECISION = "member_registration", "member_requests", "member_decision"
INVITATION, MESSAGE = "member_invitation", "member_message"
ADDRESS, ADDRESS_CHANGED = "member_address", "member_address_changed"
IDENTITY = "member_identity"
_MOST_LISTED = 20
_ADDRESS = re.compile(r"\S*(?:://|@|www\.|[\w-]\.[^\W\d_]{2})\S*")
_SHORTENED = re.compile(r"(?<![\w/@-])([^\W\d_]{1,3})\.(?=[A-ZÀÂÄÇÈÉÊËÎÏÔÖÙÛÜ])")


def harmless(typed: str) -> str:
    """`typed` on one line, where a mail client finds nothing to make a link of.

    « M.Roy » is a name: it is kept, with a space that no link has.
    """
    return _ADDRESS.sub("…", _SHORTENED.sub(r"\1. ", " ".join(typed.split())))[:120]


def masked(email: str) -> str:
    """An address that its owner recognises and that tells nobody else where to write."""
    local, _at, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}"


def registration(session: Session, mail: QueuedMail) -> Mapping[str, Any] | None:
    """A link to confirm; or that there is an account, or when one may apply again."""
    row = session.get(Registration, int(mail.parameters["registration"]))
    if row is None or row.used_at is not None or row.expires_at <= now():
        return None
    due = letter_due(session, row)
    if due is Letter.NONE:
        return None
    member = find_member_by_email(session, row.email)
    facts = {
        "name": harmless(row.name),
        "asked_at": format_moment(row.created_at),
        "hours": 48,
        "path": f"/inscription/confirmation/{secret_of_seed(row.seed)}",
        "case": "new" if due is Letter.OF_FORM else "reader",
        "again_on": "",
    }
    if member is None or member.state is MemberState.UNVERIFIED:
        return facts
    refusal = refused_at(session, member)
    if refusal is None:
        return {**facts, "case": "known", "path": "/connexion"}
    again = refusal.at + AGAIN_AFTER
    if now() >= again:
        return facts
    return {**facts, "case": "refused", "path": "/nous-joindre", "again_on": format_date(again)}


def requests(session: Session, mail: QueuedMail) -> Mapping[str, Any] | None:
    """Everything that waits for this person now; None when nothing does."""
    waiting = open_requests(session)
    found = {
        request.id: request
        for person in deciders(session)
        if person.member_id == mail.member_id
        for request in requests_of(person, waiting)
    }
    if not found:
        return None
    rows = sorted(found.values(), key=lambda request: request.created_at)
    return {
        "count": len(rows),
        "passes_on": any(row.escalated_at is None for row in rows),
        "requests": [
            {
                "name": harmless(request.member.name),
                "email": request.member.email,
                "organisation": _organisation_of(request),
                "asked_on": format_date(request.created_at),
                "path": f"/approbations/{request.public_id}",
            }
            for request in rows[:_MOST_LISTED]
        ],
    }


def decision(session: Session, mail: QueuedMail) -> Mapping[str, Any] | None:
    """What was decided, and what is open now."""
    request = session.get(
        ApprovalRequest,
        int(mail.parameters["request"]),
        options=(joinedload(ApprovalRequest.organisation), joinedload(ApprovalRequest.member)),
    )
    if request is None or request.decided_at is None:
        return None
    return {
        "name": harmless(request.member.name),
        "is_approved": request.decision is Decision.APPROVED,
        "is_for_entry": request.is_for_entry,
        "organisation": _organisation_of(request),
        "refusal": request.reason,
        "again_on": format_date(request.decided_at + AGAIN_AFTER),
    }


def invitation(session: Session, mail: QueuedMail) -> Mapping[str, Any] | None:
    """Who invites, to what; None once it was revoked or used."""
    row = load_invitation(session, int(mail.parameters["invitation"]))
    if row is None or not row.is_live(now()):
        return None
    return {
        "inviter": harmless(row.invited_by.name) if row.invited_by else "",
        "organisation": row.organisation.name if row.organisation else "",
        "role": role_label(row.role) if row.role else "",
        "until": format_date(row.expires_at),
        "path": f"/invitation/{secret_of_seed(row.seed)}",
    }


def message(session: Session, mail: QueuedMail) -> Mapping[str, Any] | None:
    """Words of one person to another, with the address that the sender gave to be answered."""
    sender = session.get(Member, int(mail.parameters["sender"]))
    if sender is None or not sender.is_active:
        return None
    return {
        "sender": harmless(sender.name),
        "sender_email": sender.email,
        "reply_to": sender.email,
        "text": mail.parameters["text"],
        "path": f"/personnes/{sender.public_id}",
    }


def address(session: Session, mail: QueuedMail) -> Mapping[str, Any] | None:
    """A link to confirm a new address; None when it is somebody's already."""
    token = int(mail.parameters["token"])
    secret = secret_of_token(session, token)
    if secret is None or find_member_by_email(session, mail.recipient) is not None:
        return None
    asker = session.get(Member, mail.member_id) if mail.member_id else None
    if asker is None:
        return None
    return {
        "hours": 48,
        "path": f"/compte/courriel/{secret}",
        "asker": harmless(asker.name),
        "present": masked(asker.email),
    }


def identity(session: Session, mail: QueuedMail) -> Mapping[str, Any] | None:
    """A link to let an identity of the provider open the account; None once it opens nothing."""
    secret = secret_of_token(session, int(mail.parameters["token"]))
    return {"path": f"/connexion/organisation/lien/{secret}"} if secret else None


def _organisation_of(request: ApprovalRequest) -> str:
    if request.organisation is not None:
        return request.organisation.name
    return harmless(request.other_organisation) or _("organisation non précisée")
