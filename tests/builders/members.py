"""People and organisations for tests; each takes only what the case is about."""

import itertools
from functools import cache

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.core.access import ORGANISATION_ROLES, Role, Viewer
from inters4.core.clock import now
from inters4.core.db import writing
from inters4.members.models import (
    Member,
    MemberOrganisation,
    MemberState,
    Organisation,
    OrganisationKind,
    ProfileField,
    ProfileKey,
    RoleGrant,
    Visibility,
)
from inters4.members.queries import load_viewer
from inters4.members.services.passwords import hash_password
from inters4.members.services.sessions import Origin, open_session

PASSWORD = "marée basse et lampe tempête"
_numbers = itertools.count(1)


def make_organisation(
    session: Session,
    *,
    slug: str = "",
    name: str = "CISSS du Bas-Saint-Laurent",
    kind: OrganisationKind = OrganisationKind.ESTABLISHMENT,
    is_consortium_member: bool = True,
) -> Organisation:
    """An organisation without regions."""
    organisation = Organisation(
        slug=slug or f"org-{next(_numbers)}",
        name=name,
        kind=kind,
        is_consortium_member=is_consortium_member,
    )
    session.add(organisation)
    session.flush()
    return organisation


def make_member(
    session: Session,
    *,
    name: str = "Ariane Essai",
    email: str = "",
    password: str | None = PASSWORD,
    state: MemberState = MemberState.ACTIVE,
    organisation: Organisation | None = None,
    locale: str = "fr",
) -> Member:
    """An active person, whose password is `PASSWORD`, confirmed by `organisation` if any."""
    member = Member(
        name=name,
        email=email or f"personne-{next(_numbers)}@exemple.ca",
        password_hash=_hash(password) if password is not None else None,
        state=state,
        locale=locale,
    )
    session.add(member)
    session.flush()
    if organisation is not None:
        session.add(
            MemberOrganisation(
                member_id=member.id, organisation_id=organisation.id, confirmed_at=now()
            )
        )
        session.flush()
    return member


def make_viewer(
    session: Session,
    *,
    role: Role | None = None,
    name: str = "Ariane Essai",
    organisation: Organisation | None = None,
    space: int | None = None,
) -> Viewer:
    """Someone signed in, with `role` in the scope it needs: `organisation`, or `space`."""
    member = make_member(session, name=name, organisation=organisation)
    if role is not None:
        give_role(session, member, role, organisation=organisation, space=space)
    return load_viewer(session, member.id)


def give_role(
    session: Session,
    member: Member,
    role: Role,
    *,
    organisation: Organisation | None = None,
    space: int | None = None,
) -> None:
    """Write the grant, whoever would be allowed to give it."""
    scope = organisation.id if organisation and role in ORGANISATION_ROLES else None
    session.add(RoleGrant(member_id=member.id, role=role, organisation_id=scope, space_id=space))
    session.flush()


def say(session: Session, member: Member, *, to: Visibility, **said: str) -> None:
    """Write in a profile what `to` may read: `skills="Télésoins"`."""
    session.add_all(
        ProfileField(member_id=member.id, key=ProfileKey(key), value=value, visibility=to)
        for key, value in said.items()
    )
    session.flush()


def sign_in_as(client: FlaskClient, session: Session, member: Member | Viewer) -> str:
    """Give `client` an open session of `member`, and commit; return its token."""
    number = member.id if isinstance(member, Member) else member.member_id
    assert number is not None
    opened = open_session(session, number, origin=Origin(address="192.0.2.1"))
    session.commit()
    client.set_cookie("session", opened.token)
    return opened.token


@cache
def _hash(password: str) -> str:
    """Hashing is slow on purpose: once a password and a process is enough for tests."""
    return hash_password(password)


def browser_of(app: Flask, who: Viewer) -> FlaskClient:
    """A browser in which `who` is signed in."""
    client = app.test_client()
    with writing() as session:
        sign_in_as(client, session, session.get_one(Member, who.member_id))
    return client
