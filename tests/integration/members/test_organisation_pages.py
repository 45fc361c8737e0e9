"""`/organisations`: names of today and before, what is carried there, what was taken up."""

import json
import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from inters4.core.db import writing
from inters4.members.models import OrganisationKind, OrganisationName, OrganisationRegion
from inters4.practices.models import PracticeState
from inters4.search.jobs import bring_up_to_date
from inters4.settings import Settings
from tests.builders.members import make_organisation
from tests.builders.practices import make_practice
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary


@pytest.fixture(autouse=True)
def _organisations(database: str) -> None:
    with writing() as session:
        make_vocabulary(session)
        ours = make_organisation(session, slug="cisss-bsl")
        ours.website = "https://exemple.ca/bsl/"
        session.add_all(
            [
                OrganisationRegion(organisation_id=ours.id, region="rss01"),
                OrganisationName(
                    organisation_id=ours.id,
                    name="CSSS de Rimouski",
                    valid_from=date(2004, 7, 1),
                    valid_to=date(2015, 3, 31),
                ),
                OrganisationName(
                    organisation_id=ours.id, name=ours.name, valid_from=date(2015, 4, 1)
                ),
            ]
        )
        make_organisation(
            session,
            slug="uqar",
            name="Université du Québec à Rimouski",
            kind=OrganisationKind.UNIVERSITY,
            is_consortium_member=False,
        )


def carries(practice_id: str, **values: object) -> None:
    row = {"id": "cisss-bsl", "name": ""}
    with writing() as session:
        make_practice(session, practice_id, organisations=(row,), **values)


def adopts(practice_id: str, **values: object) -> None:
    row = {"organisation": "cisss-bsl", "name": "", "region": "", "since": "2021", "source": 1}
    with writing() as session:
        make_practice(session, practice_id, adopters=(row,), **values)


def page_of(client: FlaskClient, path: str = "/organisations/cisss-bsl") -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.partition("<main")[2]))


def test_an_organisation_says_its_names_its_region_and_its_site(client: FlaskClient) -> None:
    text = words_of(page_of(client))

    assert "CISSS du Bas-Saint-Laurent" in text
    assert "Membre du Consortium" in text
    assert "exemple.ca/bsl" in text
    assert "CSSS de Rimouski (du 1er juillet 2004 au 31 mars 2015)" in text


def test_machines_read_it_too(client: FlaskClient) -> None:
    found = re.search(r'<script type="application/ld\+json">(.+?)</script>', page_of(client))

    assert found is not None
    told = json.loads(found[1])
    assert told["@type"] == "MedicalOrganization"
    assert told["name"] == "CISSS du Bas-Saint-Laurent"
    assert told["url"].endswith("/organisations/cisss-bsl")
    assert told["areaServed"][0]["name"] == "Bas-Saint-Laurent"


def test_it_shows_what_it_carries_and_what_it_took_up(
    client: FlaskClient, settings: Settings
) -> None:
    carries("guichet")
    carries("brouillon", state=PracticeState.DRAFTING)
    adopts("visites")
    adopts("ebauche", state=PracticeState.DRAFTING)
    assert bring_up_to_date(settings)

    carried, _heading, adopted = page_of(client).partition("Pratiques adoptées ici")

    assert re.findall(r'href="/pratiques/(\w+)"', carried) == ["guichet"]
    assert re.findall(r'href="/pratiques/(\w+)"', adopted) == ["visites"]
    assert "2021" in words_of("<main" + adopted)


def test_what_is_adopted_is_named_in_its_own_language(
    client: FlaskClient, settings: Settings
) -> None:
    adopts("visites")
    assert bring_up_to_date(settings)

    english = page_of(client, "/organisations/cisss-bsl?lang=en")
    french = page_of(client, "/organisations/cisss-bsl?lang=fr")

    assert '<a href="/pratiques/visites" lang="fr">' in english
    assert '<span lang="fr">2021</span>' in english
    assert '<a href="/pratiques/visites">' in french


def test_an_organisation_of_which_nothing_is_told_says_what_to_do(
    client: FlaskClient, settings: Settings
) -> None:
    assert bring_up_to_date(settings)

    assert "Rien de cette organisation n’est décrit encore" in page_of(client)


def test_without_an_index_the_page_stands(client: FlaskClient) -> None:
    assert "dès que la recherche sera prête" in page_of(client)


def test_an_unknown_organisation_is_a_404(client: FlaskClient) -> None:
    assert client.get("/organisations/inconnue").status_code == 404


def test_the_list_names_members_of_the_consortium_first(client: FlaskClient) -> None:
    text = words_of(page_of(client, "/organisations"))

    assert text.index("Membres du Consortium") < text.index("CISSS du Bas-Saint-Laurent")
    assert text.index("Autres organisations") < text.index("Université du Québec à Rimouski")


def test_anyone_may_keep_a_page_that_asks_nothing_of_them(client: FlaskClient) -> None:
    answer = client.get("/organisations")

    assert answer.headers["Cache-Control"] == "no-cache"
    assert client.get("/connexion").headers["Cache-Control"] == "no-store"


def test_pages_cost_the_same_statements_whatever_they_hold(
    client: FlaskClient, settings: Settings
) -> None:
    carries("p0")
    adopts("q0")
    assert bring_up_to_date(settings)
    page_of(client)
    with statements() as short:
        page_of(client)
    for number in range(1, 8):
        carries(f"p{number}")
        adopts(f"q{number}")
    assert bring_up_to_date(settings)
    page_of(client)  # names of organisations are read again once the index has changed
    with statements() as long:
        page_of(client)
    page_of(client, "/organisations")
    with statements() as index:
        page_of(client, "/organisations")

    assert len(long) == len(short) == 9, long
    assert len(index) == 4, index
