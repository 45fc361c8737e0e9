"""From a search that finds nothing to an answer: the person asks, a broker takes and closes."""

import re
from email import message_from_bytes
from email.policy import default

from playwright.sync_api import Page, expect

from tests.e2e.accessibility import overflow, violations
from tests.e2e.conftest import OpenPage, Visit
from tests.e2e.portal import Portal

NOTHING = "/recherche?q=zzzzqqq"
TEXT = "Quelles équipes font des visites virtuelles après une chirurgie d’un jour?"


def enter(opened: Visit, name: str) -> Page:
    """Sign in as a person of the demonstration."""
    opened.go("/connexion")
    opened.page.get_by_role("button", name=re.compile(f"Entrer comme {name}")).click()
    return opened.page


def ask(opened: Visit, *, email: str, text: str = TEXT) -> Page:
    """Ask, coming from a search that found nothing."""
    page = opened.page
    opened.go(NOTHING)
    page.locator("main a[href*='/question']").first.click()
    expect(page.locator("h1")).to_have_text("Poser une question")
    page.get_by_role("textbox", name="Votre question").fill(text)
    page.get_by_label("Courriel").fill(email)
    page.get_by_role("button", name="Envoyer", exact=True).click()
    return page


def test_a_clinician_asks_and_a_broker_answers_and_closes(visit: OpenPage, portal: Portal) -> None:
    opened = visit()
    opened.go(NOTHING)
    opened.page.locator("main a[href*='/question']").first.click()
    expect(opened.page.get_by_role("textbox", name="Votre question")).to_have_value(
        re.compile("zzzzqqq")
    )
    page = ask(opened, email="camille@exemple.ca", text=f"{TEXT} Aux Îles aussi.")
    expect(page.locator("h1")).to_have_text("Votre question est arrivée")
    expect(page.locator("main")).to_contain_text("jours ouvrables")

    team = visit()
    page = enter(team, "Dominique")
    page.locator("details.account summary").click()
    page.get_by_role("link", name="Questions reçues").click()
    page.get_by_role("link", name=re.compile("Aux Îles aussi")).click()
    expect(page.locator("main")).to_contain_text("camille@exemple.ca")
    expect(page.locator("main")).to_contain_text("zzzzqqq")
    page.get_by_role("button", name="Je la prends").click()
    expect(page.locator("#messages")).to_contain_text("La question est à vous.")

    page.get_by_role("textbox", name="Votre réponse").fill("Voyez [cette fiche](/pratiques).")
    page.get_by_role("button", name="Envoyer la réponse").click()
    expect(page.locator("#messages")).to_contain_text("vous pouvez l’arrêter")
    expect(page.locator("main")).to_contain_text("répondue")
    assert violations(page) == []

    page.get_by_role("button", name=re.compile("Arrêter l’envoi")).click()
    expect(page.get_by_role("textbox", name="Votre réponse")).to_have_value(
        "Voyez [cette fiche](/pratiques)."
    )
    page.get_by_label("Fermer la question comme répondue").uncheck()
    page.get_by_role("button", name="Envoyer la réponse").click()

    page.get_by_text("Fermer sans répondre par courriel").click()
    page.get_by_label("Répondue", exact=True).check()
    page.get_by_role("button", name="Fermer la question").click()
    expect(page.locator("main")).to_contain_text("Fermée le")
    expect(page.get_by_role("button", name="Rouvrir")).to_be_visible()

    other = visit()
    page = enter(other, "Frédérique")
    other.go("/equipe/questions?etat=fermees")
    expect(page.locator("main")).to_contain_text("Aux Îles aussi")
    for folder in ("new", "cur"):
        for path in (portal.data_dir / "courriels" / folder).glob("*"):
            message = message_from_bytes(path.read_bytes(), policy=default)
            assert message["Subject"] not in {None, ""}


def test_a_broker_takes_a_question_in_the_queue_and_sets_it_aside(visit: OpenPage) -> None:
    page = ask(visit(), email="file@exemple.ca", text=f"{TEXT} Depuis la file.")
    expect(page.locator("h1")).to_have_text("Votre question est arrivée")
    opened = visit()
    page = enter(opened, "Dominique")
    page.locator("details.account summary").click()
    page.get_by_role("link", name="Bureau de veille").click()
    expect(page.locator("h1")).to_have_text("Bureau de veille")

    opened.go("/equipe/questions")
    waiting = page.locator(".hits > li", has_text="Depuis la file")
    waiting.get_by_role("button", name="Je la prends").click()
    expect(page.locator("#messages")).to_contain_text("La question est à vous.")
    opened.go("/equipe/questions?etat=prises")
    waiting.get_by_role("link").first.click()

    page.get_by_text("Fermer sans répondre par courriel").click()
    page.get_by_role("radio").last.check()
    page.get_by_role("button", name="Fermer la question").click()
    expect(page.locator("main")).to_contain_text("Fermée le")
    opened.go("/equipe/questions?etat=fermees")
    expect(waiting).to_be_visible()


def test_the_form_works_without_scripts_and_keeps_what_was_typed(visit: OpenPage) -> None:
    opened = visit(java_script_enabled=False)
    page = opened.page
    opened.complaints.clear()
    page = ask(opened, email="adresse fautive")
    expect(page.locator(".error-summary")).to_contain_text("pas complète")
    assert page.get_by_role("textbox", name="Votre question").input_value() == TEXT
    opened.complaints[:] = [told for told in opened.complaints if "422" not in told]

    page.get_by_label("Courriel").fill("sans-script@exemple.ca")
    page.get_by_role("button", name="Envoyer", exact=True).click()
    expect(page.locator("h1")).to_have_text("Votre question est arrivée")


def test_the_queue_fits_in_320_pixels(visit: OpenPage) -> None:
    page = ask(visit(), email="petit@exemple.ca", text=f"{TEXT} Pour un petit écran.")
    expect(page.locator("h1")).to_have_text("Votre question est arrivée")
    opened = visit(width=320, height=640)
    page = enter(opened, "Dominique")

    opened.go("/equipe/questions")
    assert overflow(page) == 0
    page.locator(".hit-title a").first.click()
    expect(page.locator(".hit-title")).to_have_count(0)
    assert overflow(page) == 0
