"""The list, each summary and the desk, as each person sees them."""

import csv
import io
import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import html5lib
import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS, Grant, Role, Viewer
from inters4.core.db import reading, writing
from inters4.veille.models import AppraisalTool, LimitSource, OpenAccess, SummaryState
from inters4.veille.queries.summaries import find_summary
from tests.builders.members import make_viewer, sign_in_as
from tests.builders.practices import make_practice
from tests.builders.statements import statements
from tests.builders.veille import PARAGRAPH, make_summary
from tests.builders.vocabulary import make_vocabulary

PATH = "/veille/resumes/suivi-a-domicile"
MEMBER = Viewer(member_id=1)
BROKER = Viewer(member_id=2, grants=frozenset({Grant(Role.BROKER)}))
COORDINATION = Viewer(member_id=3, grants=frozenset({Grant(Role.COORDINATION)}))
REASON = "Les données étaient fausses."


@pytest.fixture(autouse=True)
def _words(database: str) -> None:
    with writing() as session:
        make_vocabulary(session)


def add(summary_id: str = "suivi-a-domicile", **values: Any) -> None:
    with writing() as session:
        make_summary(session, summary_id, **values)


def draft(summary_id: str = "suivi-a-domicile", **values: Any) -> None:
    add(summary_id, **{"state": SummaryState.DRAFT, "published_at": None, **values})


def page(client: FlaskClient, path: str = PATH) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    html = answer.get_data(as_text=True)
    html5lib.HTMLParser(strict=True).parse(html)
    return html


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html.partition("<main")[2])))


def sign_in(client: FlaskClient, session: Session, role: Role | None) -> None:
    sign_in_as(client, session, make_viewer(session, role=role))


def test_a_published_summary_is_for_everyone(client: FlaskClient) -> None:
    add()

    text = words_of(page(client))

    assert "Résumé suivi-a-domicile" in text
    assert PARAGRAPH in text
    assert "La principale limite (selon la source consultée) Petit échantillon." in text
    assert "Pour notre contexte Une piste" in text
    assert "Devis Rapport / littérature grise" in text
    assert "Un rapport publié hors des revues savantes." in text
    assert "Accès libre ou non : inconnu" in text
    assert "Essai, A. & Exemple, C. (2019). Following people at home" in text
    assert "Résumé publié le 21 novembre 2026." in text


def test_a_starter_summary_says_that_nobody_is_its_author(client: FlaskClient) -> None:
    add()

    assert "Résumé de départ, sans auteur" in words_of(page(client))
    assert "résumé de départ, sans auteur" in words_of(page(client, "/veille"))
    assert "résumé de départ, sans auteur" in client.get("/veille/resumes.csv").text
    assert "Résumé de départ, sans auteur" in client.get("/veille/flux.json").text


def test_a_strength_that_nobody_appraised_is_only_proposed(client: FlaskClient) -> None:
    add()
    assert "cote proposée, non révisée" in words_of(page(client))
    assert "cote proposée, non révisée" in words_of(page(client, "/veille"))
    assert "<circle" not in page(client)

    add(appraisal_tool=AppraisalTool.AMSTAR_2, appraisal_result="8 sur 11")

    assert "non révisée" not in words_of(page(client))
    assert "Qualité jugée avec AMSTAR 2 : 8 sur 11." in words_of(page(client))


def test_what_was_deduced_says_so_beside_its_value(client: FlaskClient) -> None:
    add(inferred=("year",))

    assert "2019 déduit" in words_of(page(client))
    assert words_of(page(client)).count("déduit") == 1


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (LimitSource.ARTICLE, "selon les auteurs"),
        (LimitSource.SOURCE, "selon la source consultée"),
        (LimitSource.JUDGEMENT, "selon l’équipe de courtage"),
    ],
)
def test_the_limit_says_who_sees_it(client: FlaskClient, source: LimitSource, words: str) -> None:
    add(limit_source=source)

    assert f"La principale limite ({words})" in words_of(page(client))


def test_a_summary_leads_to_its_article_and_to_the_sheets_it_informs(client: FlaskClient) -> None:
    with writing() as session:
        make_practice(session)
        make_practice(session, "brouillon", state="drafting")
    add(practices=("visites-virtuelles", "brouillon"))

    html = page(client)

    assert 'href="https://doi.org/10.1234/essai.56"' in html
    assert 'href="/pratiques/visites-virtuelles"' in html
    assert "brouillon" not in html


