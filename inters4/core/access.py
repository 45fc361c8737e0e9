"""Who is looking: `Role`, and the frozen `Viewer` that queries and services take.

A mapped `Member` never travels: a viewer is a value, computed once a request from the database,
so that what a person may see follows the rows at once. What one may not see answers 404.
"""

from dataclasses import field
from enum import StrEnum

from inters4.core.values import dataclass


class Role(StrEnum):
    """What a person may do, each at its own scale."""

    BROKER = "broker"
    REVIEWER = "reviewer"
    COORDINATION = "coordination"
    ADMIN = "admin"
    APPROVER = "approver"
    SIGNATORY = "signatory"
    RESPONDENT = "respondent"
    FACILITATOR = "facilitator"
    MODERATOR = "moderator"


PLATFORM_ROLES = frozenset({Role.BROKER, Role.REVIEWER, Role.COORDINATION, Role.ADMIN})
ORGANISATION_ROLES = frozenset({Role.APPROVER, Role.SIGNATORY, Role.RESPONDENT})
SPACE_ROLES = frozenset({Role.FACILITATOR, Role.MODERATOR})


STAFF = (Role.COORDINATION, Role.ADMIN)
"""Those who see to people and organisations."""
GUARDED_ROLES = frozenset({Role.BROKER, Role.COORDINATION, Role.ADMIN})
"""Roles that a password alone does not open, where the installation asks for more."""
WATCHED_ROLES = GUARDED_ROLES | {Role.APPROVER, Role.SIGNATORY}
"""Roles given to one person named, after a recent password, never to oneself, and told."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role and where it holds: everywhere, in one organisation or in one space."""

    role: Role
    organisation: int | None = None
    space: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A person, or nobody in particular, as queries and services see them.

    Attributes:
        member_id: None for an anonymous visitor.
        display_name: how the page greets them.
        organisations: ids of the organisations that confirmed them.
        grants: roles with their scope.
        spaces: ids of the spaces they belong to.
        locale: language in which they read.
        unread: how many notices await them; says nothing of who they are.
    """

    member_id: int | None = None
    display_name: str = ""
    organisations: frozenset[int] = frozenset()
    grants: frozenset[Grant] = frozenset()
    spaces: frozenset[int] = frozenset()
    locale: str = "fr"
    unread: int = field(default=0, compare=False)

    @property
    def is_signed_in(self) -> bool:
        """False for a visitor."""
        return self.member_id is not None

    def has(self, role: Role, *, organisation: int | None = None, space: int | None = None) -> bool:
        """True when `role` is held platform-wide, or in the very scope asked about."""
        return any(
            grant.role is role
            and grant.organisation in {None, organisation}
            and grant.space in {None, space}
            for grant in self.grants
        )

    def holds_any(self, *roles: Role) -> bool:
        """True when one of `roles` is held, in whatever scope."""
        return any(grant.role in roles for grant in self.grants)

    @property
    def is_staff(self) -> bool:
        """True for who coordinates, or administers."""
        return self.holds_any(*STAFF)

    @property
    def audiences(self) -> frozenset[str]:
        """The containers whose documents this viewer may read.

        A container is named on the document, its visibility is not: narrowing a space takes
        effect at the next request, without reindexing.
        """
        names = {"public"}
        if self.is_signed_in:
            names.add("members")
        names.update(f"org:{number}" for number in self.organisations)
        names.update(f"space:{number}" for number in self.spaces)
        names.update(
            f"role:{grant.role.value}" for grant in self.grants if grant.role in PLATFORM_ROLES
        )
        return frozenset(names)


ANONYMOUS = Viewer()
