"""Accounts, organisations, roles: what services write and queries read."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS, Grant, Role, Viewer
from inters4.core.audit import AuditEntry
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.members.models import (
    Member,
    MemberOrganisation,
    MemberState,
    OrganisationKind,
    OrganisationName,
    RoleGrant,
)
from inters4.members.queries import (
    find_member_by_email,
    list_members,
    list_organisations,
    load_viewer,
)
from inters4.members.services import (
    OPERATOR,
    DatedName,
    WeakPassword,
    create_member,
    grant_role,
    join_organisation,
    upsert_organisation,
)
from inters4.members.services.passwords import matches
from tests.builders.members import (
    PASSWORD,
    give_role,
    make_member,
    make_organisation,
    make_viewer,
)
from tests.builders.statements import statements


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_an_account_is_found_however_its_address_is_typed(session: Session) -> None:
    member = create_member(
        session,
        name="  Ariane   Bélanger ",
        email=" Ariane@Exemple.CA",
        password=PASSWORD,
        by=OPERATOR,
    )

    assert find_member_by_email(session, "ARIANE@exemple.ca ") is member
    assert member.name == "Ariane Bélanger"
    assert member.password_hash is not None
    assert matches(PASSWORD, member.password_hash)


def test_an_address_has_one_account(session: Session) -> None:
    make_member(session, email="ariane@exemple.ca")

    with pytest.raises(Conflict):
        create_member(session, name="Autre", email="Ariane@exemple.ca", by=OPERATOR)


@pytest.mark.parametrize(
    "email", ["", "ariane", "ariane@", "@exemple.ca", "a@b", "a b@exemple.ca", "a@exemple.ca\n\0b"]
)
def test_what_is_no_address_is_refused(session: Session, email: str) -> None:
    with pytest.raises(DomainError, match="adresse complète"):
        create_member(session, name="Ariane", email=email, by=OPERATOR)


@pytest.mark.parametrize("email", ["é@uqar.ca", "rené.roy@exemple.ca"])
def test_an_address_that_letters_do_not_reach_is_refused(session: Session, email: str) -> None:
    with pytest.raises(DomainError, match="sans accent"):
        create_member(session, name="René", email=email, by=OPERATOR)


def test_a_weak_password_makes_no_account(session: Session) -> None:
    with pytest.raises(WeakPassword):
        create_member(
            session, name="Ariane", email="a@exemple.ca", password="motdepasse1234", by=OPERATOR
        )

    assert count(session, Member) == 0


def test_a_viewer_is_loaded_in_one_statement(session: Session) -> None:
    confirmed = make_organisation(session)
    claimed = make_organisation(session)
    member = make_member(session, name="Ariane", organisation=confirmed, locale="en")
    join_organisation(session, member, claimed, is_confirmed=False)
    give_role(session, member, Role.BROKER)
    give_role(session, member, Role.APPROVER, organisation=confirmed)
    give_role(session, member, Role.FACILITATOR, space=12)

    with statements(verb="") as found:
        viewer = load_viewer(session, member.id)

    assert len(found) == 1, found
    assert viewer == Viewer(
        member_id=member.id,
        display_name="Ariane",
        organisations=frozenset({confirmed.id}),
        grants=frozenset(
            {
                Grant(Role.BROKER),
                Grant(Role.APPROVER, organisation=confirmed.id),
                Grant(Role.FACILITATOR, space=12),
            }
        ),
        locale="en",
    )


@pytest.mark.parametrize("state", [state for state in MemberState if state != "active"])
def test_who_is_not_active_sees_what_a_visitor_sees(session: Session, state: MemberState) -> None:
    member = make_member(session, state=state)
    give_role(session, member, Role.ADMIN)

    assert load_viewer(session, member.id) == ANONYMOUS
    assert load_viewer(session, 0) == ANONYMOUS


def test_a_role_is_given_once(session: Session) -> None:
    member = make_member(session)

    first = grant_role(session, member, Role.BROKER, by=OPERATOR)
    second = grant_role(session, member, Role.BROKER, by=OPERATOR)

    assert first is second
    audited = session.scalars(select(AuditEntry).where(AuditEntry.action == "members.role_granted"))
    assert [entry.detail["role"] for entry in audited] == ["broker"]


@pytest.mark.parametrize(
    ("own", "given"),
    [
        (Role.COORDINATION, Role.ADMIN),
        (Role.BROKER, Role.BROKER),
        (Role.REVIEWER, Role.BROKER),
        (Role.APPROVER, Role.COORDINATION),
        (None, Role.REVIEWER),
    ],
)
def test_nobody_gives_a_role_above_their_own(
    session: Session, own: Role | None, given: Role
) -> None:
    organisation = make_organisation(session)
    giver = make_viewer(session, role=own, organisation=organisation)
    member = make_member(session)

    with pytest.raises(NotAllowed):
        grant_role(session, member, given, by=giver)

    assert session.scalars(select(RoleGrant).where(RoleGrant.member_id == member.id)).all() == []


def test_an_approver_gives_roles_in_their_own_organisation_only(session: Session) -> None:
    own, other = make_organisation(session), make_organisation(session)
    giver = make_viewer(session, role=Role.APPROVER, organisation=own)
    member = make_member(session)

    grant = grant_role(session, member, Role.RESPONDENT, by=giver, organisation=own.id)

    assert grant.granted_by_id == giver.member_id
    with pytest.raises(NotAllowed):
        grant_role(session, member, Role.RESPONDENT, by=giver, organisation=other.id)
    with pytest.raises(NotAllowed):
        grant_role(session, member, Role.SIGNATORY, by=giver, organisation=own.id)


def test_a_role_outside_its_scope_is_a_mistake_of_the_caller(session: Session) -> None:
    organisation = make_organisation(session)
    member = make_member(session)

    with pytest.raises(ValueError, match="approver"):
        grant_role(session, member, Role.APPROVER, by=OPERATOR)
    with pytest.raises(ValueError, match="admin"):
        grant_role(session, member, Role.ADMIN, by=OPERATOR, organisation=organisation.id)
    with pytest.raises(ValueError, match="moderator"):
        grant_role(session, member, Role.MODERATOR, by=OPERATOR)


def test_the_database_itself_refuses_the_same_role_twice(session: Session) -> None:
    member = make_member(session)
    give_role(session, member, Role.ADMIN)

    with pytest.raises(IntegrityError):
        give_role(session, member, Role.ADMIN)


def test_an_organisation_written_twice_is_one_organisation(session: Session) -> None:
    facts = {
        "slug": "cisss-bsl",
        "name": "CISSS du Bas-Saint-Laurent",
        "kind": OrganisationKind.ESTABLISHMENT,
        "is_consortium_member": True,
        "regions": ["rss01"],
        "names": [DatedName("Agence du Bas-Saint-Laurent", None, date(2015, 3, 31))],
    }
    first = upsert_organisation(session, **facts)  # type: ignore[arg-type]
    changed_at = first.updated_at

    second = upsert_organisation(session, **facts)  # type: ignore[arg-type]

    assert second is first
    assert second.updated_at == changed_at
    assert count(session, OrganisationName) == 1


def test_an_organisation_follows_what_is_written_of_it(session: Session) -> None:
    upsert_organisation(
        session, slug="x", name="Avant", kind=OrganisationKind.OTHER, regions=["rss01", "rss02"]
    )
    session.flush()
    session.expire_all()

    upsert_organisation(
        session,
        slug="x",
        name="Après",
        kind=OrganisationKind.UNIVERSITY,
        regions=["rss02", "rss11"],
    )
    session.expire_all()

    (found,) = list_organisations(session)
    assert (found.name, found.kind) == ("Après", OrganisationKind.UNIVERSITY)
    assert found.region_ids == ["rss02", "rss11"]


def test_organisations_are_listed_as_in_a_dictionary(session: Session) -> None:
    for name, is_member in (("Zone", True), ("Érable", True), ("Eau", True), ("Fleuve", False)):
        make_organisation(session, name=name, is_consortium_member=is_member)

    assert [one.name for one in list_organisations(session)] == ["Eau", "Érable", "Fleuve", "Zone"]
    assert [one.name for one in list_organisations(session, only_consortium=True)] == [
        "Eau",
        "Érable",
        "Zone",
    ]


def test_an_organisation_confirms_once_and_keeps_the_date(session: Session) -> None:
    organisation, member = make_organisation(session), make_member(session)
    join_organisation(session, member, organisation, is_confirmed=False)
    before = now()

    confirmed = join_organisation(session, member, organisation, is_confirmed=True).confirmed_at
    again = join_organisation(session, member, organisation, is_confirmed=False)

    assert confirmed is not None
    assert confirmed >= before
    assert again.confirmed_at == confirmed
    assert count(session, MemberOrganisation) == 1


def test_the_list_of_people_names_their_roles(session: Session) -> None:
    organisation = make_organisation(session)
    member = make_member(session, name="Émile", email="emile@exemple.ca")
    give_role(session, member, Role.BROKER)
    give_role(session, member, Role.APPROVER, organisation=organisation)
    make_member(session, name="Zoé", email="zoe@exemple.ca", state=MemberState.SUSPENDED)

    lines = list_members(session)

    assert [(line.name, line.roles) for line in lines] == [
        ("Émile", (Role.APPROVER, Role.BROKER)),
        ("Zoé", ()),
    ]
