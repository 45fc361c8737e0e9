"""`/admin` and `/compte`: finding anyone, changing what may be changed, and no more."""

import csv
import io
import secrets
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.audit import AuditEntry
from inters4.core.clock import now
from inters4.core.outbox import OutboxRow
from inters4.members.models import (
    DirectoryListing,
    DomainPolicy,
    EmailDomain,
    Invitation,
    Member,
    MemberSession,
    MemberState,
    RoleGrant,
    StateChange,
    Visibility,
)
from inters4.members.queries import find_organisation, load_viewer
from inters4.members.queries.domains import load_domain
from inters4.members.queries.people import load_grants
from tests.builders.joining import make_domain, queued
from tests.builders.members import (
    PASSWORD,
    give_role,
    make_member,
    make_organisation,
    make_viewer,
    say,
    sign_in_as,
)
from tests.builders.practices import make_practice
from tests.builders.statements import statements
from tests.builders.web import csrf


@pytest.fixture
def staff(client: FlaskClient, session: Session) -> FlaskClient:
    """A browser of the coordination."""
    sign_in_as(client, session, make_viewer(session, role=Role.COORDINATION, name="Coordination"))
    return client


def post(client: FlaskClient, path: str, *, of: str = "/admin", **data: str) -> int:
    token = csrf(client, of)
    return client.post(path, data={**data, "csrf_token": token}).status_code


def test_anyone_is_found_by_a_piece_of_name_or_address(
    staff: FlaskClient, session: Session
) -> None:
    make_member(session, name="Béatrice Côté", email="bcote@exemple.ca", password=None)
    make_member(session, name="Zoé Autre", password=None)
    session.commit()

    for words in ("cote", "BEATRICE", "bcote@"):
        page = staff.get(f"/admin/personnes?q={words}").text
        assert "Béatrice Côté" in page
        assert "Zoé Autre" not in page


def test_people_are_filtered_by_state_role_and_organisation(
    staff: FlaskClient, session: Session
) -> None:
    bsl = make_organisation(session, slug="bsl")
    make_member(session, name="Suspendue Une", password=None, state=MemberState.SUSPENDED)
    broker = make_member(session, name="Courtage Une", password=None, organisation=bsl)
    give_role(session, broker, Role.BROKER)
    session.commit()

    assert "Suspendue Une" in staff.get("/admin/personnes?etat=suspended").text
    assert "Suspendue Une" not in staff.get("/admin/personnes?role=broker").text
    assert "Courtage Une" in staff.get("/admin/personnes?role=broker&organisation=bsl").text
    assert "Courtage Une" in staff.get("/admin/personnes?etat=rien&role=rien").text


def test_a_role_held_in_several_places_is_said_once(staff: FlaskClient, session: Session) -> None:
    member = make_member(session, name="Signe Partout", password=None)
    for slug in ("bsl", "gaspesie"):
        give_role(
            session, member, Role.SIGNATORY, organisation=make_organisation(session, slug=slug)
        )
    session.commit()

    page = staff.get("/admin/personnes?q=signe+partout").text

    assert page.count("Signature") == 2, "in the filter, then beside the name"


def test_an_address_breaks_after_its_at_sign(staff: FlaskClient, session: Session) -> None:
    make_member(session, name="Zoé Autre", email="zoe.autre@exemple.ca", password=None)
    session.commit()

    assert ">zoe.autre@<wbr>exemple.ca<" in staff.get("/admin/personnes?q=zoe").text


def test_the_list_costs_the_same_however_long(staff: FlaskClient, session: Session) -> None:
    bsl = make_organisation(session)
    staff.get("/admin/personnes")
    costs = []
    for _round in range(2):
        for _member in range(5):
            member = make_member(session, password=None, organisation=bsl)
            give_role(session, member, Role.APPROVER, organisation=bsl)
        session.commit()
        with statements(about="member") as sent:
            staff.get("/admin/personnes")
        costs.append(len(sent))

    assert costs[0] == costs[1] == 9


def test_the_record_of_an_erased_person_offers_nothing_to_give(
    staff: FlaskClient, session: Session
) -> None:
    member = make_member(session, email="efface-1@exemple.invalid", password=None)
    member.state = MemberState.ERASED
    session.commit()

    page = staff.get(f"/admin/personnes/{member.public_id}").text

    assert "efface-1@exemple.invalid" not in page
    assert "Donner un rôle" not in page
    assert "Confirmer une organisation" not in page


