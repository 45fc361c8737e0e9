"""The desk by keys alone: fifty findings sorted, refusals told in place; and without scripts."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from inters4.app import load_domains
from inters4.core import db
from inters4.members.models import Member
from inters4.members.queries import load_viewer
from inters4.veille.models import Finding, FindingState, Watch
from inters4.veille.services.claiming import claim
from inters4.veille.services.standing import load_findings
from tests.builders.findings import make_finding
from tests.builders.watches import make_watch
from tests.e2e.accessibility import violations
from tests.e2e.conftest import OpenPage, Visit
from tests.e2e.portal import Portal
from tests.e2e.test_question import enter

TITLE = "#finding-title"
Bring = Callable[[str, int], str]


@pytest.fixture
def bring(portal: Portal) -> Iterator[Bring]:
    """Puts findings on the desk of the portal that runs; says where they are listed."""
    load_domains()
    db.bind(f"sqlite:///{portal.data_dir}/inters4.db")

    def add(name: str, many: int) -> str:
        with db.writing() as session:
            watch = make_watch(session, name)
            for number in reversed(range(many)):
                make_finding(session, watch, f"{name} {number:02}", abstract="Un résumé d’article.")
            return f"/veille/bureau?dispositif={watch.public_id}"

    yield add
    db.dispose()


def states(name: str) -> list[FindingState]:
    with db.reading() as session:
        return list(
            session.scalars(
                select(Finding.state)
                .join(Watch, Watch.id == Finding.watch_id)
                .where(Watch.name == name)
                .order_by(Finding.title)
            )
        )


def desk(visit: OpenPage, path: str) -> tuple[Visit, Page]:
    opened = visit()
    enter(opened, "Dominique")
    opened.go(path)
    return opened, opened.page


def test_fifty_findings_are_sorted_by_keys_alone(visit: OpenPage, bring: Bring) -> None:
    _opened, page = desk(visit, bring("Cinquante", 50))
    expect(page.locator("#count")).to_contain_text("50 trouvailles")

    page.keyboard.press("j")
    for number in range(50):
        expect(page.locator(TITLE)).to_have_text(f"Cinquante {number:02}")
        expect(page.locator(TITLE)).to_be_focused()
        if number % 5 < 2:
            page.keyboard.press("r")
        elif number % 5 < 4:
            page.keyboard.press("e")
            page.keyboard.press(str(1 + number % 8))
        else:
            page.keyboard.press("l")

    expect(page.locator("#count")).to_contain_text("0 trouvaille")
    found = states("Cinquante")
    assert found.count(FindingState.KEPT) == 20
    assert found.count(FindingState.DISCARDED) == 20
    assert found.count(FindingState.LATER) == 10

    page.keyboard.press("u")
    expect(page.locator("#count")).to_contain_text("1 trouvaille")
    expect(page.locator("#messages")).to_contain_text("Geste annulé")
    expect(page.locator(TITLE)).to_have_text("Cinquante 49")
    expect(page.locator("#live")).to_have_text("")
    assert states("Cinquante")[49] is FindingState.NEW


def test_themes_people_and_marks_have_their_keys(visit: OpenPage, bring: Bring) -> None:
    _opened, page = desk(visit, bring("Touches", 3))
    page.keyboard.press("o")
    expect(page.locator(TITLE)).to_have_text("Touches 00")
    page.keyboard.press("j")
    expect(page.locator(TITLE)).to_have_text("Touches 01")
    page.keyboard.press("k")
    expect(page.locator(TITLE)).to_have_text("Touches 00")

    page.keyboard.press("t")
    expect(page.locator("#add-theme")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".desk-marks-open li")).to_have_count(1)

    page.keyboard.press("p")
    expect(page.locator(".desk-standing")).to_contain_text("Vous la tenez depuis le")
    page.keyboard.press("p")
    expect(page.locator(".desk-standing")).not_to_contain_text("Vous la tenez")

    page.keyboard.press("a")
    expect(page.locator("#give-to")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator('[data-menu="a"]')).not_to_have_attribute("open", re.compile(".*"))

    page.keyboard.press("x")
    expect(page.locator(".desk-row-open input")).to_be_checked()
    page.keyboard.press("/")
    expect(page.locator("#desk-q")).to_be_focused()
    page.keyboard.type("jkr")
    expect(page.locator("#desk-q")).to_have_value("jkr")
    assert violations(page) == []


def test_what_is_ticked_stays_ticked_while_one_reads(visit: OpenPage, bring: Bring) -> None:
    opened, page = desk(visit, bring("Cochées", 4))
    ticked = page.locator(".desk-tick input:checked")

    for _number in range(2):
        page.keyboard.press("j")
        page.keyboard.press("x")
    page.keyboard.press("j")
    expect(ticked).to_have_count(2)
    page.keyboard.press("b")
    page.locator("#lot-etiquette").fill("à deux")
    page.locator('#lot button[value="ecarter"]').click()
    expect(page.get_by_role("alert")).to_contain_text("Choisissez un motif.")
    expect(ticked).to_have_count(2)
    expect(page.locator("#lot-etiquette")).to_have_value("à deux")
    page.locator('#lot button[value="etiqueter"]').click()
    expect(page.locator(".desk-row .desk-label")).to_have_count(2)
    expect(ticked).to_have_count(0)
    opened.complaints[:] = [one for one in opened.complaints if "422" not in one]


def test_the_keys_are_explained_and_can_be_put_to_sleep(visit: OpenPage, bring: Bring) -> None:
    _opened, page = desk(visit, bring("Aide", 2))

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Raccourcis du bureau")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Se servir des raccourcis").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator(TITLE)).to_have_count(0)

    page.get_by_role("button", name="Raccourcis").click()
    page.get_by_label("Se servir des raccourcis").check()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator(TITLE)).to_have_text("Aide 00")


def test_the_second_to_claim_is_told_in_place(visit: OpenPage, bring: Bring) -> None:
    opened, page = desk(visit, bring("Prise", 1))
    page.keyboard.press("j")
    expect(page.locator(TITLE)).to_have_text("Prise 00")
    with db.writing() as session:
        number = session.scalars(select(Finding.id).where(Finding.title == "Prise 00")).one()
        other = session.scalars(select(Member).where(Member.public_id == "frederique")).one()
        claim(session, load_findings(session, [number]), by=load_viewer(session, other.id))

    page.keyboard.press("p")

    expect(page.get_by_role("alert")).to_contain_text("tient cette trouvaille depuis le")
    expect(page.locator(".desk-standing")).to_contain_text("la tient depuis le")
    assert violations(page) == []
    opened.complaints[:] = [one for one in opened.complaints if "409" not in one]


def test_without_scripts_buttons_sort_and_go_on(visit: OpenPage, bring: Bring) -> None:
    path = bring("Boutons", 3)
    opened = visit(java_script_enabled=False)
    page = opened.page
    enter(opened, "Dominique")
    opened.go(path)

    page.get_by_role("link", name="Boutons 00").click()
    page.get_by_role("button", name="Garder").last.click()
    expect(page.locator(TITLE)).to_have_text("Boutons 01")
    page.locator('[data-menu="e"] summary').click()
    page.get_by_role("button", name="Hors thème").click()
    expect(page.locator(TITLE)).to_have_text("Boutons 02")
    page.get_by_role("button", name="Annuler le dernier geste").click()
    expect(page.locator("#count")).to_contain_text("2 trouvailles")

    assert states("Boutons") == [FindingState.KEPT, FindingState.NEW, FindingState.NEW]


def test_on_a_phone_the_list_gives_way_to_what_is_opened(visit: OpenPage, bring: Bring) -> None:
    path = bring("Téléphone", 2)
    opened = visit(390, 844)
    page = opened.page
    enter(opened, "Dominique")
    opened.go(path)

    page.get_by_role("link", name="Téléphone 00").click()
    expect(page.locator(TITLE)).to_be_visible()
    expect(page.locator(".desk-list")).to_be_hidden()
    page.get_by_role("link", name="Retour à la liste").click()
    expect(page.locator(".desk-list")).to_be_visible()
