"""The list and the sheet, as people see them."""

import re
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient

from inters4.core.access import ANONYMOUS, Grant, Role, Viewer
from inters4.core.db import reading, writing
from inters4.practices.models import Block, Evaluation, Nature, PracticeState, RatingStatus
from inters4.practices.queries import Filters, find_practice, list_practices
from tests.builders.practices import BLOCKS, make_practice
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary

BROKER = Viewer(member_id=1, grants=frozenset({Grant(Role.BROKER)}))
REVIEWER = Viewer(member_id=2, grants=frozenset({Grant(Role.REVIEWER)}))


@pytest.fixture(autouse=True)
def _words(database: str) -> None:
    with writing() as session:
        make_vocabulary(session)


def add(practice_id: str = "visites-virtuelles", **values: object) -> None:
    with writing() as session:
        make_practice(session, practice_id, **values)


def page(client: FlaskClient, path: str = "/pratiques/visites-virtuelles") -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.partition("<main")[2]))


def test_a_published_sheet_is_for_everyone(client: FlaskClient) -> None:
    add(result="Mesuré [1].", result_nature=Nature.ACTIVITY)

    text = words_of(page(client))

    assert "Fiche visites-virtuelles" in text
    assert "Le résultat (activité)" in text
    assert "Prometteuse" in text
    assert "cotes proposées, non révisées" in text
    assert "Fiche de départ, non relue par l’équipe porteuse." in text
    assert "Non évaluée. Aucune étude d’effet n’a été vue." in text
    assert "Inconnu : aucune source vue ne le dit." in text


def test_each_citation_leads_to_a_source_of_the_page(client: FlaskClient) -> None:
    add(outcomes=({**OUTCOME, "value": "92 %", "reference": 1},))

    html = page(client)

    targets = set(re.findall(r'href="#(texte-source-\d+)"', html))
    assert targets == {"texte-source-1"}
    assert 'id="texte-source-1"' in html
    assert re.search(
        r'<p>Le contexte <a href="#texte-source-1"(?: id="appel-1")?>\[1\]</a>\.</p>', html
    )
    assert html.count('id="appel-1"') == 1
    assert 'href="#appel-1"' in html


def test_each_entry_of_the_contents_leads_to_a_section(client: FlaskClient) -> None:
    blocks = {**BLOCKS, Block.DOUBTS: "Une source dit autre chose.", Block.PITFALLS: "Un piège."}
    add(blocks=blocks)

    html = page(client)

    anchors = set(re.findall(r'<li><a href="#([a-z]+)">', html))
    assert {
        "contexte",
        "pratique",
        "resultats",
        "cotes",
        "demarrer",
        "doutes",
        "sources",
    } <= anchors
    assert all(f'id="{anchor}"' in html for anchor in anchors)


def test_a_measure_before_and_after_is_told_with_its_unit(client: FlaskClient) -> None:
    measured = {**OUTCOME, "before": "15,2", "after": "6,9", "unit": "jours", "n": "95"}
    add(outcomes=(measured,), evaluation=Evaluation.DESCRIBED)

    html = page(client)
    text = words_of(html)

    assert "de 15,2 à 6,9\N{NO-BREAK SPACE}jours" in html
    assert "inconnu" in text  # the period, which the source does not give


def test_an_adopter_is_told_with_its_source(client: FlaskClient) -> None:
    adopter = {"organisation": "", "name": "CIUSSS voisin", "region": "rss02", "since": "2022"}
    add(adopters=({**adopter, "source": 1},))

    html = page(client)

    assert '<g class="source"><title>Saguenay–Lac-Saint-Jean</title>' in html
    assert "Rapporté par une source : CIUSSS voisin (2022)" in words_of(html)


def test_reviewed_ratings_do_not_say_that_they_are_proposed(client: FlaskClient) -> None:
    add(rating_status=RatingStatus.REVIEWED)

    text = words_of(page(client))

    assert "non révisées" not in text