def test_the_table_of_people_runs_no_formula_and_is_written_down(
    staff: FlaskClient, session: Session
) -> None:
    make_member(session, name="=cmd|' /C calc'!A0", password=None)
    session.commit()

    answer = staff.get("/admin/personnes.csv")

    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    assert [row[0] for row in rows if "cmd" in row[0]] == ["'=cmd|' /C calc'!A0"]
    assert answer.headers["Cache-Control"] == "no-store"
    actions = session.scalars(select(AuditEntry.action)).all()
    assert "members.exported" in actions


@pytest.mark.parametrize("path", ["/admin/personnes.csv", "/admin/incidents.csv"])
def test_tables_of_people_ask_for_a_recent_password(
    staff: FlaskClient, session: Session, path: str
) -> None:
    session.execute(update(MemberSession).values(proved_at=now() - timedelta(minutes=16)))
    session.commit()

    assert staff.get(path).headers["Location"] == f"/compte/confirmation?suite={path}"


def test_a_table_given_after_a_password_starts_on_the_page_that_offers_it(
    staff: FlaskClient, session: Session
) -> None:
    session.execute(update(MemberSession).values(proved_at=now() - timedelta(minutes=16)))
    session.commit()
    asked = staff.get("/admin/personnes.csv?q=Frédérique&etat=active").headers["Location"]
    suite = parse_qs(urlsplit(asked).query)["suite"][0]
    proof = {"mot_de_passe": PASSWORD, "suite": suite, "csrf_token": csrf(staff, asked)}

    answer = staff.post("/compte/confirmation", data=proof)

    place = answer.headers["Location"]
    assert answer.status_code == 303
    assert urlsplit(place).path == "/admin/personnes"
    assert parse_qs(urlsplit(place).query) == {"q": ["Frédérique"], "etat": ["active"]}
    page = staff.get(place)
    assert "Le téléchargement commence." in page.text
    started = page.headers["Refresh"].removeprefix("0; url=")
    assert urlsplit(started).path == "/admin/personnes.csv"
    assert f'<a href="{escape(unquote(started))}">' in unquote(page.text)
    assert staff.get(started).mimetype == "text/csv"
    again = staff.get(place)
    assert "Refresh" not in again.headers
    assert "Le téléchargement commence." not in again.text


def test_a_page_given_after_a_password_is_shown(staff: FlaskClient, session: Session) -> None:
    session.execute(update(MemberSession).values(proved_at=now() - timedelta(minutes=16)))
    session.commit()
    page = "/compte/validation"
    proof = {"mot_de_passe": PASSWORD, "suite": page, "csrf_token": csrf(staff, "/admin")}

    answer = staff.post("/compte/confirmation", data=proof)

    assert answer.headers["Location"] == page
    assert "Refresh" not in staff.get(page).headers


def test_a_role_that_opens_much_is_offered_after_a_recent_password(
    staff: FlaskClient, session: Session
) -> None:
    session.execute(update(MemberSession).values(proved_at=now() - timedelta(minutes=16)))
    session.commit()
    typed = {"courriel": "a@exemple.ca", "role": "broker"}

    assert post(staff, "/invitations", of="/invitations", **typed) == 403
    assert session.scalars(select(Invitation)).all() == []
    session.rollback()
    assert post(staff, "/invitations", of="/invitations", **typed, preuve=PASSWORD) == 303


def test_a_state_is_changed_with_a_reason_that_stays(staff: FlaskClient, session: Session) -> None:
    member = make_member(session, password=None)
    session.commit()
    path = f"/admin/personnes/{member.public_id}"

    assert post(staff, f"{path}/etat", etat="suspended") == 422
    assert post(staff, f"{path}/etat", etat="suspended", raison="Adresse revendue") == 303

    change = session.scalars(select(StateChange)).one()
    assert (change.to_state, change.reason) == (MemberState.SUSPENDED, "Adresse revendue")
    assert not load_viewer(session, member.id).is_signed_in
    session.rollback()
    assert "Adresse revendue" in staff.get(path).text


def test_reading_a_record_is_written_down(staff: FlaskClient, session: Session) -> None:
    member = make_member(session, password=None)
    session.commit()

    staff.get(f"/admin/personnes/{member.public_id}")

    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "members.record_read")
    ).one()
    assert entry.subject == f"person:{member.public_id}"


