"""`make screenshots`: every page, as each role, wide and narrow, light and dark.

Pages are found in the map of the application, so that a page added tomorrow is drawn tomorrow;
an address with a variable part needs an example here, or the command says so and fails. Pictures
go to var/screenshots/SIZE-THEME/ROLE/PAGE.png, for people to look at.
"""

import sys
import tempfile
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from werkzeug.routing import Rule

from inters4.app import create_app
from inters4.members.services import DEMO_PEOPLE
from inters4.settings import Settings
from tests.builders.demonstration import prepare
from tests.e2e.portal import CHROMIUM, Portal, launch, running_portal

FOLDER = Path("var/screenshots")
SIZES = {"1366x768": (1366, 768), "390x844": (390, 844)}
THEMES = ("light", "dark")
VISITOR = "visitor"
BROKER = "dominique"
DRAFTED = "exemple-fictif-une-trousse-de-depart-pour-la-mpoc-a-domicile"
TO_APPROVE = "exemple-fictif-le-transport-partage-vers-les-rendez-vous"
LED = "/communaute/domicile-en-region"
EXAMPLES: dict[str, list[tuple[str, str]]] = {
    "community.space": [
        ("space", LED),
        ("space-listed", "/communaute/medicaments-et-transitions"),
        ("space-hidden", "/communaute/cercle-de-preparation"),
        ("space-archived", "/communaute/guichets-acces"),
    ],
    "community.thread": [("thread", f"{LED}/3"), ("thread-unread", f"{LED}/8")],
    "community.post_history": [("post-history", f"{LED}/3/3/historique")],
    "community.revision_form": [("post-edit", f"{LED}/8/1/modifier")],
    "community.removal_form": [("post-removal", f"{LED}/3/3/retrait")],
    "community.summary_form": [("thread-summary", f"{LED}/3/synthese")],
    "community.title_form": [("thread-title", f"{LED}/3/titre")],
    "community.membership": [
        ("space-membership", f"{LED}/adhesion"),
        ("space-membership-listed", "/communaute/medicaments-et-transitions/adhesion"),
    ],
    "community.calendar_address": [("space-calendar", f"{LED}/calendrier")],
    "community.join_requests": [
        ("space-requests", "/communaute/medicaments-et-transitions/demandes")
    ],
    "community.feed_address": [("space-feed", f"{LED}/flux")],
    "community.invitations": [("space-invitations", f"{LED}/invitations")],
    "community.moderation": [("moderation", f"{LED}/moderation")],
    "community.moderate_thread": [("moderation-thread", f"{LED}/moderation/4")],
    "community.moderate_post": [("moderation-post", f"{LED}/moderation/4/3")],
    "community.redaction": [("moderation-redaction", f"{LED}/moderation/4/3/effacement")],
    "community.moderation_journal": [("moderation-journal", f"{LED}/moderation/journal")],
    "community.measures": [("moderation-measures", f"{LED}/moderation/mesures")],
    "community.measures_of_person": [("moderation-person", f"{LED}/moderation/personnes/maxime")],
    "community.new_thread": [("thread-new", f"{LED}/nouveau?sujet=fiche:agir-tot")],
    "community.people": [("space-people", f"{LED}/personnes")],
    "community.person": [("space-person", f"{LED}/personnes/maxime")],
    "community.settings": [("space-settings", f"{LED}/reglages")],
    "community.visibility_page": [("space-visibility", f"{LED}/reglages/visibilite")],
    "community.succession": [("space-succession", f"{LED}/releve")],
    "community.meetings": [("meetings", f"{LED}/rencontres")],
    "community.meeting": [
        ("meeting", f"{LED}/rencontres/exemple"),
        ("meeting-held", f"{LED}/rencontres/exemple-passe"),
    ],
    "community.cancel_page": [("meeting-cancel", f"{LED}/rencontres/exemple/annulation")],
    "community.minutes_page": [("meeting-minutes", f"{LED}/rencontres/exemple-passe/compte-rendu")],
    "community.seats": [("meeting-seats", f"{LED}/rencontres/exemple/inscriptions")],
    "community.revise_page": [("meeting-edit", f"{LED}/rencontres/exemple/modifier")],
    "community.attendance": [("meeting-attendance", f"{LED}/rencontres/exemple-passe/presences")],
    "community.new_meeting": [("meeting-new", f"{LED}/rencontres/nouvelle")],
    "community.flag_form": [("flag", f"{LED}/signalement/4/3")],
    "community.addition": [("addition", "/communaute/ajouts/exemple")],
    "practices.show": [
        ("sheet", "/pratiques/gap-bas-saint-laurent"),
        ("sheet-draft", "/pratiques/clinique-minowe-val-dor"),
    ],
    "practices.history": [("sheet-history", "/pratiques/gap-bas-saint-laurent/historique")],
    "practices.show_version": [("sheet-version", "/pratiques/gap-bas-saint-laurent/versions/1")],
    "practices.compare_versions": [
        ("sheet-differences", "/pratiques/gap-bas-saint-laurent/versions/1/differences")
    ],
    "practices.dossier": [("dossier", f"/pratiques/dossiers/{DRAFTED}")],
    "practices.write_block": [
        ("dossier-block", f"/pratiques/dossiers/{DRAFTED}/resultats"),
        ("dossier-terms", f"/pratiques/dossiers/{DRAFTED}/classement"),
        ("dossier-pieces", f"/pratiques/dossiers/{DRAFTED}/pieces"),
    ],
    "practices.preview_dossier": [("dossier-preview", f"/pratiques/dossiers/{DRAFTED}/apercu")],
    "practices.abandon_dossier": [("dossier-abandon", f"/pratiques/dossiers/{DRAFTED}/abandon")],
    "practices.translation": [("sheet-translation", "/pratiques/gap-bas-saint-laurent/traduction")],
    "practices.published_files": [("sheet-files", "/pratiques/gap-bas-saint-laurent/fichiers")],
    "practices.withdrawal": [("sheet-withdrawal", "/pratiques/gap-bas-saint-laurent/retrait")],
    "practice_reviews.show": [("review", "/relectures/exemple")],
    "practice_approvals.show": [("sheet-approval", f"/approbations-fiches/{TO_APPROVE}/cisss-bsl")],
    "practices.adoption_list": [("adoptions", "/pratiques/agir-tot/adoptions")],
    "practices.adoption": [("adoption", "/pratiques/agir-tot/adoptions/exemple")],
    "practices.new_adoption": [("adoption-new", "/pratiques/agir-tot/adoptions/nouvelle")],
    "practices.edit_adoption": [
        ("adoption-edit", "/pratiques/agir-tot/adoptions/exemple/modifier")
    ],
    "practices.write_adopters": [
        ("adoption-message", "/pratiques/agir-tot/adoptions/exemple/message")
    ],
    "practices.write_carriers": [("carriers-message", "/pratiques/agir-tot/message")],
    "practices.journal_entry": [
        ("adoption-note", "/pratiques/agir-tot/adoptions/exemple/journal/exemple")
    ],
    "practices.transfer": [("transfer-new", "/pratiques/agir-tot/ici")],
    "practices.assessment": [("transfer", "/pratiques/agir-tot/ici/exemple")],
    "practices.edit_assessment": [("transfer-edit", "/pratiques/agir-tot/ici/exemple/modifier")],
    "veille.watch": [("watch", "/veille/dispositifs/exemple")],
    "veille.edit_watch": [("watch-edit", "/veille/dispositifs/exemple/modifier")],
    "veille.new_source": [("source-new", "/veille/dispositifs/exemple/sources/nouvelle")],
    "veille.source": [("source", "/veille/sources/exemple")],
    "veille.references": [("watch-references", "/veille/dispositifs/exemple/references")],
    "veille.alert": [("watch-alert", "/veille/dispositifs/exemple/alerte")],
    "veille.noted_page": [("watch-page", "/veille/dispositifs/exemple/page")],
    "veille.opml": [("watch-opml", "/veille/dispositifs/exemple/opml")],
    "veille.edit_rule": [("desk-rule", "/veille/bureau/regles/exemple")],
    "veille.new_rule": [("desk-rule-new", "/veille/dispositifs/exemple/regles/nouvelle")],
    "veille.finding": [("desk-finding", "/veille/bureau/trouvailles/exemple")],
    "veille.correction": [
        ("summary-correction", "/veille/resumes/fleet-2015-urgences-rurales-quebec/corriger")
    ],
    "veille.follow": [
        (
            "summary-followed",
            "/veille/resumes/wilson-2021-ips-nord-colombie-britannique/suivi",
        )
    ],
    "veille.write": [
        (
            "summary-written",
            "/veille/resumes/wilson-2021-ips-nord-colombie-britannique/ecrire",
        )
    ],
    "veille.show": [
        ("summary", "/veille/resumes/fleet-2015-urgences-rurales-quebec"),
        ("summary-draft", "/veille/resumes/wilson-2021-ips-nord-colombie-britannique"),
    ],
    "members.organisation": [("organisation", "/organisations/cisss-bsl")],
    "members.confirmation": [("confirmation", "/inscription/confirmation/exemple")],
    "members.invitation": [("invitation", "/invitation/exemple")],
    "members.outgoing_letter": [("letter", "/demonstration/courriels/exemple")],
    "members.address_link": [("new-address", "/compte/courriel/exemple")],
    "members.approval": [("approval", "/approbations/exemple")],
    "members.person": [("person", "/personnes/camille")],
    "members.write_message": [("message", "/personnes/camille/message")],
    "members.member_record": [("member-record", "/admin/personnes/camille")],
    "members.organisation_form": [("organisation-form", "/admin/organisations/cisss-bsl")],
    "members.domain": [("domain", "/admin/domaines/ssss.gouv.qc.ca")],
    "notices.follow": [("notice", "/avis/exemple")],
    "notices.unsubscribe": [("unsubscribe", "/avis/desabonnement/exemple")],
    "search.theme": [("theme", "/themes/telesante")],
    "vocabulary.new_term": [("vocabulary-new", "/admin/vocabulaire/ajouter?liste=themes")],
    "vocabulary.term": [("vocabulary-term", "/admin/vocabulaire/themes/telesante")],
    "vocabulary.place": [("vocabulary-place", "/admin/vocabulaire/themes/telesante/deplacement")],
    "vocabulary.retirement": [
        ("vocabulary-merge", "/admin/vocabulaire/themes/telesante.ia/retrait")
    ],
    "vocabulary.group": [("vocabulary-synonyms", "/admin/vocabulaire/synonymes/cisss")],
    "home.page": [("page", "/pages/a-propos")],
    "newsletters.sending": [],  # test_sending_page looks at it
    "newsletters.addressing": [("issue-audience", "/infolettres/en-bref/5/composer/destinataires")],
    "newsletters.amending": [("issue-amending", "/infolettres/en-bref/1/correction")],
    "newsletters.carrying": [],  # test_issue_after looks at it
    "home.question_page": [],  # drawn from the question that `_ask` leaves
    "members.reset_password": [("reset-password", "/mot-de-passe-oublie/exemple")],
    "members.incident": [("incident", "/admin/incidents/exemple")],
    "newsletters.newsletter": [("newsletter", "/infolettres/en-bref")],
    "newsletters.issue": [("issue", "/infolettres/en-bref/1")],
    "newsletters.confirmation": [("subscription-link", "/infolettres/abonnement/exemple")],
    "newsletters.preferences": [("subscription-choices", "/infolettres/preferences/exemple")],
    "newsletters.unsubscribe": [("subscription-left", "/infolettres/desabonnement/exemple")],
    "newsletters.subscriber": [("subscriber", "/infolettres/abonnes/exemple")],
    "newsletters.sender": [("issue-sender", "/infolettres/bureau/en-bref/expediteur")],
    "newsletters.compose": [("issue-compose", "/infolettres/en-bref/5/composer")],
    "newsletters.pick": [("issue-pick", "/infolettres/en-bref/5/composer/choisir")],
    "newsletters.preview": [("issue-preview", "/infolettres/en-bref/5/apercu")],
    "indicators.figure_list": [
        ("balance-list", "/bilan/fiches-publiees"),
        ("balance-list-team", "/bilan/abonnements-en-cours"),
    ],
    "newsletters.outcome": [("issue-outcome", "/infolettres/en-bref/1/bilan")],
    "newsletters.outcome_deliveries": [
        ("issue-outcome-list", "/infolettres/en-bref/1/bilan/envois")
    ],
    "newsletters.outcome_departures": [
        ("issue-outcome-left", "/infolettres/en-bref/1/bilan/departs")
    ],
    "newsletters.approval": [("issue-approval", "/infolettres/en-bref/4/approbation")],
}
EXTRA = [
    ("choosing-space", "/communaute/discuter?sujet=fiche:agir-tot"),
    ("search-results", "/recherche?q=soins+%C3%A0+domicile"),
    ("search-corrected", "/recherche?q=telesant%C3%A9+domicle"),
    ("search-filtered", "/recherche?q=domicile&type=fiche&region=rss01"),
    ("search-nothing", "/recherche?q=zzzzz"),
    ("list-filled", "/ma-liste?cles=fiche%3Agap-bas-saint-laurent"),
    ("comparison", "/pratiques/comparer?fiche=gap-bas-saint-laurent&fiche=agir-tot"),
    ("question-from-search", "/question?q=suivi&de=/recherche"),
    ("error-404", "/nulle-part"),
    ("english-home", "/?lang=en"),
    ("english-results", "/recherche?q=domicile&lang=en"),
    ("english-sheet", "/pratiques/gap-bas-saint-laurent?lang=en"),
]
BY_A_PROVIDER = {
    "members.identity",
    "members.identity_start",
    "members.proof_start",
    "members.provider_account",
    "members.provider_letter_link",
    "members.provider_return",
    "members.provider_start",
}
"""They exist with a provider of identities only: test_identity_provider looks at them."""
NOT_PAGES = {
    "community.mentions",  # names, while one types
    "community.similar_threads",  # a piece of the page of a new thread
    "files.download",
    "health.alive",
    "health.ready",
    "newsletters.follow",  # leads elsewhere
    "newsletters.message",  # drawn in frames: test_issue_message looks at it
    "search.suggestions",
    "veille.demo_feed",
    "veille.visits_advance",
} | BY_A_PROVIDER