def test_a_sheet_past_its_date_says_so(client: FlaskClient) -> None:
    add(review_due=date(2020, 1, 2))

    assert "devait être révisée avant le 2 janvier 2020" in words_of(page(client))


def test_an_english_reader_is_told_that_the_sheet_is_in_french(client: FlaskClient) -> None:
    add()

    html = page(client, "/pratiques/visites-virtuelles?lang=en")

    assert '<article class="sheet">' in html
    assert '<h1 lang="fr">Fiche visites-virtuelles</h1>' in html


@pytest.mark.parametrize(
    ("of_page", "of_title", "said"),
    [("fr", "", ""), ("fr", "en", ' lang="en"'), ("en", "", ' lang="fr"'), ("en", "en", "")],
)
def test_the_title_of_a_source_says_its_language(
    client: FlaskClient, of_page: str, of_title: str, said: str
) -> None:
    source = {"number": 1, "title": "Une source", "language": of_title, "publisher": ""}
    add(references=({**source, "year": None, "url": "", "doi": ""},))

    html = page(client, f"/pratiques/visites-virtuelles?lang={of_page}")

    assert f"<cite{said}>Une source</cite>" in html


def test_text_typed_by_people_is_escaped(client: FlaskClient) -> None:
    add(title="<script>alert(1)</script>", blocks={**BLOCKS, Block.CONTEXT: "<script>x</script>"})

    assert "<script>alert" not in page(client)
    assert "<script>x" not in page(client)


def test_an_unknown_sheet_is_a_404(client: FlaskClient) -> None:
    assert client.get("/pratiques/rien").status_code == 404


@pytest.mark.parametrize("state", [PracticeState.DRAFTING, PracticeState.REVIEW])
def test_a_draft_is_a_404_and_is_not_listed(client: FlaskClient, state: PracticeState) -> None:
    add(state=state)

    assert client.get("/pratiques/visites-virtuelles").status_code == 404
    assert "visites-virtuelles" not in page(client, "/pratiques")


@pytest.mark.parametrize(
    ("viewer", "sees"), [(ANONYMOUS, False), (REVIEWER, False), (BROKER, True)]
)
def test_only_the_brokering_team_sees_a_draft(viewer: Viewer, sees: bool) -> None:
    add(state=PracticeState.DRAFTING)

    with reading() as session:
        found = find_practice(session, "visites-virtuelles", viewer=viewer)

    assert (found is not None) is sees


def test_a_withdrawn_sheet_says_why_and_is_not_listed(client: FlaskClient) -> None:
    add(state=PracticeState.WITHDRAWN, state_reason="Le service a fermé.")

    text = words_of(page(client))

    assert "Cette fiche est retirée." in text
    assert "Le service a fermé." in text
    assert "La solution" not in text
    assert "visites-virtuelles" not in page(client, "/pratiques")


def test_a_former_address_redirects_for_ever(client: FlaskClient) -> None:
    add()
    add(slug="visites-a-distance")
    add(slug="consultations")

    for former in ("visites-virtuelles", "visites-a-distance"):
        answer = client.get(f"/pratiques/{former}")
        assert answer.status_code == 301
        assert answer.location == "/pratiques/consultations"


def test_a_sheet_may_take_its_former_address_back(client: FlaskClient) -> None:
    add()
    add(slug="consultations")
    add()

    page(client)
    assert client.get("/pratiques/consultations").location == "/pratiques/visites-virtuelles"


def test_a_former_address_of_a_draft_is_a_404(client: FlaskClient) -> None:
    add()
    add(slug="consultations", state=PracticeState.DRAFTING)

    assert client.get("/pratiques/visites-virtuelles").status_code == 404


def test_the_list_is_newest_first_and_twenty_a_page(client: FlaskClient) -> None:
    for number in range(1, 24):
        add(f"p{number:02}", published_at=datetime(2026, 1, number, tzinfo=UTC))

    first, second = page(client, "/pratiques"), page(client, "/pratiques?page=2")

    assert re.findall(r'href="/pratiques/(p\d+)"', first)[:2] == ["p23", "p22"]
    assert len(re.findall(r'class="hit-title"', first)) == 20
    assert re.findall(r'href="/pratiques/(p\d+)"', second) == ["p03", "p02", "p01"]
    assert "23 fiches" in words_of(first)