def test_the_coordination_gives_and_takes_back_roles_but_not_the_highest(
    staff: FlaskClient, session: Session
) -> None:
    bsl = make_organisation(session, slug="bsl")
    member = make_member(session, password=None)
    admin = make_member(session, password=None)
    give_role(session, admin, Role.ADMIN)
    session.commit()
    path = f"/admin/personnes/{member.public_id}/role"
    high = f"/admin/personnes/{admin.public_id}"

    assert post(staff, path, role="approver") == 422  # which organisation?
    assert post(staff, path, role="approver", organisation="bsl", geste="donner") == 303
    assert load_viewer(session, member.id).has(Role.APPROVER, organisation=bsl.id)
    session.rollback()
    assert post(staff, path, role="approver", organisation="bsl") == 422  # held already
    gone = {"role": "approver", "organisation": "bsl", "geste": "retirer", "accord": "1"}
    assert post(staff, path, **gone) == 303
    assert post(staff, path, role="admin") == 403
    assert post(staff, f"{high}/role", role="admin", geste="retirer", accord="1") == 403
    assert post(staff, f"{high}/etat", etat="suspended", raison="Essai") == 403


@pytest.mark.parametrize("role", ["coordination", "signatory", "approver"])
def test_a_role_that_opens_much_is_given_after_a_recent_password(
    client: FlaskClient, session: Session, role: str
) -> None:
    make_organisation(session, slug="bsl")
    member = make_member(session, password=None)
    own = make_member(session)
    give_role(session, own, Role.COORDINATION)
    sign_in_as(client, session, own)
    session.execute(update(MemberSession).values(proved_at=now() - timedelta(minutes=16)))
    session.commit()
    path = f"/admin/personnes/{member.public_id}/role"
    form = {"role": role, "geste": "donner"}
    if role != "coordination":
        form["organisation"] = "bsl"

    assert post(client, path, role="reviewer", geste="donner") == 303
    assert post(client, path, **form) == 403
    assert role not in {grant.role for grant in load_grants(session, member.id)}
    session.rollback()
    assert post(client, path, **form, preuve=PASSWORD) == 303
    assert role in {grant.role for grant in load_grants(session, member.id)}


def test_an_invitation_to_a_role_that_opens_much_asks_for_a_recent_password(
    client: FlaskClient, session: Session
) -> None:
    make_organisation(session, slug="bsl")
    own = make_member(session)
    give_role(session, own, Role.COORDINATION)
    sign_in_as(client, session, own)
    session.execute(update(MemberSession).values(proved_at=now() - timedelta(minutes=16)))
    session.commit()
    form = {"role": "signatory", "organisation": "bsl", "courriel": "a@exemple.ca"}

    assert post(client, "/invitations", **form) == 403
    assert session.scalars(select(Invitation)).all() == []
    session.rollback()
    assert post(client, "/invitations", **form, preuve=PASSWORD) == 303


def test_nobody_suspends_themselves(staff: FlaskClient, session: Session) -> None:
    own = session.scalars(select(Member.public_id)).one()
    session.rollback()

    path = f"/admin/personnes/{own}/etat"
    assert post(staff, path, etat="suspended", raison="Essai") == 403


def test_the_last_administrator_keeps_the_role(client: FlaskClient, session: Session) -> None:
    admin = make_member(session, password=None)
    give_role(session, admin, Role.ADMIN)
    sign_in_as(client, session, admin)

    path = f"/admin/personnes/{admin.public_id}/role"
    assert post(client, path, role="admin", geste="retirer", accord="1") == 403
    assert session.scalars(select(RoleGrant.role)).all() == [Role.ADMIN]


def test_what_was_typed_of_a_person_stays_and_the_error_leads_to_its_field(
    staff: FlaskClient, session: Session
) -> None:
    make_organisation(session, slug="bsl", name="CISSS Essai")
    member = make_member(session, password=None)
    session.commit()
    path = f"/admin/personnes/{member.public_id}"
    token = csrf(staff, path)

    def told(where: str, **data: str) -> str:
        answer = staff.post(f"{path}/{where}", data={**data, "csrf_token": token})
        assert answer.status_code == 422
        return answer.text

    state = told("etat", etat="deactivated", raison=" ")
    assert '<a href="#raison">' in state
    assert '<option value="deactivated" selected>' in state
    role = told("role", role="respondent")
    assert '<a href="#role-organisation">' in role
    assert '<option value="respondent" selected>' in role
    assert "<details open>" in role
    assert '<a href="#organisation">' in told("organisation", organisation="")