def is_page(rule: Rule) -> bool:
    """Whether people look at what answers at `rule`: it is no file, no feed, no health page."""
    is_file = "." in rule.rule.rpartition("/")[2]
    return "GET" in (rule.methods or set()) and not is_file and rule.endpoint not in NOT_PAGES


def pages(app: Flask) -> list[tuple[str, str]]:
    """(name, path) of every page that GET answers.

    Raises:
        LookupError: an address has a variable part and no example here.
    """
    found = list(EXTRA)
    for rule in app.url_map.iter_rules():
        if not is_page(rule):
            continue
        if not rule.arguments:
            found.append((rule.endpoint, rule.rule))
        elif rule.endpoint in EXAMPLES:
            found += EXAMPLES[rule.endpoint]
        else:
            raise LookupError(f"{rule.endpoint} ({rule.rule}) needs an example in {__name__}")
    return sorted(found, key=lambda page: ("lang=en" in page[1], page))  # a language stays chosen


def draw(browser: Browser, portal: Portal, wanted: list[tuple[str, str]]) -> int:
    """Draw `wanted` as each role; give back how many pictures were written."""
    count = 0
    roles = [VISITOR, *(person.key for person in DEMO_PEOPLE)]
    for size, (width, height) in SIZES.items():
        for theme in THEMES:
            for role in roles:
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if theme == "dark" else "light",
                    locale="fr-CA",
                )
                _enter(context, portal, role)
                folder = FOLDER / f"{size}-{theme}" / role
                folder.mkdir(parents=True, exist_ok=True)
                page = context.new_page()
                for name, path in wanted:
                    page.goto(portal.url + path)
                    page.screenshot(path=folder / f"{name}.png", full_page=True)
                    count += 1
                context.close()
                sys.stdout.write(f"{size} {theme} {role}: {len(wanted)}\n")
    return count