def test_a_sheet_shows_the_summaries_that_inform_it(client: FlaskClient) -> None:
    with writing() as session:
        make_practice(session)
    add(practices=("visites-virtuelles",))
    draft("autre", practices=("visites-virtuelles",))

    html = page(client, "/pratiques/visites-virtuelles")

    assert 'href="/veille/resumes/suivi-a-domicile"' in html
    assert "Résumés d’articles liés" in html
    assert "/veille/resumes/autre" not in html


def test_reference_managers_find_the_article_in_the_page(client: FlaskClient) -> None:
    add()

    html = page(client)

    assert '<meta name="citation_title" content="Following people at home">' in html
    assert '<meta name="citation_doi" content="10.1234/essai.56">' in html
    assert '"@type": "ScholarlyArticle"' in html
    assert 'class="Z3988"' in page(client, "/veille")


def test_the_reference_is_given_as_a_file(client: FlaskClient) -> None:
    add()

    entry = rispy.loads(client.get(f"{PATH}/citation.ris").text)[0]
    found = parse_string(client.get(f"{PATH}/citation.bib").text).entries[0]

    assert entry["authors"] == ["Essai, Ariane", "Exemple, Camille"]
    assert entry["doi"] == "10.1234/essai.56"
    assert found["journal"] == "Une revue"
    assert client.get(f"{PATH}/citation.pdf").status_code == 404


@pytest.mark.parametrize("state", [SummaryState.RETRACTED, SummaryState.REPLACED])
def test_what_no_longer_holds_says_why_and_shows_its_text_no_more(
    client: FlaskClient, state: SummaryState
) -> None:
    add("nouveau")
    add(state=state, state_reason=REASON, replaced_by="nouveau")

    html = page(client)

    assert REASON in html
    assert PARAGRAPH not in html
    assert 'href="/veille/resumes/nouveau"' in html
    assert '<meta name="robots" content="noindex">' in html
    assert "suivi-a-domicile" not in page(client, "/veille")
    assert client.get(f"{PATH}/citation.ris").status_code == 404


def test_a_corrected_summary_is_read_under_its_correction(client: FlaskClient) -> None:
    add(state=SummaryState.CORRECTED, state_reason=REASON)

    assert REASON in page(client)
    assert PARAGRAPH in page(client)
    assert "corrigé depuis" in words_of(page(client, "/veille"))


def test_an_archived_summary_that_was_public_says_so(client: FlaskClient) -> None:
    add(state=SummaryState.ARCHIVED)

    assert "n’est plus tenu à jour" in words_of(page(client))


VISIBLE = {
    SummaryState.PUBLISHED,
    SummaryState.CORRECTED,
    SummaryState.REPLACED,
    SummaryState.RETRACTED,
    SummaryState.ARCHIVED,
}


@pytest.mark.parametrize("viewer", [ANONYMOUS, MEMBER, BROKER, COORDINATION])
@pytest.mark.parametrize("state", SummaryState)
@pytest.mark.parametrize("was_published", [True, False])
def test_only_the_brokering_team_knows_of_what_was_never_published(
    viewer: Viewer, state: SummaryState, was_published: bool
) -> None:
    day: dict[str, Any] = {} if was_published else {"published_at": None}
    add(state=state, state_reason=REASON, **day)
    is_public = state in VISIBLE and (was_published or state is not SummaryState.ARCHIVED)

    with reading() as session:
        found = find_summary(session, "suivi-a-domicile", viewer=viewer)

    assert (found is not None) is (is_public or viewer in (BROKER, COORDINATION))


@pytest.mark.parametrize("role", [None, Role.REVIEWER, Role.ADMIN])
def test_a_draft_and_the_desk_do_not_exist_for_others(
    client: FlaskClient, session: Session, role: Role | None
) -> None:
    draft()
    sign_in(client, session, role)

    for path in (PATH, f"{PATH}/citation.ris", "/veille/bureau"):
        assert client.get(path).status_code == 404
    assert "/veille/bureau" not in page(client, "/veille")


def test_a_draft_and_the_desk_do_not_exist_for_visitors(client: FlaskClient) -> None:
    draft()

    for path in (PATH, f"{PATH}/citation.bib"):
        assert client.get(path).status_code == 404
    for path in ("/veille/bureau", "/veille/bureau/resumes"):
        assert client.get(path).headers["Location"].startswith("/connexion")
    assert "suivi-a-domicile" not in page(client, "/veille")


