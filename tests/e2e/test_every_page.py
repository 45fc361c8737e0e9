"""Every kind of page, light and dark, wide and narrow: axe finds nothing, nothing sticks out.

One browser window goes through all of them. What a person does on a page has its own test: here
pages are styled and laid out, which is all that axe asks, and not painted, which is a fifth of the
processor time of a page.
"""

from collections.abc import Iterable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import overflow, violations
from tests.e2e.conftest import OpenPage, Visit
from tests.e2e.test_question import ask, enter

READING = (
    "/",
    "/pratiques",
    "/pratiques?region=rss01&preuve=forte&page=9",
    "/pratiques/gap-bas-saint-laurent",
    "/pratiques/gap-bas-saint-laurent/historique",
    "/pratiques/gap-bas-saint-laurent/versions/1",
    "/pratiques/gap-bas-saint-laurent/versions/1/differences",
    "/pratiques/comparer?fiche=gap-bas-saint-laurent&fiche=agir-tot",
    "/pratiques/donnees-ouvertes",
    "/pratiques/adoptions",
    "/pratiques/agir-tot/adoptions",
    "/pratiques/agir-tot/message",
    "/veille",
    "/veille?theme=courtage",
    "/veille/resumes/fleet-2015-urgences-rurales-quebec",
    "/infolettres",
    "/infolettres/en-bref",
    "/infolettres/en-bref/1",
    "/infolettres/abonnement",
    "/infolettres/abonnement/merci",
    "/infolettres/abonnement/exemple",
    "/infolettres/preferences/exemple",
    "/infolettres/desabonnement",
    "/infolettres/desabonnement/merci",
    "/infolettres/desabonnement/exemple",
    "/themes",
    "/themes/telesante",
    "/organisations",
    "/organisations/cisss-bsl",
    "/bilan",
    "/bilan/fiches-publiees",
    "/bilan/errata",
    "/reperes/transformation-numerique",
    "/reperes/innovation",
)
OF_COMMUNITIES = (
    "/communaute",
    "/communaute/domicile-en-region",
    "/communaute/domicile-en-region/3",
    "/communaute/domicile-en-region/rencontres",
    "/communaute/domicile-en-region/rencontres/exemple",
    "/communaute/domicile-en-region/rencontres/exemple-passe",
    "/communaute/domicile-en-region/calendrier",
    "/communaute/medicaments-et-transitions",
    "/communaute/guichets-acces",
    "/communaute/discuter",
    "/communaute/discuter?sujet=fiche:hospitalisation-a-domicile-quebec",
)
AROUND = (
    "/recherche?q=soins+%C3%A0+domicile",
    "/recherche?q=soins&annee_max=1999",
    "/recherche?q=soins&type=fiche&exact=1",
    "/ma-region",
    "/ma-liste",
    "/ma-liste?cles=fiche%3Agap-bas-saint-laurent",
    "/question",
    "/question?q=suivi&de=/pratiques",
    "/question?objet=pratique",
    "/question?objet=preuves",
    "/question/merci",
    "/a-propos",
    "/le-courtage",
    "/confidentialite",
    "/accessibilite",
    "/nous-joindre",
    "/aide/recherche",
    "/connexion",
    "/connexion/code",
    "/mot-de-passe-oublie",
    "/mot-de-passe-oublie/demande",
    "/mot-de-passe-oublie/exemple",
    "/inscription",
    "/inscription/merci",
    "/inscription/confirmation/exemple",
    "/invitation/exemple",
    "/compte/courriel/exemple",
    "/avis/desabonnement/exemple",
    "/demonstration/courriels",
    "/demonstration/courriels/exemple",
    "/repertoire",
    "/personnes/camille",
    "/pages/a-propos",
    "/cette-page-n-existe-pas",
)
OF_THE_ACCOUNT = (
    "/compte/securite",
    "/compte/mot-de-passe",
    "/compte/confirmation",
    "/compte/validation",
    "/compte/validation/activation",
    "/compte/donnees",
    "/compte/effacement",
    "/admin/journal",
    "/admin/incidents",
    "/admin/incidents/nouveau",
    "/admin/incidents/exemple",
)
DRAFTED = "/pratiques/dossiers/exemple-fictif-une-trousse-de-depart-pour-la-mpoc-a-domicile"
OF_INFOLETTRES = (
    "/infolettres/bureau",
    "/infolettres/bureau/en-bref/expediteur",
    "/infolettres/en-bref/5/composer",
    "/infolettres/en-bref/5/composer/choisir",
    "/infolettres/en-bref/5/composer/destinataires",
    "/infolettres/en-bref/5/apercu",
    "/infolettres/en-bref/5/apercu?forme=texte",
    "/infolettres/en-bref/4/approbation",
    "/infolettres/en-bref/5/approbation",
    "/infolettres/en-bref/1",
    "/infolettres/en-bref/1/bilan",
    "/infolettres/en-bref/1/bilan/envois",
    "/infolettres/en-bref/1/bilan/departs",
    "/infolettres/en-bref/1/correction",
    "/infolettres/abonnes",
    "/infolettres/abonnes/exemple",
    "/infolettres/abonnes/importer",
)
OF_THE_WATCH = (
    "/veille/bureau",
    "/veille/bureau/trouvailles/exemple",
    "/veille/bureau/resumes",
    "/veille/bureau/regles",
    "/veille/bureau/regles/exemple",
    "/veille/dispositifs/exemple/regles/nouvelle",
    "/veille/dispositifs",
    "/veille/dispositifs/nouveau",
    "/veille/dispositifs/exemple",
    "/veille/dispositifs/exemple/modifier",
    "/veille/dispositifs/exemple/sources/nouvelle",
    "/veille/dispositifs/exemple/references",
    "/veille/dispositifs/exemple/alerte",
    "/veille/dispositifs/exemple/page",
    "/veille/dispositifs/exemple/opml",
    "/veille/sources/exemple",
    "/veille/sante-des-sources",
    "/veille/resumes/nouveau",
    "/veille/resumes/wilson-2021-ips-nord-colombie-britannique",
    "/veille/resumes/wilson-2021-ips-nord-colombie-britannique/ecrire",
    "/veille/resumes/wilson-2021-ips-nord-colombie-britannique/suivi",
    "/veille/resumes/fleet-2015-urgences-rurales-quebec/suivi",
    "/veille/resumes/fleet-2015-urgences-rurales-quebec/corriger",
)
OF_THE_TEAM = (
    "/",
    "/bilan",
    "/bilan/abonnements-en-cours",
    "/pratiques/clinique-minowe-val-dor",
    "/pratiques/proposer",
    DRAFTED,
    f"{DRAFTED}/identite",
    f"{DRAFTED}/resultats",
    f"{DRAFTED}/classement",
    f"{DRAFTED}/pieces",
    f"{DRAFTED}/apercu",
    f"{DRAFTED}/abandon",
    "/pratiques/dossiers",
    "/pratiques/dossiers?etat=non-retenues",
    "/equipe/questions",
    "/equipe/questions?etat=fermees",
)
REFUSED = "/bilan?du=2026-02-30&au="
LED = "/communaute/domicile-en-region"
OF_WHO_LEADS = (
    LED,
    f"{LED}/4",
    f"{LED}/3/3/historique",
    f"{LED}/3/3/retrait",
    f"{LED}/3/synthese",
    f"{LED}/3/titre",
    f"{LED}/adhesion",
    f"{LED}/demandes",
    f"{LED}/flux",
    f"{LED}/invitations",
    f"{LED}/moderation",
    f"{LED}/moderation/4",
    f"{LED}/moderation/4/3",
    f"{LED}/moderation/4/3/effacement",
    f"{LED}/moderation/journal",
    f"{LED}/moderation/mesures",
    f"{LED}/moderation/personnes/maxime",
    f"{LED}/nouveau?sujet=fiche:agir-tot",
    f"{LED}/personnes",
    f"{LED}/personnes/maxime",
    f"{LED}/reglages",
    f"{LED}/reglages/visibilite",
    f"{LED}/releve",
    f"{LED}/rencontres/exemple",
    f"{LED}/rencontres/exemple/annulation",
    f"{LED}/rencontres/exemple/inscriptions",
    f"{LED}/rencontres/exemple/modifier",
    f"{LED}/rencontres/exemple-passe/compte-rendu",
    f"{LED}/rencontres/exemple-passe/presences",
    f"{LED}/rencontres/nouvelle",
    "/communaute/ajouts/exemple",
)
OF_WHO_BELONGS = (
    f"{LED}/8",
    f"{LED}/8/1/modifier",
    f"{LED}/signalement/4/3",
    "/communaute/brouillons",
    "/communaute/mes-demandes",
    "/communaute/non-lus",
    "/compte",
)
OF_A_REVIEWER = ("/compte", "/relectures/exemple")
OF_A_TEAM = (
    "/compte",
    "/pratiques/agir-tot",
    "/pratiques/agir-tot/adoptions",
    "/pratiques/agir-tot/adoptions/nouvelle",
    "/pratiques/agir-tot/adoptions/exemple",
    "/pratiques/agir-tot/adoptions/exemple/modifier",
    "/pratiques/agir-tot/adoptions/exemple/message",
    "/pratiques/agir-tot/adoptions/exemple/journal/nouvelle",
    "/pratiques/agir-tot/adoptions/exemple/journal/exemple",
    "/pratiques/agir-tot/ici",
    "/pratiques/agir-tot/ici/exemple",
    "/pratiques/agir-tot/ici/exemple/modifier",
)
OF_THE_COORDINATION = (
    "/communaute/creer",
    "/pratiques/dossiers/exemple-fictif-un-cafe-des-proches-dans-une-residence-rurale",
    "/pratiques/dossiers/exemple-fictif-une-tablette-pretee-pour-les-teleconsultations",
    "/approbations-fiches/exemple-fictif-le-transport-partage-vers-les-rendez-vous/cisss-bsl",
    "/pratiques/gap-bas-saint-laurent/fichiers",
    "/pratiques/gap-bas-saint-laurent/retrait",
    "/pratiques/gap-bas-saint-laurent/traduction",
    "/compte",
    "/compte/profil",
    "/compte/preferences",
    "/infolettres/preferences",
    "/avis",
    "/avis/exemple",
    "/compte/courriel",
    "/personnes/camille/message",
    "/approbations",
    "/approbations/exemple",
    "/invitations",
    "/admin",
    "/admin/personnes",
    "/admin/personnes/camille",
    "/admin/inscriptions",
    "/admin/organisations",
    "/admin/organisations/cisss-bsl",
    "/admin/domaines/ssss.gouv.qc.ca",
    "/admin/sante",
    "/admin/courriels",
    "/admin/vocabulaire",
    "/admin/vocabulaire?liste=synonymes",
    "/admin/vocabulaire/ajouter?liste=themes",
    "/admin/vocabulaire/ajouter-synonymes",
    "/admin/vocabulaire/themes/telesante",
    "/admin/vocabulaire/themes/telesante/deplacement",
    "/admin/vocabulaire/themes/telesante.ia/retrait",
    "/admin/vocabulaire/synonymes/cisss",
)


