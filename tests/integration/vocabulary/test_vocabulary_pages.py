"""`/admin/vocabulaire`: lists, forms that keep what was typed, links to ids left."""

import csv
import io
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.audit import AuditEntry
from inters4.core.db import reading
from inters4.practices.models import PracticeTerm
from inters4.search.jobs import bring_up_to_date
from inters4.settings import Settings
from inters4.vocabulary.models import SynonymGroup, SynonymMode, Term
from inters4.vocabulary.services import save_synonym_group, save_term
from tests.builders.members import make_viewer, sign_in_as
from tests.builders.practices import make_practice
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary
from tests.builders.web import csrf

CHILD = "telesante.teleconsultation"
TERM = f"/admin/vocabulaire/themes/{CHILD}"


@pytest.fixture
def staff(client: FlaskClient, session: Session) -> FlaskClient:
    """A browser of the coordination, on a small vocabulary."""
    make_vocabulary(session)
    sign_in_as(client, session, make_viewer(session, role=Role.COORDINATION))
    return client


def page_of(client: FlaskClient, path: str, *, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.status_code
    return answer.get_data(as_text=True).replace("\u00a0", " ")


def post(client: FlaskClient, path: str, *, of: str = "", **data: str) -> tuple[int, str, str]:
    answer = client.post(path, data={**data, "csrf_token": csrf(client, of or path)})
    text = answer.get_data(as_text=True).replace("\u00a0", " ")
    return answer.status_code, answer.headers.get("Location", ""), text


def test_a_list_is_searched_in_both_languages_whatever_the_accents(staff: FlaskClient) -> None:
    found = page_of(staff, "/admin/vocabulaire?q=TELECONSULTATION")

    assert "Téléconsultation et soins virtuels" in found
    assert "Soutien à domicile" not in found
    assert "Télésanté et santé numérique ›" in found
    assert "Rien ne correspond" in page_of(staff, "/admin/vocabulaire?q=zzz")
    assert "Bas-Saint-Laurent" in page_of(staff, "/admin/vocabulaire?liste=regions")
    assert "rien ne s’y ajoute" in page_of(staff, "/admin/vocabulaire?liste=maturity")


def test_a_long_list_has_pages_and_costs_no_more(staff: FlaskClient, session: Session) -> None:
    page_of(staff, "/admin/vocabulaire?liste=settings")
    with statements() as few:
        page_of(staff, "/admin/vocabulaire?liste=settings")
    for number in range(45):
        save_term(session, "settings", f"m{number}", position=number, values={"fr": f"M{number}"})
    session.commit()
    page_of(staff, "/admin/vocabulaire?liste=settings")

    with statements() as found:
        last = page_of(staff, "/admin/vocabulaire?liste=settings&page=99")

    assert len(found) == len(few) == 4, found
    assert "Page 3 de 3" in last
    assert "liste=settings&amp;page=2" in last


def test_the_page_of_a_term_says_what_bears_it(staff: FlaskClient, session: Session) -> None:
    make_practice(session)
    session.commit()
    page_of(staff, TERM)

    with statements() as found:
        text = page_of(staff, TERM)

    assert "1 fiche de pratique" in text
    assert f'href="/themes/{CHILD}"' in text
    assert len(found) == 18, found


def test_what_was_typed_stays_when_it_cannot_be_kept(staff: FlaskClient) -> None:
    status, _place, text = post(
        staff, TERM, version="1", fr="Soutien à domicile", en="Kept words", source="a-valider"
    )

    assert status == 422
    assert "porte déjà ce nom (domicile)" in text
    assert 'value="Kept words"' in text
    assert 'aria-describedby="fr-error"' in text


def test_a_change_meanwhile_shows_both_texts(staff: FlaskClient, session: Session) -> None:
    token = csrf(staff, TERM)
    save_term(session, "themes", CHILD, position=9, values={"fr": "Le leur"})
    session.commit()

    answer = staff.post(TERM, data={"csrf_token": token, "version": "1", "fr": "Le mien"})

    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "<dd>Le leur</dd>" in text
    assert 'value="Le mien"' in text
    assert 'name="version" value="2"' in text


def test_a_renamed_term_keeps_its_page(staff: FlaskClient, session: Session) -> None:
    status, place, _text = post(staff, TERM, version="1", fr="Visites virtuelles", en="Visits")

    assert (status, place) == (303, TERM)
    assert session.scalars(select(Term.fr).where(Term.id == CHILD)).one() == "Visites virtuelles"
    assert "Visites virtuelles" in page_of(staff, f"/themes/{CHILD}")


def test_a_term_is_added_under_another(staff: FlaskClient) -> None:
    form = "/admin/vocabulaire/ajouter?liste=themes&sous=telesante"
    status, place, _text = post(
        staff,
        "/admin/vocabulaire/ajouter",
        of=form,
        liste="themes",
        sous="telesante",
        fr="Suivi à distance",
    )

    assert (status, place) == (303, "/admin/vocabulaire/themes/telesante.suivi-a-distance")
    assert 'value="telesante" selected' in page_of(staff, form)
    status, _place, text = post(
        staff, "/admin/vocabulaire/ajouter", of=form, liste="themes", sous="perdu", fr="Autre"
    )
    assert status == 422
    assert 'value="Autre"' in text
    assert "n’existe plus" in text
    assert staff.get("/admin/vocabulaire/ajouter?liste=maturity").status_code == 404


def test_a_moved_theme_leads_readers_to_its_new_address(
    staff: FlaskClient, session: Session
) -> None:
    make_practice(session)
    session.commit()
    shown = page_of(staff, f"{TERM}/deplacement")
    assert "1 fiche de pratique" in shown
    assert re.search(r'<option value="telesante" selected>', shown)
    assert f'<option value="{CHILD}"' not in shown, "never under itself"

    status, place, _text = post(staff, f"{TERM}/deplacement", version="1", sous="domicile")

    assert (status, place) == (303, "/admin/vocabulaire/themes/domicile.teleconsultation")
    moved = staff.get(f"/themes/{CHILD}")
    assert moved.status_code == 301
    assert moved.headers["Location"] == "/themes/domicile.teleconsultation"
    for page in (TERM, f"{TERM}/deplacement", f"{TERM}/retrait"):
        assert staff.get(page).headers["Location"] == place
    assert "Fiche visites-virtuelles" in page_of(staff, f"/pratiques?theme={CHILD}")
    assert staff.get(f"/veille/flux.atom?theme={CHILD}").status_code == 200
    assert "Téléconsultation et soins virtuels" in page_of(
        staff, f"/veille/flux.atom?theme={CHILD}"
    )


def test_search_follows_names_and_places_once_the_worker_has_passed(
    staff: FlaskClient, session: Session, settings: Settings
) -> None:
    make_practice(session)
    session.commit()
    bring_up_to_date(settings)
    post(staff, TERM, version="1", fr="Zoothérapie connectée")
    assert "Fiche visites-virtuelles" not in page_of(staff, "/recherche?q=zootherapie")
    bring_up_to_date(settings)
    assert "Fiche visites-virtuelles" in page_of(staff, "/recherche?q=zootherapie")

    post(staff, f"{TERM}/retrait", version="2", vers="domicile")
    bring_up_to_date(settings)

    assert "Fiche visites-virtuelles" not in page_of(staff, "/recherche?q=zootherapie")
    for theme in ("domicile", CHILD):
        assert "Fiche visites-virtuelles" in page_of(staff, f"/recherche?theme={theme}")


def test_a_merger_asks_for_a_successor_and_carries_what_bears_it(
    staff: FlaskClient, session: Session
) -> None:
    make_practice(session)
    session.commit()
    form = f"{TERM}/retrait"
    assert "1 fiche de pratique" in page_of(staff, form)

    refused, _place, text = post(staff, form, version="1", vers="")
    status, place, _text = post(staff, form, version="1", vers="domicile")

    assert refused == 422
    assert "Choisissez le terme qui prend sa place" in text
    assert (status, place) == (303, "/admin/vocabulaire/themes/domicile")
    assert "porte maintenant aussi 1 fiche de pratique" in page_of(staff, place)
    with reading() as opened:
        rows = opened.scalars(select(PracticeTerm.term).where(PracticeTerm.scheme == "themes"))
        assert rows.all() == ["domicile"]
        (entry,) = opened.scalars(
            select(AuditEntry).where(AuditEntry.action == "vocabulary.term_retired")
        )
    assert entry.subject == f"term:themes/{CHILD}"
    assert "Terme retiré du vocabulaire" in page_of(staff, "/admin/journal")


def test_a_term_with_others_below_says_what_to_do_first(staff: FlaskClient) -> None:
    text = page_of(staff, "/admin/vocabulaire/themes/telesante/retrait")

    assert "Déplacez-les d’abord" in text
    assert f'href="{TERM}/deplacement"' in text
    assert "<button" not in text.partition("<main")[2].partition("</main")[0]


def test_a_scale_has_neither_place_nor_retirement(staff: FlaskClient) -> None:
    text = page_of(staff, "/admin/vocabulaire/maturity/emergente")

    assert "Le déplacer" not in text
    for path in ("deplacement", "retrait"):
        assert staff.get(f"/admin/vocabulaire/maturity/emergente/{path}").status_code == 404


def test_synonyms_are_added_changed_and_taken_out(staff: FlaskClient, session: Session) -> None:
    new = "/admin/vocabulaire/ajouter-synonymes"
    refused, _place, text = post(staff, new, mode="guarded", source="a-valider")
    assert refused == 422
    assert "Donnez au moins une forme" in text
    assert '<option value="guarded" selected>' in text

    forms = {"abbr": "GAP", "fr": "guichet d’accès\nguichet d’accès à la première ligne"}
    status, place, _text = post(staff, new, mode="guarded", **forms)
    assert (status, place) == (303, "/admin/vocabulaire?liste=synonymes")
    group = session.get_one(SynonymGroup, "gap")
    assert group.fr == ["guichet d’accès", "guichet d’accès à la première ligne"]
    assert group.mode is SynonymMode.GUARDED
    session.commit()

    page = "/admin/vocabulaire/synonymes/gap"
    stale, _place, text = post(staff, page, version="0", abbr="GAP", fr="mien")
    assert stale == 409
    assert "mien" in text
    assert "guichet d’accès" in text
    assert post(staff, page, version="1", geste="retirer")[0] == 303
    session.expire_all()
    assert session.get(SynonymGroup, "gap") is None


def test_tables_hold_what_the_list_shows(staff: FlaskClient, session: Session) -> None:
    values = {"abbr": ["GAP"], "fr": ["guichet"], "en": [], "mode": SynonymMode.TWO_WAY}
    save_synonym_group(session, "gap", position=0, values=values)
    session.commit()

    def rows(path: str) -> list[list[str]]:
        text = staff.get(path).get_data(as_text=True).lstrip("\ufeff")
        return list(csv.reader(io.StringIO(text), delimiter=";"))

    terms = rows("/admin/vocabulaire/liste.csv?liste=themes&q=soins")
    assert [row[1] for row in terms[1:]] == [CHILD]
    assert terms[1][2] == "telesante"
    groups = rows("/admin/vocabulaire/liste.csv?liste=synonymes")
    assert groups[1][:3] == ["gap", "GAP", "guichet"]


def test_the_administration_leads_to_the_vocabulary(staff: FlaskClient) -> None:
    assert 'href="/admin/vocabulaire"' in page_of(staff, "/admin")


def test_a_browser_that_chose_a_region_follows_it(
    staff: FlaskClient, session: Session, settings: Settings
) -> None:
    make_practice(session)
    session.commit()
    staff.set_cookie("region", "rss01")
    post(staff, "/admin/vocabulaire/regions/rss01/retrait", version="1", vers="rss02")
    bring_up_to_date(settings)

    assert '<option value="rss02" selected>' in page_of(staff, "/ma-region")
    assert "dans votre région" in page_of(staff, "/recherche?q=fiche")
