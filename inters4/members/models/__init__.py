"""Tables of the members domain, one module for each aggregate."""

from inters4.members.models.accounts import (
    Consent,
    ConsentPurpose,
    ConsentText,
    MemberPreference,
    StateChange,
)
from inters4.members.models.approvals import ApprovalRequest, ApproverNotice, Decision
from inters4.members.models.domains import (
    DomainPolicy,
    EmailDomain,
    EmailDomainOrganisation,
    PresortRule,
)
from inters4.members.models.identities import ProviderIdentity, ProviderReturn
from inters4.members.models.invitations import Invitation, InvitationUse
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
from inters4.members.models.privacy import (
    Erasure,
    FormerAddress,
    Incident,
    IncidentEntry,
    IncidentStep,
)
from inters4.members.models.profiles import DirectoryListing, ProfileField, ProfileKey, Visibility
from inters4.members.models.registrations import Registration
from inters4.members.models.resets import PasswordReset
from inters4.members.models.second_factor import RecoveryCode, SecondFactor, SignInChallenge
from inters4.members.models.sessions import MemberSession, SignInAttempt
from inters4.members.models.tokens import MemberToken, TokenPurpose

__all__ = [
    "ApprovalRequest",
    "ApproverNotice",
    "Consent",
    "ConsentPurpose",
    "ConsentText",
    "Decision",
    "DirectoryListing",
    "DomainPolicy",
    "EmailDomain",
    "EmailDomainOrganisation",
    "Erasure",
    "FormerAddress",
    "Incident",
    "IncidentEntry",
    "IncidentStep",
    "Invitation",
    "InvitationUse",
    "Member",
    "MemberOrganisation",
    "MemberPreference",
    "MemberSession",
    "MemberState",
    "MemberToken",
    "Organisation",
    "OrganisationKind",
    "OrganisationName",
    "OrganisationRegion",
    "PasswordReset",
    "PresortRule",
    "ProfileField",
    "ProfileKey",
    "ProviderIdentity",
    "ProviderReturn",
    "RecoveryCode",
    "Registration",
    "RoleGrant",
    "SecondFactor",
    "SignInAttempt",
    "SignInChallenge",
    "StateChange",
    "TokenPurpose",
    "Visibility",
    "normalise_email",
]