@pytest.mark.parametrize("number", ["0", "-3", "99999999999999999999", "x"])
def test_a_page_that_does_not_exist_is_the_nearest(client: FlaskClient, number: str) -> None:
    add()

    assert "visites-virtuelles" in page(client, f"/pratiques?page={number}")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["a", "b"]),
        ("theme=telesante", ["a"]),
        ("theme=telesante.teleconsultation", ["a"]),
        ("theme=domicile&region=rss02", ["b"]),
        ("region=rss01", ["a"]),
        ("etape=mise-echelle", ["b"]),
        ("theme=telesante&region=rss02", []),
        ("theme=inconnu", ["a", "b"]),
    ],
)
def test_the_list_is_narrowed_by_theme_region_and_stage(
    client: FlaskClient, query: str, found: list[str]
) -> None:
    add("a")
    add("b", themes=("domicile",), regions=("rss02",), stage="mise-echelle")

    html = page(client, f"/pratiques?{query}")

    assert sorted(set(re.findall(r'href="/pratiques/([ab])"', html))) == found
    if not found:
        assert "Aucune pratique ne correspond à ces filtres" in words_of(html)


def test_filters_offer_only_what_leads_somewhere(client: FlaskClient) -> None:
    add()

    html = page(client, "/pratiques")

    offered = set(re.findall(r'<option value="([^"]+)"', html))
    assert offered - {"titre"} == {
        "telesante",
        "telesante.teleconsultation",
        "rss01",
        "domicile",
        "aines",
        "test",
        "prometteuse",
        "suggestive",
    }


def test_a_list_costs_the_same_statements_whatever_its_length(client: FlaskClient) -> None:
    client.get("/pratiques")
    add("p00")
    with statements() as short:
        client.get("/pratiques")
    for number in range(1, 20):
        add(f"p{number:02}")
    with statements() as long:
        client.get("/pratiques")
    with statements() as again:
        client.get("/pratiques")

    assert len(long) == len(short) == 10, long
    assert len(again) == 4, again


def test_a_sheet_costs_the_same_statements_whatever_its_length(client: FlaskClient) -> None:
    adopter = {
        "organisation": "",
        "name": "Ici",
        "region": "rss02",
        "everywhere": False,
        "since": "",
        "source": None,
    }
    client.get("/pratiques")
    add(adopters=(adopter,), outcomes=(OUTCOME,))
    with statements() as short:
        page(client)
    add(adopters=(adopter, {**adopter, "name": "Là"}), outcomes=(OUTCOME, OUTCOME))
    with statements() as long:
        page(client)
    with statements() as again:
        page(client)

    assert len(long) == len(short) == 14, long
    assert len(again) == 7, again


@pytest.mark.parametrize(("values", "expected"), [({}, 5), ({"outcomes": 2}, 6)])
def test_only_the_parts_that_a_sheet_has_are_read(values: dict[str, int], expected: int) -> None:
    add(outcomes=(OUTCOME,) * values.get("outcomes", 0))

    with reading() as session, statements() as found:
        find_practice(session, "visites-virtuelles", viewer=ANONYMOUS)

    assert len(found) == expected, found


def test_a_list_never_shows_more_than_the_query_allows() -> None:
    add("a")
    add("b", state=PracticeState.DRAFTING)

    with reading() as session:
        found = list_practices(session, viewer=BROKER, filters=Filters())
        ids = [practice.id for practice in found.rows]

    assert ids == ["a"]


OUTCOME = {
    "indicator": "Visites",
    "before": "",
    "after": "",
    "value": "",
    "unit": "",
    "n": "",
    "period": "",
    "design": "",
    "reference": None,
}