@pytest.mark.parametrize(
    "paths", [READING, OF_COMMUNITIES, AROUND], ids=["reading", "communities", "around"]
)
def test_anyone_can_read_every_page(visit: OpenPage, paths: tuple[str, ...]) -> None:
    opened = reader(visit)

    assert list(complaints(opened, paths)) == []


def test_anyone_can_read_why_dates_are_refused(visit: OpenPage) -> None:
    opened = reader(visit)

    assert list(complaints(opened, [REFUSED])) == []
    assert len(opened.complaints) == 1
    assert "422" in opened.complaints.pop()  # the browser tells each refusal


@pytest.mark.parametrize("paths", [READING, OF_COMMUNITIES], ids=["reading", "communities"])
def test_anyone_can_read_in_english_what_is_in_french(
    visit: OpenPage, paths: tuple[str, ...]
) -> None:
    opened = reader(visit)
    in_english = [f"{path}?lang=en" for path in paths if "?" not in path]

    assert list(complaints(opened, in_english, schemes=("light",))) == []


@pytest.mark.parametrize("paths", [OF_INFOLETTRES, OF_THE_WATCH], ids=["infolettres", "the watch"])
def test_brokers_can_read_their_desks(visit: OpenPage, paths: tuple[str, ...]) -> None:
    dominique = visit()
    enter(dominique, "Dominique")

    assert list(complaints(reader(visit, dominique), paths)) == []


