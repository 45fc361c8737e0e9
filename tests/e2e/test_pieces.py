"""A file deposited in « Pièces », and the main term of a list, with scripts and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import overflow, violations
from tests.e2e.conftest import OpenPage, Visit
from tests.e2e.test_question import enter

PDF = b"%PDF-1.7\n% un guide fictif\n%%EOF\n"


def sketch(opened: Visit, title: str) -> str:
    """Start a sheet; the address of its dossier."""
    page = enter(opened, "Camille")
    opened.go("/pratiques/proposer")
    page.get_by_label("Titre").fill(title)
    page.get_by_label("Le problème").fill("L’attente.")
    page.get_by_label("La solution").fill("Une visite.")
    page.get_by_role("button", name="Commencer la fiche").click()
    return page.url.removeprefix(opened.url)


def deposit(page: Page, name: str, data: bytes = PDF) -> None:
    page.get_by_label("Fichier", exact=True).set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )
    page.get_by_role("button", name="Déposer", exact=True).click()


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no-scripts"])
def test_files_are_deposited_described_put_in_order_and_taken_out(
    visit: OpenPage, *, has_scripts: bool
) -> None:
    opened = visit(java_script_enabled=has_scripts)
    page = opened.page
    dossier = sketch(opened, f"Exemple fictif : des pièces {has_scripts}")
    opened.go(f"{dossier}/pieces")

    deposit(page, "Guide de départ.pdf")
    expect(page.get_by_text("Le fichier est déposé.")).to_have_count(1)
    titles = page.locator('input[name^="attachments-"][name$="-title"]:visible')
    expect(titles).to_have_count(1)
    expect(titles.first).to_have_value("Guide de départ")
    titles.first.fill("Le guide")
    page.get_by_label("Images décrites").first.select_option(label="Oui")
    deposit(page, "Formulaire.pdf", PDF + b"%")
    expect(titles).to_have_count(2)
    expect(titles.first).to_have_value("Le guide")
    expect(page.get_by_label("Images décrites").first).to_have_value("yes")

    page.get_by_role("button", name=re.compile("^Monter")).click()
    expect(titles.first).to_have_value("Formulaire")
    deposit(page, "programme.pdf", b"MZ rien de tel")
    expect(page.locator("#depot-error")).to_contain_text("n’est pas accepté")
    expect(titles).to_have_count(2)
    assert [said for said in opened.complaints if "415" not in said.split()] == []
    opened.complaints.clear()
    if has_scripts:
        assert violations(page) == []
        page.set_viewport_size({"width": 320, "height": 640})
        assert overflow(page) == 0

    opened.go(f"{dossier}/apercu")
    pieces = page.locator(".piece-list li")
    expect(pieces).to_have_count(2)
    expect(pieces.nth(1)).to_contain_text("images décrites (vérifié le")


def test_the_main_term_is_one_of_those_ticked(visit: OpenPage) -> None:
    opened = visit()
    page = opened.page
    dossier = sketch(opened, "Exemple fictif : un terme principal")
    opened.go(f"{dossier}/classement")
    main = page.get_by_label("Le principal").first
    expect(main).to_be_hidden()

    boxes = page.locator('input[name="themes"]')
    boxes.nth(0).check()
    expect(main).to_be_hidden()
    boxes.nth(2).check()
    expect(main).to_be_visible()
    main.select_option(index=1)
    chosen = main.input_value()
    assert violations(page) == []
    page.get_by_role("button", name="Enregistrer et revenir au dossier").click()
    expect(page.locator("ol.dossier-blocks")).to_be_visible()

    opened.go(f"{dossier}/classement")
    expect(main).to_have_value(chosen)
    boxes.nth(0).uncheck()
    expect(main).to_be_hidden()