def _enter(context: BrowserContext, portal: Portal, role: str) -> None:
    if role == VISITOR:
        return
    page = context.new_page()
    page.goto(f"{portal.url}/connexion")
    page.locator(f'button[name="personne"][value="{role}"]').click()
    page.wait_for_load_state()
    page.close()


def _ask(browser: Browser, portal: Portal) -> str:
    """Ask the team a question; the address of its page."""
    visitor = browser.new_page(locale="fr-CA")
    visitor.goto(f"{portal.url}/question?q=visites+virtuelles&de=/recherche")
    visitor.get_by_role("textbox", name="Votre question").fill(
        "Quelles équipes font des visites virtuelles après une chirurgie d’un jour?"
    )
    visitor.get_by_label("Courriel").fill("personne@exemple.ca")
    visitor.get_by_role("button", name="Envoyer", exact=True).click()
    visitor.close()
    with browser.new_context(locale="fr-CA") as context:
        _enter(context, portal, BROKER)
        page = context.new_page()
        page.goto(f"{portal.url}/equipe/questions")
        return page.locator(".hit-title a").first.get_attribute("href") or ""


def main() -> int:
    """Exit status: 1 where there is no Chromium."""
    if not CHROMIUM.exists():
        sys.stderr.write(f"{CHROMIUM} is not installed (apt-get install chromium)\n")
        return 1
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        settings = Settings.from_env({"INTERS4_DATA_DIR": str(folder / "map")})
        wanted = pages(create_app(settings))
        prepare(folder / "var")
        with running_portal(playwright, folder / "var") as portal:
            browser = launch(playwright)
            wanted.insert(0, ("one-question", _ask(browser, portal)))
            count = draw(browser, portal, wanted)
            browser.close()
    sys.stdout.write(f"{count} pictures in {FOLDER}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
