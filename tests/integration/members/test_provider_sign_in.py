"""Entering with the account of one's organisation, through the pages and a provider that runs."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from inters4.app import create_app
from inters4.cli.check import check
from inters4.core.access import ANONYMOUS, Role
from inters4.core.audit import AuditEntry, record
from inters4.core.clock import now
from inters4.core.mail import QueuedMail
from inters4.members.models import (
    ApprovalRequest,
    Consent,
    DomainPolicy,
    InvitationUse,
    Member,
    MemberSession,
    MemberState,
    ProviderIdentity,
    ProviderReturn,
    Registration,
    SecondFactor,
    SignInChallenge,
)
from inters4.members.queries.tokens import secret_of_seed
from inters4.members.services import invite, second_factor
from inters4.members.services.erasure import erase_member
from inters4.members.services.identities import MOST_LETTERS_OF_ALL
from inters4.members.services.visits import MOST_REFUSED, Purpose, Visit, depart, purge_returns
from inters4.settings import Settings
from tests.builders.joining import letter, make_domain, queued
from tests.builders.members import (
    PASSWORD,
    give_role,
    make_member,
    make_organisation,
    make_viewer,
    sign_in_as,
)
from tests.builders.oidc_provider import CLIENT_ID, CLIENT_SECRET, Person, Provider
from tests.builders.web import csrf

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

START, BACK = "/connexion/organisation", "/connexion/organisation/retour"
ACCOUNT = "/connexion/organisation/compte"
EMAIL = "ariane@exemple.ca"


@pytest.fixture
def provider() -> Iterator[Provider]:
    running = Provider()
    yield running
    running.close()


@pytest.fixture
def settings(settings: Settings, provider: Provider) -> Settings:
    """With a provider that answers for exemple.ca."""
    return replace(
        settings,
        sso_issuer=provider.issuer,
        sso_client_id=CLIENT_ID,
        sso_secret=CLIENT_SECRET,
        sso_label="le compte du CISSS",
        sso_domains=("exemple.ca",),
    )


def leave(client: FlaskClient, start: str = START) -> str:
    """Go to the provider; the address at which it sends back."""
    address = client.get(start).headers["Location"]
    return at_provider(address)


def at_provider(address: str) -> str:
    parts = urlsplit(address)
    connection = HTTPConnection(parts.hostname or "", parts.port)
    connection.request("GET", f"{parts.path}?{parts.query}")
    place = urlsplit(connection.getresponse().headers["Location"])
    connection.close()
    assert place.path == BACK
    return f"{place.path}?{place.query}"


def come_back(client: FlaskClient, start: str = START) -> TestResponse:
    return client.get(leave(client, start))


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def post(client: FlaskClient, path: str, page: str = "", **fields: str) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf(client, page or path), **fields})


def is_in(client: FlaskClient) -> bool:
    return client.get("/compte/securite").status_code == 200


def link(session: Session, member: Member, provider: Provider, subject: str = "u-1") -> None:
    session.add(
        ProviderIdentity(
            member_id=member.id, issuer=provider.issuer, subject=subject, email=member.email
        )
    )
    session.commit()


def reasons(session: Session) -> list[str]:
    session.rollback()
    rows = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.action == "members.provider_refused")
        .order_by(AuditEntry.id)
    )
    found = [row.detail["reason"] for row in rows]
    session.rollback()
    return found


def actions(session: Session) -> list[str]:
    session.rollback()
    found = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    session.rollback()
    return found


def grow_old(session: Session) -> None:
    session.execute(update(MemberSession).values(proved_at=now() - timedelta(minutes=16)))
    session.commit()


def test_the_button_is_there_when_a_provider_is_named(client: FlaskClient) -> None:
    page = text_of(client.get("/connexion?suite=/ma-liste"))

    assert "Continuer avec le compte du CISSS" in page
    assert 'href="/connexion/organisation?suite=/ma-liste"' in page
    assert "Continuer avec le compte du CISSS" in text_of(client.get("/inscription"))


def test_a_known_identity_opens_its_account_where_it_was_going(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    link(session, make_member(session, password=None), provider)
    answer = come_back(client, f"{START}?suite=/compte/profil")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/compte/profil")
    assert is_in(client)
    assert "members.signed_in" in actions(session)
    identity = session.scalars(select(ProviderIdentity)).one()
    assert identity.last_used_at is not None


def test_an_address_changed_at_the_provider_changes_nothing_here(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    make_member(session, email="autre@exemple.ca")
    member = make_member(session, email=EMAIL)
    link(session, member, provider)
    provider.person = Person(claims={"email": "autre@exemple.ca", "email_verified": True})
    come_back(client)

    assert EMAIL in text_of(client.get("/compte/courriel"))
    session.refresh(member)
    assert member.email == EMAIL


def test_the_way_there_leads_to_the_provider_alone(client: FlaskClient, provider: Provider) -> None:
    answer = client.get(f"{START}?suite=https://ailleurs.example/")

    assert answer.headers["Location"].startswith(f"{provider.issuer}/authorize?")
    assert "ailleurs" not in answer.headers["Location"]
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_way_there_stays_short_however_long_the_page(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    link(session, make_member(session, password=None), provider)
    long = f"/recherche?q={'é' * 2_000}"
    address = client.get(START, query_string={"suite": long}).headers["Location"]
    answer = client.get(at_provider(address))

    assert len(address) < 2_000
    assert answer.headers["Location"] == "/"


def test_leaving_writes_nothing(client: FlaskClient, session: Session) -> None:
    client.get(START)

    assert session.scalar(select(func.count()).select_from(ProviderReturn)) == 0


def test_someone_signed_in_is_not_sent_away(client: FlaskClient, session: Session) -> None:
    sign_in_as(client, session, make_member(session))

    assert client.get(f"{START}?suite=/ma-liste").headers["Location"] == "/ma-liste"


def test_a_way_back_serves_once(client: FlaskClient, session: Session, provider: Provider) -> None:
    link(session, make_member(session), provider)
    back = leave(client)
    assert client.get(back).status_code == 303
    again = client.get(back)

    assert again.status_code == 403
    assert "Recommencez" in text_of(again)
    assert reasons(session) == ["used"]


def test_the_way_back_of_a_stranger_opens_nothing_in_my_browser(
    app: Flask, client: FlaskClient, session: Session, provider: Provider
) -> None:
    link(session, make_member(session), provider)
    stranger = app.test_client()
    theirs = leave(stranger)
    without_leaving = client.get(theirs)
    client.get(START)
    after_leaving = client.get(theirs)

    assert without_leaving.status_code == after_leaving.status_code == 403
    assert not is_in(client)
    assert reasons(session) == ["browser", "browser"]


@pytest.mark.parametrize("state", ["", "n’importe quoi", "A" * 400, "A" * 9_000])
def test_a_state_that_is_not_ours_is_refused_without_a_line(
    client: FlaskClient, session: Session, state: str
) -> None:
    answer = client.get(BACK, query_string={"state": state, "code": "x"})

    assert answer.status_code == 403
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert reasons(session) == []


def test_a_way_back_is_open_for_ten_minutes(client: FlaskClient, session: Session) -> None:
    client.get(START)
    held = client.get_cookie("retour")
    assert held is not None
    begun = now() - timedelta(minutes=11)
    left = depart(Visit(purpose=Purpose.SIGN_IN, begun_at=begun), browser=held.value)

    assert client.get(BACK, query_string={"state": left.state, "code": "x"}).status_code == 403
    assert reasons(session) == ["late"]


def test_another_spelling_of_a_state_does_not_serve(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    link(session, make_member(session), provider)
    back = leave(client)
    client.get(back)

    assert client.get(back.replace("state=", "state=%0A")).status_code == 403


def test_two_tabs_may_leave_at_once(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    link(session, make_member(session), provider)
    first, second = leave(client, f"{START}?suite=/ma-liste"), leave(client)

    assert client.get(first).headers["Location"] == "/ma-liste"
    assert client.get(second).status_code == 303


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("cancel", 403),
        ("nonce", 403),
        ("alg_none", 403),
        ("alg_hs256", 403),
        ("other_key", 403),
        ("expired", 403),
        ("names_another", 403),
        ("down:token", 503),
        ("huge:token", 503),
        ("redirect:token", 503),
    ],
)
def test_whatever_goes_wrong_is_told_and_written_down(
    client: FlaskClient, session: Session, provider: Provider, fault: str, status: int
) -> None:
    link(session, make_member(session), provider)
    provider.faults = {fault}
    answer = come_back(client)

    assert answer.status_code == status
    assert "La connexion n’a pas abouti" in text_of(answer)
    assert "/connexion" in text_of(answer)
    assert not is_in(client)
    assert len(reasons(session)) == 1


def test_a_provider_that_is_away_is_told_before_leaving(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    provider.faults = {"down:openid-configuration"}
    answer = client.get(START)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert reasons(session) == []


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"email": EMAIL, "email_verified": False}, "email_unverified"),
        ({"email": EMAIL}, "email_unverified"),
        ({"name": "Ariane"}, "no_email"),
    ],
)
def test_nobody_joins_without_an_address_that_was_checked(
    client: FlaskClient,
    session: Session,
    provider: Provider,
    claims: dict[str, object],
    reason: str,
) -> None:
    make_member(session, email=EMAIL)
    session.commit()
    provider.person = Person(claims=claims)
    answer = come_back(client)

    assert answer.status_code == 403
    assert "adresse de courriel vérifiée" in text_of(answer)
    assert reasons(session) == [reason]


# An account that exists already.


def test_an_address_alone_opens_no_account(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    make_member(session, email=EMAIL)
    session.commit()
    answer = come_back(client)
    page = text_of(client.get(ACCOUNT))

    assert answer.headers["Location"].startswith(ACCOUNT)
    assert "Vous avez déjà un compte" in page
    assert not is_in(client)
    assert session.scalars(select(ProviderIdentity)).all() == []


def test_the_owner_signs_in_once_by_password_then_links(
    app: Flask, client: FlaskClient, session: Session, provider: Provider
) -> None:
    make_member(session, email=EMAIL)
    session.commit()
    come_back(client)
    signed = post(
        client, "/connexion", courriel=EMAIL, mot_de_passe=PASSWORD, suite="/compte/identite"
    )
    page = text_of(client.get(signed.headers["Location"]))
    assert "Relier ces deux comptes" in page
    done = post(client, "/compte/identite")

    assert done.headers["Location"] == "/compte/securite"
    assert "members.identity_linked" in actions(session)
    assert notices(session) == ["identity_linked"]
    other = app.test_client()
    assert come_back(other).headers["Location"] == "/"
    assert is_in(other)


def notices(session: Session) -> list[str]:
    rows = session.scalars(select(QueuedMail).where(QueuedMail.template == "security_notice"))
    found = [mail.parameters["event"] for mail in rows]
    session.rollback()
    return found


def test_the_owner_links_by_the_letter_in_the_browser_that_asked(
    app: Flask, client: FlaskClient, session: Session, provider: Provider
) -> None:
    make_member(session, email=EMAIL)
    session.commit()
    come_back(client)
    post(client, "/connexion/organisation/lettre", ACCOUNT)
    (mail,) = queued(session, "member_identity")
    sent = letter(session, mail)
    assert sent is not None
    (path,) = set(re.findall(r"/connexion/organisation/lien/[\w-]+", sent.text))
    session.rollback()

    elsewhere = app.test_client()
    assert elsewhere.get(path).status_code == 410
    assert "dans le navigateur où vous l’avez demandé" in text_of(elsewhere.get(path))
    form = {"csrf_token": csrf(elsewhere, "/connexion")}
    assert elsewhere.post(path, data=form).status_code == 410
    assert post(client, path).headers["Location"] == "/connexion"
    assert client.get(path).status_code == 410
    assert come_back(client).headers["Location"] == "/"


def test_letters_are_counted(client: FlaskClient, session: Session, provider: Provider) -> None:
    make_member(session, email=EMAIL)
    session.commit()
    come_back(client)
    sent = [post(client, "/connexion/organisation/lettre", ACCOUNT) for _time in range(6)]

    assert [answer.status_code for answer in sent] == [303] * 5 + [429]


def test_a_letter_dies_when_the_provider_changes_or_the_account_closes(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    member = make_member(session, email=EMAIL)
    session.commit()
    come_back(client)
    post(client, "/connexion/organisation/lettre", ACCOUNT)
    (mail,) = queued(session, "member_identity")
    sent = letter(session, mail)
    assert sent is not None
    (path,) = set(re.findall(r"/connexion/organisation/lien/[\w-]+", sent.text))
    token = csrf(client, path)
    member.state = MemberState.SUSPENDED
    session.commit()

    assert client.post(path, data={"csrf_token": token}).status_code == 410


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (MemberState.PENDING_APPROVAL, "Votre organisation a confirmé qui vous êtes"),
        (MemberState.SUSPENDED, "Votre compte est suspendu"),
        (MemberState.DEACTIVATED, "Votre compte est fermé"),
    ],
)
def test_an_account_that_does_not_open_says_where_it_stands(
    client: FlaskClient, session: Session, provider: Provider, state: MemberState, said: str
) -> None:
    member = make_member(session, email=EMAIL, state=state)
    session.commit()
    unlinked = client.get(come_back(client).headers["Location"])
    link(session, member, provider)
    linked = come_back(client)

    for page in (unlinked, linked):
        assert page.status_code == 403
        assert said in text_of(page)
        assert "Votre organisation a confirmé qui vous êtes" in text_of(page)
    assert not is_in(client)


def test_a_person_erased_is_forgotten_by_the_provider_s_name_too(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    make_viewer(session, role=Role.ADMIN)
    member = make_member(session, email=EMAIL)
    link(session, member, provider)
    erase_member(session, member, keeps_posts=True, by=make_viewer(session, role=Role.ADMIN))
    session.commit()

    assert session.scalars(select(ProviderIdentity)).all() == []
    session.rollback()
    assert come_back(client).headers["Location"].startswith(ACCOUNT)
    assert "Terminer votre inscription" in text_of(client.get(ACCOUNT))


# Joining.


def join(client: FlaskClient, organisation: str, **fields: str) -> TestResponse:
    return post(client, ACCOUNT, nom="Ariane Essai", organisation=organisation, **fields)


def test_an_address_of_the_organisation_alone_opens_at_once(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    organisation = make_organisation(session, slug="cisss")
    make_domain(session, "exemple.ca", organisation, policy=DomainPolicy.AUTO)
    session.commit()
    come_back(client, f"{START}?suite=/ma-liste")
    page = text_of(client.get(ACCOUNT))
    assert 'value="Ariane Essai"' in page
    assert re.search(r'<option selected value="cisss">', page)
    assert not re.search(r'name="infolettre"[^>]*checked', page)
    answer = join(client, "cisss", suite="/ma-liste")

    assert answer.headers["Location"] == "/ma-liste"
    assert is_in(client)
    member = session.scalars(select(Member)).one()
    assert (member.state, member.password_hash) == (MemberState.ACTIVE, None)
    assert member.password_changed_at is None
    assert session.scalars(select(Consent)).all() == []
    assert queued(session, "member_registration") == []
    assert notices(session) == []
    member = session.scalars(select(Member)).one()
    form = session.scalars(select(Registration)).one()
    assert (form.used_at is not None, form.password_hash) == (True, "")


def test_a_shared_domain_waits_for_the_organisation_that_is_named(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    here, other = make_organisation(session, slug="ici"), make_organisation(session, slug="la")
    make_domain(session, "exemple.ca", here, other)
    session.commit()
    come_back(client)
    unnamed = join(client, "")
    answer = join(client, "la", infolettre="y")
    standing = client.get(answer.headers["Location"])

    assert unnamed.status_code == 422
    assert standing.status_code == 403
    assert "Votre demande attend une réponse" in text_of(standing)
    request = session.scalars(select(ApprovalRequest)).one()
    assert request.organisation_id == other.id
    consent = session.scalars(select(Consent)).one()
    assert (consent.is_given, consent.source) == (True, ACCOUNT)
    session.rollback()
    assert come_back(client).status_code == 403  # linked, and still waiting


def test_a_refused_domain_keeps_nothing(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    organisation = make_organisation(session, slug="cisss")
    make_domain(session, "exemple.ca", organisation, policy=DomainPolicy.REFUSE)
    session.commit()
    come_back(client)
    answer = join(client, "cisss")

    assert answer.status_code == 422
    assert "Les adresses de ce domaine n’ouvrent pas de compte." in text_of(answer)
    assert session.scalars(select(Member)).all() == []
    assert session.scalars(select(Registration)).all() == []


@pytest.mark.parametrize("has_account", [True, False])
def test_an_address_for_which_the_provider_does_not_answer_is_confirmed_by_letter(
    client: FlaskClient, session: Session, provider: Provider, has_account: bool
) -> None:
    make_organisation(session, slug="cisss")
    if has_account:
        make_member(session, email="ariane@ailleurs.ca")
    session.commit()
    provider.person = Person(claims={"email": "ariane@ailleurs.ca", "email_verified": True})
    come_back(client)
    page = text_of(client.get(ACCOUNT))

    assert "ne garantit pas l’adresse ariane@ailleurs.ca" in page
    assert 'action="/inscription"' in page
    assert "Vous avez déjà un compte</h1>" not in page
    assert post(client, ACCOUNT, nom="A", organisation="cisss").headers["Location"] == ACCOUNT
    post(client, "/connexion/organisation/lettre", ACCOUNT)
    assert queued(session, "member_identity") == []


def test_ten_minutes_later_one_begins_again(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    nobody = app.test_client()

    assert nobody.get(ACCOUNT).headers["Location"] == "/connexion"
    sign_in_as(client, session, make_member(session))
    assert client.get("/compte/identite").headers["Location"] == "/compte/securite"


def test_an_account_made_twice_at_once_is_made_once(
    app: Flask, client: FlaskClient, session: Session, provider: Provider
) -> None:
    organisation = make_organisation(session, slug="cisss")
    make_domain(session, "exemple.ca", organisation, policy=DomainPolicy.AUTO)
    session.commit()
    other = app.test_client()
    come_back(client)
    come_back(other)
    token = csrf(other, ACCOUNT)
    join(client, "cisss")
    late = other.post(ACCOUNT, data={"csrf_token": token, "nom": "A", "organisation": "cisss"})

    assert late.headers["Location"] == ACCOUNT
    assert session.scalar(select(func.count()).select_from(Member)) == 1


def test_who_was_refused_applies_again_after_thirty_days(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    from inters4.members.services.states import note_state

    organisation = make_organisation(session, slug="cisss")
    member = make_member(session, email=EMAIL, state=MemberState.REFUSED)
    note_state(session, member, by=make_viewer(session)).at = now() - timedelta(days=31)
    make_domain(session, "exemple.ca", organisation, policy=DomainPolicy.AUTO)
    link(session, member, provider)
    come_back(client)

    assert join(client, "cisss").headers["Location"] == "/"
    session.refresh(member)
    assert member.state is MemberState.ACTIVE
    assert member.password_hash is None


def test_an_invitation_is_answered_through_the_provider(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    organisation = make_organisation(session, slug="cisss")
    admin = make_viewer(session, role=Role.ADMIN)
    row = invite(session, by=admin, email=EMAIL, organisation=organisation)
    secret = secret_of_seed(row.seed)
    session.commit()
    page = text_of(client.get(f"/inscription?invitation={secret}"))
    (start,) = re.findall(r'href="(/connexion/organisation[^"]*)"', page)
    come_back(client, start)
    answer = join(client, "cisss")

    assert answer.headers["Location"] == "/"
    assert is_in(client)
    session.rollback()
    assert session.scalars(select(InvitationUse)).one() is not None


# The second factor.


def with_second_factor(session: Session, member: Member) -> None:
    second_factor.begin_set_up(session, member.id)
    session.execute(
        update(SecondFactor).where(SecondFactor.member_id == member.id).values(confirmed_at=now())
    )
    session.commit()


def test_our_second_step_is_asked_for_as_usual(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    member = make_member(session)
    with_second_factor(session, member)
    link(session, member, provider)
    provider.extra = {"amr": ["pwd", "mfa"]}
    answer = come_back(client, f"{START}?suite=/ma-liste")

    assert answer.headers["Location"] == "/connexion/code?suite=/ma-liste"
    assert not is_in(client)
    assert session.scalar(select(func.count()).select_from(SignInChallenge)) == 1


def test_a_second_step_at_the_provider_counts_when_the_settings_say_so(
    settings: Settings, database: str, session: Session, provider: Provider
) -> None:
    trusting = create_app(replace(settings, sso_second_factor=("mfa", "urn:fort")))
    member = make_member(session)
    with_second_factor(session, member)
    give_role(session, member, Role.ADMIN)
    link(session, member, provider)
    weak = trusting.test_client()
    assert come_back(weak).headers["Location"] == "/connexion/code"
    for extra in ({"amr": ["pwd", "mfa"]}, {"acr": "urn:fort"}):
        provider.extra = extra
        strong = trusting.test_client()
        come_back(strong)

        assert strong.get("/admin/personnes").status_code == 200


def test_roles_wait_for_a_second_step(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    member = make_member(session)
    give_role(session, member, Role.ADMIN)
    link(session, member, provider)
    answer = come_back(client)

    assert answer.headers["Location"] == "/compte/validation"
    assert client.get("/admin/personnes").status_code == 403


# One's own account.


def test_one_links_from_ones_account_after_a_recent_proof(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    provider.person = Person(claims={"email": "travail@ailleurs.ca", "email_verified": True})
    sign_in_as(client, session, make_member(session, email="perso@exemple.ca"))
    assert "Relier le compte du CISSS" in text_of(client.get("/compte/securite"))
    answer = come_back(client, "/compte/identite/depart")
    page = text_of(client.get(answer.headers["Location"]))
    assert "perso@exemple.ca" in page
    assert "travail@ailleurs.ca" in page
    post(client, "/compte/identite")

    assert "travail@ailleurs.ca" in text_of(client.get("/compte/securite"))
    grow_old(session)
    assert (
        client.get("/compte/identite/depart").headers["Location"].startswith("/compte/confirmation")
    )


def test_a_link_comes_back_to_the_session_that_left(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    sign_in_as(client, session, make_member(session))
    back = leave(client, "/compte/identite/depart")
    sign_in_as(client, session, make_member(session))

    assert client.get(back).status_code == 403
    assert reasons(session) == ["another_session"]


def test_who_came_back_and_left_is_nobody_else_s_to_link(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    member = make_member(session, email="autre@exemple.ca")
    session.commit()
    come_back(client)
    sign_in_as(client, session, member)

    assert client.get("/compte/identite").headers["Location"] == "/compte/securite"
    assert post(client, "/compte/identite", "/compte/securite").status_code == 303
    assert session.scalars(select(ProviderIdentity)).all() == []


def test_an_identity_opens_one_account_only(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    link(session, make_member(session), provider)
    member = make_member(session)
    sign_in_as(client, session, member)
    come_back(client, "/compte/identite/depart")
    post(client, "/compte/identite")

    assert "ouvre déjà un autre compte" in text_of(client.get("/compte/securite"))
    held = session.scalars(select(ProviderIdentity.member_id)).all()
    assert member.id not in held


def test_the_last_way_in_is_not_taken_away(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    member = make_member(session, password=None)
    link(session, member, provider)
    come_back(client)
    page = text_of(client.get("/compte/securite"))
    (name,) = re.findall(r"/compte/identite/(\w{16})/retrait", page)
    asked = post(client, f"/compte/identite/{name}/retrait", "/compte/securite")
    assert f"Délier {member.email}?" in text_of(asked)
    post(client, f"/compte/identite/{name}/retrait", "/compte/securite", accord="1")
    refused = text_of(client.get("/compte/securite"))
    post(client, "/compte/mot-de-passe", nouveau_passe="brise du large et pain chaud")
    post(client, f"/compte/identite/{name}/retrait", "/compte/securite", accord="1")

    assert "votre seule façon d’entrer" in refused
    assert "Choisir un mot de passe" in page
    assert session.scalars(select(ProviderIdentity)).all() == []
    session.refresh(member)
    assert member.password_hash is not None
    assert actions(session)[-1] == "members.identity_unlinked"


def test_one_unlinks_ones_own_identities_only(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    link(session, make_member(session), provider)
    sign_in_as(client, session, make_member(session))
    path = "/compte/identite/0123456789abcdef/retrait"
    asked = post(client, path, "/compte/securite")
    agreed = post(client, path, "/compte/securite", accord="1")

    assert (asked.status_code, agreed.status_code) == (404, 404)
    assert session.scalar(select(func.count()).select_from(ProviderIdentity)) == 1


def test_who_has_no_password_proves_at_the_provider(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    link(session, make_member(session, password=None), provider)
    come_back(client)
    grow_old(session)
    asked = client.get("/compte/validation")
    page = text_of(client.get(asked.headers["Location"]))
    assert "Confirmer avec le compte du CISSS" in page
    assert 'type="password"' not in page
    (start,) = re.findall(r'href="(/compte/confirmation/organisation[^"]*)"', page)
    answer = come_back(client, start)

    assert answer.headers["Location"] == "/compte/validation"
    assert client.get("/compte/validation").status_code == 200
    sent = [query for path, query in provider.asked if path == "/authorize"][-1]
    assert (sent["prompt"], sent["max_age"]) == ("login", "0")
    assert "members.proved" in actions(session)


def test_a_form_waits_while_its_owner_proves_at_the_provider(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    link(session, make_member(session, password=None), provider)
    come_back(client)
    token = csrf(client, "/compte/effacement")
    grow_old(session)
    form = {"csrf_token": token, "messages": "gardes"}
    asked = client.post("/compte/effacement", data=form)
    page = text_of(asked)
    come_back(client, "/compte/confirmation/organisation")

    assert asked.status_code == 403
    assert 'name="messages" value="gardes"' in page
    assert 'target="_blank"' in page
    assert client.post("/compte/effacement", data=form).status_code == 422  # the box was not ticked


def test_an_old_sign_in_at_the_provider_is_no_proof(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    link(session, make_member(session, password=None), provider)
    come_back(client)
    grow_old(session)
    provider.faults = {"stale_proof"}
    stale = come_back(client, "/compte/confirmation/organisation")
    provider.faults = set()
    provider.person = Person(subject="u-2")
    other = come_back(client, "/compte/confirmation/organisation")

    assert (stale.status_code, other.status_code) == (403, 403)
    assert reasons(session) == ["not_fresh", "another_person"]
    assert client.get("/compte/validation").status_code == 303


def test_what_is_linked_is_in_ones_data(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    import io
    import json
    import zipfile

    link(session, make_member(session, email=EMAIL), provider)
    come_back(client)
    held = post(client, "/compte/donnees/archive", "/compte/donnees").data
    rows = json.loads(zipfile.ZipFile(io.BytesIO(held)).read("identites.json"))

    assert [(row["issuer"], row["subject"]) for row in rows] == [(provider.issuer, "u-1")]


def test_states_that_came_back_are_forgotten_after_a_day(session: Session) -> None:
    for days in (0, 2):
        session.add(ProviderReturn(state_hash=bytes([days]) * 32, at=now() - timedelta(days=days)))
    session.flush()

    assert purge_returns(session, now() - timedelta(days=1)) == 1


def test_without_a_provider_nothing_of_it_exists(
    settings: Settings, database: str, session: Session
) -> None:
    bare = create_app(replace(settings, sso_issuer=""))
    client = bare.test_client()
    sign_in_as(client, session, make_member(session))
    visitor = bare.test_client()

    for path in (START, BACK, ACCOUNT, "/connexion/organisation/lien/exemple"):
        assert visitor.get(path).status_code == 404
    for path in ("/compte/identite", "/compte/identite/depart"):
        assert client.get(path).status_code == 404
    assert "Continuer avec" not in text_of(visitor.get("/connexion"))
    assert "Compte de votre organisation" not in text_of(client.get("/compte/securite"))


def test_the_check_of_the_installation_asks_the_provider(
    settings: Settings, database: str, provider: Provider
) -> None:
    provider.faults = {"other_issuer"}
    wrong = CliRunner().invoke(check, obj=settings)
    provider.faults = set()
    right = CliRunner().invoke(check, obj=replace(settings, sso_label="le même"))

    assert "motif « issuer »" in wrong.output
    assert "fournisseur d’identité" not in right.output


def test_a_network_that_fails_again_and_again_is_turned_back_without_a_trace(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    for _time in range(MOST_REFUSED):
        provider.faults = {"cancel"}
        assert come_back(client).status_code == 403
    provider.faults = set()
    back, asked = leave(client), provider.count("/org/token")
    answer = client.get(back)

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "Trop de connexions ont échoué" in text_of(answer)
    assert provider.count("/org/token") == asked
    assert len(reasons(session)) == MOST_REFUSED
    rows = session.scalar(select(func.count()).select_from(ProviderReturn))
    assert rows == 2 * MOST_REFUSED


def test_a_state_tried_in_other_browsers_is_counted_too(
    app: Flask, client: FlaskClient, session: Session, provider: Provider
) -> None:
    back = leave(client)
    codes = [app.test_client().get(back).status_code for _time in range(MOST_REFUSED + 2)]

    assert codes == [403] * MOST_REFUSED + [429, 429]
    assert reasons(session) == ["browser"] * MOST_REFUSED


def test_ten_minutes_later_the_network_may_come_back(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    link(session, make_member(session), provider)
    earlier = {"at": now() - timedelta(minutes=11)}
    for number in range(MOST_REFUSED):
        session.add(ProviderReturn(state_hash=bytes([number] * 32), network="n", **earlier))
    session.commit()
    provider.faults = {"cancel"}
    come_back(client)
    session.execute(update(ProviderReturn).where(ProviderReturn.network != "").values(**earlier))
    session.commit()
    provider.faults = set()

    assert come_back(client).status_code == 303


def test_the_button_pressed_again_does_not_shut_the_letter(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    make_member(session, email=EMAIL)
    session.commit()
    come_back(client)
    asked = post(client, "/connexion/organisation/lettre", ACCOUNT)
    again = client.get(START)

    assert "Max-Age=3600" in asked.headers["Set-Cookie"]
    assert "Max-Age=3600" in again.headers["Set-Cookie"]


def test_another_identity_of_the_address_neither_shuts_nor_uses_up_the_owner_s_letters(
    app: Flask, client: FlaskClient, session: Session, provider: Provider
) -> None:
    make_member(session, email=EMAIL)
    session.commit()
    come_back(client)
    post(client, "/connexion/organisation/lettre", ACCOUNT)
    stranger = app.test_client()
    assert provider.person is not None
    provider.person = replace(provider.person, subject="u-2")
    come_back(stranger)
    theirs = [
        post(stranger, "/connexion/organisation/lettre", ACCOUNT).status_code for _time in range(6)
    ]
    mails = queued(session, "member_identity")
    sent = letter(session, mails[0])
    session.rollback()
    assert sent is not None
    (path,) = set(re.findall(r"/connexion/organisation/lien/[\w-]+", sent.text))

    assert theirs == [303] * 5 + [429]
    assert post(client, path).headers["Location"] == "/connexion"


def test_the_first_letter_of_an_identity_leaves_whatever_others_asked(
    client: FlaskClient, session: Session, provider: Provider
) -> None:
    member = make_member(session, email=EMAIL)
    for number in range(MOST_LETTERS_OF_ALL):
        record(
            session,
            "members.identity_letter",
            by=ANONYMOUS,
            subject=f"member:{member.id}",
            identity=f"autre-{number}",
        )
    session.commit()
    come_back(client)
    sent = [post(client, "/connexion/organisation/lettre", ACCOUNT) for _time in range(2)]

    assert [answer.status_code for answer in sent] == [303, 429]


@pytest.mark.parametrize(
    "email",
    [
        "a b@exemple.ca",
        "a@b@exemple.ca",
        "ﬀ@exemple.ca",
        "ariane@exemple。ca",
        "ariane@exemple.ca.",
    ],
)
def test_an_address_that_might_be_read_as_another_joins_nothing(
    client: FlaskClient, session: Session, provider: Provider, email: str
) -> None:
    provider.person = Person(claims={"email": email, "email_verified": True})
    answer = come_back(client)

    assert answer.status_code == 403
    assert reasons(session) == ["email_unreadable"]


def test_the_case_of_an_address_does_not_matter(client: FlaskClient, provider: Provider) -> None:
    provider.person = Person(claims={"email": "Ariane@Exemple.CA", "email_verified": True})

    assert come_back(client).headers["Location"] == ACCOUNT