@pytest.mark.parametrize("role", [Role.BROKER, Role.COORDINATION])
def test_the_team_reads_a_draft_with_what_it_lacks(
    client: FlaskClient, session: Session, role: Role
) -> None:
    draft(missing=("Le DOI.",), authors=(), paragraph="Un début.")
    sign_in(client, session, role)

    for path in (PATH, "/veille/bureau/resumes"):
        text = words_of(page(client, path))
        assert "Il manque : Le DOI. À faire avant de le publier :" in text
        assert "Remplissez « Auteurs »." in text
        assert "Le résumé a 2 mots" in text
    assert "Brouillon : seule l’équipe de courtage voit cette page." in words_of(page(client))
    assert '<meta name="robots" content="noindex">' in page(client)
    assert "/veille/bureau" in page(client, "/veille")


@pytest.mark.parametrize(
    ("role", "is_there"), [(Role.BROKER, True), (Role.COORDINATION, True), (Role.REVIEWER, False)]
)
def test_the_team_finds_its_desk_in_the_account_menu(
    client: FlaskClient, session: Session, role: Role, *, is_there: bool
) -> None:
    sign_in(client, session, role)

    menu = page(client, "/veille").partition('class="account-panel"')[2].partition("</details>")[0]

    assert "Se déconnecter" in menu
    assert ('href="/veille/bureau">Bureau de veille</a>' in menu) is is_there


def test_the_desk_is_narrowed_to_a_state_and_a_theme(client: FlaskClient, session: Session) -> None:
    draft("un")
    draft("deux", state=SummaryState.READY, themes=("domicile.hospitalisation-domicile",))
    add("publie")
    sign_in(client, session, Role.BROKER)

    def shown(path: str) -> set[str]:
        return set(re.findall(r'href="/veille/resumes/([^"/]+)/suivi"', page(client, path)))

    assert shown("/veille/bureau/resumes") == {"un", "deux"}
    assert shown("/veille/bureau/resumes?etat=ready") == {"deux"}
    assert shown("/veille/bureau/resumes?theme=telesante") == {"un"}
    assert shown("/veille/bureau/resumes?etat=published") == {"un", "deux"}
    assert shown("/veille/bureau/resumes?etat=in-review") == set()
    assert "Rien ne manque pour le publier." in page(client, "/veille/bureau/resumes?etat=ready")


def test_a_former_address_leads_to_the_present_one(client: FlaskClient) -> None:
    add()
    add(slug="autre-adresse")

    answer = client.get(PATH)

    assert answer.status_code == 301
    assert answer.headers["Location"] == "/veille/resumes/autre-adresse"
    assert client.get("/veille/resumes/rien").status_code == 404


def test_a_former_address_of_a_draft_says_nothing(client: FlaskClient) -> None:
    draft()
    draft(slug="autre-adresse")

    assert client.get(PATH).status_code == 404


def test_a_summary_that_takes_back_its_address_keeps_it(client: FlaskClient) -> None:
    add()
    add(slug="autre-adresse")
    add()

    assert client.get(PATH).status_code == 200
    assert client.get("/veille/resumes/autre-adresse").status_code == 301


def test_an_english_reader_is_told_that_the_summary_is_in_french(client: FlaskClient) -> None:
    add()

    html = page(client, f"{PATH}?lang=en")

    assert '<h1 lang="fr">Résumé suivi-a-domicile</h1>' in html
    assert '<div class="foreign" lang="fr">' in html
    assert 'hreflang="en"' in html


def test_a_translation_and_its_original_lead_to_each_other(client: FlaskClient) -> None:
    add()
    add("home-care", language="en", translation_of="suivi-a-domicile", title="Care at home")

    assert 'href="/veille/resumes/home-care" lang="en"' in page(client)
    english = page(client, "/veille/resumes/home-care?lang=en")
    assert 'href="/veille/resumes/suivi-a-domicile" lang="fr"' in english
    assert "n’existe qu’en français" not in english


def test_text_typed_by_people_is_escaped(client: FlaskClient) -> None:
    nasty = "<script>alert(1)</script>"
    add(title=nasty, hook=nasty, limit=nasty, article_title=nasty, authors=(nasty,), journal=nasty)

    for path in (PATH, "/veille", "/veille/flux.atom"):
        assert "<script>alert" not in client.get(path).text


FILTERS: list[tuple[str, Callable[[], None]]] = [
    ("theme=domicile", lambda: add("oui", themes=("domicile.hospitalisation-domicile",))),
    ("population=aines", lambda: add("oui")),
    ("devis=gris", lambda: add("oui")),
    ("acces=libre", lambda: add("oui", open_access=OpenAccess.YES)),
]


