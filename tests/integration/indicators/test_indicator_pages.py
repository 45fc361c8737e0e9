"""The balance sheet and the reference pages, on what ships."""

import csv
import re
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from inters4.core.content.exporting import export_files
from inters4.core.content.importing import Outcome, files_of, import_files
from inters4.core.db import reading, writing
from inters4.core.hooks import hooks
from inters4.core.paths import content_dir
from inters4.indicators.models import DigitalPlan, Fact
from inters4.practices.models import PracticeState
from tests.builders.kept import kept_apart
from tests.builders.practices import make_practice
from tests.builders.reading import read_page
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary

KINDS = ("fact", "digital-plan")
PLAN = "/reperes/transformation-numerique"
PAGES = ("/bilan", PLAN, "/reperes/innovation")
NOVEMBER = "/bilan?du=2026-11-01&au=2026-11-30"


@pytest.fixture(autouse=True)
def _content(database: str) -> None:
    """The figures and the plan that ship, and nothing else."""
    kept_apart("figures and plan", _import)
    with writing() as session:
        make_vocabulary(session)


def _import() -> None:
    root = content_dir()
    report = import_files(files_of(root, [hooks.content_kinds[name] for name in KINDS]), root)
    assert [str(error) for error in report.errors] == []


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def words_of(html: str) -> str:
    text = re.sub(r"<[^>]+>", " ", html.partition("<main")[2])
    return re.sub(r"[ \n]+", " ", text).replace("\u00a0", " ")


def rows_of(client: FlaskClient, path: str) -> list[list[str]]:
    text = page(client, path)
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def test_the_opening_figures_are_dated_and_sourced(client: FlaskClient) -> None:
    text = words_of(page(client, "/bilan"))

    assert "Repris du Bilan" in text
    assert "Source : Bilan InterS4 2017-2020 (juin 2020)" in text
    assert "82 articles Articles résumés · 31 mars 2020 Bilan InterS4 2017-2020" in text
    assert "Personnes formées 66 personnes 2017-2020" in text
    assert "Source : Communiqué InterS4 (24 octobre 2019)" in text


def test_the_page_says_that_opens_are_not_measured_and_why(client: FlaskClient) -> None:
    text = words_of(page(client, "/bilan"))

    assert "Pourquoi les ouvertures de courriels ne sont pas mesurées" in text
    assert "personne n’est suivi individuellement" in text


def test_what_was_published_stands_beside_what_is_counted_and_is_never_added(
    client: FlaskClient,
) -> None:
    with writing() as session:
        make_practice(session, "p1")
        make_practice(session, "p2")
        make_practice(session, "brouillon", state=PracticeState.DRAFTING)

    html = page(client, NOVEMBER)

    row = re.search(r'<tr id="chiffre-fiches-lisibles">.*?</tr>', html, re.DOTALL)
    assert row is not None
    assert re.findall(r">(\d+)<", row[0]) == ["2", "0"]
    assert "23 pratiques" in words_of(f"<main>{row[0]}")
    assert "31 mars 2020" in row[0]
    assert "Bilan InterS4 2017-2020 (juin 2020)" in row[0]
    assert "25" not in re.findall(r"\d+", words_of(html))  # 23 and 2 stay apart


def test_a_published_figure_whose_count_a_reader_may_not_see_is_still_read(
    client: FlaskClient,
) -> None:
    text = words_of(page(client, NOVEMBER))

    assert "Personnes inscrites au portail 146 personnes 31 mars 2020" in text
    assert "Abonnés à l’infolettre 68 abonnés 31 mars 2020" in text


@pytest.mark.parametrize(
    "query",
    [
        "du=0001-01-01&au=9999-12-31",
        "du=2026-02-30&au=2026-03-01",
        "du=&au=",
        "du=2026-03-01",
        "au=2026-03-01",
        "du=2026-03-02&au=2026-03-01",
        "du=1990-01-01&au=2026-03-01",
        "du=2001-01-01&au=2026-03-01",
        "du=2026-01-01&du=2026-02-01&au=2026-03-01",
        "du=%C3%A9&au=x",
        "du=<b>&au=%22%3E",
    ],
)
def test_a_period_that_makes_no_sense_is_told_and_nothing_is_counted(
    client: FlaskClient, query: str
) -> None:
    for path in ("/bilan", "/bilan.csv", "/bilan/fiches-publiees", "/bilan/fiches-publiees.csv"):
        answer = client.get(f"{path}?{query}")
        html = answer.get_data(as_text=True)
        assert answer.status_code == 422, path
        assert 'class="error-summary"' in html
        assert 'id="chiffre-' not in html
        read = read_page(html, address=path)
        assert (read.errors, read.faults, read.duplicate_ids) == ([], [], [])