def test_taking_a_role_or_an_organisation_back_asks_once_by_name(
    staff: FlaskClient, session: Session
) -> None:
    bsl = make_organisation(session, slug="bsl", name="CISSS Essai")
    member = make_member(session, name="Béatrice Essai", password=None, organisation=bsl)
    give_role(session, member, Role.APPROVER, organisation=bsl)
    session.commit()
    path = f"/admin/personnes/{member.public_id}"
    form = {"organisation": "bsl", "geste": "retirer", "csrf_token": csrf(staff, path)}

    role = staff.post(f"{path}/role", data={**form, "role": "approver"})
    place = staff.post(f"{path}/organisation", data=form)

    assert (role.status_code, place.status_code) == (200, 200)
    assert "Approbation des inscriptions (CISSS Essai)" in role.text
    assert "Béatrice Essai" in role.text
    assert "Retirer Béatrice Essai de « CISSS Essai »?" in place.text
    assert '<input type="hidden" name="organisation" value="bsl">' in place.text
    viewer = load_viewer(session, member.id)
    assert viewer.has(Role.APPROVER, organisation=bsl.id)
    assert viewer.organisations == {bsl.id}


def test_who_drops_their_own_coordination_lands_where_they_may_read(
    client: FlaskClient, session: Session
) -> None:
    own = make_member(session, password=None)
    give_role(session, own, Role.COORDINATION)
    sign_in_as(client, session, own)
    path = f"/admin/personnes/{own.public_id}/role"
    form = {"role": "coordination", "geste": "retirer", "csrf_token": csrf(client, "/admin")}

    assert "Vous ne pourrez pas vous le redonner." in client.post(path, data=form).text
    answer = client.post(path, data={**form, "accord": "1"}, follow_redirects=True)

    assert answer.status_code == 200
    assert answer.request.path == "/compte"


def test_an_organisation_is_confirmed_and_ended_with_its_roles(
    staff: FlaskClient, session: Session
) -> None:
    bsl = make_organisation(session, slug="bsl")
    member = make_member(session, password=None)
    session.commit()
    path = f"/admin/personnes/{member.public_id}/organisation"

    assert post(staff, path, organisation="bsl", geste="confirmer") == 303
    assert load_viewer(session, member.id).organisations == {bsl.id}
    give_role(session, member, Role.RESPONDENT, organisation=bsl)
    session.commit()
    assert post(staff, path, organisation="bsl", geste="retirer", accord="1") == 303
    viewer = load_viewer(session, member.id)
    assert (viewer.organisations, viewer.grants) == (frozenset(), frozenset())


def test_a_domain_is_written_changed_and_forgotten(staff: FlaskClient, session: Session) -> None:
    make_organisation(session, slug="bsl")
    make_organisation(session, slug="at")
    session.commit()
    token = csrf(staff, "/admin/domaines/nouveau")
    form = {
        "domaine": "Exemple.ca",
        "politique": "auto",
        "organisations": ["bsl", "at"],
        "regles": "*.bsl = bsl\n*.at = at",
        "csrf_token": token,
    }

    refused = staff.post("/admin/domaines/nouveau", data=form)
    assert refused.status_code == 422
    assert "ne peut pas ouvrir seul un compte" in refused.text
    assert '<a href="#politique">' in refused.text
    assert 'value="Exemple.ca"' in refused.text
    assert '<option value="auto" selected>' in refused.text
    assert refused.text.count('name="organisations"') == refused.text.count(" checked>") == 2
    assert "*.bsl = bsl\n*.at = at" in refused.text
    kept = staff.post("/admin/domaines/nouveau", data={**form, "politique": "queue"})
    assert kept.status_code == 303
    domain = load_domain(session, "exemple.ca")
    assert domain is not None
    assert [rule.pattern for rule in domain.rules] == ["*.at", "*.bsl"]
    session.rollback()

    assert post(staff, "/admin/domaines/exemple.ca", geste="effacer") == 303
    assert session.scalars(select(EmailDomain)).all() == []


