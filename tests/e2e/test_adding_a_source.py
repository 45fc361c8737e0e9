"""A source in a browser: the page of a site gives its feeds, one is chosen, tried, then added."""

from playwright.sync_api import expect

from inters4.app import load_domains
from inters4.core import db
from tests.builders.watches import make_watch
from tests.e2e.accessibility import overflow, violations
from tests.e2e.conftest import OpenPage
from tests.e2e.portal import Portal
from tests.e2e.test_question import enter


def test_a_source_is_found_from_a_page_tried_and_added(visit: OpenPage, portal: Portal) -> None:
    load_domains()
    db.bind(f"sqlite:///{portal.data_dir}/inters4.db")
    with db.writing() as session:
        path = f"/veille/dispositifs/{make_watch(session, 'Essai de sources').public_id}"
    db.dispose()
    opened = visit(390, 844, reduced_motion="reduce")
    page = enter(opened, "Dominique")
    opened.go(f"{path}/sources/nouvelle")

    page.locator("#adresse").fill(f"{opened.url}/veille")
    page.get_by_role("button", name="Essayer l’adresse").click()
    expect(page.locator("main")).to_contain_text("Cette page annonce plusieurs flux")
    assert (violations(page), overflow(page)) == ([], 0)
    page.locator("button[name=flux]").first.click()
    expect(page.locator("main")).to_contain_text("L’adresse répond")
    assert (violations(page), overflow(page)) == ([], 0)

    page.locator("#adresse").fill(f"{opened.url}/veille/demonstration/carnet.json")
    page.locator("#nom").fill("")
    page.get_by_role("button", name="Essayer l’adresse").click()
    expect(page.locator("#nom")).not_to_have_value("")
    page.locator("#nom").fill("Carnet d’essai")
    page.get_by_role("button", name="Ajouter la source").click()

    page.wait_for_url(f"**{path}")
    expect(page.locator("main")).to_contain_text("Carnet d’essai")
