"""A browser goes to the provider of another site and comes back: to join, to link, to prove.

The portal runs in this process, with a provider under another name of the machine: what browsers
hold back between sites, and what the policy of our pages refuses, is what people would meet.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from inters4.app import create_app
from inters4.core.clock import now
from inters4.members.models import DomainPolicy, MemberSession, MemberState
from inters4.settings import Settings
from tests.builders.joining import letter, make_domain, queued
from tests.builders.members import PASSWORD, make_member, make_organisation
from tests.builders.oidc_provider import CLIENT_ID, CLIENT_SECRET, Person, Provider
from tests.e2e.accessibility import overflow, violations

pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost"])


@dataclass(frozen=True, slots=True)
class Portal:
    url: str
    provider: Provider


@pytest.fixture
def portal(settings: Settings, database: str) -> Iterator[Portal]:
    provider = Provider("localhost")
    provider.faults = {"asks"}
    server = make_server("127.0.0.1", 0, lambda *_call: [], threaded=True)
    url = f"http://127.0.0.1:{server.port}"
    server.app = create_app(
        replace(
            settings,
            url=url,
            sso_issuer=provider.issuer,
            sso_client_id=CLIENT_ID,
            sso_secret=CLIENT_SECRET,
            sso_domains=("exemple.ca",),
        )
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Portal(url, provider)
    server.shutdown()
    server.server_close()
    thread.join()
    provider.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """One page; afterwards nothing may have been held back by the policy of our pages."""
    context = browser.new_context(
        locale="fr-CA", viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    )
    complaints: list[str] = []
    opened = context.new_page()
    opened.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None,
    )
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert [text for text in complaints if "status of 403" not in text] == []


def enter(page: Page, portal: Portal, start: str = "Continuer avec") -> None:
    """Press the button, then the one of the provider."""
    page.get_by_role("link", name=start).click()
    expect(page.locator("h1")).to_have_text("Organisation")
    page.get_by_role("link", name="Entrer").click()


def look(page: Page) -> None:
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, only_colours=True) == []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 320, "height": 640})
    assert overflow(page) == 0
    page.set_viewport_size({"width": 390, "height": 844})


def test_someone_joins_comes_back_and_proves_without_a_password(
    page: Page, portal: Portal, session: Session
) -> None:
    organisation = make_organisation(session, slug="cisss")
    make_domain(session, "exemple.ca", organisation, policy=DomainPolicy.AUTO)
    session.commit()

    page.goto(f"{portal.url}/connexion?suite=/compte/securite")
    look(page)
    enter(page, portal)
    expect(page.locator("h1")).to_have_text("Terminer votre inscription")
    look(page)
    page.get_by_role("button", name="Créer mon compte").click()
    expect(page.locator("h1")).to_have_text("Sécurité du compte")
    expect(page.locator("main")).to_contain_text("ariane@exemple.ca")
    look(page)

    session.execute(update(MemberSession).values(proved_at=now() - timedelta(minutes=16)))
    session.commit()
    page.get_by_role("link", name="Choisir un mot de passe").click()
    expect(page.locator("h1")).to_have_text("Confirmez que c’est vous")
    look(page)
    enter(page, portal, "Confirmer avec")
    expect(page.locator("h1")).to_have_text("Choisir un mot de passe")
    look(page)


def test_the_owner_of_an_account_links_it_by_password_or_letter(
    page: Page, portal: Portal, session: Session
) -> None:
    make_member(session, email="ariane@exemple.ca")
    session.commit()

    page.goto(f"{portal.url}/connexion")
    enter(page, portal)
    expect(page.locator("h1")).to_have_text("Vous avez déjà un compte")
    look(page)
    page.get_by_role("button", name="Recevoir un lien").click()
    expect(page.locator("#messages")).to_contain_text("Un courriel est parti")
    (mail,) = queued(session, "member_identity")
    sent = letter(session, mail)
    session.rollback()
    assert sent is not None
    (path,) = {word for word in sent.text.split() if "/connexion/organisation/lien/" in word}
    page.goto(path)
    expect(page.locator("h1")).to_have_text("Relier votre compte")
    look(page)

    page.goto(f"{portal.url}/connexion")
    enter(page, portal)
    page.get_by_role("link", name="Entrer avec mon mot de passe").click()
    page.get_by_label("Courriel").fill("ariane@exemple.ca")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page.locator("h1")).to_have_text("Relier votre compte")
    look(page)
    page.get_by_role("button", name="Relier ces deux comptes").click()
    expect(page.locator("#messages")).to_contain_text("Vous pouvez maintenant entrer")


def test_what_does_not_go_through_is_said_calmly(
    page: Page, portal: Portal, session: Session
) -> None:
    make_member(session, email="ariane@exemple.ca", state=MemberState.SUSPENDED)
    make_organisation(session, slug="cisss")
    session.commit()

    page.goto(f"{portal.url}/connexion")
    enter(page, portal)
    expect(page.locator("h1")).to_have_text("Votre compte est suspendu")
    look(page)
    portal.provider.person = Person(
        claims={"email": "ariane@ailleurs.ca", "email_verified": True, "name": "Ariane Essai"}
    )
    page.goto(f"{portal.url}/connexion")
    enter(page, portal)
    expect(page.locator("main")).to_contain_text("ne garantit pas l’adresse ariane@ailleurs.ca")
    look(page)
    portal.provider.faults = {"asks", "cancel"}
    page.goto(f"{portal.url}/connexion")
    enter(page, portal)
    expect(page.locator("h1")).to_have_text("La connexion n’a pas abouti")
    look(page)
