"""The pages of joining: registering, deciding, inviting."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from inters4.core import db
from inters4.core.access import Role
from inters4.core.mail import QueuedMail
from inters4.core.networks import network_mark
from inters4.members.exports.letters import REGISTRATION, REQUESTS
from inters4.members.models import (
    ApprovalRequest,
    DomainPolicy,
    Invitation,
    Member,
    MemberState,
    Organisation,
    Registration,
)
from inters4.members.queries import find_member_by_email, load_viewer
from inters4.members.queries.tokens import secret_of_seed
from inters4.members.services import passwords
from inters4.members.services.registration import MOST_FORMS
from inters4.members.services.reminders import tell_deciders
from inters4.settings import Settings
from tests.builders.joining import (
    letter,
    make_domain,
    make_registration,
    make_request,
    past_the_letters,
    queued,
)
from tests.builders.members import (
    give_role,
    make_member,
    make_organisation,
    make_viewer,
    sign_in_as,
)
from tests.builders.statements import statements
from tests.builders.web import csrf

GOOD = "sept bouleaux sous la neige"


@pytest.fixture
def uqar(session: Session) -> Organisation:
    organisation = make_organisation(session, slug="uqar", name="UQAR")
    make_domain(session, "uqar.ca", organisation, policy=DomainPolicy.AUTO)
    session.commit()
    return organisation


def send(client: FlaskClient, **changes: str) -> int:
    form = {
        "nom": "Ariane Essai",
        "courriel": "ariane@uqar.ca",
        "organisation": "uqar",
        "mot_de_passe": GOOD,
        **changes,
        "csrf_token": csrf(client, "/inscription"),
    }
    return client.post("/inscription", data=form).status_code


def link_of(session: Session) -> str:
    row = session.scalars(select(Registration)).one()
    session.rollback()  # lets go of the database, which the page writes to
    return f"/inscription/confirmation/{secret_of_seed(row.seed)}"


def press(client: FlaskClient, path: str, **data: str) -> int:
    return client.post(path, data={**data, "csrf_token": csrf(client, path)}).status_code


def test_a_person_joins_from_the_form_to_the_sign_in(
    client: FlaskClient, session: Session, uqar: Organisation
) -> None:
    assert send(client) == 303
    path = link_of(session)

    page = client.get(path)
    assert "Confirmer mon adresse" in page.text
    assert find_member_by_email(session, "ariane@uqar.ca") is None  # GET changed nothing
    session.rollback()
    assert press(client, path, mot_de_passe=GOOD) == 303

    opened = client.get(path).text
    assert "Votre compte est ouvert" in opened
    assert re.search('name="courriel"[^>]*value="ariane@uqar.ca"', opened)
    signed = client.post(
        "/connexion",
        data={
            "courriel": "ariane@uqar.ca",
            "mot_de_passe": GOOD,
            "csrf_token": csrf(client, path),
        },
    )
    assert signed.status_code == 303
    assert "Mon tableau" in client.get(path).text


def test_a_letter_that_is_the_readers_asks_for_everything_anew(
    client: FlaskClient, session: Session, uqar: Organisation
) -> None:
    path = f"/inscription/confirmation/{past_the_letters(session, 'ariane@uqar.ca')}"
    session.commit()

    page = client.get(path).text
    assert "ariane@uqar.ca" in page
    assert "Autre Main" not in page
    typed = {"nom": "Ariane Essai", "organisation": "uqar", "mot_de_passe": GOOD}
    weak = client.post(
        path, data={**typed, "mot_de_passe": "ariane@uqar.ca", "csrf_token": csrf(client, path)}
    )
    assert weak.status_code == 422
    assert 'value="Ariane Essai"' in weak.text
    assert press(client, path, **typed) == 303
    assert "Votre compte est ouvert" in client.get(path).text
    member = find_member_by_email(session, "ariane@uqar.ca")
    assert member is not None
    assert member.name == "Ariane Essai"


def test_whoever_waits_reads_who_decides_and_what_is_open(
    client: FlaskClient, session: Session
) -> None:
    bsl = make_organisation(session, slug="bsl")
    make_viewer(session, role=Role.APPROVER, organisation=bsl, name="Alexis Approbation")
    _, secret = make_registration(session, organisation=bsl, password=GOOD)
    session.commit()
    path = f"/inscription/confirmation/{secret}"

    assert press(client, path, mot_de_passe=GOOD) == 303

    page = client.get(path).text
    assert "Alexis Approbation" in page
    assert "Ce qui est ouvert en attendant" in page


def test_the_form_of_a_stranger_opens_nothing_to_who_reads_the_letter(
    client: FlaskClient, session: Session, uqar: Organisation
) -> None:
    _, secret = make_registration(
        session, email="ariane@uqar.ca", name="Autre Main", organisation=uqar, password=GOOD
    )
    session.commit()
    path = f"/inscription/confirmation/{secret}"

    page = client.get(path).text
    assert "Autre Main" in page
    assert "ariane@uqar.ca" in page
    assert press(client, path) == 422
    assert press(client, path, mot_de_passe="mon propre mot de passe") == 422
    assert find_member_by_email(session, "ariane@uqar.ca") is None
    session.rollback()
    assert press(client, path, mot_de_passe=GOOD) == 303  # whoever typed the form and reads it


def test_the_password_of_a_form_is_not_guessed_through_its_letter(
    client: FlaskClient, session: Session, uqar: Organisation
) -> None:
    _, secret = make_registration(session, organisation=uqar)
    session.commit()
    path = f"/inscription/confirmation/{secret}"

    for _time in range(5):
        assert press(client, path, mot_de_passe="un autre") == 422

    assert press(client, path, mot_de_passe="un autre") == 429


def test_a_known_and_an_unknown_address_cost_the_same(
    client: FlaskClient, session: Session, uqar: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_member(session, email="connue@uqar.ca", password=None)
    session.commit()
    hashes: list[str] = []
    kept = passwords.hash_password(GOOD)

    def count(password: str) -> str:
        hashes.append(password)
        return kept

    monkeypatch.setattr("inters4.members.views.registration.hash_password", count)
    seen = []
    for email in ("connue@uqar.ca", "inconnue@uqar.ca"):
        token = csrf(client, "/inscription")
        with statements(verb="") as sent:
            answer = client.post(
                "/inscription",
                data={
                    "nom": "Ariane Essai",
                    "courriel": email,
                    "organisation": "uqar",
                    "mot_de_passe": GOOD,
                    "csrf_token": token,
                },
            )
        seen.append((answer.status_code, answer.headers["Location"], answer.data, sent))

    assert seen[0] == seen[1]
    assert len(hashes) == 2
    assert len(queued(session, REGISTRATION)) == 2


def test_a_flood_of_forms_is_stopped_before_the_hash(
    client: FlaskClient,
    session: Session,
    uqar: Organisation,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network = network_mark("127.0.0.1", key=settings.secret_key)
    for number in range(MOST_FORMS):
        make_registration(session, email=f"a{number}@uqar.ca", network=network)
    session.commit()
    monkeypatch.delattr("inters4.members.views.registration.hash_password")

    answer = client.post(
        "/inscription",
        data={
            "nom": "Ariane Essai",
            "courriel": "ARIANE@uqar.ca",
            "organisation": "uqar",
            "mot_de_passe": GOOD,
            "csrf_token": csrf(client, "/inscription"),
        },
    )

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 60


def test_a_neighbour_of_the_same_network_keeps_nobody_from_registering(
    client: FlaskClient, session: Session, uqar: Organisation, settings: Settings
) -> None:
    network = network_mark("127.0.0.1", key=settings.secret_key)
    for _form in range(6):
        make_registration(session, email="ariane@uqar.ca", network=network)
    session.commit()

    assert send(client) == 303

    letters = [letter(session, mail) for mail in queued(session, REGISTRATION)]
    assert [told is not None for told in letters] == [True] * 5 + [False] * 2
    row = session.scalars(select(Registration).order_by(Registration.id)).all()[4]
    path = f"/inscription/confirmation/{secret_of_seed(row.seed)}"
    session.rollback()
    assert "Ariane" not in client.get(path).text.partition("<form")[2].partition("</form>")[0]
    assert press(client, path, nom="Ariane", organisation="uqar", mot_de_passe=GOOD) == 303
    assert find_member_by_email(session, "ariane@uqar.ca") is not None


def test_a_robot_is_thanked_and_nothing_is_kept(
    client: FlaskClient, session: Session, uqar: Organisation
) -> None:
    assert send(client, site_web="http://robot.example") == 303
    assert session.scalar(select(func.count()).select_from(Registration)) == 0


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"nom": ""}, "Écrivez votre nom."),
        ({"courriel": "ariane"}, "Donnez une adresse complète"),
        ({"courriel": "é@uqar.ca"}, "Donnez une adresse sans accent"),
        ({"organisation": ""}, "Choisissez votre organisation"),
        ({"organisation": "autre"}, "Écrivez le nom de votre organisation."),
        ({"mot_de_passe": "court"}, "au moins 12 caractères"),
        ({"mot_de_passe": "arianeessai2026"}, "reprend votre nom"),
    ],
)
def test_a_mistake_is_told_and_what_was_typed_stays(
    client: FlaskClient, session: Session, uqar: Organisation, changes: dict[str, str], told: str
) -> None:
    form = {
        "nom": "Ariane Essai",
        "courriel": "ariane@uqar.ca",
        "organisation": "uqar",
        "mot_de_passe": GOOD,
        **changes,
        "csrf_token": csrf(client, "/inscription"),
    }

    answer = client.post("/inscription", data=form)

    assert answer.status_code == 422
    assert told in answer.text
    assert GOOD not in answer.text
    assert session.scalar(select(func.count()).select_from(QueuedMail)) == 0


def test_a_refused_domain_is_told_at_once(client: FlaskClient, session: Session) -> None:
    make_organisation(session, slug="uqar")
    make_domain(session, "jetable.example", policy=DomainPolicy.REFUSE)
    session.commit()

    assert send(client, courriel="a@jetable.example") == 422
    assert session.scalar(select(func.count()).select_from(Registration)) == 0


def test_a_link_that_is_none_of_ours_is_gone(client: FlaskClient) -> None:
    assert client.get("/inscription/confirmation/rien").status_code == 410
    assert client.get("/invitation/rien").status_code == 410


def test_an_approver_decides_in_two_clicks_from_the_letter(
    client: FlaskClient, session: Session
) -> None:
    bsl = make_organisation(session)
    approver = make_viewer(session, role=Role.APPROVER, organisation=bsl)
    request = make_request(session, organisation=bsl)
    sign_in_as(client, session, approver)
    path = f"/approbations/{request.public_id}"

    assert "Ariane Essai" in client.get(path).text  # the letter's link
    assert press(client, path, decision="accepter") == 303  # the button

    viewer = load_viewer(session, request.member_id)
    assert f"org:{bsl.id}" in viewer.audiences


def test_the_second_approver_sees_the_decision_of_the_first(
    client: FlaskClient, session: Session
) -> None:
    bsl = make_organisation(session)
    first = make_viewer(session, role=Role.APPROVER, organisation=bsl, name="Première Main")
    second = make_viewer(session, role=Role.APPROVER, organisation=bsl)
    request = make_request(session, organisation=bsl)
    path = f"/approbations/{request.public_id}"
    sign_in_as(client, session, second)
    token = csrf(client, path)
    sign_in_as(client, session, first)
    assert press(client, path, decision="accepter") == 303
    sign_in_as(client, session, second)

    late = client.post(
        path, data={"decision": "refuser", "raison": "Inconnue", "csrf_token": token}
    )

    assert late.status_code == 409
    assert "Première Main a déjà accepté cette demande" in late.text
    assert "à corriger" not in late.text


def test_a_refusal_needs_a_reason(client: FlaskClient, session: Session) -> None:
    bsl = make_organisation(session)
    approver = make_viewer(session, role=Role.APPROVER, organisation=bsl)
    request = make_request(session, organisation=bsl)
    sign_in_as(client, session, approver)
    path = f"/approbations/{request.public_id}"

    token = csrf(client, path)
    blank = client.post(path, data={"decision": "refuser", "raison": " ", "csrf_token": token})
    assert blank.status_code == 422
    assert "<details open>" in blank.text
    assert '<a href="#raison">' in blank.text
    assert 'aria-describedby="raison-help raison-error"' in blank.text
    assert press(client, path, decision="refuser", raison="Ne travaille pas ici") == 303

    member = session.scalars(
        select(Member)
        .where(Member.id == request.member_id)
        .execution_options(populate_existing=True)
    ).one()
    assert member.state is MemberState.REFUSED


def test_the_approver_of_elsewhere_finds_no_request(client: FlaskClient, session: Session) -> None:
    here, elsewhere = make_organisation(session), make_organisation(session)
    approver = make_viewer(session, role=Role.APPROVER, organisation=elsewhere)
    request = make_request(session, organisation=here)
    sign_in_as(client, session, approver)

    assert client.get(f"/approbations/{request.public_id}").status_code == 404
    assert request.public_id not in client.get("/approbations").text


def test_a_list_of_requests_costs_the_same_however_long(
    client: FlaskClient, session: Session
) -> None:
    bsl = make_organisation(session)
    sign_in_as(client, session, make_viewer(session, role=Role.APPROVER, organisation=bsl))
    costs = []
    client.get("/approbations")  # whether this is a demonstration is asked once
    for _round in range(2):
        for _request in range(3):
            make_request(session, organisation=bsl)
        session.commit()
        with statements() as sent:
            assert client.get("/approbations").status_code == 200
        costs.append(len(sent))

    assert costs == [5, 5]  # the session, the viewer, the second factor, how many, the page


def test_the_button_of_a_letter_with_one_request_leads_to_its_decision(session: Session) -> None:
    bsl = make_organisation(session)
    make_viewer(session, role=Role.APPROVER, organisation=bsl)
    request = make_request(session, organisation=bsl)
    tell_deciders(session)

    told = letter(session, queued(session, REQUESTS)[0])

    assert told is not None
    assert re.search(rf'class="button" href="[^"]*/approbations/{request.public_id}"', told.html)
    assert 'approbations"' not in told.html


def test_requests_are_read_by_pages(client: FlaskClient, session: Session) -> None:
    bsl = make_organisation(session)
    sign_in_as(client, session, make_viewer(session, role=Role.APPROVER, organisation=bsl))
    found = [make_request(session, organisation=bsl).public_id for _request in range(21)]
    session.commit()

    first, last = client.get("/approbations").text, client.get("/approbations?page=2").text

    assert "Page 1 de 2" in first
    assert [one for one in found if one in last] == [found[-1]]
    assert found[-1] not in first


def test_an_administrator_too_names_the_organisation_of_an_unknown_one(
    client: FlaskClient, session: Session
) -> None:
    bsl = make_organisation(session, slug="bsl")
    sign_in_as(client, session, make_viewer(session, role=Role.ADMIN))
    request = make_request(session, other="Clinique du Fleuve")
    session.commit()
    path = f"/approbations/{request.public_id}"

    assert '<option value="bsl">' in client.get(path).text
    assert press(client, path, decision="accepter", organisation="bsl") == 303
    assert load_viewer(session, request.member_id).organisations == {bsl.id}


def test_a_link_of_invitation_is_shown_once_and_opens_the_account(
    client: FlaskClient, session: Session
) -> None:
    bsl = make_organisation(session, slug="bsl")
    member = make_member(session, password=None, organisation=bsl)
    give_role(session, member, Role.APPROVER, organisation=bsl)
    sign_in_as(client, session, member)
    page = client.post(
        "/invitations",
        data={"organisation": "bsl", "fois": "2", "csrf_token": csrf(client, "/invitations")},
    ).text
    found = re.search(r"/invitation/[\w-]{40,}", page)
    assert found is not None

    client.delete_cookie("session")
    assert "Créer mon compte" in client.get(found[0]).text
    assert found[0] not in client.get("/invitations").text
    invitation = session.scalars(select(Invitation)).one()
    _, secret = make_registration(session, invitation=invitation.id, password=GOOD)
    session.commit()
    assert press(client, f"/inscription/confirmation/{secret}", mot_de_passe=GOOD) == 303
    assert session.scalar(select(func.count()).select_from(ApprovalRequest)) == 0


def test_a_signed_in_person_accepts_an_invitation(client: FlaskClient, session: Session) -> None:
    bsl = make_organisation(session, slug="bsl")
    staff = make_viewer(session, role=Role.COORDINATION)
    member = make_member(session, password=None)
    sign_in_as(client, session, staff)
    client.post(
        "/invitations",
        data={
            "courriel": member.email,
            "organisation": "bsl",
            "role": "respondent",
            "csrf_token": csrf(client, "/invitations"),
        },
    )
    invitation = session.scalars(select(Invitation)).one()
    link = f"/invitation/{secret_of_seed(invitation.seed)}"
    wrong = client.get(link).text  # the one who invited is still signed in
    assert f"Cette invitation est pour {member.email}" in wrong
    assert "Accepter l’invitation" not in wrong
    session.rollback()
    sign_in_as(client, session, member)

    assert press(client, link) == 303

    viewer = load_viewer(session, member.id)
    assert viewer.has(Role.RESPONDENT, organisation=bsl.id)
    assert viewer.organisations == {bsl.id}


def test_nothing_is_written_when_the_page_of_a_link_is_read(
    client: FlaskClient, session: Session
) -> None:
    _, secret = make_registration(session)
    session.commit()
    changes: list[str] = []

    def note(*call: object) -> None:
        if not str(call[2]).lstrip().startswith(("SELECT", "PRAGMA", "BEGIN")):
            changes.append(str(call[2]))

    event.listen(db.engine(), "before_cursor_execute", note)
    client.get(f"/inscription/confirmation/{secret}")

    assert changes == []
