"""Tables of the members domain, one module for each aggregate."""

from inters4.members.models.organisations import (
    Organisation,
    OrganisationKind,
    OrganisationName,
    OrganisationRegion,
)
from inters4.members.models.people import (
    Member,
    MemberOrganisation,
    MemberState,
    RoleGrant,
    normalise_email,
)
from inters4.members.models.sessions import MemberSession, SignInAttempt

__all__ = [
    "Member",
    "MemberOrganisation",
    "MemberSession",
    "MemberState",
    "Organisation",
    "OrganisationKind",
    "OrganisationName",
    "OrganisationRegion",
    "RoleGrant",
    "SignInAttempt",
    "normalise_email",
]
