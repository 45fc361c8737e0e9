"""An alert copied from a mailbox, pasted with its links, recognised."""

from playwright.sync_api import expect

from inters4.app import load_domains
from inters4.core import db
from tests.builders.watches import make_watch
from tests.e2e.accessibility import overflow, violations
from tests.e2e.conftest import OpenPage
from tests.e2e.portal import Portal
from tests.e2e.test_editor import paste
from tests.e2e.test_question import enter

_TITLE = "Un suivi à domicile des personnes aînées"
_MAIL = """<div style="color:red" onclick="x()"><style>a { color: red }</style>
<h3><span>[PDF]</span> <a href="https://scholar.google.ca/scholar_url?url=https://revue.example/1">
Un suivi <b>à domicile</b> des personnes aînées</a></h3>
<div>A Tremblay - Une revue, 2026</div><a href="https://twitter.com/x"><img alt=""></a>
<a href="https://eur.safelinks.protection.outlook.com/?url=https%3A%2F%2Frevue.example%2F2">
Une autre étude en région</a> <a href="mailto:a@b.example">Un courriel assez long</a></div>"""


def test_an_alert_copied_from_a_mailbox_keeps_its_links(visit: OpenPage, portal: Portal) -> None:
    load_domains()
    db.bind(f"sqlite:///{portal.data_dir}/inters4.db")
    with db.writing() as session:
        path = f"/veille/dispositifs/{make_watch(session, 'Essai d’alerte').public_id}/alerte"
    db.dispose()
    opened = visit(390, 844, reduced_motion="reduce")
    page = enter(opened, "Dominique")
    opened.go(path)
    field = page.locator("#texte")

    paste(field, "<p>Un texte <a href='https://revue.example'>court</a></p>", "Un texte court")
    expect(field).to_have_value("")  # left to the browser
    paste(field, _MAIL, "Un suivi à domicile des personnes aînées")
    first, second = field.input_value().splitlines()
    assert first == f"{_TITLE} <https://scholar.google.ca/scholar_url?url=https://revue.example/1>"
    assert second.startswith("Une autre étude en région <https://eur.safelinks.")
    expect(page.locator("#live")).to_contain_text("Chaque lien")
    page.locator("#nom").fill("Google Scholar")
    page.get_by_role("button", name="Reconnaître les articles").click()

    expect(page.locator("main")).to_contain_text("2 articles reconnus")
    expect(page.locator("#titre-0")).to_have_value(_TITLE)
    assert (violations(page), overflow(page)) == ([], 0)
