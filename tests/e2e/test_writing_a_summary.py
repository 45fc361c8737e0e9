"""A summary in a browser: written and kept by itself, two texts met, reviewed, read and found."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.accessibility import overflow, violations
from tests.e2e.conftest import OpenPage
from tests.e2e.test_question import enter

ARTICLE = "Walking groups in small towns, a fictional example"
TITLE = "Marcher en groupe dans les petites villes, exemple fictif"
PATH = "/veille/resumes/walking-groups-in-small-towns-a-fictional-example"
PARAGRAPH = " ".join(["Des personnes marchent ensemble chaque semaine, et en disent du bien."] * 8)


def sound(page: Page) -> None:
    assert violations(page) == []
    assert overflow(page) == 0


def fill_the_rest(page: Page) -> None:
    page.locator("#title").fill(TITLE)
    page.locator("#limit").fill("Un seul village.")
    page.locator("#context").fill("À essayer dans nos villages.")
    page.locator("#themes input[type=checkbox]").first.check()
    page.locator("#design").select_option("quasi")
    page.locator("#evidence_strength").select_option("suggestive")
    page.locator("#authors").fill("Essai, A.")
    page.locator("#url").fill("https://exemple.invalid/marche")


def test_a_summary_goes_from_an_article_to_readers(visit: OpenPage) -> None:
    opened = visit(1366, 768, reduced_motion="reduce")
    page = enter(opened, "Dominique")
    opened.go("/veille/resumes/nouveau")
    page.get_by_label("Titre de l’article").fill(ARTICLE)
    page.get_by_role("button", name="Commencer le résumé").click()
    page.wait_for_url(f"**{PATH}/ecrire")

    # Counted while one types, and kept without a button.
    page.locator("#hook").fill("Marcher " * 20)
    expect(page.locator("[data-counts=hook]")).to_have_class(re.compile("counter-over"))
    page.locator("#hook").fill("Marcher ensemble fait du bien.")
    page.locator("#paragraph").fill("Trop court.")
    expect(page.locator("[data-counts=paragraph]").first).to_have_class(re.compile("counter-over"))
    page.locator("#paragraph").fill(PARAGRAPH)
    expect(page.locator("[data-counts=paragraph]").first).to_have_text(
        re.compile("^Mots\u00a0: 88,")
    )
    fill_the_rest(page)
    expect(page.locator("[data-saved]")).to_contain_text("Enregistré à")
    sound(page)

    # Someone else writes the same sentence meanwhile, on a phone.
    other = visit(390, 844, reduced_motion="reduce")
    phone = enter(other, "Dominique")
    other.go(f"{PATH}/ecrire")
    phone.locator("#limit").fill("Deux villages.")
    expect(phone.locator("[data-saved]")).to_contain_text("Enregistré à")
    sound(phone)
    page.locator("#limit").fill("Un seul village, un seul hiver.")
    expect(page.locator("[data-paused]")).to_contain_text("Principale limite")
    page.get_by_role("button", name="Voir les deux textes").click()
    expect(page.locator("#conflit")).to_contain_text("Deux villages.")
    opened.complaints[:] = [one for one in opened.complaints if "409" not in one]
    sound(page)
    page.get_by_label("Garder le mien").check()
    page.get_by_role("button", name="Enregistrer ce choix").click()
    expect(page.locator("#limit")).to_have_value("Un seul village, un seul hiver.")

    page.get_by_role("button", name="Enregistrer et demander une relecture").click()
    page.get_by_label("Qui le relit?").select_option(label="Frédérique Exemple")
    sound(page)
    page.get_by_role("button", name="Demander la relecture").click()
    expect(page.locator("main")).to_contain_text("Frédérique Exemple le relit.")

    # The colleague finds it on her board, and says that it is ready.
    opened_there = visit(390, 844, reduced_motion="reduce")
    reviewing = enter(opened_there, "Frédérique")
    opened_there.go("/compte")
    reviewing.get_by_role("link", name=TITLE).first.click()
    expect(reviewing.locator("main")).to_contain_text("Un seul village, un seul hiver.")
    sound(reviewing)
    reviewing.get_by_role("button", name="Il est prêt à publier").click()

    opened.go(f"{PATH}/suivi")
    page.get_by_role("button", name="Publier").click()
    expect(page.locator("h1")).to_have_text(TITLE)
    opened.go("/veille")
    expect(page.locator(".hit-title", has_text=TITLE)).to_be_visible()
