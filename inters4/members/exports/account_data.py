"""What « Mes données » holds of the account itself, and the archive of all domains' files."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from inters4.core.clock import now
from inters4.core.hooks import hooks
from inters4.core.i18n import _, format_moment
from inters4.members.exports.own_data import Rows, when
from inters4.members.models import (
    FormerAddress,
    Member,
    MemberOrganisation,
    MemberSession,
    ProviderIdentity,
    RoleGrant,
    SecondFactor,
)
from inters4.members.queries.journal import entries_about


def account(session: Session, member_id: int) -> Rows:
    """Who the person is to the portal; no secret, not even hashed."""
    member = session.scalars(
        select(Member)
        .options(
            selectinload(Member.organisations).joinedload(MemberOrganisation.organisation),
            selectinload(Member.grants).joinedload(RoleGrant.organisation),
        )
        .where(Member.id == member_id)
    ).one()
    factor = session.get(SecondFactor, member_id)
    yield {
        "id": member.public_id,
        "name": member.name,
        "email": member.email,
        "former_addresses": [
            {"email": row.email, "left_at": when(row.left_at)}
            for row in session.scalars(
                select(FormerAddress)
                .where(FormerAddress.member_id == member_id)
                .order_by(FormerAddress.left_at)
            )
        ],
        "state": member.state.value,
        "language": member.locale,
        "created_at": member.created_at.isoformat(),
        "password_changed_at": when(member.password_changed_at),
        "last_active_at": when(member.last_active_at),
        "second_factor_since": when(factor.confirmed_at) if factor else None,
        "organisations": [
            {"name": link.organisation.name, "confirmed_at": when(link.confirmed_at)}
            for link in member.organisations
        ],
        "roles": [
            {
                "role": grant.role.value,
                "organisation": grant.organisation.name if grant.organisation else None,
                "granted_at": when(grant.granted_at),
            }
            for grant in member.grants
        ],
    }


def sessions(session: Session, member_id: int) -> Rows:
    """Where the account was open, as long as that is kept."""
    for row in session.scalars(
        select(MemberSession)
        .where(MemberSession.member_id == member_id)
        .order_by(MemberSession.created_at)
    ):
        yield {
            "opened_at": when(row.created_at),
            "last_seen_at": when(row.last_seen_at),
            "ended_at": when(row.revoked_at),
            "browser": row.agent,
            "network": row.address,
        }


def identities(session: Session, member_id: int) -> Rows:
    """With which identities of a provider the person enters."""
    for row in session.scalars(
        select(ProviderIdentity)
        .where(ProviderIdentity.member_id == member_id)
        .order_by(ProviderIdentity.linked_at)
    ):
        yield {
            "issuer": row.issuer,
            "subject": row.subject,
            "email": row.email,
            "linked_at": when(row.linked_at),
            "last_used_at": when(row.last_used_at),
        }


def journal(session: Session, member_id: int) -> Rows:
    """What the audit journal says about the person; others are not named."""
    for entry in entries_about(session, member_id):
        yield {
            "at": when(entry.at),
            "action": entry.action,
            "by_me": entry.actor_id == member_id,
            "detail": dict(entry.detail) if entry.actor_id == member_id else {},
        }


ACCOUNT_DATA: Mapping[str, Callable[[Session, int], Rows]] = {
    "compte": account,
    "sessions": sessions,
    "identites": identities,
    "journal": journal,
}


def archive(session: Session, member_id: int) -> bytes:
    """Everything about a person: one JSON file for each kind of thing, and what each is."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("LISEZ-MOI.txt", _read_me())
        for name, export in sorted(hooks.member_export.items()):
            rows = list(export(session, member_id))
            text = json.dumps(rows, ensure_ascii=False, indent=2, default=str)
            made.writestr(f"{name}.json", text + "\n")
    return held.getvalue()


def _read_me() -> str:
    lines = (
        _("Vos données dans InterS4, le %(moment)s.", moment=format_moment(now())),
        _(
            "Chaque fichier JSON est une liste, dans l’ordre du temps. Un fichier vide veut "
            "dire que "
            "rien n’est gardé de cette sorte."
        ),
        _(
            "N’y sont pas : votre mot de passe (il n’est gardé que sous une forme illisible), "
            "ce que "
            "d’autres personnes ont écrit, et les copies de sauvegarde."
        ),
    )
    return "\n\n".join(lines) + "\n"
