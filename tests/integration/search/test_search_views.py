"""`/recherche` over HTTP: whole pages, parts for htmx, and an index that does not answer."""

import re

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.vocabulary.services import save_term
from tests.builders.search import Shelf, make_document

HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(shelf: Shelf, app: Flask) -> FlaskClient:
    return app.test_client()


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def test_the_page_says_how_many_and_is_kept_from_robots(shelf: Shelf, client: FlaskClient) -> None:
    shelf.put(*(make_document(f"chutes-{number}") for number in range(9)))
    shelf.index()

    answer = client.get("/recherche?q=chutes")
    page = answer.get_data(as_text=True)

    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert '<h1 tabindex="-1">9 résultats</h1>' in page
    assert "<title>9 résultats pour «\xa0chutes\xa0» · InterS4</title>" in page
    assert 'value="chutes"' in page


def test_the_link_of_each_title_stands_alone_on_its_line(shelf: Shelf, client: FlaskClient) -> None:
    shelf.put(make_document("chutes", title="Prévenir les chutes & le reste"))
    shelf.index()

    lines = text_of(client, "/recherche").splitlines()

    assert '<a href="/essais/chutes">Prévenir les chutes &amp; le reste</a>' in lines


def test_htmx_receives_the_list_the_filters_and_the_title_only(
    shelf: Shelf, client: FlaskClient
) -> None:
    shelf.put(make_document("chutes"))
    shelf.index()

    answer = client.get("/recherche?q=chutes&annee_min=&page=1", headers=HTMX)
    part = answer.get_data(as_text=True)

    for anchor in ('id="results"', 'id="facet-values"', 'id="facets-done"', "<title>1 résultat"):
        assert part.count(anchor) == 1
    assert "site-header" not in part
    assert answer.headers["HX-Push-Url"] == "/recherche?q=chutes"
    assert "HX-Request" in answer.headers["Vary"]


def test_links_to_other_searches_are_not_for_robots(shelf: Shelf, client: FlaskClient) -> None:
    shelf.put(make_document("chutes"), make_document("repit", kind="resume"))
    shelf.index()

    page = text_of(client, "/recherche?q=chutes&type=resume&exact=1")

    links = re.findall(r'<a [^>]*href="/recherche\?[^>]*>', page)
    assert links
    assert all("nofollow" in link for link in links)


def test_every_filter_is_a_field_of_one_form(shelf: Shelf, client: FlaskClient) -> None:
    shelf.put(make_document("chutes"), make_document("repit", kind="resume"))
    shelf.index()

    page = text_of(client, "/recherche?q=chutes&exact=1&type=fiche")

    assert '<input type="hidden" name="q" value="chutes">' in page
    assert '<input type="hidden" name="exact" value="1">' in page
    assert re.search(r'<input type="checkbox"[^>]*name="type" value="fiche" checked>', page)


def test_nothing_found_leads_somewhere(shelf: Shelf, client: FlaskClient) -> None:
    shelf.put(make_document("chutes"), make_document("repit"))
    shelf.index()

    page = text_of(client, "/recherche?q=chutes&annee_max=1999")

    assert "Aucun résultat" in page
    assert "sans aucun filtre" in page
    assert "(1 résultat)" in page
    assert "jusqu’en 1999" in page
    assert "Voir les" not in page
    assert "Voir les 2 résultats" in text_of(client, "/recherche")


def test_what_people_type_is_shown_as_text(shelf: Shelf, client: FlaskClient) -> None:
    shelf.index()

    page = text_of(client, "/recherche?q=%3Cscript%3Ealert(1)%3C/script%3E")

    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "a" * 20_000,
        "q=" + "(" * 2_000 + "a" + ")" * 2_000,
        "q=" + "+".join(f"mot{number}" for number in range(500)),
        "q=soins&page=1000000000",
        "q=%F0%9F%98%80" * 2_000,
        "&".join(f"region=rss{number}" for number in range(2_000)),
        "&".join("q=soins" for _ in range(500)),
        "q=soins%00&type=%00",
        "q=soins&annee_min=" + "9" * 5_000 + "&page=" + "9" * 5_000,
        "q=" + "NOT+" * 500 + "soins",
        "q=" + "titre:(" * 500 + "a",
        "q=%22" + "+".join(f"mot{number}" for number in range(30)) + "%22",
        "q=" + "+".join(f"mo{letter}*" for letter in "abcdefghijklmnopqrstuvwxyz" * 4),
        "q=%C3%28%FF",
        "q=soins&tri=inconnu&exact=oui&theme=../..&inconnu=1&page=-1&page=2",
    ],
)
def test_an_excessive_request_is_answered_within_bounds(
    shelf: Shelf, client: FlaskClient, query: str
) -> None:
    shelf.put(*(make_document(f"mot{number}", body="soins a") for number in range(30)))
    shelf.index()

    answer = client.get(f"/recherche?{query}")

    assert answer.status_code in {200, 400}
    assert len(answer.get_data()) < 300_000


