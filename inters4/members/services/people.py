"""Making accounts, choosing passwords, giving roles."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import (
    ORGANISATION_ROLES,
    PLATFORM_ROLES,
    SPACE_ROLES,
    WATCHED_ROLES,
    Grant,
    Role,
    Viewer,
)
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.i18n import _
from inters4.core.mail.compose import UnsafeFieldError, clean_address
from inters4.members.models import (
    Member,
    MemberOrganisation,
    MemberState,
    Organisation,
    RoleGrant,
    normalise_email,
)
from inters4.members.queries import find_member_by_email
from inters4.members.queries.people import find_grant
from inters4.members.services.passwords import check_strength, hash_password
from inters4.members.services.states import note_state

OPERATOR = Viewer(grants=frozenset({Grant(Role.ADMIN)}))
"""Whoever runs commands on the server: no account, every right, named « nobody » in the audit."""

_LONGEST_EMAIL = 254
LONGEST_NAME = 120
_GIVEN_BY_COORDINATION = frozenset(Role) - {Role.ADMIN}
_GIVEN_BY_APPROVER = frozenset({Role.APPROVER, Role.RESPONDENT})
_GIVEN_BY_FACILITATOR = SPACE_ROLES


def create_member(
    session: Session,
    *,
    name: str,
    email: str,
    by: Viewer,
    password: str | None = None,
    state: MemberState = MemberState.ACTIVE,
    locale: str = "fr",
) -> Member:
    """Open an account; without a password, none opens it yet.

    Raises:
        DomainError: the name or the address cannot be read.
        Conflict: the address has an account. What a visitor is told must not depend on it.
        WeakPassword: the password is guessed first.
    """
    name, email = " ".join(name.split()), normalise_email(email)
    check_name(name)
    check_email(email)
    if password is not None:
        check_strength(password, context=(name, email))
    if find_member_by_email(session, email) is not None:
        raise Conflict(_("Cette adresse a déjà un compte."))
    member = Member(name=name, email=email, state=state, locale=locale)
    if password is not None:
        member.password_hash = hash_password(password)
        member.password_changed_at = now()
    insert_member(session, member)
    note_state(session, member, by=by)
    audit.record(
        session, "members.created", by=by, subject=f"member:{member.id}", state=state.value
    )
    return member


def insert_member(session: Session, member: Member) -> None:
    """Write a new account.

    Raises:
        Conflict: the address has one, made at this instant perhaps.
    """
    _insert(session, member, refusal=_("Cette adresse a déjà un compte."))


def join_organisation(
    session: Session, member: Member, organisation: Organisation, *, is_confirmed: bool
) -> MemberOrganisation:
    """Say that a person belongs to an organisation; it counts once confirmed, for good."""
    key = (member.id, organisation.id)
    found = session.get(MemberOrganisation, key)
    if found is None:
        found = MemberOrganisation(member_id=member.id, organisation_id=organisation.id)
        session.add(found)
    if is_confirmed and found.confirmed_at is None:
        found.confirmed_at = now()
    session.flush()
    return found


def grant_role(
    session: Session,
    member: Member,
    role: Role,
    *,
    by: Viewer,
    organisation: int | None = None,
    space: int | None = None,
) -> RoleGrant:
    """Give a role in its scope; giving it twice changes nothing.

    Raises:
        ValueError: the scope does not fit the role: a mistake of the caller.
        NotAllowed: the role is above those of `by`, or outside their scope.
        Conflict: someone gives it at this instant, or the account is erased.
    """
    _check_scope(role, organisation=organisation, space=space)
    if member.state is MemberState.ERASED:
        raise Conflict(_("Ce compte est effacé : il ne reçoit plus rien."))
    if not may_grant(role, by=by, organisation=organisation, space=space):
        raise NotAllowed(
            _(
                "Vous ne pouvez pas donner un rôle plus élevé que le vôtre : demandez-le à "
                "l’administration."
            )
        )
    found = find_grant(session, member.id, role, organisation=organisation, space=space)
    if found is not None:
        return found
    grant = RoleGrant(
        member_id=member.id,
        role=role,
        organisation_id=organisation,
        space_id=space,
        granted_by_id=by.member_id,
    )
    refusal = _("Ce rôle vient d’être donné à cette personne.")
    _insert(session, grant, refusal=refusal)
    audit.record(
        session,
        "members.role_granted",
        by=by,
        subject=f"member:{member.id}",
        role=role.value,
        organisation=organisation,
        space=space,
    )
    return grant


def may_grant(
    role: Role, *, by: Viewer, organisation: int | None = None, space: int | None = None
) -> bool:
    """True when `by` stands at least as high as `role` where it would hold.

    A signature binds an organisation: only the coordination or an admin says who signs.
    """
    if by.has(Role.ADMIN):
        return True
    if by.has(Role.COORDINATION):
        return role in _GIVEN_BY_COORDINATION
    if organisation is not None and by.has(Role.APPROVER, organisation=organisation):
        return role in _GIVEN_BY_APPROVER
    if space is not None and by.has(Role.FACILITATOR, space=space):
        return role in _GIVEN_BY_FACILITATOR
    return False


def refuse_own(member: Member, role: Role, *, by: Viewer) -> None:
    """Nobody gives themselves a role that opens much, by hand or by an invitation.

    Raises:
        NotAllowed: somebody else gives it.
    """
    if by.member_id == member.id and role in WATCHED_ROLES:
        raise NotAllowed(
            _("Une autre personne de l’administration ou de la coordination vous donne ce rôle.")
        )


def _can_be_written_to(email: str) -> bool:
    try:
        clean_address(email)
    except UnsafeFieldError:
        return False
    return True


def check_email(email: str) -> None:
    """Refuse what cannot be an address; whether it exists is what a letter to it tells.

    Raises:
        DomainError: says what an address looks like, or that letters would not reach it.
    """
    local, at, domain = email.rpartition("@")
    is_readable = (
        len(email) <= _LONGEST_EMAIL
        and bool(local and at)
        and "@" not in local
        and "." in domain.strip(".")
        and domain == domain.strip(".")
        and email.isprintable()
        and not any(character.isspace() or character in '<>,;"()' for character in email)
    )
    if is_readable and not local.isascii():
        raise DomainError(
            _("Donnez une adresse sans accent avant le « @ » : les courriels s’y perdent."),
            about="email",
        )
    if not is_readable or not _can_be_written_to(email):
        raise DomainError(
            _("Donnez une adresse complète, comme « prenom.nom@exemple.ca »."), about="email"
        )


def _insert(session: Session, row: Member | RoleGrant, *, refusal: str) -> None:
    """Write a row that someone may be writing at this instant: the second one is refused."""
    session.flush()
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Conflict(refusal) from error


def check_name(name: str) -> None:
    """Refuse what is no name.

    Raises:
        DomainError: says how long it may be.
    """
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise DomainError(
            _("Donnez un nom de %(count)s caractères au plus.", count=LONGEST_NAME), about="name"
        )


def _check_scope(role: Role, *, organisation: int | None, space: int | None) -> None:
    fits = {
        role in PLATFORM_ROLES: organisation is None and space is None,
        role in ORGANISATION_ROLES: organisation is not None and space is None,
        role in SPACE_ROLES: organisation is None and space is not None,
    }[True]
    if not fits:
        raise ValueError(f"{role.value} does not hold there: {organisation=}, {space=}")
