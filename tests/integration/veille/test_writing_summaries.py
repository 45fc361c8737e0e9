"""The pages on which a summary is begun, written, reviewed, published and corrected."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from inters4.core.access import Viewer
from inters4.core.db import reading, writing
from inters4.core.notices import Noticed
from inters4.core.outbox import OutboxRow
from inters4.members.models import Member
from inters4.notices.models import Notice
from inters4.veille.documents import load_document
from inters4.veille.exports.summary_notices import KINDS
from inters4.veille.models import Opinion, Summary, SummaryState
from inters4.veille.queries.summaries import load_summary
from inters4.veille.services.correcting import publish_correction
from inters4.veille.services.drafting import stored_fields
from inters4.veille.services.publishing import publish, retract
from inters4.veille.services.reviewing import give_opinion
from tests.builders.members import browser_of
from tests.builders.practices import make_practice
from tests.builders.statements import statements
from tests.builders.summaries import WHOLE, Team, bring_to, correct, make_draft, make_team, write
from tests.builders.veille import make_summary
from tests.builders.vocabulary import make_vocabulary
from tests.builders.web import csrf, sent_by

ID = "following-people-at-home"
PATH = f"/veille/resumes/{ID}"
PUBLISHED = "/veille/resumes/accompagner-a-domicile-aide-a-y-rester"


@pytest.fixture
def team(app: Flask) -> Team:
    with writing() as session:
        make_vocabulary(session)
        team = make_team(session)
        make_draft(session, team)
    return team


@pytest.fixture
def writer(app: Flask, team: Team) -> FlaskClient:
    return browser_of(app, team.writer)


@pytest.fixture
def reviewer(app: Flask, team: Team) -> FlaskClient:
    return browser_of(app, team.reviewer)


def bring(team: Team, state: SummaryState) -> None:
    with writing() as session:
        summary = load_summary(session, ID)
        assert summary is not None
        bring_to(session, team, summary, state)


def held(name: str) -> object:
    """What a field of the summary holds now."""
    with reading() as session:
        summary = load_summary(session, ID)
        assert summary is not None
        return stored_fields(summary).get(name, getattr(summary, name, None))


def typed_by(team: Team, who: Viewer, **typed: str) -> None:
    """What somebody else writes meanwhile."""
    with writing() as session:
        summary = load_summary(session, ID)
        assert summary is not None
        write(session, summary, who, **typed)


def form_of(html: str, action: str = "") -> MultiDict[str, str]:
    """What a browser would send of the form of the page."""
    forms = re.findall(r"<form.*?</form>", html.partition("<main")[2], re.DOTALL)
    wanted = f'action="{action}"' if action else 'name="csrf_token"'
    html = next(form for form in forms if wanted in form)
    return sent_by(html)


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def post(
    client: FlaskClient, path: str, data: MultiDict[str, str], *, page_of: str = PATH
) -> tuple[int, str]:
    data = data.copy()
    if "csrf_token" not in data:
        data["csrf_token"] = csrf(client, f"{page_of}/suivi")
    answer = client.post(path, data=data)
    return answer.status_code, answer.get_data(as_text=True)


# ---- begun ----


def test_a_summary_begins_from_the_title_of_an_article(writer: FlaskClient) -> None:
    data = form_of(page(writer, "/veille/resumes/nouveau"))
    data["titre"], data["doi"] = "Another article", "10.1234/autre"

    answer = writer.post("/veille/resumes/nouveau", data=data)

    assert answer.status_code == 303
    assert answer.location == "/veille/resumes/another-article/ecrire"


def test_a_title_that_is_missing_is_asked_for_and_what_was_typed_stays(writer: FlaskClient) -> None:
    data = form_of(page(writer, "/veille/resumes/nouveau"))
    data["doi"] = "10.1234/autre"

    status, html = post(writer, "/veille/resumes/nouveau", data)

    assert status == 422
    assert 'href="#titre"' in html
    assert "10.1234/autre" in html


def test_an_article_told_already_leads_to_its_summary(writer: FlaskClient) -> None:
    with writing() as session:
        make_summary(session, doi="10.1234/connu")
    data = form_of(page(writer, "/veille/resumes/nouveau"))
    data["titre"], data["doi"] = "Autre titre", "10.1234/connu"

    answer = writer.post("/veille/resumes/nouveau", data=data)

    assert answer.location == "/veille/resumes/suivi-a-domicile/suivi"


# ---- written ----


def test_a_page_sent_as_it_is_changes_nothing(writer: FlaskClient) -> None:
    with reading() as session:
        before = session.get_one(Summary, ID).version

    status, _html = post(writer, f"{PATH}/ecrire", form_of(page(writer, f"{PATH}/ecrire")))

    assert status == 303
    with reading() as session:
        assert session.get_one(Summary, ID).version == before


def test_every_field_reads_back_what_was_typed_in_it(writer: FlaskClient) -> None:
    typed: dict[str, str] = {
        "title": "Un autre titre",
        "hook": "Une autre accroche.",
        "paragraph": "Un **autre** paragraphe.",
        "limit": "Une autre limite.",
        "limit_source": "judgement",
        "context": "Un autre contexte.",
        "design": "gris",
        "evidence_strength": "suggestive",
        "population_studied": "412 personnes",
        "country": "Canada",
        "appraisal_tool": "MMAT",
        "appraisal_result": "modérée",
        "article_title": "Another title",
        "article_language": "en",
        "journal": "Une autre revue",
        "year": "2020",
        "volume": "12",
        "number": "3",
        "pages": "4-8",
        "doi": "10.1234/lu",
        "pmid": "123",
        "pmcid": "PMC123",
        "url": "https://exemple.ca/autre",
        "url_french": "https://exemple.ca/fr",
        "open_access": "yes",
    }
    data = form_of(page(writer, f"{PATH}/ecrire"))
    assert {name.removeprefix("vu-") for name in data if name.startswith("vu-")} == {
        *typed,
        *("authors", "missing", "practices"),
        *("themes", "populations", "settings", "professions", "regions"),
    }
    for name, value in typed.items():
        data[name] = value
    data["authors"] = "Essai, A.\r\nModèle, B."
    data.setlist("populations", ["aines"])

    status, html = post(writer, f"{PATH}/ecrire", data)

    assert status == 303, html
    assert {name: held(name) for name in typed} == typed
    assert held("authors") == ["Essai, A.", "Modèle, B."]
    assert held("populations") == ["aines"]


def test_the_editor_of_one_paragraph_offers_nothing_that_makes_blocks(writer: FlaskClient) -> None:
    html = page(writer, f"{PATH}/ecrire")

    assert 'data-md-button="bold"' in html
    assert 'data-command="heading"' not in html
    assert 'data-command="table"' not in html
    assert 'data-md-button="unordered-list"' not in html


def test_a_form_that_does_not_say_what_it_saw_overwrites_nothing(
    writer: FlaskClient, team: Team
) -> None:
    data = form_of(page(writer, f"{PATH}/ecrire"))
    typed_by(team, team.coordination, hook="Ce que dit une collègue.")
    del data["vu-hook"]
    data["hook"], data["limit"] = "Ce que je dis.", "Une autre limite."

    status, html = post(writer, f"{PATH}/ecrire", data)

    assert status == 409
    assert (held("hook"), held("limit")) == ("Ce que dit une collègue.", "Une autre limite.")
    assert "Ce que je dis." in html


@pytest.mark.parametrize("name", ["url", "url_french"])
@pytest.mark.parametrize("typed", ["javascript:alert(5)", "data:text/html,x", "revue.example/a"])
def test_what_is_no_address_of_the_web_is_given_back_and_not_kept(
    writer: FlaskClient, name: str, typed: str
) -> None:
    before = held(name)
    data = form_of(page(writer, f"{PATH}/ecrire"))
    data[name] = typed

    status, html = post(writer, f"{PATH}/ecrire", data)

    assert status == 422
    assert "Écrivez une adresse complète" in html
    assert f'value="{typed}"' in html
    assert held(name) == before


def test_what_is_wrong_is_kept_and_told_beside_its_field(writer: FlaskClient) -> None:
    data = form_of(page(writer, f"{PATH}/ecrire"))
    data["hook"], data["paragraph"] = "a" * 150, "Trop court."

    post(writer, f"{PATH}/ecrire", data)
    html = page(writer, f"{PATH}/ecrire")

    assert held("hook") == "a" * 150
    assert 'id="hook-error"' in html
    assert "«\u00a0Accroche\u00a0» a 150 caractères" in html
    assert 'href="#paragraph"' in html
    assert "2 mots\u00a0: il en faut de 80 à 150" in html


@pytest.mark.parametrize(
    "year", ["l’an dernier", "00202099", "0020200000000000000000000000", "1799", "2999", "²⁰²⁰"]
)
def test_a_year_that_is_none_loses_nothing_of_the_rest(writer: FlaskClient, year: str) -> None:
    data = form_of(page(writer, f"{PATH}/ecrire"))
    data["year"], data["limit"] = year, "Une limite mieux dite."

    status, html = post(writer, f"{PATH}/ecrire", data)

    assert status == 422
    assert f'value="{year}"' in html
    assert 'id="year-error"' in html
    assert held("limit") == "Une limite mieux dite."
    assert held("year") == "2024"


def test_what_no_list_offers_is_not_kept(writer: FlaskClient) -> None:
    data = form_of(page(writer, f"{PATH}/ecrire"))
    data["design"] = "inventé"
    data.setlist("themes", ["telesante.teleconsultation", "inventé"])
    data.setlist("practices", ["inconnue"])

    status, _html = post(writer, f"{PATH}/ecrire", data)

    assert status == 303
    assert held("design") == ""
    assert held("themes") == ["telesante.teleconsultation"]
    assert held("practices") == []


def test_the_page_keeps_by_itself_what_is_typed(writer: FlaskClient) -> None:
    data = form_of(page(writer, f"{PATH}/ecrire"))
    data["limit"] = "Une limite."

    answer = writer.post(f"{PATH}/ecrire/enregistrement", data=data)

    assert answer.status_code == 200
    assert set(answer.get_json()) == {"version", "said", "marks", "lacks"}
    assert answer.get_json()["lacks"] == []
    assert held("limit") == "Une limite."
    data["limit"], data["vu-limit"] = "Une autre.", answer.get_json()["marks"]["limit"]
    data["hook"] = ""
    again = writer.post(f"{PATH}/ecrire/enregistrement", data=data)
    assert (again.status_code, held("limit")) == (200, "Une autre.")
    assert [name for name, _told in again.get_json()["lacks"]] == ["hook"]


def test_two_people_who_write_different_fields_are_no_conflict(
    writer: FlaskClient, team: Team
) -> None:
    data = form_of(page(writer, f"{PATH}/ecrire"))
    data["limit"] = "Ma limite."
    typed_by(team, team.reviewer, context="Son contexte.")

    status, _html = post(writer, f"{PATH}/ecrire", data)

    assert status == 303
    assert (held("limit"), held("context")) == ("Ma limite.", "Son contexte.")


@pytest.mark.parametrize(
    ("choice", "expected"),
    [("moi", "Ma limite."), ("autre", "Sa limite."), ("fusion", "Les deux limites.")],
)
def test_two_texts_of_one_field_are_both_shown_and_one_is_chosen(
    writer: FlaskClient, team: Team, choice: str, expected: str
) -> None:
    data = form_of(page(writer, f"{PATH}/ecrire"))
    data["limit"], data["hook"] = "Ma limite.", "Mon accroche."
    typed_by(team, team.reviewer, limit="Sa limite.")

    status, html = post(writer, f"{PATH}/ecrire", data)

    assert status == 409
    assert "Ma limite." in html
    assert "Sa limite." in html
    assert held("hook") == "Mon accroche."
    chosen = form_of(html, f"{PATH}/ecrire")
    assert post(writer, f"{PATH}/ecrire", chosen)[0] == 422
    chosen["garder-limit"], chosen["fusion-limit"] = choice, "Les deux limites."
    assert post(writer, f"{PATH}/ecrire", chosen)[0] == 303
    assert held("limit") == expected


def test_a_field_that_somebody_else_changed_waits_and_the_rest_is_kept(
    writer: FlaskClient, team: Team
) -> None:
    data = form_of(page(writer, f"{PATH}/ecrire"))
    data["limit"], data["hook"] = "Ma limite.", "Mon accroche."
    typed_by(team, team.reviewer, limit="Sa limite.")

    answer = writer.post(f"{PATH}/ecrire/enregistrement", data=data)

    assert answer.status_code == 409
    assert answer.get_json()["fields"] == ["limit"]
    assert "« Principale limite »" in answer.get_json()["said"]
    assert (held("limit"), held("hook")) == ("Sa limite.", "Mon accroche.")


def test_the_main_theme_is_chosen_among_those_ticked(writer: FlaskClient, team: Team) -> None:
    first, second = "telesante.teleconsultation", "domicile.hospitalisation-domicile"
    data = form_of(page(writer, f"{PATH}/ecrire"))
    data.setlist("themes", [first, second])
    data["principal-themes"] = second

    assert post(writer, f"{PATH}/ecrire", data)[0] == 303

    assert held("themes") == [second, first]
    html = page(writer, f"{PATH}/ecrire")
    assert f'<option value="{second}" selected>' in html
    again = form_of(html)
    assert again["principal-themes"] == second
    again["principal-themes"] = first
    assert post(writer, f"{PATH}/ecrire", again)[0] == 303
    assert held("themes") == [first, second]


def test_what_is_being_reviewed_is_not_written(writer: FlaskClient, team: Team) -> None:
    data = form_of(page(writer, f"{PATH}/ecrire"))
    data["limit"] = "Ma limite."
    bring(team, SummaryState.IN_REVIEW)

    assert writer.get(f"{PATH}/ecrire").location == f"{PATH}/suivi"
    status, html = post(writer, f"{PATH}/ecrire", data)
    assert status == 409
    assert "Ma limite." in html
    assert str(WHOLE["hook"]) not in html
    answer = writer.post(f"{PATH}/ecrire/enregistrement", data=data)
    assert answer.status_code == 409
    assert "rien ne s’y enregistre plus" in answer.get_json()["said"]
    assert "fields" not in answer.get_json()


# ---- followed ----


def test_each_lack_leads_to_its_field(writer: FlaskClient, team: Team) -> None:
    typed_by(team, team.writer, hook="", limit="")

    html = page(writer, f"{PATH}/suivi")

    assert f'href="{PATH}/ecrire#hook"' in html
    assert f'href="{PATH}/ecrire#limit"' in html


def test_a_summary_goes_to_readers_by_the_buttons_of_its_pages(
    writer: FlaskClient, reviewer: FlaskClient, team: Team, client: FlaskClient
) -> None:
    with reading() as session:
        name = session.get_one(Member, team.reviewer.member_id).public_id
    assert client.get(PATH).status_code == 404
    ask = form_of(page(writer, f"{PATH}/suivi"), f"{PATH}/suivi/relecture")
    ask["personne"] = name
    assert post(writer, f"{PATH}/suivi/relecture", ask)[0] == 303
    ready = form_of(page(reviewer, f"{PATH}/suivi"), f"{PATH}/suivi/pret")
    assert post(reviewer, f"{PATH}/suivi/pret", ready)[0] == 303
    publish = form_of(page(writer, f"{PATH}/suivi"), f"{PATH}/suivi/publication")

    answer = writer.post(f"{PATH}/suivi/publication", data=publish)

    assert answer.location == PUBLISHED
    assert str(WHOLE["hook"]) in page(client, PUBLISHED)
    assert client.get(PATH).location == PUBLISHED


def test_a_button_pressed_twice_counts_once(writer: FlaskClient, team: Team) -> None:
    bring(team, SummaryState.IN_REVIEW)
    back = form_of(page(writer, f"{PATH}/suivi"), f"{PATH}/suivi/reprise")

    first, second = (post(writer, f"{PATH}/suivi/reprise", back)[0] for _time in range(2))

    assert (first, second) == (303, 303)


def test_remarks_come_back_with_the_refusal(
    writer: FlaskClient, reviewer: FlaskClient, team: Team
) -> None:
    bring(team, SummaryState.IN_REVIEW)
    form = form_of(page(reviewer, f"{PATH}/suivi"), f"{PATH}/suivi/pret")
    assert post(reviewer, f"{PATH}/suivi/a-retravailler", form)[0] == 422
    form["commentaires"] = "La limite manque."

    status, _html = post(reviewer, f"{PATH}/suivi/a-retravailler", form)

    assert status == 303
    assert "La limite manque." in page(writer, f"{PATH}/suivi")


def test_other_remarks_than_those_sent_are_given_back(reviewer: FlaskClient, team: Team) -> None:
    bring(team, SummaryState.IN_REVIEW)
    form = form_of(page(reviewer, f"{PATH}/suivi"), f"{PATH}/suivi/pret")
    form["commentaires"] = "La limite manque."
    address = f"{PATH}/suivi/a-retravailler"
    post(reviewer, address, form)

    assert post(reviewer, address, form)[0] == 303
    form["commentaires"] = "Le contexte aussi."
    status, html = post(reviewer, address, form)

    assert status == 409
    assert "Le contexte aussi.</textarea>" in html


def test_a_draft_is_neither_sent_back_nor_taken_back(writer: FlaskClient) -> None:
    token: MultiDict[str, str] = MultiDict()

    assert post(writer, f"{PATH}/suivi/a-retravailler", token)[0] == 409
    assert post(writer, f"{PATH}/suivi/reprise", token)[0] == 409


def test_the_address_of_a_draft_leads_to_what_was_published(
    writer: FlaskClient, team: Team
) -> None:
    data = form_of(page(writer, f"{PATH}/ecrire"))
    data["hook"] = "Une accroche écrite trop tard."
    bring(team, SummaryState.PUBLISHED)

    for one in ("suivi", "ecrire", "corriger"):
        answer = writer.get(f"{PATH}/{one}")
        assert (answer.status_code, answer.location) == (301, f"{PUBLISHED}/{one}")
    status, html = post(writer, f"{PATH}/ecrire", data, page_of=PUBLISHED)
    assert status == 409
    assert "Une accroche écrite trop tard." in html
    assert post(writer, f"{PATH}/suivi/abandon", MultiDict(), page_of=PUBLISHED)[0] == 409


def test_a_decision_on_what_moved_meanwhile_says_so(
    writer: FlaskClient, reviewer: FlaskClient, team: Team
) -> None:
    bring(team, SummaryState.IN_REVIEW)
    form = form_of(page(reviewer, f"{PATH}/suivi"), f"{PATH}/suivi/pret")
    form["commentaires"] = "Très bien."
    back = form_of(page(writer, f"{PATH}/suivi"), f"{PATH}/suivi/reprise")
    post(writer, f"{PATH}/suivi/reprise", back)

    status, html = post(reviewer, f"{PATH}/suivi/pret", form)

    assert status == 409
    assert "a changé d’étape" in html


def test_a_retraction_asks_why_and_stays_under_its_address(
    reviewer: FlaskClient, team: Team, client: FlaskClient
) -> None:
    bring(team, SummaryState.PUBLISHED)
    action = f"{PUBLISHED}/suivi/retractation"
    form = form_of(page(reviewer, f"{PUBLISHED}/suivi"), action)
    assert post(reviewer, action, form)[0] == 422
    form["raison"] = "Les données étaient fausses."

    status, _html = post(reviewer, action, form)

    assert status == 303
    html = page(client, PUBLISHED)
    assert "Les données étaient fausses." in html
    assert str(WHOLE["hook"]) not in html


def test_a_correction_is_read_once_another_person_published_it(
    writer: FlaskClient, app: Flask, team: Team, client: FlaskClient
) -> None:
    bring(team, SummaryState.PUBLISHED)
    form = form_of(page(writer, f"{PUBLISHED}/corriger"))
    form["limit"] = "Un seul hôpital."
    status, html = post(writer, f"{PUBLISHED}/corriger", form)
    assert status == 422
    assert "Un seul hôpital." in html
    form["raison"] = "La limite était mal dite."

    assert post(writer, f"{PUBLISHED}/corriger", form)[0] == 303

    assert "Un seul hôpital." not in page(client, PUBLISHED)
    again = form_of(page(writer, f"{PUBLISHED}/corriger"))
    assert (again["limit"], again["raison"]) == ("Un seul hôpital.", "La limite était mal dite.")
    other = browser_of(app, team.coordination)
    html = page(other, f"{PUBLISHED}/suivi")
    assert "Un seul hôpital." in html
    action = f"{PUBLISHED}/correction/publication"
    assert post(other, action, form_of(html, action))[0] == 303
    html = page(client, PUBLISHED)
    assert "La limite était mal dite." in html
    assert "Un seul hôpital." in html
    assert re.search(r"Corrigé le \d.* par l’équipe de courtage", html)


def test_a_correction_refused_gives_back_all_that_was_typed(
    writer: FlaskClient, reviewer: FlaskClient, team: Team
) -> None:
    bring(team, SummaryState.PUBLISHED)
    mine, theirs = (form_of(page(one, f"{PUBLISHED}/corriger")) for one in (writer, reviewer))
    theirs["limit"], theirs["raison"] = "Sa limite.", "Une raison."
    mine["limit"], mine["hook"], mine["raison"] = "Ma limite.", "Mon accroche.", "Ma raison."
    assert post(reviewer, f"{PUBLISHED}/corriger", theirs)[0] == 303

    status, html = post(writer, f"{PUBLISHED}/corriger", mine)

    assert status == 409
    assert all(text in html for text in ("Ma limite.", "Mon accroche.", "Ma raison."))
    assert writer.get(f"{PUBLISHED}/corriger").location == f"{PUBLISHED}/suivi"


def test_remarks_refused_come_back_and_those_kept_are_read(
    writer: FlaskClient, app: Flask, team: Team
) -> None:
    bring(team, SummaryState.PUBLISHED)
    form = form_of(page(writer, f"{PUBLISHED}/corriger"))
    form["limit"], form["raison"] = "Un seul hôpital.", "La limite était mal dite."
    post(writer, f"{PUBLISHED}/corriger", form)
    action = f"{PUBLISHED}/correction/retour"
    other = browser_of(app, team.coordination)
    given = form_of(page(other, f"{PUBLISHED}/suivi"), f"{PUBLISHED}/correction/publication")
    assert post(other, action, given)[0] == 422
    given["commentaires"] = "Lequel?"

    own = MultiDict({"commentaires": "Lequel?"})
    status, html = post(writer, action, own, page_of=PUBLISHED)
    assert (status, "Lequel?" in html) == (403, True)
    assert post(other, action, given)[0] == 303

    assert "Lequel?" in page(writer, f"{PUBLISHED}/suivi")
    drop = f"{PUBLISHED}/correction/retrait"
    status, html = post(writer, drop, form_of(page(writer, f"{PUBLISHED}/suivi"), drop))
    assert status == 200
    assert "Correction proposée" in page(writer, f"{PUBLISHED}/suivi")
    assert post(writer, drop, form_of(html))[0] == 303
    assert "Correction proposée" not in page(writer, f"{PUBLISHED}/suivi")


def test_nobody_publishes_gives_back_or_drops_another_correction_than_the_one_they_read(
    writer: FlaskClient, app: Flask, team: Team, client: FlaskClient
) -> None:
    bring(team, SummaryState.PUBLISHED)
    form = form_of(page(writer, f"{PUBLISHED}/corriger"))
    form["limit"], form["raison"] = "Un seul hôpital.", "La limite était mal dite."
    assert post(writer, f"{PUBLISHED}/corriger", form)[0] == 303
    action, other = f"{PUBLISHED}/correction/publication", browser_of(app, team.coordination)
    shown = form_of(page(other, f"{PUBLISHED}/suivi"), action)
    shown["commentaires"] = "Lequel?"
    again = form_of(page(writer, f"{PUBLISHED}/corriger"))
    again["limit"] = "Deux hôpitaux."
    assert post(writer, f"{PUBLISHED}/corriger", again)[0] == 303

    for where in ("publication", "retour"):
        status, html = post(other, f"{PUBLISHED}/correction/{where}", shown)
        assert (status, "a été récrite" in html, "Lequel?" in html) == (409, True, True)
    shown["accord"] = "1"
    assert post(other, f"{PUBLISHED}/correction/retrait", shown)[0] == 409

    assert "Deux hôpitaux." in page(other, f"{PUBLISHED}/suivi")
    assert "hôpita" not in page(client, PUBLISHED)


def test_the_older_of_two_tabs_of_a_correction_erases_nothing(
    writer: FlaskClient, team: Team
) -> None:
    bring(team, SummaryState.PUBLISHED)
    older, newer = (form_of(page(writer, f"{PUBLISHED}/corriger")) for _tab in range(2))
    for form, limit in ((older, "Un seul hôpital."), (newer, "Deux hôpitaux.")):
        form["limit"], form["raison"] = limit, "La limite était mal dite."
    assert [post(writer, f"{PUBLISHED}/corriger", newer)[0] for _press in range(2)] == [303, 303]

    status, html = post(writer, f"{PUBLISHED}/corriger", older)

    assert (status, "Un seul hôpital." in html) == (409, True)
    assert form_of(page(writer, f"{PUBLISHED}/corriger"))["limit"] == "Deux hôpitaux."


def test_what_is_too_long_is_given_back_when_nothing_can_be_kept(
    reviewer: FlaskClient, team: Team
) -> None:
    bring(team, SummaryState.PUBLISHED)
    form = form_of(page(reviewer, f"{PUBLISHED}/corriger"))
    form["limit"], form["raison"] = "Très long. " * 3_000, "La limite était mal dite."
    with writing() as session:
        retract(session, one_of(session), reason="Données fausses.", by=team.coordination)

    status, html = post(reviewer, f"{PUBLISHED}/corriger", form)

    assert (status, "Très long. Très long." in html) == (409, True)


def test_a_correction_of_a_field_corrected_meanwhile_shows_both_texts(
    reviewer: FlaskClient, app: Flask, team: Team
) -> None:
    bring(team, SummaryState.PUBLISHED)
    mine = form_of(page(reviewer, f"{PUBLISHED}/corriger"))
    mine["limit"], mine["hook"], mine["raison"] = "Ma limite.", "Mon accroche.", "Ma raison."
    with writing() as session:
        correct(session, team, one_of(session), team.writer, limit="Sa limite.", country="Norvège")

    status, html = post(reviewer, f"{PUBLISHED}/corriger", mine)

    assert status == 409
    chosen = form_of(html, f"{PUBLISHED}/corriger")
    chosen["garder-limit"] = "moi"
    assert post(reviewer, f"{PUBLISHED}/corriger", chosen)[0] == 303
    with writing() as session:
        publish_correction(session, one_of(session), by=team.coordination)
    assert (held("limit"), held("hook"), held("country")) == (
        "Ma limite.",
        "Mon accroche.",
        "Norvège",
    )


def test_a_correction_of_what_was_retracted_meanwhile_is_given_back(
    reviewer: FlaskClient, team: Team
) -> None:
    bring(team, SummaryState.PUBLISHED)
    form = form_of(page(reviewer, f"{PUBLISHED}/corriger"))
    form["limit"], form["raison"] = "Un seul hôpital.", "La limite était mal dite."
    with writing() as session:
        retract(session, one_of(session), reason="Données fausses.", by=team.coordination)

    status, html = post(reviewer, f"{PUBLISHED}/corriger", form)

    assert status == 409
    assert "Un seul hôpital." in html
    assert "La limite était mal dite." in html


@pytest.mark.parametrize("page_of", ["ecrire", "suivi", "corriger"])
def test_others_than_the_team_find_no_such_page(app: Flask, team: Team, page_of: str) -> None:
    stranger = browser_of(app, team.stranger)

    assert stranger.get(f"{PATH}/{page_of}").status_code == 404
    assert stranger.get("/veille/resumes/nouveau").status_code == 404


def test_the_pages_of_a_summary_ask_a_fixed_number_of_statements(
    writer: FlaskClient, team: Team
) -> None:
    counts = {}
    for name in ("ecrire", "suivi"):
        page(writer, f"{PATH}/{name}")
        with statements() as ran:
            page(writer, f"{PATH}/{name}")
        counts[name] = len(ran)

    assert counts == {"ecrire": 12, "suivi": 20}


# ---- what awaits each, and what others are told ----


def test_what_awaits_a_person_is_on_their_board(
    writer: FlaskClient, reviewer: FlaskClient, team: Team
) -> None:
    assert "votre brouillon" in page(writer, "/compte")
    assert "votre brouillon" not in page(reviewer, "/compte")
    bring(team, SummaryState.IN_REVIEW)
    assert "on vous le demande" in page(reviewer, "/compte")
    assert "on vous le demande" not in page(writer, "/compte")
    with writing() as session:
        give_opinion(session, one_of(session), Opinion.READY, by=team.reviewer)

    assert "relu et dit prêt" in page(writer, "/compte")


def one_of(session: Session) -> Summary:
    summary = load_summary(session, ID)
    assert summary is not None
    return summary


def told(session: Session, who: Viewer) -> list[tuple[str, bool]]:
    """What a person's notices of summaries say, and whether each is over."""
    found = []
    for kind in KINDS:
        rows = session.scalars(
            select(Notice)
            .where(Notice.kind == kind.name, Notice.member_id == who.member_id)
            .order_by(Notice.id)
        )
        notices = [Noticed(row.id, row.member_id, row.subject, row.facts) for row in rows]
        found += [
            (one.title.partition("\u00a0:")[0], one.is_over)
            for one in kind.tell(session, notices).values()
        ]
    return sorted(found)


