"""A sheet with all its blocks, and one with few: what there is is shown, the rest is said."""

import re
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.core.db import writing
from inters4.practices.documents import load_document
from inters4.practices.exports.sheets import sheet_of, write_sheet
from inters4.practices.models import Block, CostKind, PracticeState
from inters4.practices.queries import load_practice
from tests.builders.practices import answered_values, make_practice, sheet, whole_values
from tests.builders.vocabulary import make_vocabulary

ADOPTER = {
    "organisation": "",
    "name": "Ici",
    "region": "rss02",
    "everywhere": False,
    "since": "2022",
    "source": 1,
}


@pytest.fixture(autouse=True)
def _words(database: str) -> None:
    with writing() as session:
        make_vocabulary(session)


def shown(client: FlaskClient, **values: Any) -> str:
    with writing() as session:
        make_practice(session, **values)
    answer = client.get("/pratiques/visites-virtuelles")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def words_of(html: str) -> str:
    text = re.sub(r"<[^>]+>", " ", html.partition("<main")[2])
    return re.sub(r"\s+", " ", text).replace("\u00a0", " ")


def test_a_whole_sheet_kept_is_written_back_the_same(session: Session) -> None:
    given = sheet(**whole_values())

    make_practice(session, **whole_values())
    session.expire_all()

    found = load_practice(session, "visites-virtuelles")
    assert found is not None
    assert write_sheet(sheet_of(found)) == write_sheet(given)


def test_each_block_of_a_whole_sheet_is_shown_once(client: FlaskClient) -> None:
    html = shown(client, **whole_values())

    for block in Block:
        assert html.count(f"Texte de {block.value} ") == 1, block
    text = words_of(html)
    assert "Équipe de proximité" in text
    assert "Devis : Avant et après, sans groupe témoin" in text
    assert "Personnes en attente 990 personnes [1] printemps 2022" in text
    assert "Infirmière ou infirmier deux [1]" in text
    assert "Une agente inconnu" in text
    assert "Fonctionnement 12 000 $ [1] par an" in text
    assert "Partager une vision Une vision claire [1] ." in text
    assert "Applicabilité en milieu rural Vu en région éloignée [1] ." in text
    assert (
        "Le guide en anglais; CC BY (version 4.0); accessible en partie, images sans description "
        "(vérifié le 2 avril 2026)"
    ) in text
    assert "Aucun : vérifié." in text
    assert "La direction générale, 6 mai 2026" in text
    assert "Édition 2, publiée le 21 novembre 2026" in text
    assert "Traduction anglaise en cours" in text


def test_conditions_of_success_that_the_sheet_does_not_name_stay_to_be_checked(
    client: FlaskClient,
) -> None:
    text = words_of(shown(client, **whole_values()))

    assert "Une autre condition de succès dont la fiche ne parle pas" in text
    assert "Supporter le transfert" in text


def test_optional_blocks_without_text_leave_no_trace(client: FlaskClient) -> None:
    html = shown(client)
    text = words_of(html)

    for title in (
        "Maintenir",
        "Usagers et proches",
        "Effets indésirables",
        "Pièces",
        "Situation de départ",
    ):
        assert title not in text, title
    assert 'id="ailleurs"' not in html


def test_what_must_be_known_and_is_not_is_said_to_be_unknown(client: FlaskClient) -> None:
    text = words_of(shown(client))

    assert "Coûts Inconnu : aucune source vue ne le dit." in text
    assert "Étapes inconnues : aucune source vue ne les donne." in text
    assert "Inconnus : personne ne les a encore déclarés." in text
    assert "Aucun résultat mesuré n’a été vu." in text


def test_what_no_row_tells_is_told_once(client: FlaskClient) -> None:
    names = ("indicator", "before", "after", "value", "unit", "n", "period")
    outcome: dict[str, Any] = dict.fromkeys(names, "")
    outcome |= {"design": "Enquête", "reference": None}
    text = words_of(
        shown(
            client,
            staffing=tuple(
                {"profession": "", "name": name, "fte": "", "reference": None}
                for name in ("Une agente", "Un agent")
            ),
            baselines=tuple(
                {"indicator": name, "value": "9", "unit": "", "date": "", "reference": None}
                for name in ("Visites", "Appels")
            ),
            outcomes=tuple({**outcome, "indicator": name, "value": "3"} for name in ("A", "B")),
            costs=tuple(
                {"kind": kind, "amount": "12 $", "period": "", "reference": None}
                for kind in (CostKind.RUNNING, CostKind.TOTAL)
            ),
        )
    )

    assert "Personnel requis Une agente; Un agent. Nombre inconnu." in text
    assert text.count("Date inconnue : aucune source vue ne la donne.") == 1
    assert text.count("Période inconnue : aucune source vue ne la donne.") == 2
    assert "inconnu inconnu" not in text


def test_the_design_of_the_whole_sheet_is_not_unknown_in_its_table(client: FlaskClient) -> None:
    names = ("indicator", "before", "after", "value", "unit", "n", "period", "design")
    outcome: dict[str, Any] = dict.fromkeys(names, "")
    outcome |= {"indicator": "Chutes", "value": "3", "reference": None}

    text = words_of(
        shown(client, evaluation_design="Avant et après", outcomes=(outcome,))
    ).partition("Ce qui a été mesuré")[2]

    assert "Chutes 3 comme dit plus haut" in text


def test_who_adopted_it_comes_before_what_else_to_read(client: FlaskClient) -> None:
    html = shown(client, **whole_values(), adopters=(ADOPTER,))

    places = [html.index(mark) for mark in ('id="sources"', "Qui l’a adoptée", "sheet-after")]
    assert places == sorted(places)


