"""Each block of a sheet written by its form: what is typed is kept, told when wrong, never lost."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from inters4.core.content.schema import Rows
from inters4.core.db import writing
from inters4.members.models import Member
from inters4.members.queries import load_viewer
from inters4.practices.forms.pages import BY_SLUG, PAGES
from inters4.practices.forms.posted import FIELDS
from inters4.practices.models import Block, Move, Practice
from inters4.practices.queries.known import citable
from inters4.practices.queries.revisions import open_revision_of
from inters4.practices.services.authors import add_author, remove_author
from inters4.practices.services.drafts import WRITTEN, read_revision, texts_of, write_fields
from inters4.practices.services.life import move
from inters4.practices.services.revising import abandon
from inters4.vocabulary.models import FormerTerm
from tests.builders.members import browser_of, make_member
from tests.builders.revisions import Cast, make_cast, start
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary
from tests.builders.web import csrf, sent_by

ID = "une-visite-par-semaine"
PATH = f"/pratiques/dossiers/{ID}"


@pytest.fixture
def cast(app: Flask) -> Cast:
    with writing() as session:
        make_vocabulary(session)
        cast = make_cast(session)
        start(session, cast)
    return cast


@pytest.fixture
def owner(app: Flask, cast: Cast) -> FlaskClient:
    return browser_of(app, cast.owner)


def held() -> Mapping[str, object]:
    """What the revision holds now, by field."""
    with writing() as session:
        revision = open_revision_of(session, ID)
        assert revision is not None
        return {**revision.values, **texts_of(revision)}


def form_of(client: FlaskClient, slug: str, query: str = "") -> MultiDict[str, str]:
    """What a browser would send of the page as it is."""
    answer = client.get(f"{PATH}/{slug}{query}")
    assert answer.status_code == 200, answer.status_code
    html = answer.get_data(as_text=True).partition("data-dossier")[2]
    return sent_by(html)


def send(
    client: FlaskClient, slug: str, data: MultiDict[str, str], *, to: str = ""
) -> tuple[int, str]:
    answer = client.post(f"{PATH}/{slug}{to}", data=data)
    return answer.status_code, answer.get_data(as_text=True)


def test_every_field_that_people_write_is_on_one_page_of_the_form() -> None:
    written = [name for page in PAGES for name in page.fields]

    assert sorted(written) == sorted({*WRITTEN, *(block.field for block in Block)})


@pytest.mark.parametrize("slug", BY_SLUG)
def test_a_page_sent_as_it_is_changes_nothing(owner: FlaskClient, slug: str) -> None:
    before = held()

    status, _html = send(owner, slug, form_of(owner, slug))

    assert status == 303
    assert held() == before


@pytest.mark.parametrize("slug", BY_SLUG)
def test_each_block_reads_back_what_was_typed_in_it(owner: FlaskClient, slug: str) -> None:
    """A page filled as a whole sheet says, in an empty dossier."""
    whole = held()
    with writing() as session:
        revision = open_revision_of(session, ID)
        assert revision is not None
        revision.values = {"id": ID, "slug": ID, "origin": "proposed", "state": "sketch"}
        revision.blocks = {}
    data = form_of(owner, slug)
    for name in BY_SLUG[slug].fields:
        sent = flattened(name, whole.get(name, ""))
        for key in {name, *(key for key, _value in sent)}:
            data.poplist(key)
        for key, value in sent:
            data.add(key, value)

    status, html = send(owner, slug, data)

    assert status == 303, html
    now = held()
    assert {name: typed(now.get(name)) for name in BY_SLUG[slug].fields} == {
        name: typed(whole.get(name)) for name in BY_SLUG[slug].fields
    }


def typed(value: object) -> object:
    """A field without what the house writes in its rows: the day on which a piece was checked."""
    if not isinstance(value, list):
        return value or ""
    return [
        {key: text for key, text in one.items() if key != "checked_on"}
        if isinstance(one, dict)
        else one
        for one in value
    ] or ""


def test_the_main_term_of_a_list_is_the_one_chosen(owner: FlaskClient) -> None:
    with writing() as session:
        revision = open_revision_of(session, ID)
        assert revision is not None
        revision.values = {**revision.values, "themes": ["telesante", "telesante.teleconsultation"]}
    data = form_of(owner, "classement")
    assert data["principal-themes"] == "telesante"
    data["principal-themes"] = "telesante.teleconsultation"

    send(owner, "classement", data)

    assert held()["themes"] == ["telesante.teleconsultation", "telesante"]


def test_a_main_term_that_is_not_ticked_is_not_added(owner: FlaskClient) -> None:
    data = form_of(owner, "classement")
    before = held()["themes"]
    data["principal-themes"] = "telesante"

    send(owner, "classement", data)

    assert held()["themes"] == before


def flattened(name: str, value: object) -> list[tuple[str, str]]:
    """A field as a browser sends it."""
    if isinstance(value, list):
        found = []
        for number, one in enumerate(value):
            if isinstance(one, dict):
                found += [(f"{name}-{number}-{key}", text) for key, text in one.items()]
            else:
                found.append((name, one))
        return found
    return [(name, str(value))] if value else []


def test_a_wrong_value_is_kept_and_told_by_the_label_of_its_field(owner: FlaskClient) -> None:
    data = form_of(owner, "identite")
    data["started_year"] = "l’an passé"

    answer = owner.post(f"{PATH}/identite", data=data, follow_redirects=True)
    html = unescape(answer.get_data(as_text=True))

    assert "« Année du début » doit être un nombre entier" in html
    assert 'href="#started_year"' in html
    assert 'value="l’an passé"' in html
    assert "« started_year »" not in html
    assert "C’est enregistré. Un point de cette page est à corriger." in html


def test_one_goes_on_before_the_sources_are_described(owner: FlaskClient) -> None:
    data = form_of(owner, "en-bref")
    data["result"] = "L’attente est passée de 30 à 12 jours [7]."

    data["suite"] = "1"
    onward = owner.post(f"{PATH}/en-bref", data=data)
    back = owner.post(f"{PATH}/en-bref", data=form_of(owner, "en-bref"))

    assert onward.location == f"{PATH}/contexte"
    assert back.location == f"{PATH}/en-bref"
    html = unescape(owner.get(f"{PATH}/en-bref").get_data(as_text=True))
    assert "La source [7] n’est pas dans «\u00a0Sources citées\u00a0»." in html


def test_a_wrong_row_is_told_beside_it(owner: FlaskClient) -> None:
    data = form_of(owner, "pieces")
    data["attachments-0-url"] = "pas une adresse"

    html = unescape(
        owner.post(f"{PATH}/pieces", data=data, follow_redirects=True).get_data(as_text=True)
    )

    assert 'href="#attachments-0"' in html
    assert "« Adresse web » doit être une adresse http ou https complète." in html


def test_rows_are_added_and_removed_without_scripts(owner: FlaskClient) -> None:
    data = form_of(owner, "resultats")
    data["ajouter"] = "outcomes"
    answer = owner.post(f"{PATH}/resultats", data=data)
    assert answer.headers["Location"] == f"{PATH}/resultats?plus=outcomes#outcomes"

    data = form_of(owner, "resultats", "?plus=outcomes")
    data["outcomes-1-indicator"], data["outcomes-1-value"] = "Satisfaction", "92"
    assert send(owner, "resultats", data)[0] == 303
    rows = held()["outcomes"]
    assert isinstance(rows, list)
    assert [row["indicator"] for row in rows] == ["Attente", "Satisfaction"]

    data = form_of(owner, "resultats")
    data["retirer"] = "outcomes-0"
    send(owner, "resultats", data)
    assert held()["outcomes"] == [{"indicator": "Satisfaction", "value": "92"}]


def test_a_new_source_has_the_number_that_comes_next_and_is_none_until_it_has_a_title(
    owner: FlaskClient,
) -> None:
    data = form_of(owner, "sources", "?plus=references")

    assert data["references-1-number"] == "2"
    assert send(owner, "sources", data)[0] == 303
    rows = held()["references"]
    assert isinstance(rows, list)
    assert [row["number"] for row in rows] == ["1"]


def test_a_text_longer_than_anything_is_refused_in_words(owner: FlaskClient) -> None:
    data = form_of(owner, "contexte")
    data["text-context"] = "mot " * 60_000

    answer = owner.post(f"{PATH}/contexte/enregistrement", data=data)

    assert answer.status_code == 422
    assert "trop long" in answer.get_json()["said"]


def test_the_main_term_stays_the_first_whatever_the_order_of_the_boxes(
    owner: FlaskClient,
) -> None:
    with writing() as session:
        revision = open_revision_of(session, ID)
        assert revision is not None
        write_fields(
            session,
            revision,
            values={"regions": ["rss09", "rss01"]},
            blocks={},
            seen=revision.version,
            by_id=None,
        )

    send(owner, "identite", form_of(owner, "identite"))

    assert held()["regions"] == ["rss09", "rss01"]


def test_a_term_that_was_merged_still_reads_well(owner: FlaskClient) -> None:
    with writing() as session:
        revision = open_revision_of(session, ID)
        assert revision is not None
        session.add(FormerTerm(scheme="populations", id="personnes-agees", present="aines"))
        revision.values = {**revision.values, "populations": ["personnes-agees"]}

    with writing() as session:
        revision = open_revision_of(session, ID)
        assert revision is not None
        read = read_revision(revision, known=citable(session))
    assert read.sheet.values["populations"] == ("aines",)
    assert form_of(owner, "classement").getlist("populations") == ["aines"]


def test_two_editors_of_different_fields_lose_nothing(
    app: Flask, cast: Cast, owner: FlaskClient
) -> None:
    other = second_author(app, cast)
    mine, theirs = form_of(owner, "en-bref"), form_of(other, "en-bref")
    mine["problem"], theirs["audience"] = "Mon problème.", "Leur public."

    assert send(other, "en-bref", theirs)[0] == 303
    status, html = send(owner, "en-bref", mine)

    assert status == 303, html
    assert held()["problem"] == "Mon problème."
    assert held()["audience"] == "Leur public."


@pytest.mark.parametrize("slug", BY_SLUG)
def test_a_page_left_as_it_was_takes_nothing_back(
    app: Flask, cast: Cast, owner: FlaskClient, slug: str
) -> None:
    data = form_of(owner, slug)
    with writing() as session:
        revision = open_revision_of(session, ID)
        assert revision is not None
        revision.values = {"id": ID, "slug": ID, "origin": "proposed", "state": "sketch"}
        revision.blocks, revision.stamps = {}, dict.fromkeys(BY_SLUG[slug].fields, 99)
    before = held()

    assert send(owner, slug, data)[0] == 303
    assert held() == before


def test_a_field_that_someone_changed_since_is_not_written_over_after_a_save(
    app: Flask, cast: Cast, owner: FlaskClient
) -> None:
    """The page saves another field first, and learns the version that holds their change."""
    other = second_author(app, cast)
    mine, theirs = form_of(owner, "en-bref"), form_of(other, "en-bref")
    theirs["audience"] = "Leur public."
    send(other, "en-bref", theirs)
    mine["problem"] = "Mon problème."
    answer = owner.post(f"{PATH}/en-bref/enregistrement", data=mine).get_json()
    assert "audience" not in answer["marks"]
    saved_by_script(mine, answer)

    mine["audience"] = "Mon public."

    assert owner.post(f"{PATH}/en-bref/enregistrement", data=mine).status_code == 409
    assert held()["audience"] == "Leur public."


def test_a_row_taken_out_stays_out_after_a_conflict(
    app: Flask, cast: Cast, owner: FlaskClient
) -> None:
    other = second_author(app, cast)
    mine, theirs = form_of(owner, "ressources"), form_of(other, "ressources")
    theirs["staffing-0-fte"] = "cinq"
    send(other, "ressources", theirs)
    mine["retirer"] = "staffing-1"

    status, html = send(owner, "ressources", mine)

    assert status == 409
    assert 'name="staffing-0-fte" value="deux"' in html
    assert "staffing-1-" not in html
    assert "cinq" in html


def test_no_text_is_kept_before_someone_chooses(app: Flask, cast: Cast, owner: FlaskClient) -> None:
    other = second_author(app, cast)
    mine, theirs = form_of(owner, "identite"), form_of(other, "identite")
    mine["title"], theirs["title"] = "Un titre à moi", "Leur titre"
    send(other, "identite", theirs)
    _status, html = send(owner, "identite", mine)
    assert not re.search(r'type="radio"[^>]*checked', html)

    status, again = send(owner, "identite", hidden_in(html))

    assert status == 422
    assert "Choisissez quel texte garder." in again
    assert "Un titre à moi" in again
    assert held()["title"] == "Leur titre"


def test_what_cannot_be_kept_stays_in_the_page(owner: FlaskClient) -> None:
    rows, text = form_of(owner, "ressources"), form_of(owner, "contexte")
    for number in range(101):
        rows[f"costs-{number}-amount"] = f"{number} $"
    text["text-context"] = "long " * 50_000

    status, html = send(owner, "ressources", rows)
    assert status == 422
    assert "Une liste a 100 lignes au plus" in html
    assert "\n100 $</textarea>" in html
    status, html = send(owner, "contexte", text)
    assert status == 422
    assert "Ce texte est trop long" in html
    assert html.count("long ") >= 50_000


def hidden_in(html: str) -> MultiDict[str, str]:
    """What a page sends that nobody typed."""
    return MultiDict(
        (found[0], unescape(found[1]))
        for found in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html)
    )


def saved_by_script(data: MultiDict[str, str], answer: Mapping[str, Any]) -> None:
    """What the script of the page does of an answer."""
    data["version"] = str(answer["version"])
    for name, mark in answer["marks"].items():
        data[f"vu-{name}"] = mark


def second_author(app: Flask, cast: Cast) -> FlaskClient:
    with writing() as session:
        other = make_member(session, name="Paul Porteur")
        revision = open_revision_of(session, ID)
        assert revision is not None
        add_author(session, revision.practice, other, by=cast.owner)
        viewer = load_viewer(session, other.id)
    return browser_of(app, viewer)


@pytest.mark.parametrize(
    ("choice", "expected"),
    [("moi", "Un titre à moi"), ("autre", "Leur titre"), ("fusion", "Les deux titres")],
)
def test_of_two_texts_one_the_other_or_a_third_is_kept(
    app: Flask, cast: Cast, owner: FlaskClient, choice: str, expected: str
) -> None:
    other = second_author(app, cast)
    mine, theirs = form_of(owner, "identite"), form_of(other, "identite")
    mine["title"], theirs["title"] = "Un titre à moi", "Leur titre"
    send(other, "identite", theirs)

    status, html = send(owner, "identite", mine)

    assert status == 409
    assert "Un titre à moi" in html
    assert "Leur titre" in html
    assert "<del>" in html
    assert "<ins>" in html
    assert held()["title"] == "Leur titre"
    data = hidden_in(html)
    data["garder-title"] = choice
    data["fusion-title"] = "Les deux titres"
    assert send(owner, "identite", data)[0] == 303
    assert held()["title"] == expected


def test_rows_that_two_people_changed_are_shown_in_words_and_sent_again_whole(
    app: Flask, cast: Cast, owner: FlaskClient
) -> None:
    other = second_author(app, cast)
    mine, theirs = form_of(owner, "ressources"), form_of(other, "ressources")
    mine["costs-0-amount"], theirs["costs-0-amount"] = "1 000 $", "2 000 $"
    send(other, "ressources", theirs)

    _status, html = send(owner, "ressources", mine)

    assert "Nature\u00a0: Fonctionnement" in html
    assert 'name="costs-0-amount" value="1 000 $"' in html
    assert "fusion-costs" not in html


def test_saving_by_itself_answers_with_the_hour_and_the_version(owner: FlaskClient) -> None:
    data = form_of(owner, "contexte")
    data["text-context"] = "Un contexte qui change [1]."

    answer = owner.post(f"{PATH}/contexte/enregistrement", data=data)

    assert re.fullmatch("Enregistré à \\d{1,2}\u00a0h\u00a0\\d\\d", answer.get_json()["said"])
    assert held()["text-context"] == "Un contexte qui change [1]."
    saved_by_script(data, answer.get_json())
    data["text-context"] = "Puis encore."
    assert owner.post(f"{PATH}/contexte/enregistrement", data=data).status_code == 200
    assert held()["text-context"] == "Puis encore."


def test_saving_by_itself_says_which_field_waits_and_goes_on_with_the_others(
    app: Flask, cast: Cast, owner: FlaskClient
) -> None:
    other = second_author(app, cast)
    mine, theirs = form_of(owner, "en-bref"), form_of(other, "en-bref")
    mine["problem"], mine["solution"] = "Le mien.", "Une solution."
    theirs["problem"] = "Le leur."
    send(other, "en-bref", theirs)

    answer = owner.post(f"{PATH}/en-bref/enregistrement", data=mine)

    assert answer.status_code == 409
    assert answer.get_json()["fields"] == ["problem"]
    assert "Quelqu’un d’autre a changé" in answer.get_json()["said"]
    assert held()["solution"] == "Une solution."
    # As the page does: what waits is not sent again, what was kept has its new mark.
    mine["vu-solution"] = answer.get_json()["marks"]["solution"]
    mine["solution"] = "Une solution, puis une autre."
    shown = [name for name in mine.poplist("champs") if name != "problem"]
    mine.setlist("champs", shown)
    assert owner.post(f"{PATH}/en-bref/enregistrement", data=mine).status_code == 200
    assert held()["solution"] == "Une solution, puis une autre."
    # The button sends all of it: both texts.
    mine.add("champs", "problem")
    status, html = send(owner, "en-bref", mine)
    assert status == 409
    assert 'id="conflit"' in html
    assert "Le mien." in html
    assert "Le leur." in html


def test_nobody_writes_while_others_judge(app: Flask, cast: Cast, owner: FlaskClient) -> None:
    data = form_of(owner, "en-bref")
    with writing() as session:
        revision = open_revision_of(session, ID)
        assert revision is not None
        for which, by in (
            (Move.SUBMIT, cast.owner),
            (Move.ADMIT, cast.broker),
            (Move.TAKE, cast.broker),
            (Move.SEND_TO_OWNER, cast.broker),
        ):
            move(session, revision, which, by=by, known=citable(session))
    data["problem"] = "Autre chose."

    told = owner.post(f"{PATH}/en-bref/enregistrement", data=data)
    assert told.status_code == 409
    assert "rien ne s’y enregistre plus" in told.get_json()["said"]
    status, html = send(owner, "en-bref", data)
    assert status == 409
    assert "Autre chose." in html
    assert held()["problem"] != "Autre chose."


def test_what_was_typed_while_the_sheet_was_given_up_is_given_back_to_its_author(
    owner: FlaskClient, cast: Cast
) -> None:
    data = form_of(owner, "en-bref")
    data["problem"] = "Autre chose."
    with writing() as session:
        revision = open_revision_of(session, ID)
        assert revision is not None
        abandon(session, revision, by=cast.owner)

    status, html = send(owner, "en-bref", data)

    assert status == 409
    assert "Autre chose." in html
    assert "L’attente." not in html


def test_whoever_is_taken_off_the_sheet_while_typing_gets_their_own_text_back(
    app: Flask, cast: Cast, owner: FlaskClient
) -> None:
    with writing() as session:
        practice = session.get_one(Practice, ID)
        theirs = session.get_one(Member, cast.stranger.member_id)
        add_author(session, practice, theirs, by=cast.owner)
    co_author = browser_of(app, cast.stranger)
    data = form_of(co_author, "en-bref")
    data["problem"] = "Autre chose."
    with writing() as session:
        practice = session.get_one(Practice, ID)
        remove_author(session, practice, theirs.id, by=cast.owner)

    assert send(co_author, "en-bref", data, to="/enregistrement")[0] == 409
    status, html = send(co_author, "en-bref", data)

    assert status == 409
    assert "Autre chose." in html
    assert "Vous ne portez plus cette fiche" in html
    assert PATH not in html.partition("<main")[2]
    assert held()["problem"] != "Autre chose."
    data["choisir"] = "1"
    assert send(co_author, "en-bref", data)[0] == 409


def test_a_stranger_writes_nothing_and_a_visitor_is_asked_to_sign_in(
    app: Flask, cast: Cast, owner: FlaskClient
) -> None:
    data = form_of(owner, "en-bref")
    stranger, visitor = browser_of(app, cast.stranger), app.test_client()
    theirs = MultiDict([*data.items(multi=True)])
    theirs["csrf_token"] = csrf(stranger, "/pratiques/proposer")

    assert send(stranger, "en-bref", theirs)[0] == 404
    assert send(stranger, "en-bref", theirs, to="/enregistrement")[0] == 404
    assert visitor.get(f"{PATH}/en-bref").status_code == 303
    assert send(owner, "inconnu", data)[0] == 404


def test_fields_of_the_house_are_not_written_by_a_form(owner: FlaskClient) -> None:
    data = form_of(owner, "identite")
    data.add("champs", "state")
    data.add("champs", "rating_status")
    data["state"], data["rating_status"] = "published", "reviewed"

    assert send(owner, "identite", data)[0] == 303
    assert held()["state"] != "published"
    assert "rating_status" not in held()


def test_a_result_is_not_said_to_be_required_of_what_was_not_evaluated(owner: FlaskClient) -> None:
    page = unescape(owner.get(f"{PATH}/en-bref").get_data(as_text=True))

    for name in ("result", "result_nature"):
        help_text = page.partition(f'id="{name}-help"')[2].partition("</p>")[0]
        assert "Requis pour publier, sauf d’une pratique non évaluée." in help_text, name


@pytest.mark.parametrize("button", ["ajouter", "retirer", "monter"])
def test_a_button_of_no_list_of_the_page_keeps_what_was_typed(
    owner: FlaskClient, button: str
) -> None:
    data = form_of(owner, "ailleurs")
    data["text-core"], data[button] = "Le cœur.", "0-"

    assert send(owner, "ailleurs", data)[0] == 303
    assert held()["text-core"] == "Le cœur."


def test_between_two_texts_nothing_is_chosen_of_what_is_no_field(owner: FlaskClient) -> None:
    data = form_of(owner, "identite")
    data["choisir"] = "1"
    for name in set(data.getlist("champs")):
        data[f"garder-{name}"] = "moi"
    data.add("champs", "1 000")
    data.add("champs", "problem")

    assert send(owner, "identite", data)[0] == 303


@pytest.mark.parametrize(
    ("slug", "row", "cell"),
    [
        (page.slug, name, cell)
        for page in PAGES
        for name in page.fields
        if isinstance(rows := FIELDS.get(name), Rows)
        for cell in rows.schema.keys
        if cell != "file"  # nobody types it
    ],
)
def test_a_row_that_is_begun_shows_in_the_preview(
    owner: FlaskClient, slug: str, row: str, cell: str
) -> None:
    """Whatever one begins with: what the row still lacks is told in the form."""
    data = form_of(owner, slug)
    for key in [key for key in data if key.startswith(f"{row}-")]:
        data.poplist(key)
    data[f"{row}-0-{cell}"] = "5"

    assert send(owner, slug, data)[0] == 303
    assert owner.get(f"{PATH}/apercu").status_code == 200


def test_a_page_costs_the_same_whatever_it_holds(owner: FlaskClient) -> None:
    for slug in ("contexte", "ressources", "classement"):
        owner.get(f"{PATH}/{slug}")
        with statements() as run:
            owner.get(f"{PATH}/{slug}")
        assert len(run) == 10, run


_ANY = st.text(max_size=40)
_NAMES = st.sampled_from(
    [name for page in PAGES for name in page.fields]
    + ["outcomes-0-indicator", "outcomes-9999-value", "costs-00-kind", "champs", "garder-title"]
    + ["references-0-number", "retirer", "version", "fusion-title", "adopters-1-everywhere"]
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(slug=st.sampled_from(sorted(BY_SLUG)), typed=st.lists(st.tuples(_NAMES, _ANY), max_size=12))
def test_whatever_is_sent_nothing_breaks(
    app: Flask, owner: FlaskClient, slug: str, typed: list[tuple[str, str]]
) -> None:
    data = MultiDict([("csrf_token", csrf(owner, "/pratiques/proposer")), *typed])
    for name in BY_SLUG[slug].fields:
        data.add("champs", name)

    status, _html = send(owner, slug, data)
    assert status in {303, 409}
    for page in (f"{PATH}/{slug}", PATH, f"{PATH}/apercu"):
        assert owner.get(page).status_code == 200