def test_each_is_told_what_concerns_them_and_no_more(session: Session, team: Team) -> None:
    bring_to(session, team, one_of(session), SummaryState.READY)

    assert told(session, team.reviewer) == [("Résumé à relire", True)]
    assert told(session, team.writer) == [("Résumé prêt à publier", False)]
    publish(session, one_of(session), by=team.coordination)
    assert told(session, team.coordination) == [("Résumé à publier", True)]
    assert told(session, team.writer) == [
        ("Résumé prêt à publier", True),
        ("Résumé publié", False),
    ]


def test_a_published_summary_is_indexed_by_the_outbox_at_once(
    app: Flask, team: Team, client: FlaskClient
) -> None:
    bring(team, SummaryState.PUBLISHED)

    with writing() as session:
        waiting = session.scalars(
            select(OutboxRow.document_id).where(OutboxRow.kind == "resume")
        ).all()
        document = load_document(session, ID)

    assert ID in waiting
    assert document is not None
    assert document.title == WHOLE["title"]


def test_a_correction_is_told_wherever_the_summary_goes(
    app: Flask, team: Team, client: FlaskClient
) -> None:
    bring(team, SummaryState.PUBLISHED)
    with writing() as session:
        correct(session, team, one_of(session), team.reviewer, limit="Un seul hôpital.")

    assert "La limite était mal dite." in page(client, PUBLISHED)
    assert "corrigé depuis" in page(client, "/veille")
    assert "Résumé corrigé depuis sa parution" in page(client, f"{PUBLISHED}/citation.ris")
    assert "La limite était mal dite." in page(client, "/veille/resumes.csv")
    assert "La limite était mal dite." in page(client, "/veille/flux.atom")
    assert "La limite était mal dite." in page(client, "/veille/flux.json")


def test_a_sheet_says_that_a_summary_it_leans_on_was_retracted(
    app: Flask, team: Team, client: FlaskClient
) -> None:
    with writing() as session:
        make_practice(session)
        write(session, one_of(session), team.writer, practices=["visites-virtuelles"])
    bring(team, SummaryState.RETRACTED)

    assert "Rétracté" in page(client, "/pratiques/visites-virtuelles")
