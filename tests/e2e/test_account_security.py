"""A person sets up the second step, comes back with a code, and takes it away again."""

from base64 import b32decode

from playwright.sync_api import Page, expect

from inters4.core import one_time
from inters4.core.clock import now
from inters4.members.services.demo import DEMO_PASSWORD
from tests.e2e.accessibility import violations
from tests.e2e.conftest import OpenPage
from tests.e2e.test_question import enter

EMAIL = "claude@exemple.invalid"


def fill_code(page: Page, secret: bytes, *, later: int = 0) -> None:
    """A code of now or of the next half minute, since time may pass before it is read."""
    page.get_by_role("textbox", name="Code").fill(
        one_time.code_at(secret, one_time.step_of(now()) + later)
    )


def test_a_second_step_is_set_up_used_and_removed(visit: OpenPage) -> None:
    opened = visit()
    page = enter(opened, "Claude")
    opened.go("/compte/securite")
    page.get_by_role("link", name="Mettre en place la validation").click()
    page.get_by_role("button", name="Commencer").click()
    secret = b32decode(page.locator("code").inner_text().replace(" ", ""))
    assert violations(page) == []
    fill_code(page, secret)
    page.get_by_role("button", name="Mettre en place").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    recovery = page.locator(".recovery-codes code").first.inner_text()

    back = visit()
    back.go("/connexion")
    page = back.page
    page.get_by_label("Courriel").fill(EMAIL)
    page.get_by_label("Mot de passe", exact=True).fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Afficher le mot de passe").click()
    expect(page.locator("#mot_de_passe")).to_have_attribute("type", "text")
    page.locator("main").get_by_role("button", name="Se connecter").click()
    expect(page.locator("h1")).to_have_text("Code de validation")
    assert violations(page) == []
    fill_code(page, secret, later=1)
    page.get_by_role("button", name="Entrer").click()
    expect(page.locator("details.account")).to_be_visible()

    back.go("/compte/validation")
    expect(page.locator("main")).to_contain_text("Il reste 10 codes de secours.")
    page.get_by_role("textbox", name="Code").fill(recovery)
    page.get_by_role("button", name="Retirer la validation en deux étapes").click()
    expect(page.locator("#messages")).to_contain_text("La validation en deux étapes est retirée.")
