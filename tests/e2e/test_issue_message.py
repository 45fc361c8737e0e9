"""The message of an issue opened as mail clients do: wide, narrow, dark, without images."""

from typing import Literal

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from inters4.newsletters.exports.message import Places, assemble, parts_of
from inters4.newsletters.models import ItemKind, Newsletter
from inters4.settings import Settings
from tests.builders.newsletters import item, make_issue, make_newsletter
from tests.builders.practices import make_practice
from tests.builders.veille import make_summary
from tests.builders.vocabulary import make_vocabulary
from tests.e2e.accessibility import overflow, violations
from tests.e2e.conftest import OpenPage, Visit

APPROVAL = "/infolettres/en-bref/4/approbation"
RICH = """\
Bonjour, voici **ce que** nous avons lu, et [une page](/pratiques).

![Carte de la région](/fichiers/0123456789)

### Un titre

- un point;
- un autre.

> Une citation.

| Région | Avant | Après |
|---|---|---|
| Bas-Saint-Laurent | 12 | 20 |

https://exemple.org/une/adresse/tres/longue/0123456789/0123456789/0123456789/0123456789/0123456789
"""


def entered(visit: OpenPage, who: str) -> Visit:
    """A page where somebody of the demonstration is signed in."""
    opened = visit()
    opened.go("/connexion")
    opened.page.locator(f'button[name="personne"][value="{who}"]').click()
    opened.page.wait_for_load_state()
    return opened


@pytest.fixture
def html(session: Session, settings: Settings) -> str:
    """A message with one item of each kind, and an image."""
    make_vocabulary(session)
    make_newsletter(session, title="InterS4 en bref")
    make_practice(session, "visites-virtuelles", themes=("ti",))
    make_summary(session, "suivi-a-domicile")
    issue = make_issue(
        session,
        4,
        title="Loin des centres",
        opening=RICH,
        items=(
            item(ItemKind.HEADING, title="Des pratiques"),
            item(ItemKind.PRACTICE, practice="visites-virtuelles", text="À lire."),
            item(ItemKind.SUMMARY, summary="suivi-a-domicile", text="À lire aussi."),
            item(ItemKind.HEADING, title="À vos agendas"),
            item(ItemKind.EVENT, title="Un midi", url="https://exemple.ca/midi", text="En ligne."),
            item(ItemKind.LINK, title="Un guide", url="https://exemple.ca/guide"),
            item(ItemKind.QUESTION, title="Et chez vous?", url="/question"),
            item(ItemKind.TEXT, text="Un mot de l’équipe."),
        ),
    )
    session.get_one(Newsletter, "en-bref").postal_address = "1, rue de l’Exemple\nRimouski"
    places = Places("https://exemple.ca/1", "https://exemple.ca/2", "https://exemple.ca/3")
    parts = parts_of(session, issue, settings=settings)
    return assemble(parts, wanted=("telesante",), places=places).html


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_message_is_read_wide_and_narrow_light_and_dark_and_without_images(
    browser: Browser, html: str, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.route("**/*", lambda route: route.abort())
    for width in (1366, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.set_content(html, wait_until="domcontentloaded")
        assert overflow(page) == 0
        assert violations(page) == []
        expect(page.get_by_alt_text("Carte de la région")).to_be_visible()
    column = page.locator("[role=main]").bounding_box()
    assert column is not None
    assert column["width"] == 320
    said = page.locator("body").inner_text()
    for words in ("Loin des centres", "Un midi", "Et chez vous?", "Me désabonner", "Rimouski"):
        assert words in said
    context.close()


def test_a_long_word_in_a_table_widens_no_column(browser: Browser, html: str) -> None:
    word = "https://exemple.ca/" + "sansfin" * 12
    page = browser.new_page(viewport={"width": 360, "height": 800})

    page.set_content(html.replace("Bas-Saint-Laurent", word), wait_until="domcontentloaded")

    assert overflow(page) == 0
    page.close()


def test_the_message_is_one_narrow_column_with_room_to_read(browser: Browser, html: str) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.set_content(html, wait_until="domcontentloaded")

    column = page.locator("[role=main]").bounding_box()

    assert column is not None
    assert (column["x"], column["width"]) == (383, 600)
    sizes = page.locator("p").evaluate_all("all => all.map(one => getComputedStyle(one).fontSize)")
    assert min(float(size.removesuffix("px")) for size in sizes) >= 15
    context.close()


def test_an_item_is_moved_and_the_deputy_approves_another_issue(visit: OpenPage) -> None:
    writer = entered(visit, "dominique")
    writer.go("/infolettres/en-bref/5/composer")
    page = writer.page
    second = page.locator("[data-item]").nth(1)
    name = second.get_attribute("data-item")
    second.get_by_role("button", name="Descendre").click()
    expect(page.locator("[data-item]").nth(2)).to_have_attribute("data-item", name or "")
    page.get_by_label("Objet du courriel").fill("Un objet")
    expect(page.locator("[data-saved]")).to_contain_text("Enregistré à")

    deputy = entered(visit, "frederique")
    deputy.go(APPROVAL)
    deputy.page.get_by_role("button", name="Approuver").click()
    expect(deputy.page.get_by_text("Merci")).to_be_visible()
    expect(deputy.page.get_by_text("Approuvé", exact=True).first).to_be_visible()


def test_the_subject_of_a_preview_keeps_to_the_screen(visit: OpenPage) -> None:
    writer = entered(visit, "dominique")
    writer.page.set_viewport_size({"width": 390, "height": 844})
    writer.go("/infolettres/en-bref/5/composer")
    writer.page.get_by_label("Objet du courriel").fill("motsansfin" * 9)
    expect(writer.page.locator("[data-saved]")).to_contain_text("Enregistré à")

    writer.go("/infolettres/en-bref/5/apercu")

    assert overflow(writer.page) == 0