def test_a_period_keeps_what_was_typed(client: FlaskClient) -> None:
    html = client.get("/bilan?du=2026-02-30&au=2026-03-01").get_data(as_text=True)

    assert 'type="text" value="2026-02-30"' in html  # a date field would show nothing of it
    assert 'type="date" value="2026-03-01"' in html


@pytest.mark.parametrize("number", ["0", "-3", "999999999999999999999", "deux"])
def test_a_page_of_a_list_that_does_not_exist_is_the_nearest(
    client: FlaskClient, number: str
) -> None:
    address = f"/bilan/fiches-publiees?du=2026-11-01&au=2026-11-30&page={number}"

    assert client.get(address).status_code == 200


def test_robots_are_led_to_one_balance_sheet_and_not_to_every_period(client: FlaskClient) -> None:
    html = page(client, "/bilan")
    periods = re.findall(r'<a [^>]*href="/bilan[?/.][^>]*>', html)

    assert 'content="noindex"' not in html
    assert 'content="noindex"' in page(client, NOVEMBER)
    assert periods
    assert all('rel="nofollow"' in link for link in periods)


def test_a_figure_that_nobody_counts_has_no_list(client: FlaskClient) -> None:
    assert client.get("/bilan/rencontres").status_code == 404
    assert client.get("/bilan/rencontres.csv").status_code == 404


def test_an_empty_list_says_that_the_figure_is_zero(client: FlaskClient) -> None:
    text = words_of(page(client, "/bilan/errata?du=2026-11-01&au=2026-11-30"))

    assert "Rien dans cette période" in text


def test_the_balance_sheet_without_figures_is_whole(client: FlaskClient) -> None:
    with writing() as session:
        for fact in session.scalars(select(Fact)):
            session.delete(fact)

    text = words_of(page(client, "/bilan"))
    assert "n’ont pas encore été importés" in text
    assert "Fiches publiées" in text


def test_the_balance_sheet_opens_in_a_spreadsheet(client: FlaskClient) -> None:
    with writing() as session:
        make_practice(session)

    heads, *rows = rows_of(client, NOVEMBER.replace("/bilan", "/bilan.csv"))
    found = {row[1]: row for row in rows}

    assert heads[2] == "Du 2026-11-01 au 2026-11-30"
    assert heads[4] == "Du 2026-10-01 au 2026-10-31"
    assert all(len(row) == len(heads) for row in rows)
    sheets = found["Fiches à lire à la fin de la période"]
    assert (sheets[2], sheets[4], sheets[6]) == ("1", "0", "23")
    assert sheets[-1].endswith("/bilan/fiches-lisibles?du=2026-11-01&au=2026-11-30")
    assert found["Personnes formées"][2] == ""
    assert found["Personnes formées"][6] == "66"
    published = {row[6] for row in rows}
    assert {"146", "68", "82", "23", "8", "2"} <= published


def test_every_objective_has_its_targets_in_a_table(client: FlaskClient) -> None:
    html = page(client, PLAN)

    assert len(re.findall(r'<tr id="objectif-\d\.\d">', html)) == 10
    targets = re.findall(r'<td data-label="(\d{4}-\d{4})">', html)
    assert targets == ["2023-2024", "2024-2025", "2025-2026", "2026-2027"] * 10
    text = words_of(html)
    assert "Adoption des parcours 90 % 90 % 90 %" in text
    assert "75 % 90 % 90 % aucune cible" in text
    assert "Source : PTN SSSS 2023-2027 (14 juillet 2023)" in text


def test_a_year_without_a_rate_has_no_bar(client: FlaskClient) -> None:
    rows = re.findall(r'<tr id="objectif.*?</tr>', page(client, PLAN), re.DOTALL)

    assert [row.count("rate-bar") for row in rows] == [4, 4, 3, 4, 0, 4, 2, 3, 2, 2]


