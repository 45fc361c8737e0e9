"""Rich fields in a real browser: the toolbar, the preview, and what other programs copy."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.accessibility import overflow, violations
from tests.e2e.conftest import OpenPage, Visit

CLIPBOARD = Path(__file__).parent / "clipboard"
_PASTE = """(field, [html, text]) => {
  field.focus();
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  data.setData("text/plain", text);
  field.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
  );
}"""


@pytest.fixture
def opened(visit: OpenPage) -> Visit:
    there = visit()
    there.go("/question")
    return there


@pytest.fixture
def page(opened: Visit) -> Page:
    return opened.page


@pytest.fixture
def field(page: Page) -> Locator:
    return page.locator("[data-editor] textarea")


def paste(field: Locator, html: str, text: str = "") -> None:
    field.evaluate(_PASTE, [html, text])


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("toolbar").get_by_role("button", name=name, exact=True)


def preview(page: Page) -> Locator:
    page.get_by_role("button", name="Aperçu").click()
    drawn = page.locator(".editor-drawn")
    expect(drawn).to_be_visible()
    return drawn


@pytest.mark.parametrize("program", ["word", "outlook", "word-web", "libreoffice", "excel"])
def test_what_other_programs_copy_becomes_clean_markdown(field: Locator, program: str) -> None:
    paste(field, (CLIPBOARD / f"{program}.html").read_text(encoding="utf-8"), "texte seul")

    expect(field).not_to_have_value("")
    assert field.input_value() == (CLIPBOARD / f"{program}.md").read_text(encoding="utf-8").rstrip()


def test_a_text_of_word_is_published_as_it_was_written(page: Page, field: Locator) -> None:
    paste(field, (CLIPBOARD / "word.html").read_text(encoding="utf-8"))
    expect(field).not_to_have_value("")
    expect(page.locator("#live")).to_contain_text("collé")

    drawn = preview(page)

    expect(drawn.locator("h2")).to_have_count(2)
    expect(drawn.locator("h3")).to_have_text("Les étapes")
    expect(drawn.locator("ul ul li")).to_have_text("surtout la nuit")
    expect(drawn.locator("ol > li")).to_have_count(3)
    expect(drawn.locator("thead th")).to_have_count(3)
    expect(drawn.locator("tbody td").first).to_have_text("Délai moyen")
    expect(drawn.locator("strong")).to_have_text("attendent trop longtemps")
    assert "secret" not in drawn.inner_text()
    assert violations(page) == []


def test_a_page_copied_with_the_mouse_keeps_its_links(opened: Visit, field: Locator) -> None:
    page = opened.page
    opened.go("/confidentialite")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("getSelection().selectAllChildren(document.querySelector('main'))")
    page.keyboard.press("Control+C")
    opened.go("/question")
    field.focus()
    page.keyboard.press("Control+V")

    expect(field).not_to_have_value("")
    assert "\n## " in field.input_value()
    assert "](http" in field.input_value()


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            "<meta charset='utf-8'><span style='color: red'>l’avis a_b [1] *</span>",
            "l’avis a_b [1] *",
        ),
        (
            '<div style="color: red; white-space: pre;"><div>a = [1]</div><div>b</div></div>',
            "a = [1]\nb",
        ),
        ("", "simple"),
        ("<b></b>", "du texte"),
    ],
)
def test_a_plain_text_stays_as_it_is(page: Page, field: Locator, html: str, text: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    if html:
        paste(field, html, text)
    else:
        page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
        field.focus()
        page.keyboard.press("Control+V")

    expect(field).to_have_value(text)


def test_nothing_runs_in_what_is_pasted(page: Page, field: Locator) -> None:
    hostile = """<p>un <img src=x onerror="document.title='perdu'">
      <script>document.title = 'perdu'</script><svg onload="document.title='perdu'"></svg>
      <a href="javascript:document.title='perdu'">lien</a> <a href="file:///c:/x">fichier</a></p>
      <iframe srcdoc="<script>parent.document.title='perdu'</script>"></iframe>
      <p>&lt;script&gt;document.title='perdu'&lt;/script&gt; <b>deux</b></p>"""
    paste(field, hostile)
    expect(field).not_to_have_value("")
    assert field.input_value().startswith("un lien fichier\n")

    drawn = preview(page)

    expect(drawn.locator("strong")).to_have_text("deux")
    expect(drawn.locator("script, img, iframe, svg, a")).to_have_count(0)
    assert "perdu" not in page.title()


def test_a_paste_is_taken_back_by_undo(page: Page, field: Locator) -> None:
    field.fill("")
    field.press_sequentially("avant ")
    paste(field, "<p>un <b>mot</b></p>")
    expect(field).to_have_value("avant un **mot**")

    page.keyboard.press("Control+Z")

    expect(field).to_have_value("avant ")


def test_a_list_pasted_after_a_text_is_a_list(page: Page, field: Locator) -> None:
    field.fill("avant")
    paste(field, "<ul><li>un</li><li>deux</li></ul>")

    expect(field).to_have_value("avant\n\n-   un\n-   deux")
    assert preview(page).locator("li").all_inner_texts() == ["un", "deux"]


def test_the_toolbar_writes_for_who_does_not_know_markdown(page: Page, field: Locator) -> None:
    field.press_sequentially("Un titre")
    button(page, "Titre").click()
    expect(field).to_have_value("## Un titre")
    button(page, "Titre").click()
    expect(field).to_have_value("### Un titre")
    button(page, "Titre").click()
    expect(field).to_have_value("Un titre")

    field.select_text()
    button(page, "Gras").click()
    expect(field).to_have_value("**Un titre**")

    field.fill("un")
    button(page, "Liste à puces").click()
    field.press("End")
    page.keyboard.type("\ndeux\n\nfin")
    expect(field).to_have_value("- un\n- deux\n\nfin")

    field.fill("")
    button(page, "Tableau").click()
    page.keyboard.type("Région")
    assert preview(page).locator("th").all_inner_texts() == ["Région", "Colonne 2"]


def test_shortcuts_do_what_word_does(page: Page, field: Locator) -> None:
    field.fill("mot")
    field.select_text()
    page.keyboard.press("Control+B")
    expect(field).to_have_value("**mot**")
    page.keyboard.press("Control+B")
    page.keyboard.press("Control+I")
    expect(field).to_have_value("_mot_")


def test_the_toolbar_is_one_stop_of_the_keyboard(page: Page, field: Locator) -> None:
    field.focus()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Aperçu")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(button(page, "Titre")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(button(page, "Gras")).to_be_focused()
    page.keyboard.press("End")
    expect(button(page, "Tableau")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Aperçu")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(button(page, "Tableau")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.type("gras")
    expect(field).to_have_value("**gras**")


def test_the_preview_is_left_as_it_was_entered(page: Page, field: Locator) -> None:
    field.fill("- a\n- b")
    expect(preview(page).locator("li")).to_have_count(2)
    expect(field).to_be_hidden()
    expect(page.locator(".editor-preview")).to_be_focused()

    page.get_by_role("button", name="Aperçu").click()

    expect(field).to_be_focused()
    expect(field).to_have_value("- a\n- b")


def test_a_text_that_cannot_be_drawn_says_why(opened: Visit, page: Page, field: Locator) -> None:
    field.evaluate("(field) => { field.removeAttribute('maxlength'); }")
    field.fill("a" * 40_000)

    assert "caractères" in preview(page).inner_text()
    (complaint,) = opened.complaints
    assert "413" in complaint
    opened.complaints.clear()


def test_without_scripts_the_field_is_a_text_area(visit: OpenPage) -> None:
    opened = visit(java_script_enabled=False)
    opened.go("/question")

    expect(opened.page.locator("markdown-toolbar")).to_be_hidden()
    expect(opened.page.locator("[data-editor] textarea")).to_be_editable()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_a_rich_field(visit: OpenPage, scheme: str) -> None:
    opened = visit(color_scheme=scheme)
    opened.go("/question")
    assert violations(opened.page) == []

    opened.page.locator("[data-editor] textarea").fill(
        "## Titre\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    )
    preview(opened.page)
    assert violations(opened.page) == []


def test_the_toolbar_fits_a_screen_of_320_pixels(visit: OpenPage) -> None:
    opened = visit(width=320, height=640)
    opened.go("/question")

    assert overflow(opened.page) == 0


def test_the_tools_hold_in_one_row_on_a_phone(visit: OpenPage) -> None:
    opened = visit(width=390, height=844)
    opened.go("/question")

    bar = opened.page.locator(".editor-bar").bounding_box()
    tool = opened.page.locator(".editor-tool").first.bounding_box()

    assert bar is not None
    assert tool is not None
    assert bar["height"] < 1.5 * tool["height"]
    assert tool["width"] >= 24
    assert opened.page.get_by_role("button", name="Aperçu").is_visible()
