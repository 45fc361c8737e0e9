"""The people of a demonstration: plainly fictional, one for each role, entered in one click.

Every door here looks at the mark of the database itself: in a real one nobody is made and nobody
enters.
"""

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import ORGANISATION_ROLES, Role, Viewer
from inters4.core.errors import NotFound
from inters4.core.i18n import LazyText, _, lazy
from inters4.core.installation import is_demo
from inters4.core.values import dataclass
from inters4.members.models import Member, MemberState, Organisation, OrganisationKind
from inters4.members.queries import find_member_by_email, find_organisation
from inters4.members.services.demo_joining import seed_joining
from inters4.members.services.organisations import upsert_organisation
from inters4.members.services.passwords import hash_password
from inters4.members.services.people import OPERATOR, grant_role, join_organisation
from inters4.members.services.sessions import OpenedSession, Origin, open_session
from inters4.members.services.states import note_state

DEMO_PASSWORD = "demo-inters4-2026"  # noqa: S105  (public on purpose; nobody may choose it)
_ESTABLISHMENT, _UNIVERSITY = "cisss-bsl", "uqar"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Someone who exists in demonstrations only; `key` names them in the form."""

    key: str
    name: str
    organisation: str
    role: Role | None
    label: LazyText

    @property
    def email(self) -> str:
        """An address that no mail can reach."""
        return f"{self.key}@exemple.invalid"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """What `inters4 demo` prints for each person."""

    name: str
    email: str
    password: str
    role: str


DEMO_PEOPLE = (
    DemoPerson("camille", "Camille Exemple", _ESTABLISHMENT, None, lazy("Personne inscrite")),
    DemoPerson(
        "dominique", "Dominique Exemple", _UNIVERSITY, Role.BROKER, lazy("Équipe de courtage")
    ),
    DemoPerson(
        "morgan",
        "Morgan Exemple",
        _ESTABLISHMENT,
        Role.BROKER,
        lazy("Équipe de courtage, deuxième personne"),
    ),
    DemoPerson("claude", "Claude Exemple", _UNIVERSITY, Role.REVIEWER, lazy("Révision")),
    DemoPerson(
        "charlie",
        "Charlie Exemple",
        _UNIVERSITY,
        Role.REVIEWER,
        lazy("Révision, deuxième personne"),
    ),
    DemoPerson(
        "andrea",
        "Andréa Exemple",
        _UNIVERSITY,
        Role.REVIEWER,
        lazy("Révision, pour arbitrer un écart"),
    ),
    DemoPerson(
        "alexis",
        "Alexis Exemple",
        _ESTABLISHMENT,
        Role.APPROVER,
        lazy("Approbation des inscriptions"),
    ),
    DemoPerson("maxime", "Maxime Exemple", _ESTABLISHMENT, Role.SIGNATORY, lazy("Signature")),
    DemoPerson(
        "sacha",
        "Sacha Exemple",
        _ESTABLISHMENT,
        Role.RESPONDENT,
        lazy("Réponse au nom de l’organisation"),
    ),
    DemoPerson(
        "frederique", "Frédérique Exemple", _UNIVERSITY, Role.COORDINATION, lazy("Coordination")
    ),
    DemoPerson("noa", "Noa Exemple", _UNIVERSITY, Role.ADMIN, lazy("Administration technique")),
)


def seed_demo(session: Session) -> list[DemoAccount]:
    """Make the people who are missing, and tell how each signs in.

    Raises:
        RuntimeError: the database is not marked as a demonstration: call `mark_demo` first.
    """
    if not is_demo(session):
        raise RuntimeError("demonstration people are made in a demonstration database only")
    shared_hash = ""
    people: dict[str, Member] = {}
    for person in DEMO_PEOPLE:
        organisation = _organisation(session, person.organisation)
        member = find_member_by_email(session, person.email)
        if member is None:
            shared_hash = shared_hash or hash_password(DEMO_PASSWORD)
            member = _make(session, person, shared_hash)
        people[person.key] = member
        join_organisation(session, member, organisation, is_confirmed=True)
        if person.role is not None:
            scope = organisation.id if person.role in ORGANISATION_ROLES else None
            grant_role(session, member, person.role, by=OPERATOR, organisation=scope)
    seed_joining(session, people, _organisation(session, _ESTABLISHMENT), by=OPERATOR)
    return [
        DemoAccount(person.name, person.email, DEMO_PASSWORD, str(person.label))
        for person in DEMO_PEOPLE
    ]


def enter_demo(session: Session, key: str, *, origin: Origin) -> OpenedSession:
    """Open a session for a demonstration's person, without a password.

    Raises:
        NotFound: this is not a demonstration, or nobody there has this key.
    """
    person = next((one for one in DEMO_PEOPLE if one.key == key), None)
    member = find_member_by_email(session, person.email) if person and is_demo(session) else None
    if member is None or not member.is_active:
        raise NotFound(_("Cette page n’existe pas."))
    audit.record(
        session,
        "members.demo_entered",
        by=Viewer(member_id=member.id),
        request_id=origin.request_id,
    )
    return open_session(session, member.id, origin=origin)


def _make(session: Session, person: DemoPerson, password_hash: str) -> Member:
    member = Member(
        public_id=person.key,
        name=person.name,
        email=person.email,
        password_hash=password_hash,
        state=MemberState.ACTIVE,
    )
    session.add(member)
    session.flush()
    note_state(session, member, by=OPERATOR)
    audit.record(session, "members.created", by=OPERATOR, subject=f"member:{member.id}", demo=True)
    return member


def _organisation(session: Session, slug: str) -> Organisation:
    """The one the content brought, else a bare one of the same id that the content completes."""
    found = find_organisation(session, slug)
    if found is not None:
        return found
    if slug == _ESTABLISHMENT:
        return upsert_organisation(
            session,
            slug=slug,
            name="CISSS du Bas-Saint-Laurent",
            kind=OrganisationKind.ESTABLISHMENT,
            is_consortium_member=True,
            regions=["rss01"],
        )
    return upsert_organisation(
        session,
        slug=slug,
        name="Université du Québec à Rimouski",
        kind=OrganisationKind.UNIVERSITY,
        is_consortium_member=True,
        regions=["rss01"],
    )
