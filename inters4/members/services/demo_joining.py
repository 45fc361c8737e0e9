"""What a demonstration shows of joining: someone who waits, an invitation, profiles to read."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.members.models import (
    ApprovalRequest,
    DirectoryListing,
    Invitation,
    Member,
    MemberState,
    MemberToken,
    Organisation,
    ProfileField,
    ProfileKey,
    Registration,
    TokenPurpose,
    Visibility,
)
from inters4.members.queries.tokens import binding_of
from inters4.members.services.approvals import request_approval
from inters4.members.services.people import create_member, join_organisation
from inters4.members.services.registration import LINK_LIFETIME
from inters4.members.services.sessions import digest

EXAMPLE = "exemple"
"""Secret of the demonstration's links, public on purpose."""
_PROFILES: dict[str, dict[ProfileKey, tuple[str, Visibility]]] = {
    "camille": {
        ProfileKey.FUNCTION: ("Conseillère en amélioration continue", Visibility.EVERYONE),
        ProfileKey.ORGANISATIONS: ("", Visibility.EVERYONE),
        ProfileKey.REGION: ("rss01", Visibility.EVERYONE),
        ProfileKey.SKILLS: (
            "Télésoins après une chirurgie d’un jour, suivi à distance",
            Visibility.EVERYONE,
        ),
        ProfileKey.INTERESTS: ("Paramédecine communautaire", Visibility.MEMBERS),
    },
    "dominique": {
        ProfileKey.FUNCTION: ("Courtage de connaissances", Visibility.EVERYONE),
        ProfileKey.ORGANISATIONS: ("", Visibility.MEMBERS),
        ProfileKey.REGION: ("rss01", Visibility.MEMBERS),
        ProfileKey.SKILLS: ("Synthèses rapides, recherche documentaire", Visibility.MEMBERS),
    },
}


def seed_joining(
    session: Session, people: dict[str, Member], establishment: Organisation, *, by: Viewer
) -> None:
    """Make it once; a demonstration that was played with is left as it is."""
    if session.scalars(select(ApprovalRequest.id).limit(1)).first() is not None:
        return
    waiting = create_member(
        session,
        name="Lou Exemple",
        email="lou@exemple.invalid",
        state=MemberState.PENDING_APPROVAL,
        by=by,
    )
    join_organisation(session, waiting, establishment, is_confirmed=False)
    request = request_approval(
        session,
        waiting,
        organisation_id=establishment.id,
        hinted_id=establishment.id,
        is_for_entry=True,
    )
    request.public_id = EXAMPLE
    session.add_all(
        [
            Invitation(
                public_id=EXAMPLE,
                seed=secrets.token_bytes(32),
                token_hash=digest(EXAMPLE),
                organisation_id=establishment.id,
                max_uses=5,
                invited_by_id=people["frederique"].id,
            ),
            _registration(establishment),
            _new_address(people["camille"]),
        ]
    )
    for key, fields in _PROFILES.items():
        member = people[key]
        session.add(DirectoryListing(member_id=member.id))
        session.add_all(
            ProfileField(member_id=member.id, key=name, value=value, visibility=visibility)
            for name, (value, visibility) in fields.items()
        )
    session.flush()


def _registration(establishment: Organisation) -> Registration:
    row = Registration(
        name="Andrea Exemple",
        email="andrea@exemple.invalid",
        password_hash="",
        organisation_id=establishment.id,
        locale="fr",
        seed=secrets.token_bytes(32),
        token_hash=digest(EXAMPLE),
    )
    row.created_at = now()
    row.expires_at = row.created_at + LINK_LIFETIME
    return row


def _new_address(member: Member) -> MemberToken:
    return MemberToken(
        purpose=TokenPurpose.CHANGE_EMAIL,
        member_id=member.id,
        token_hash=digest(EXAMPLE),
        binding=binding_of(member),
        data={"email": "camille.nouvelle@exemple.invalid"},
        expires_at=now() + LINK_LIFETIME,
    )
