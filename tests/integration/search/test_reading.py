"""The pages of the domain are whole and in good French; document pages carry what search adds."""

import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from inters4.core.db import writing
from inters4.core.outbox import DocumentRef
from inters4.members.models import OrganisationRegion
from inters4.search.jobs import bring_up_to_date
from inters4.settings import Settings
from tests.builders.members import make_organisation
from tests.builders.practices import make_practice
from tests.builders.reading import read_page
from tests.builders.vocabulary import make_vocabulary

SHEET = "/pratiques/visites-virtuelles"
GAP = DocumentRef("fiche", "visites-virtuelles").key


@pytest.fixture(autouse=True)
def _documents(database: str, settings: Settings) -> None:
    adopter = {
        "organisation": "cisss-bsl",
        "name": "",
        "region": "rss01",
        "since": "2021",
        "source": 1,
    }
    with writing() as session:
        make_vocabulary(session)
        organisation = make_organisation(session, slug="cisss-bsl")
        session.add(OrganisationRegion(organisation_id=organisation.id, region="rss01"))
        make_practice(
            session,
            title="Visites virtuelles",
            organisations=({"id": "cisss-bsl", "name": ""},),
            professions=("inf",),
        )
        make_practice(session, "soir", title="Visites virtuelles de soir", adopters=(adopter,))
    assert bring_up_to_date(settings)


def page_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("has_choices", [False, True])
@pytest.mark.parametrize(
    "path",
    [
        "/recherche?q=visites",
        "/recherche?q=visites&region=rss01&type=fiche",
        "/recherche?q=zzzzz&region=rss01",
        "/themes",
        "/themes/telesante",
        "/themes/domicile",
        "/organisations",
        "/organisations/cisss-bsl",
        "/ma-region",
        "/ma-liste",
        f"/ma-liste?cle={GAP}&cle=fiche:inconnue",
        f"/ma-liste?retire={GAP}",
    ],
)
def test_every_page_is_whole_and_in_good_french(
    client: FlaskClient, path: str, has_choices: bool
) -> None:
    if has_choices:
        for name, value in (("region", "rss01"), ("profession", "inf"), ("liste", GAP)):
            client.set_cookie(name, value)

    read = read_page(page_of(client, path), address=path)

    assert read.errors == []
    assert read.faults == []
    assert read.duplicate_ids == []
    assert read.titles == 1


def test_a_sheet_can_be_kept_and_sent(client: FlaskClient) -> None:
    html = page_of(client, SHEET)

    assert f'name="garder" value="{GAP}"' in html
    sent = re.search(r'href="mailto:\?subject=Visites%20virtuelles&amp;body=([^"]+)"', html)
    assert sent is not None
    assert sent[1].startswith("Le%20probl%C3%A8me.%0D%0A%0D%0ALa%20solution.%0D%0A%0D%0A")
    assert sent[1].endswith(SHEET)
    assert quote("Fiche de départ, non relue par l’équipe porteuse.") in sent[1]


@pytest.mark.parametrize(
    "path", ["/recherche?q=visites", "/themes/telesante", f"/ma-liste?cle={GAP}", "/pratiques"]
)
def test_zotero_finds_the_documents_of_a_list(client: FlaskClient, path: str) -> None:
    html = page_of(client, path)

    titles = re.findall(r'class="Z3988" title="([^"]+)"', html)
    assert any("rft.title=Visites+virtuelles" in title for title in titles)
    assert all("rft.description=" in title for title in titles)


def test_a_sheet_leads_to_those_near_it(client: FlaskClient) -> None:
    _sheet, _heading, near = page_of(client, SHEET).partition("À lire aussi")

    assert re.findall(r'<a href="/pratiques/([\w-]+)">', near)[:1] == ["soir"]


def test_a_region_shows_who_took_a_practice_up(client: FlaskClient) -> None:
    client.set_cookie("region", "rss01")

    _shelves, _heading, adopted = page_of(client, "/ma-region").partition("adoptées ici")

    assert 'href="/pratiques/soir"' in adopted
    assert "CISSS du Bas-Saint-Laurent · 2021" in adopted