def test_what_was_typed_of_an_invitation_stays_and_taking_one_back_asks_first(
    staff: FlaskClient, session: Session
) -> None:
    make_organisation(session, slug="bsl")
    session.commit()
    token = csrf(staff, "/invitations")

    def send(**data: str) -> str:
        return staff.post("/invitations", data={**data, "csrf_token": token}).text

    wrong = send(courriel="rien@", organisation="bsl", role="respondent", fois="3")
    assert '<a href="#courriel">' in wrong
    assert 'value="rien@"' in wrong
    assert '<option value="bsl" selected>' in wrong
    assert '<option value="respondent" selected>' in wrong
    assert '<a href="#organisation">' in send(courriel="a@exemple.ca", role="respondent")
    assert '<a href="#fois">' in send(fois="5000")
    send(courriel="a@exemple.ca")
    invitation = session.scalars(select(Invitation)).one()
    path = f"/invitations/{invitation.public_id}/retrait"
    asked = staff.post(path, data={"csrf_token": token})
    assert "Retirer l’invitation de a@exemple.ca?" in asked.text
    session.refresh(invitation)
    assert invitation.revoked_at is None
    session.rollback()
    assert staff.post(path, data={"csrf_token": token, "accord": "1"}).status_code == 303
    session.refresh(invitation)
    assert invitation.revoked_at is not None


def test_invitations_are_read_by_pages_that_cost_the_same(
    staff: FlaskClient, session: Session
) -> None:
    staff.get("/invitations")
    costs = []
    for _round in range(2):
        for number in range(21):
            seed = secrets.token_bytes(32)
            session.add(
                Invitation(seed=seed, token_hash=seed, email=f"p{number}@exemple.ca", max_uses=1)
            )
        session.commit()
        with statements(about="invitation") as sent:
            assert "Page 1 de" in staff.get("/invitations").text
        costs.append(len(sent))

    assert costs == [2, 2]  # how many, and those of the page
    assert "p0@exemple.ca" in staff.get("/invitations?page=3").text


def test_the_first_page_tells_what_waits(staff: FlaskClient, session: Session) -> None:
    page = staff.get("/admin").text

    assert "Aucune demande d’inscription n’attend" in page
    assert "Courriels en attente" in page


def test_organisations_are_shown_with_who_approves(staff: FlaskClient, session: Session) -> None:
    bsl = make_organisation(session, name="CISSS Essai")
    make_viewer(session, role=Role.APPROVER, organisation=bsl, name="Alexis Approbation")
    make_domain(session, "essai.example", bsl, policy=DomainPolicy.AUTO)
    session.commit()

    page = staff.get("/admin/organisations").text

    assert "Alexis Approbation" in page
    assert "essai.example" in page


def test_a_profile_is_seen_by_those_who_were_chosen(client: FlaskClient, session: Session) -> None:
    bsl = make_organisation(session)
    person = make_member(session, name="Ariane Profil", password=None, organisation=bsl)
    colleague = make_member(session, password=None, organisation=bsl)
    stranger = make_member(session, password=None)
    sign_in_as(client, session, person)
    saved = post(
        client,
        "/compte/profil",
        of="/compte/profil",
        function="Infirmière clinicienne",
        function_pour="everyone",
        skills="Télésoins",
        skills_pour="organisation",
        interests="Paramédecine",
        interests_pour="members",
        presentation="Notes pour moi",
        region="n-existe-pas",
        region_pour="everyone",
        repertoire="1",
    )
    assert saved == 303
    path = f"/personnes/{person.public_id}"

    def seen(by: Member | None) -> str:
        client.delete_cookie("session")
        if by is not None:
            sign_in_as(client, session, by)
        return client.get(path).text.partition("<main")[2]

    own, near, far, public = seen(person), seen(colleague), seen(stranger), seen(None)
    assert "Notes pour moi" not in own + near + far + public
    assert "Télésoins" in own
    assert "Télésoins" in near
    assert "Télésoins" not in far + public
    assert "Paramédecine" in far
    assert "Paramédecine" not in public
    assert "Infirmière clinicienne" in public
    assert person.email not in own + near + far + public
    assert "n-existe-pas" not in own
    assert "Ariane Profil" in client.get("/repertoire?q=infirmiere").text
    assert "Ariane Profil" not in client.get("/repertoire?q=telesoins").text


def test_who_did_not_choose_the_directory_is_not_in_it(
    client: FlaskClient, session: Session
) -> None:
    person = make_member(session, name="Ariane Discrète", password=None)
    say(session, person, to=Visibility.EVERYONE, skills="Télésoins")
    session.commit()

    assert "Ariane Discrète" not in client.get("/repertoire").text
    assert "Ariane Discrète" in client.get(f"/personnes/{person.public_id}").text


def test_a_person_of_whom_nothing_may_be_read_has_no_page(
    client: FlaskClient, session: Session
) -> None:
    person = make_member(session, password=None)
    session.commit()

    assert client.get(f"/personnes/{person.public_id}").status_code == 404