@pytest.mark.parametrize(("query", "make"), FILTERS)
def test_the_list_is_narrowed(client: FlaskClient, query: str, make: Callable[[], None]) -> None:
    make()
    add("non", populations=(), design="", open_access=OpenAccess.NO)

    html = page(client, f"/veille?{query}")
    rows = list(
        csv.reader(io.StringIO(client.get(f"/veille/resumes.csv?{query}").text[1:]), delimiter=";")
    )

    assert "/veille/resumes/oui" in html
    assert "/veille/resumes/non" not in html
    assert [row[-1] for row in rows[1:]] == ["oui"]


def test_what_cannot_be_read_in_the_address_narrows_nothing(client: FlaskClient) -> None:
    add()

    for query in ("theme=rien&devis=x&population=y&acces=z&tri=w&page=-3", "page=99999"):
        shown = page(client, f"/veille?{query}")
        assert "suivi-a-domicile" in shown
        assert ("Un des filtres demandés n’existe pas ici" in shown) == ("rien" in query)
    assert client.get("/veille/resumes.exe").status_code == 404


def test_the_list_is_sorted_by_parution_or_by_year(client: FlaskClient) -> None:
    add("vieux", year=2001)
    add("jeune", year=2024)
    add("sans-date", year=None)

    html = page(client, "/veille?tri=annee")

    assert re.findall(r'href="/veille/resumes/([a-z-]+)"', html) == ["jeune", "vieux", "sans-date"]


def test_the_whole_list_is_given_as_references(client: FlaskClient) -> None:
    add("un", title="=1+1")
    add("deux", doi="10.1234/deux")

    assert len(rispy.loads(client.get("/veille/resumes.ris").text)) == 2
    assert len(parse_string(client.get("/veille/resumes.bib").text).entries) == 2
    assert "'=1+1" in client.get("/veille/resumes.csv").text


def test_an_empty_list_teaches_the_next_step(client: FlaskClient) -> None:
    assert "Aucun résumé n’est encore publié" in words_of(page(client, "/veille"))
    add(themes=("telesante",))

    html = page(client, "/veille?theme=domicile")

    assert "Aucun résumé ne correspond à ces filtres" in words_of(html)


@pytest.mark.parametrize(("path", "expected"), [("/veille", 7), ("/veille/resumes.csv", 3)])
def test_the_list_costs_the_same_statements_whatever_its_length(
    client: FlaskClient, path: str, expected: int
) -> None:
    add("un")
    client.get(path)
    add("deux")
    with statements() as few:
        client.get(path)
    for number in range(30):
        add(f"r{number}")
    with statements() as many:
        page(client, path) if path == "/veille" else client.get(path)

    assert len(many) == len(few) == expected, many


def test_a_list_that_nothing_changed_is_not_sorted_again(client: FlaskClient) -> None:
    add("un")
    client.get("/veille?tri=annee")
    with statements() as again:
        client.get("/veille?tri=annee")

    assert len(again) == 4, again
    add("deux")
    assert "deux" in page(client, "/veille?tri=annee")


def test_the_desk_costs_the_same_statements_whatever_its_length(
    client: FlaskClient, session: Session
) -> None:
    sign_in(client, session, Role.BROKER)
    draft("un")
    client.get("/veille/bureau/resumes")
    with statements() as few:
        client.get("/veille/bureau/resumes")
    for number in range(30):
        draft(f"r{number}")
    with statements() as many:
        assert "Page 1 de 2" in words_of(page(client, "/veille/bureau/resumes"))

    assert len(many) == len(few), many


def test_a_starter_summary_says_so_to_machines_and_in_references(client: FlaskClient) -> None:
    add(evidence_strength="suggestive")

    html = page(client)

    (described,) = re.findall(r'"creativeWorkStatus": (\[[^\]]+\])', html)
    assert json.loads(described) == [
        "Résumé de départ, sans auteur",
        "Force de la preuve\N{NO-BREAK SPACE}: Suggestive / faible (cote proposée, non révisée)",
    ]
    assert "InterS4\N{NO-BREAK SPACE}: Résumé de départ, sans auteur" in html
    ris = client.get(f"{PATH}/citation.ris").get_data(as_text=True)
    assert "N1  - InterS4\N{NO-BREAK SPACE}: Résumé de départ, sans auteur" in ris


def test_a_summary_leads_to_where_it_is_discussed_with_itself_as_origin(
    client: FlaskClient,
) -> None:
    add()

    html = page(client)

    assert f'href="/question?de={PATH}"' in html
    assert "En discuter" in html