def test_the_team_can_read_its_pages(visit: OpenPage) -> None:
    ask(visit(), email="axe@exemple.ca")
    dominique = visit()
    page = enter(dominique, "Dominique")
    dominique.go("/equipe/questions")
    one = page.locator(".hit-title a").first.get_attribute("href") or ""

    assert list(complaints(reader(visit, dominique), (*OF_THE_TEAM, one))) == []


def test_people_can_read_the_pages_of_their_account(visit: OpenPage) -> None:
    noa = visit()
    enter(noa, "Noa")
    noa.go("/compte/validation")
    noa.page.get_by_role("button", name="Commencer").click()
    noa.page.wait_for_url("**/compte/validation/activation")

    assert list(complaints(reader(visit, noa), OF_THE_ACCOUNT)) == []


def test_a_team_that_tries_a_practice_can_read_its_pages(visit: OpenPage) -> None:
    camille = visit()
    enter(camille, "Camille")

    assert list(complaints(reader(visit, camille), OF_A_TEAM)) == []


def test_who_leads_a_space_can_read_its_pages(visit: OpenPage) -> None:
    dominique = visit()
    enter(dominique, "Dominique")

    assert list(complaints(reader(visit, dominique), OF_WHO_LEADS)) == []


def test_who_belongs_to_a_space_can_read_its_pages(visit: OpenPage) -> None:
    sacha = visit()
    enter(sacha, "Sacha")

    assert list(complaints(reader(visit, sacha), OF_WHO_BELONGS)) == []