def test_one_writes_to_a_person_without_seeing_their_address(
    client: FlaskClient, session: Session
) -> None:
    person = make_member(session, password=None)
    say(session, person, to=Visibility.MEMBERS, skills="Télésoins")
    sender = make_member(session, name="Émile Essai", password=None)
    sign_in_as(client, session, sender)
    path = f"/personnes/{person.public_id}/message"

    page = client.get(path).text
    assert person.email not in page
    assert post(client, path, of=path, message="") == 422
    assert post(client, path, of=path, message="Bonjour") == 303
    mail = queued(session, "member_message")[0]
    assert (mail.recipient, mail.member_id) == (person.email, person.id)


def test_asking_another_organisation_waits_for_its_answer(
    client: FlaskClient, session: Session
) -> None:
    bsl = make_organisation(session, slug="bsl")
    member = make_member(session, password=None)
    sign_in_as(client, session, member)

    assert post(client, "/compte/organisation", of="/compte/profil", organisation="bsl") == 303
    assert f"org:{bsl.id}" not in load_viewer(session, member.id).audiences
    session.rollback()
    assert "En attente de confirmation" in client.get("/compte/profil").text
    assert post(client, "/compte/organisation", of="/compte/profil", organisation="bsl") == 409
    gone = "/compte/organisation/retrait"
    assert post(client, gone, of="/compte/profil") == 200  # asks first
    assert post(client, gone, of="/compte/profil", accord="1") == 303
    assert "En attente de confirmation" not in client.get("/compte/profil").text


def test_the_board_offers_the_profile_until_it_is_put_off(
    client: FlaskClient, session: Session
) -> None:
    sign_in_as(client, session, make_member(session, password=None))

    assert "Remplir mon profil" in client.get("/compte").text
    assert post(client, "/compte/plus-tard", of="/compte") == 303
    assert "Remplir mon profil" not in client.get("/compte").text


def test_the_directory_and_the_board_cost_the_same_however_many_people(
    client: FlaskClient, session: Session
) -> None:
    bsl = make_organisation(session)
    sign_in_as(client, session, make_member(session, password=None, organisation=bsl))
    costs = []
    for path in ("/repertoire", "/compte"):
        client.get(path)
        for _round in range(2):
            for _person in range(3):
                person = make_member(session, password=None, organisation=bsl)
                session.add(DirectoryListing(member_id=person.id))
                say(session, person, to=Visibility.MEMBERS, skills="Télésoins")
            session.commit()
            with statements(about="member") as sent:
                assert client.get(path).status_code == 200
            costs.append(len(sent))

    assert costs[0] == costs[1] == 6
    assert costs[2] == costs[3] == 14


def test_an_organisation_is_added_then_renamed_and_its_sheets_are_indexed_again(
    staff: FlaskClient, session: Session
) -> None:
    form = {
        "identifiant": "clinique-du-fleuve",
        "nom": "Clinique du Fleuve",
        "sorte": "other",
        "site": "https://fleuve.example",
        "membre": "1",
    }
    wrong = {**form, "site": "javascript:1", "csrf_token": csrf(staff, "/admin")}
    refused = staff.post("/admin/organisations/nouvelle", data=wrong)
    assert refused.status_code == 422
    assert '<a href="#site">' in refused.text
    assert 'value="Clinique du Fleuve"' in refused.text
    assert post(staff, "/admin/organisations/nouvelle", **{**form, "identifiant": "À b"}) == 422
    assert post(staff, "/admin/organisations/nouvelle", **form) == 303
    assert post(staff, "/admin/organisations/nouvelle", **form) == 422  # taken
    make_practice(session, organisations=({"id": "clinique-du-fleuve", "name": ""},))
    session.execute(delete(OutboxRow))
    session.commit()

    path = "/admin/organisations/clinique-du-fleuve"
    assert post(staff, path, nom="Clinique du Large", sorte="other", ancien="1") == 303

    found = find_organisation(session, "clinique-du-fleuve")
    assert found is not None
    assert (found.name, found.website, found.is_consortium_member) == (
        "Clinique du Large",
        "",
        False,
    )
    assert [row.name for row in found.names] == ["Clinique du Fleuve"]
    assert session.scalar(select(func.count()).select_from(OutboxRow)) == 1
    session.rollback()
    assert post(staff, "/admin/organisations/inconnue", nom="Rien") == 404
