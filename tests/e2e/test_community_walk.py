"""A community by the keyboard alone: posting, flagging, moderating; then what others read."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.accessibility import overflow, violations
from tests.e2e.conftest import OpenPage
from tests.e2e.test_question import enter

SPACE = "/communaute/domicile-en-region"
SHEET = "/pratiques/hospitalisation-a-domicile-quebec"
QUESTION = "Combien de visites par semaine au début du suivi?"
MOST_TABS = 250
_FOCUSED = r"""() => {
  const one = document.activeElement;
  const label = one.labels && one.labels.length ? one.labels[0].innerText : "";
  const name = one.getAttribute("aria-label") || label || one.innerText || one.value || "";
  return name.replace(/\s+/g, " ").trim();
}"""
_HIDDEN = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  if (one.matches("input[type=radio], input[type=checkbox]")) return false;
  if (!box.width || !box.height) return true;
  const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 12), 0), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  return !(top && (one.contains(top) || top.contains(one)));
}"""


def reach(page: Page, name: str) -> None:
    """Press Tab until what is called so has the focus, which must be seen."""
    for _time in range(MOST_TABS):
        page.keyboard.press("Tab")
        if re.search(name, page.evaluate(_FOCUSED)):
            assert not page.evaluate(_HIDDEN), f"« {name} » has the focus and is not seen"
            return
    raise AssertionError(f"the keyboard does not reach « {name} »")


def press(page: Page, name: str) -> None:
    """Reach a link or a button, and press Enter; the next page is there."""
    reach(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_person_asks_and_another_answers_by_the_keyboard_alone(visit: OpenPage) -> None:
    asker = visit(reduced_motion="reduce")
    page = enter(asker, "Alexis")
    asker.go(SHEET)
    press(page, "^Poser une question$")
    expect(page.locator("h1")).to_have_text("Dans quel espace?")
    expect(page.locator("main")).to_contain_text(QUESTION)
    press(page, "^Soins à domicile en région")
    reach(page, "^Titre")
    page.keyboard.type("Qui appelle le premier soir? (exemple fictif)")
    reach(page, "^(Votre message|Texte|Message)")
    page.keyboard.type("Exemple fictif, écrit **sans souris**.")
    assert violations(page) == []
    press(page, "^Publier")
    expect(page.locator("h1")).to_have_text("Qui appelle le premier soir? (exemple fictif)")
    expect(page.locator(".post strong")).to_have_text("sans souris")
    here = page.url.removeprefix(asker.url)

    other = visit(reduced_motion="reduce")
    page = enter(other, "Camille")
    other.go(here)
    reach(page, "^(Votre réponse|Votre message|Texte|Message)")
    page.keyboard.type("Notre équipe de soir (exemple fictif).")
    press(page, "^Publier")
    expect(page.locator(".post").nth(1)).to_contain_text("Notre équipe de soir")
    press(page, "^Utile.*message 1$")
    expect(page.locator("#m1").get_by_role("button", name=re.compile("Utile"))).to_have_attribute(
        "aria-pressed", "true"
    )
    assert violations(page) == []

    reader = visit(width=390, height=844, java_script_enabled=False)
    reader.go(SHEET)
    tied = reader.page.locator("section[aria-labelledby='fils-lies']")
    tied.get_by_role("link", name=re.compile("Qui appelle le premier soir")).click()
    expect(reader.page.locator("main")).to_contain_text("Notre équipe de soir")
    assert overflow(reader.page) == 0


def test_a_post_is_flagged_and_judged_by_the_keyboard_alone(visit: OpenPage) -> None:
    opened = visit(reduced_motion="reduce")
    page = enter(opened, "Sacha")
    opened.go(SPACE)
    press(page, f"^{re.escape(QUESTION)}")
    press(page, "^Signaler.*message 2$")
    expect(page.locator("h1")).to_have_text("Signaler un message")
    reach(page, "^(Hors sujet|Hors du sujet)")
    page.keyboard.press("Space")
    reach(page, "^Ce qu’il faut savoir")
    page.keyboard.type("Exemple fictif : rien à voir avec la question.")
    assert violations(page) == []
    press(page, "^Signaler$")
    expect(page.locator("h1")).to_have_text(QUESTION)

    judge = visit(reduced_motion="reduce")
    page = enter(judge, "Dominique")
    judge.go(SPACE)
    press(page, r"^Modération \d+ messages? attend")
    press(page, rf"^{re.escape(QUESTION)} \(message 2\)$")
    expect(page.locator("main")).to_contain_text("rien à voir avec la question")
    reach(page, "^Retenu.*masqué$")
    page.keyboard.press("Space")
    reach(page, "^Votre réponse")
    page.keyboard.type("Exemple fictif : ce message est masqué.")
    assert violations(page) == []
    press(page, "^Décider$")
    expect(page.locator("main")).to_contain_text("Masqué")

    opened.go(f"{SPACE}/3")
    expect(opened.page.locator("main")).not_to_contain_text("La même question se pose chez nous")


def test_a_title_of_one_long_word_stays_within_a_narrow_page(visit: OpenPage) -> None:
    opened = visit(width=320, height=640, reduced_motion="reduce")
    page = enter(opened, "Alexis")
    opened.go(f"{SPACE}/nouveau")
    page.locator("[name=titre]").fill("https://exemple.invalid/" + "a" * 150)
    page.locator("[name=texte]").fill("Exemple fictif.")
    page.get_by_role("button", name="Publier le fil").click()
    expect(page.locator("h1")).to_contain_text("exemple.invalid")
    assert overflow(page) == 0
    opened.go(SPACE)
    assert overflow(page) == 0


def test_the_hidden_space_is_nowhere_for_who_administers(visit: OpenPage) -> None:
    opened = visit()
    page = enter(opened, "Noa")
    opened.go("/communaute")
    expect(page.locator("main")).to_contain_text("Soins à domicile en région")
    expect(page.locator("main")).not_to_contain_text("Cercle de préparation")
    opened.go("/communaute/cercle-de-preparation")
    expect(page.locator("h1")).to_contain_text("n’existe pas")
    opened.complaints.clear()  # the browser tells the 404 that was asked for

    member = visit()
    page = enter(member, "Andréa")
    member.go("/communaute")
    page.get_by_role("link", name=re.compile("Cercle de préparation")).click()
    expect(page.locator("main")).to_contain_text("Un nom pour la future communauté")