def test_without_an_index_only_the_search_is_closed(shelf: Shelf, client: FlaskClient) -> None:
    answer = client.get("/recherche?q=chutes")

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "La recherche se remet en route" in answer.get_data(as_text=True)
    assert client.get("/").status_code == 200


def test_without_an_index_the_portal_is_not_ready_and_says_why_in_one_line(
    shelf: Shelf,
    client: FlaskClient,
) -> None:
    with structlog.testing.capture_logs() as journal:
        ready = client.get("/readyz")

    assert (ready.status_code, ready.get_json()["checks"]["index"]) == (503, "fail")
    assert int(ready.headers["Retry-After"]) > 0
    [told] = [line for line in journal if line["event"] == "not_ready"]
    assert "No index can be opened" in told["reason"]
    assert not told["exc_info"]


def test_with_an_index_the_portal_is_ready(shelf: Shelf, client: FlaskClient) -> None:
    shelf.index()

    assert client.get("/readyz").get_json()["checks"]["index"] == "ok"
    assert client.get("/recherche?q=chutes").status_code == 200


def test_what_nobody_knows_is_left_out_of_the_addresses(shelf: Shelf, client: FlaskClient) -> None:
    shelf.put(make_document("chutes"))
    shelf.index()

    answer = client.get(
        "/recherche?inconnu=1&q=chutes&q=autre&tri=hasard&page=zéro&type=jamais&annee_min=20244",
        headers=HTMX,
    )

    assert answer.headers["HX-Push-Url"] == "/recherche?q=chutes"


def test_files_and_other_searches_are_not_for_robots(shelf: Shelf, client: FlaskClient) -> None:
    shelf.put(*(make_document(f"chutes-{number}") for number in range(25)))
    shelf.index()

    page = text_of(client, "/recherche?q=chutes")

    main = page.partition("<main")[2].partition("</main")[0]
    links = re.findall(r'<a [^>]*href="/(?:recherche|question|ma-region)[^>]*>', main)
    assert len([link for link in links if "/recherche/resultats." in link]) == 5
    assert all("nofollow" in link or "page=" in link for link in links), links
    assert '<meta name="robots" content="noindex">' in page
    assert page.count("<h1") == 1


def test_browsers_are_told_how_to_search_here(shelf: Shelf, client: FlaskClient) -> None:
    answer = client.get("/recherche/moteur.xml")
    description = answer.get_data(as_text=True)

    assert answer.mimetype == "application/opensearchdescription+xml"
    assert "/recherche?q={searchTerms}" in description
    assert "<ShortName>InterS4</ShortName>" in description
    assert (
        'type="application/opensearchdescription+xml" title="InterS4" href="/recherche/moteur.xml"'
        in text_of(client, "/")
    )


def test_a_long_facet_has_a_box_of_its_own_and_a_short_one_none(
    shelf: Shelf, client: FlaskClient, session: Session
) -> None:
    for place in range(1, 18):
        save_term(
            session,
            "regions",
            f"rss{place:02}",
            position=place,
            values={"fr": f"R{place}", "en": ""},
        )
    session.commit()
    shelf.put(
        *(
            make_document(f"d{place}", facets={"region": (f"rss{place:02}",)})
            for place in range(1, 18)
        )
    )
    shelf.index()

    page = text_of(client, "/recherche")

    assert 'id="filter-region" data-facet-filter' in page
    assert page.count("data-facet-filter") == 1
    assert page.count('name="region"') == 17
    assert "11 autres" in page


def test_what_is_chosen_stays_in_its_place_and_is_unfolded(
    shelf: Shelf, client: FlaskClient, session: Session
) -> None:
    for place in range(1, 10):
        save_term(
            session,
            "regions",
            f"rss{place:02}",
            position=place,
            values={"fr": f"R{place}", "en": ""},
        )
    session.commit()
    shelf.put(
        *(
            make_document(f"d{place}", facets={"region": (f"rss{place:02}",)})
            for place in range(1, 10)
        )
    )
    shelf.index()

    page = text_of(client, "/recherche?region=rss09")

    values = re.findall(r'name="region" value="(rss\d+)"', page)
    assert values == [f"rss{place:02}" for place in range(1, 10)]
    assert '<details id="more-region" open>' in page
    assert re.search(r'<a class="chip" [^>]*href="/recherche"', page)