def test_a_reviewer_can_read_what_is_to_be_rated(visit: OpenPage) -> None:
    reviewer = visit()
    enter(reviewer, "Claude")

    assert list(complaints(reader(visit, reviewer), OF_A_REVIEWER)) == []


def test_the_coordination_can_read_its_pages(visit: OpenPage) -> None:
    frederique = visit()
    enter(frederique, "Frédérique")

    assert list(complaints(reader(visit, frederique), OF_THE_COORDINATION)) == []


def reader(visit: OpenPage, person: Visit | None = None) -> Visit:
    """A window for reading, signed in as `person` is in theirs."""
    state = None
    if person:
        expect(person.page.locator("details.account")).to_be_visible()
        state = person.page.context.storage_state()
    return visit(drawn=False, reduced_motion="reduce", storage_state=state)


def complaints(
    opened: Visit, paths: Iterable[str], *, schemes: Iterable[str] = ("light", "dark")
) -> Iterable[str]:
    """What is wrong with the pages at `paths`, one line each."""
    for path in paths:
        opened.go(path)
        for scheme in schemes:
            _dress(opened.page, scheme)
            for found in violations(opened.page, only_colours=scheme == "dark"):
                yield f"{path} ({scheme}): {found}"
        opened.page.set_viewport_size({"width": 320, "height": 640})
        if beyond := overflow(opened.page):
            yield f"{path}: {beyond} pixels too wide at 320"
        opened.page.set_viewport_size({"width": 1366, "height": 768})


def _dress(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