def test_sources_that_disagree_are_both_told(client: FlaskClient) -> None:
    text = words_of(page(client, PLAN))

    assert "975 M$" in text
    assert "951 M$" in text
    assert "les deux chiffres sont repris, sans trancher" in text


def test_the_targets_open_in_a_spreadsheet_and_are_no_formulas(client: FlaskClient) -> None:
    heads, *rows = rows_of(client, f"{PLAN}.csv")

    assert len(rows) == 10
    assert all(len(row) == len(heads) for row in rows)
    maturity: Sequence[str] = next(row for row in rows if row[1] == "3.1")
    assert [value.replace("\u00a0", " ") for value in maturity[-4:-1]] == [
        "'+5 %",
        "'+10 %",
        "'+15 %",
    ]


def test_the_innovation_office_is_told_with_its_undated_source(client: FlaskClient) -> None:
    text = words_of(page(client, "/reperes/innovation"))

    assert "Source : Présentation du Bureau de l’innovation, MSSS" in text
    assert "s. d. (2023-2024)" in text
    assert "environ 57 personnes" in text


def test_nothing_of_a_fictive_exercise_is_shown(client: FlaskClient) -> None:
    for path in PAGES:
        text = page(client, path)
        assert "Public Lab" not in text
        assert "Secrétariat" not in text


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_and_in_good_french(client: FlaskClient, path: str) -> None:
    read = read_page(page(client, path), address=path)

    assert read.errors == []
    assert read.faults == []
    assert read.duplicate_ids == []
    assert read.titles == 1


@pytest.mark.parametrize("path", PAGES)
def test_what_is_in_french_only_says_so_to_an_english_reader(
    client: FlaskClient, path: str
) -> None:
    assert '<span lang="fr">' in page(client, f"{path}?lang=en")
    assert '<span lang="fr">' not in page(client, f"{path}?lang=fr")


def test_every_word_of_the_bilan_is_in_french_to_an_english_reader(client: FlaskClient) -> None:
    html = page(client, "/bilan?lang=en")

    cells = re.findall(r'<td data-label="From the track record"><span>(.+?)</td>', html)
    assert cells
    for cell in cells:
        outside = re.sub(r"<[^>]+>", "", re.sub(r'<span lang="fr">[^<]*</span>', "", cell))
        assert not re.search(r"\w", outside), outside
    assert '<caption>Source: <span lang="fr">Bilan InterS4' in html


@pytest.mark.parametrize(("path", "count"), [("/bilan", 1), (PLAN, 2), ("/reperes/innovation", 1)])
def test_a_page_costs_a_fixed_number_of_statements(
    client: FlaskClient, path: str, count: int
) -> None:
    with writing() as session:
        for number in range(3):
            make_practice(session, f"p{number}")
    page(client, path)
    with statements() as found:
        page(client, path)

    assert len(found) == count, found


def test_a_portal_without_a_plan_has_no_such_page(client: FlaskClient) -> None:
    with writing() as session:
        for plan in session.scalars(select(DigitalPlan)):
            session.delete(plan)

    assert client.get(PLAN).status_code == 404
    assert client.get(f"{PLAN}.csv").status_code == 404


def test_what_ships_is_exported_byte_for_byte(tmp_path: Path) -> None:
    kinds = [hooks.content_kinds[name] for name in KINDS]

    with reading() as session:
        paths = export_files(session, tmp_path, kinds)

    assert [path.as_posix() for path in paths] == ["facts.yaml", "digital-plan.yaml"]
    for path in paths:
        assert (tmp_path / path).read_text() == (content_dir() / path).read_text()
    again = import_files(files_of(tmp_path, kinds), tmp_path)
    assert again.count(Outcome.UNCHANGED) == sum(again.counts.values())


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("facts.yaml", "facts:\n  - id: a\n", "Il manque « topic »."),
        ("facts.yaml", "autre: a\n", "Il manque « facts »."),
        ("digital-plan.yaml", "id: a\ntitle: A\nsource: B\n", "Il manque « objectives »."),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(f"---\n{text}")
    kinds = [hooks.content_kinds[kind] for kind in KINDS]

    report = import_files(files_of(tmp_path, kinds), tmp_path)

    assert any(told in str(error).replace("\u00a0", " ") for error in report.errors)