def test_a_starter_sheet_says_what_it_lacks(client: FlaskClient) -> None:
    text = words_of(shown(client))

    assert "Fiche de départ, non relue par l’équipe porteuse." in text
    assert "Il y manque :" in text
    assert "la révision des cotes par deux personnes" in text


def test_a_sheet_of_a_team_lacks_nothing_in_public(client: FlaskClient) -> None:
    text = words_of(shown(client, **whole_values()))

    assert "Il y manque" not in text
    assert "Fiche de départ" not in text


def test_a_sheet_of_a_team_blames_no_source_for_what_is_unknown(client: FlaskClient) -> None:
    row = {"indicator": "Visites", "value": "9", "unit": "", "date": "", "reference": None}
    text = words_of(shown(client, origin="proposed", baselines=(row,)))

    assert "Ces cotes sont proposées avec la fiche." in text
    assert "Coûts Inconnu." in text
    assert "Étapes inconnues. Conditions" in text
    assert "Date inconnue." in text
    assert "Aucun résultat mesuré." in text
    assert "Aucune équipe ailleurs n’a encore dit l’avoir adoptée." in text
    for word in ("équipe de courtage. Aucune", "aucune source vue", "dans les sources"):
        assert word not in text, word


def test_reviewed_ratings_say_who_reviewed_them(client: FlaskClient) -> None:
    text = words_of(
        shown(
            client,
            rating_status="reviewed",
            rated_on=date(2026, 3, 4),
            reviewers=("Une, CISSS X", "Deux, UQAR"),
        )
    )

    assert "Cotes révisées le 4 mars 2026 par Une, CISSS X; Deux, UQAR." in text


def test_the_map_tells_where_the_practice_was_born(client: FlaskClient) -> None:
    html = shown(client, adopters=(ADOPTER,))

    assert '<g class="origin"><title>Bas-Saint-Laurent</title>' in html
    assert '<g class="source"><title>Saguenay–Lac-Saint-Jean</title>' in html
    assert len(re.findall(r'<g class="source', html)) == 1
    text = words_of(html)
    assert "Bas-Saint-Laurent Région d’origine" in text
    assert "Saguenay–Lac-Saint-Jean Rapporté par une source : Ici (2022)" in text


def test_a_source_that_speaks_of_every_region_marks_them_all(client: FlaskClient) -> None:
    everyone = {**ADOPTER, "name": "Tout le monde", "region": "", "everywhere": True}

    html = shown(client, adopters=(everyone,))

    assert len(re.findall(r'<g class="source', html)) == 18
    text = words_of(html)
    assert "Rapporté par une source, toutes les régions" in text
    assert "Toutes les régions Rapporté par une source : Tout le monde (2022)" in text


def test_every_citation_of_a_whole_sheet_leads_to_its_source(client: FlaskClient) -> None:
    html = shown(client, **whole_values())

    cited = set(re.findall(r'href="#(texte-source-\d+)"', html))
    assert cited == {"texte-source-1"}
    assert 'id="texte-source-1"' in html


def test_the_page_can_be_cited(client: FlaskClient) -> None:
    html = shown(client, maturity="prometteuse", evidence_strength="suggestive")

    assert '<meta name="citation_title" content="Fiche visites-virtuelles">' in html
    assert '"creativeWorkStatus": ["Fiche de départ, non relue par l’équipe porteuse", ' in html
    assert html.count('(cote proposée, non révisée)"') >= 1
    assert "[Fiche de départ, non relue par l’équipe porteuse]." in html
    assert html.count('class="Z3988"') == 1
    assert "/pratiques/visites-virtuelles.ris" in html
    ris = client.get("/pratiques/visites-virtuelles.ris")
    assert ris.mimetype == "application/x-research-info-systems"
    assert "TI  - Fiche visites-virtuelles" in ris.get_data(as_text=True)
    assert "N1  - Fiche de départ, non relue par" in ris.get_data(as_text=True)
    bib = client.get("/pratiques/visites-virtuelles.bib").get_data(as_text=True)
    assert "title = {Fiche visites-virtuelles}" in bib


@pytest.mark.parametrize("ending", ["ris", "bib"])
def test_what_may_not_be_read_is_not_cited(client: FlaskClient, ending: str) -> None:
    with writing() as session:
        make_practice(session, state=PracticeState.DRAFTING)
        make_practice(session, "retiree", state=PracticeState.WITHDRAWN)

    assert client.get(f"/pratiques/visites-virtuelles.{ending}").status_code == 404
    gone = client.get(f"/pratiques/retiree.{ending}")
    assert (gone.status_code, gone.location) == (302, "/pratiques/retiree")


def test_search_finds_the_words_of_every_block(session: Session) -> None:
    make_practice(session, **whole_values())

    document = load_document(session, "visites-virtuelles")

    assert document is not None
    for block in Block:
        assert f"Texte de {block.value}." in document.body
    for told in (
        "Équipe de proximité",
        "Personnes en attente\u00a0: 990\N{NO-BREAK SPACE}personnes printemps 2022",
        "Une agente",
        "12 000 $\u00a0: par an",
        "Une tablette.",
        "Une vision claire.",
        "Vu en région éloignée.",
        "Le guide",
    ):
        assert told in document.body, told
    assert document.fields["rating_status"] == "proposed"


def test_a_figure_before_and_after_is_drawn_beside_its_words(client: FlaskClient) -> None:
    html = shown(client, **answered_values())

    assert html.count('class="before-after"') == 1
    assert '<rect class="after" y="9" width="40.0" height="7"/>' in html
    assert "de 30 à 12" in words_of(html)
