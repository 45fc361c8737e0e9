"""The page of a thread: read, answered, quoted; what was typed is never lost."""

import io
import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from inters4.community.models import (
    Flag,
    Post,
    PostDraft,
    PostFile,
    PostState,
    Sanction,
    SanctionKind,
    Space,
    SpaceStage,
    Thread,
    ThreadKind,
    Visibility,
)
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.files import StoredFile
from tests.builders.community import make_post, make_space, make_thread
from tests.builders.kept import kept
from tests.builders.members import browser_of, make_viewer
from tests.builders.reading import read_page
from tests.builders.statements import statements
from tests.builders.web import csrf

TITLE = "Qui a essayé la visite du mardi?"


@dataclass
class Place:
    facilitator: Viewer
    member: Viewer
    reader: Viewer
    space: Space
    thread: Thread

    @property
    def path(self) -> str:
        return f"/communaute/{self.space.slug}/{self.thread.id}-qui-a-essaye-la-visite-du-mardi"

    @property
    def new(self) -> str:
        return f"/communaute/{self.space.slug}/nouveau"

    @property
    def answer(self) -> str:
        return f"/communaute/{self.space.slug}/{self.thread.id}/repondre"


@pytest.fixture
def place(app: Flask) -> Place:
    with writing() as session:
        return kept(
            session,
            "place",
            lambda: make_place(session),
            brief=lambda made: (made.facilitator, made.member, made.reader, made.thread.id),
            recall=lambda brief: recall_place(session, *brief),
        )


def make_place(session: Session) -> Place:
    facilitator = make_viewer(session, name="Camille Animation")
    member = make_viewer(session, name="Bastien Membre")
    reader = make_viewer(session, name="Rose Lectrice")
    space = make_space(session, facilitator=facilitator, members=(member,))
    thread = make_thread(session, space, author=facilitator)
    return Place(facilitator, member, reader, space, thread)


def recall_place(
    session: Session, facilitator: Viewer, member: Viewer, reader: Viewer, thread_id: int
) -> Place:
    thread = session.get_one(Thread, thread_id)
    space = session.get_one(Space, thread.space_id)
    return Place(facilitator, member, reader, space, thread)


@pytest.fixture
def member(app: Flask, place: Place) -> FlaskClient:
    return browser_of(app, place.member)


@pytest.fixture
def facilitator(app: Flask, place: Place) -> FlaskClient:
    return browser_of(app, place.facilitator)


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.get_data(as_text=True)


def send(client: FlaskClient, page_path: str, to: str, **fields: object) -> TestResponse:
    """The form of a page, filled as a person fills it."""
    html = page(client, page_path)
    hidden = dict(re.findall(r'<input type="hidden" name="(cle|lieu|vu)" value="([^"]*)">', html))
    data = {"csrf_token": csrf(client, page_path), **hidden, **fields}
    return client.post(to, data=data, content_type="multipart/form-data")


def opens(client: FlaskClient, token: str) -> bool:
    answer = client.get(f"/fichiers/{token}")
    answer.close()
    assert answer.status_code in {200, 404}
    return answer.status_code == 200


def posts(place: Place) -> list[Post]:
    with reading() as session:
        return list(
            session.scalars(
                select(Post).where(Post.thread_id == place.thread.id).order_by(Post.number)
            )
        )


def test_a_thread_is_read_with_its_posts(member: FlaskClient, place: Place) -> None:
    html = page(member, place.path)

    assert "Nous commençons en janvier." in html
    assert 'id="m1"' in html
    assert "Camille Animation" in html


def test_a_page_of_a_thread_is_sound(member: FlaskClient, place: Place) -> None:
    with writing() as session:
        thread = session.get_one(Thread, place.thread.id)
        make_post(session, thread, author=place.member, text="> citation\n\nOui!")
        make_post(session, thread, author=place.member, state=PostState.REMOVED)
    for path in (place.path, place.new, "/communaute/brouillons"):
        read = read_page(page(member, path), address=path)
        assert (read.errors, read.faults, read.duplicate_ids, read.titles) == ([], [], [], 1)


def test_other_addresses_of_a_thread_lead_to_the_present_one(
    member: FlaskClient, place: Place
) -> None:
    for path in (f"/communaute/{place.space.slug}/{place.thread.id}", f"{place.path}-autrement"):
        answer = member.get(f"{path}?page=1")
        assert (answer.status_code, answer.location) == (301, f"{place.path}?page=1")


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30, "-1", "abc"])
def test_a_thread_that_is_none_is_not_found(member: FlaskClient, place: Place, number: str) -> None:
    page(member, f"/communaute/{place.space.slug}/{number}", status=404)


@pytest.mark.parametrize("wanted", ["0", "-3", "999999999999999999999", "abc", ""])
def test_a_page_that_is_none_is_the_nearest(member: FlaskClient, place: Place, wanted: str) -> None:
    page(member, f"{place.path}?page={wanted}&citer={wanted}")


def test_a_long_thread_is_paged_and_anchored(member: FlaskClient, place: Place) -> None:
    with writing() as session:
        thread = session.get_one(Thread, place.thread.id)
        for number in range(2, 46):
            make_post(session, thread, author=place.member, text=f"Message numéro {number}.")

    second = page(member, f"{place.path}?page=2")

    assert 'id="m21"' in second
    assert 'id="m40"' in second
    assert 'id="m41"' not in second
    assert f'href="{place.path}?page=3"' in second
    assert f'href="{place.path}?page=2#m30"' in second


def test_a_page_costs_the_same_whatever_it_holds(member: FlaskClient, place: Place) -> None:
    page(member, place.path)
    with statements() as before:
        page(member, place.path)
    with writing() as session:
        thread = session.get_one(Thread, place.thread.id)
        for number in range(2, 61):
            author = make_viewer(session, name=f"Personne {number}")
            make_post(session, thread, author=author, text=f"Message numéro {number}.")
    with statements() as after:
        page(member, f"{place.path}?page=2")

    assert len(after) == len(before) <= 20


def test_an_answer_is_posted_and_shown_at_its_place(member: FlaskClient, place: Place) -> None:
    answer = send(member, place.path, place.answer, texte="Nous l’avons **essayée**.")

    assert (answer.status_code, answer.location) == (303, f"{place.path}#m2")
    assert "<strong>essayée</strong>" in page(member, place.path)


def test_the_button_pressed_twice_posts_once(member: FlaskClient, place: Place) -> None:
    html = page(member, place.path)
    key = re.findall(r'name="cle" value="([^"]*)"', html)[0]
    fields = {"csrf_token": csrf(member, place.path), "cle": key, "texte": "Une seule fois."}
    first = member.post(place.answer, data=fields)
    second = member.post(place.answer, data=fields)

    assert first.location == second.location == f"{place.path}#m2"
    assert len(posts(place)) == 2


def test_another_text_under_the_same_key_is_given_back(member: FlaskClient, place: Place) -> None:
    key = "a" * 32
    token = csrf(member, place.path)
    member.post(place.answer, data={"csrf_token": token, "cle": key, "texte": "Le premier."})
    answer = member.post(place.answer, data={"csrf_token": token, "cle": key, "texte": "L’autre."})
    html = answer.get_data(as_text=True)

    assert answer.status_code == 409
    assert "Le premier." in html
    assert "L’autre." in html
    assert key not in html
    assert len(posts(place)) == 2


def test_nothing_typed_is_lost_when_a_post_is_refused(member: FlaskClient, place: Place) -> None:
    answer = send(member, place.path, place.answer, texte="Appelez-moi au 418 555-0199.")
    html = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert "numéro de téléphone" in html
    assert html.count("Appelez-moi au 418 555-0199.") == 1
    assert len(posts(place)) == 1


def test_what_was_shown_and_is_meant_is_posted_and_flagged(
    member: FlaskClient, place: Place
) -> None:
    text = "Appelez-moi au 418 555-0199."
    warned = send(member, place.path, place.answer, texte=text).get_data(as_text=True)
    mark = re.findall(r'name="malgre" value="([^"]*)"', warned)[0]
    other = send(member, place.path, place.answer, texte="Ou au 418 555-0100.", malgre=mark)
    meant = send(member, place.path, place.answer, texte=text, malgre=mark)

    assert (other.status_code, meant.status_code) == (422, 303)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Flag)) == 1
        assert posts(place)[-1].is_suspect


@pytest.mark.parametrize("text", ["", " \n ", "a" * 32_001, ">" * 5_000, "[" * 900])
def test_a_bad_text_is_given_back_with_a_sentence(
    member: FlaskClient, place: Place, text: str
) -> None:
    answer = send(member, place.path, place.answer, texte=text)

    assert answer.status_code in {413, 422}
    assert 'class="error-summary"' in answer.get_data(as_text=True)
    assert len(posts(place)) == 1


def test_a_quotation_opens_the_answer(member: FlaskClient, place: Place) -> None:
    html = page(member, f"{place.path}?citer=1")

    assert "&gt; **Camille Animation**, message 1" in html
    assert "&gt; Nous commençons en janvier." in html


def test_what_is_typed_is_kept_on_the_server(member: FlaskClient, place: Place) -> None:
    html = page(member, place.path)
    hidden = dict(re.findall(r'<input type="hidden" name="(cle|lieu|vu)" value="([^"]*)">', html))
    fields = {"csrf_token": csrf(member, place.path), **hidden, "texte": "Je commen"}
    kept = member.post("/communaute/brouillons/enregistrement", data=fields)

    assert kept.status_code == 204
    assert "Je commen" in page(member, place.path)
    assert "Je commen" in page(member, "/communaute/brouillons")
    older = member.post(
        "/communaute/brouillons/enregistrement", data={**fields, "texte": "Autre chose"}
    )
    assert older.status_code == 409
    newer = {**fields, "vu": kept.headers["Vu"], "texte": "Je commence"}
    assert member.post("/communaute/brouillons/enregistrement", data=newer).status_code == 204


def test_a_draft_goes_once_it_is_posted(member: FlaskClient, place: Place) -> None:
    send(member, place.path, place.answer, texte="Je commence.", geste="brouillon")
    assert "Je commence." in page(member, place.path)
    send(member, place.path, place.answer, texte="Je finis.")

    with reading() as session:
        assert session.scalars(select(PostDraft)).all() == []


def test_nobody_reads_the_draft_of_another(
    member: FlaskClient, facilitator: FlaskClient, place: Place
) -> None:
    send(member, place.path, place.answer, texte="Secret de brouillon", geste="brouillon")

    assert "Secret de brouillon" not in page(facilitator, place.path)
    assert "Secret de brouillon" not in page(facilitator, "/communaute/brouillons")


def test_a_file_goes_with_its_post_and_is_read_by_who_reads_it(
    app: Flask, member: FlaskClient, facilitator: FlaskClient, place: Place
) -> None:
    deposited = {"fichier": (io.BytesIO("Un aide-mémoire.".encode()), "aide.txt")}
    joined = send(member, place.path, place.answer, texte="Voici.", geste="joindre", **deposited)
    assert joined.status_code == 303
    with reading() as session:
        token = session.scalars(select(StoredFile.token)).one()
    assert opens(member, token)
    assert not opens(facilitator, token)

    send(member, place.path, place.answer, texte="Voici.")

    assert "aide.txt" in page(facilitator, place.path)
    assert opens(facilitator, token)
    assert not opens(app.test_client(), token)
    with writing() as session:
        posted = session.scalars(select(Post).where(Post.number == 2)).one()
        assert session.get_one(PostFile, (posted.id, 1)).post_id == posted.id
        posted.state = PostState.REMOVED
    assert not opens(facilitator, token)


def test_a_file_chosen_with_what_is_refused_is_kept_with_it(
    member: FlaskClient, place: Place
) -> None:
    for path, to, words in (
        (place.path, place.answer, {}),
        (place.new, place.new, {"titre": "Qui répond le soir?", "nature": "discussion"}),
    ):
        deposited = {"fichier": (io.BytesIO("Un aide-mémoire.".encode()), "aide.txt")}
        warned = send(member, path, to, texte="Au 418 555-0123.", **words, **deposited)
        assert warned.status_code == 422
        assert "aide.txt" in warned.get_data(as_text=True)
        mended = send(member, path, to, texte="Au poste habituel.", **words)
        assert mended.status_code == 303
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(PostFile)) == 2


def test_a_file_of_no_kind_of_ours_is_refused_and_the_text_stays(
    member: FlaskClient, place: Place
) -> None:
    program = {"fichier": (io.BytesIO(b"MZ\0\0"), "virus.exe")}
    answer = send(member, place.path, place.answer, texte="Voici le guide.", **program)

    assert answer.status_code == 422
    assert "Voici le guide." in answer.get_data(as_text=True)


def test_a_thread_is_started_from_its_page(member: FlaskClient, place: Place) -> None:
    answer = send(
        member,
        place.new,
        place.new,
        titre="Une autre question",
        texte="Qui sait?",
        nature="question",
    )

    assert answer.status_code == 303
    assert "Qui sait?" in page(member, answer.location.partition("#")[0])


def test_a_short_title_is_given_back(member: FlaskClient, place: Place) -> None:
    answer = send(member, place.new, place.new, titre="Oui?", texte="Qui sait?", nature="question")
    html = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert "titre de 5 à 200" in html
    assert "Qui sait?" in html


def test_who_reads_an_open_space_is_told_that_writing_joins(app: Flask, place: Place) -> None:
    reader = browser_of(app, place.reader)

    assert "vous adhérez à cet espace" in page(reader, place.path)
    assert send(reader, place.path, place.answer, texte="Bonjour.").status_code == 303


def test_a_visitor_reads_a_public_space_and_is_led_to_sign_in(
    app: Flask, client: FlaskClient, place: Place
) -> None:
    with writing() as session:
        session.get_one(Space, place.space.id).visibility = Visibility.PUBLIC
    html = page(client, place.path)

    assert "Se connecter pour répondre" in html
    assert "repondre-titre" in html
    assert client.post(place.answer, data={"texte": "Bonjour."}).status_code in {400, 401}


@pytest.mark.parametrize("visibility", [Visibility.PRIVATE_LISTED, Visibility.PRIVATE_HIDDEN])
def test_who_does_not_belong_finds_no_thread_of_a_private_space(
    app: Flask, client: FlaskClient, place: Place, visibility: Visibility
) -> None:
    with writing() as session:
        session.get_one(Space, place.space.id).visibility = visibility
    outside = browser_of(app, place.reader)

    for path in (place.path, place.new, f"/communaute/{place.space.slug}/mentions?q=C"):
        page(outside, path, status=404)
    page(client, place.path, status=404)
    token = csrf(outside, "/communaute/brouillons")
    lost = outside.post(place.answer, data={"csrf_token": token, "texte": "Mon texte."})
    assert lost.status_code == 404
    assert "Mon texte." in lost.get_data(as_text=True)


def test_an_archived_space_shows_no_composer(member: FlaskClient, place: Place) -> None:
    with writing() as session:
        session.get_one(Space, place.space.id).stage = SpaceStage.CLOSED

    assert 'name="texte"' not in page(member, place.path)


def test_a_waiting_post_is_seen_by_its_author_and_who_moderates(
    app: Flask, member: FlaskClient, facilitator: FlaskClient, place: Place
) -> None:
    with writing() as session:
        session.get_one(Space, place.space.id).first_posts = 1
    send(member, place.path, place.answer, texte="Mon premier mot.")

    assert "Mon premier mot." in page(member, place.path)
    assert "Mon premier mot." in page(facilitator, place.path)
    assert "Mon premier mot." not in page(browser_of(app, place.reader), place.path)


def test_completion_offers_people_of_the_space_alone(member: FlaskClient, place: Place) -> None:
    with writing() as session:
        make_viewer(session, name="Camille Ailleurs")
    offered = member.get(f"/communaute/{place.space.slug}/mentions?q=cam&fil={place.thread.id}")

    assert [one["name"] for one in offered.get_json()["people"]] == ["Camille Animation"]
    for typed in ("ANIM", "camille a", "ànim"):
        found = member.get(f"/communaute/{place.space.slug}/mentions?q={typed}").get_json()
        assert [one["name"] for one in found["people"]] == ["Camille Animation"], typed
    for typed in ("", "\u00e9", "%", "a" * 5_000):
        answer = member.get(f"/communaute/{place.space.slug}/mentions?q={typed}&fil={'9' * 40}")
        assert answer.status_code == 200


def test_a_preview_tells_people_apart_as_the_post_does(
    app: Flask, member: FlaskClient, place: Place
) -> None:
    with writing() as session:
        make_viewer(session, name="Camille Ailleurs")
    text = "Merci @Camille Animation, et @Camille Ailleurs."
    named = '<span class="mention">@Camille Animation</span>, et @Camille Ailleurs.'
    html = page(member, place.path)
    address = re.findall(r'data-preview="([^"]*)"', html)[0].replace("&amp;", "&")
    fields = {"csrf_token": csrf(member, place.path), "text": text}

    drawn = member.post(address, data=fields)
    send(member, place.path, place.answer, texte=text)

    assert (drawn.status_code, drawn.headers["Cache-Control"]) == (200, "no-store")
    assert named in drawn.text
    assert named in page(member, place.path)
    long = member.post(address, data={**fields, "text": "a" * 40_000})
    assert (long.status_code, long.mimetype) == (413, "text/plain")


def test_nobody_draws_a_preview_where_they_may_not_write(app: Flask, place: Place) -> None:
    with writing() as session:
        session.get_one(Space, place.space.id).visibility = Visibility.PRIVATE_LISTED
    outside = browser_of(app, place.reader)
    fields = {"csrf_token": csrf(outside, "/communaute/brouillons"), "text": "@Camille Animation"}

    assert outside.post(f"/communaute/{place.space.slug}/apercu", data=fields).status_code == 404


def test_a_merged_thread_leads_to_the_one_that_took_its_posts(
    member: FlaskClient, place: Place
) -> None:
    with writing() as session:
        space = session.get_one(Space, place.space.id)
        other = make_thread(session, space, author=place.member, title="Un autre fil ici")
        thread = session.get_one(Thread, place.thread.id)
        thread.merged_into_id, thread.last_seq, thread.is_removed = other.id, 0, True
        number = other.id

    answer = member.get(place.path)
    assert answer.status_code == 301
    assert answer.location.startswith(f"/communaute/{place.space.slug}/{number}-un-autre-fil")


def test_a_locked_thread_says_so(
    member: FlaskClient, facilitator: FlaskClient, place: Place
) -> None:
    with writing() as session:
        session.get_one(Thread, place.thread.id).locked_at = now()

    assert "verrouillé" in page(member, place.path)
    assert 'name="texte"' not in page(member, place.path)
    assert 'name="texte"' in page(facilitator, place.path)


def do(client: FlaskClient, place: Place, number: int, what: str, **fields: object) -> TestResponse:
    """A gesture on a post, from the page of its thread."""
    path = f"/communaute/{place.space.slug}/{place.thread.id}/{number}/{what}"
    data = {"csrf_token": csrf(client, "/communaute/brouillons"), **fields}
    return client.post(path, data=data, content_type="multipart/form-data")


@pytest.fixture
def answered(place: Place) -> Place:
    with writing() as session:
        thread = session.get_one(Thread, place.thread.id)
        thread.kind = ThreadKind.QUESTION
        make_post(session, thread, author=place.member, text="Ma réponse.")
    return place


def test_an_author_mends_a_post_on_its_page(member: FlaskClient, answered: Place) -> None:
    form = page(member, f"/communaute/{answered.space.slug}/{answered.thread.id}/2/modifier")
    version = re.findall(r'name="version" type="hidden" value="(\d+)"', form)[0]
    mended = do(member, answered, 2, "modifier", texte="Mieux dit.", version=version)
    stale = do(member, answered, 2, "modifier", texte="Encore mieux.", version=version)

    assert mended.location == f"{answered.path}#m2"
    assert stale.status_code == 409
    for text in ("Mieux dit.", "Encore mieux."):
        assert text in stale.get_data(as_text=True)
    history = page(member, f"/communaute/{answered.space.slug}/{answered.thread.id}/2/historique")
    assert "Mieux" in history


@pytest.mark.parametrize("kind", [SanctionKind.SUSPENSION, SanctionKind.BAN])
def test_who_may_not_write_is_offered_nothing_that_would_be_refused(
    app: Flask, answered: Place, kind: SanctionKind
) -> None:
    with writing() as session:
        thread = session.get_one(Thread, answered.thread.id)
        thread.author_id = answered.member.member_id
        until = now() + timedelta(days=3) if kind is SanctionKind.SUSPENSION else None
        session.add(
            Sanction(
                space_id=answered.space.id,
                member_id=answered.member.member_id,
                kind=kind,
                reason="Assez.",
                until=until,
            )
        )

    shown = page(browser_of(app, answered.member), answered.path)

    assert "Ma réponse." in shown
    for gesture in ("/2/modifier", "/2/reponse", "/titre", "/appreciation"):
        assert gesture not in shown, gesture
    assert ("est suspendu jusqu’au" in shown) is (kind is SanctionKind.SUSPENSION)


def test_a_hidden_answer_is_not_said_to_be_there(
    facilitator: FlaskClient, member: FlaskClient, answered: Place
) -> None:
    do(facilitator, answered, 2, "reponse", vouloir="oui")
    assert "réponse acceptée" in page(facilitator, answered.path)
    with writing() as session:
        session.get_one(Post, posts(answered)[1].id).state = PostState.HIDDEN
    reader = browser_of(facilitator.application, answered.reader)

    assert "réponse acceptée" not in page(reader, answered.path)


@pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 40, "\u0664"])
def test_a_version_that_is_none_is_a_conflict(
    member: FlaskClient, answered: Place, version: str
) -> None:
    answer = do(member, answered, 2, "modifier", texte="Mieux dit.", version=version)

    assert answer.status_code == 409
    assert "Mieux dit." in answer.get_data(as_text=True)


def test_the_history_of_a_post_is_for_its_author_and_who_moderates(
    app: Flask, facilitator: FlaskClient, answered: Place
) -> None:
    path = f"/communaute/{answered.space.slug}/{answered.thread.id}/2/historique"

    page(facilitator, path)
    page(browser_of(app, answered.reader), path, status=404)


def test_a_file_is_added_and_taken_out_by_a_change(member: FlaskClient, answered: Place) -> None:
    file = (io.BytesIO("Un aide-mémoire.".encode()), "aide.txt")
    do(member, answered, 2, "modifier", texte="Avec fichier.", version="1", fichier=file)
    assert "aide.txt" in page(member, answered.path)
    with reading() as session:
        token = session.scalars(select(StoredFile.token)).one()
        version = posts(answered)[1].version
    do(member, answered, 2, "modifier", texte="Sans.", version=str(version), retirer=token)

    assert "aide.txt" not in page(member, answered.path)
    assert not opens(member, token)


def test_a_post_is_removed_after_a_question(member: FlaskClient, answered: Place) -> None:
    path = f"/communaute/{answered.space.slug}/{answered.thread.id}/2/retrait"
    assert "Ma réponse." in page(member, path)
    first, second = (do(member, answered, 2, "retrait") for _time in range(2))

    assert (first.status_code, second.status_code) == (303, 303)
    html = page(member, answered.path)
    assert "Ma réponse." not in html
    assert "retiré par la personne qui l’a écrit" in html


def test_what_a_moderator_removes_says_by_whom(facilitator: FlaskClient, answered: Place) -> None:
    do(facilitator, answered, 2, "retrait")

    assert "retiré par Camille Animation" in page(facilitator, answered.path)


def test_a_post_is_appreciated_and_counted(facilitator: FlaskClient, answered: Place) -> None:
    do(facilitator, answered, 2, "appreciation", genre="utile", vouloir="oui")
    assert "Utile 1" in page(facilitator, answered.path)
    do(facilitator, answered, 2, "appreciation", genre="utile", vouloir="non")
    assert "Utile 1" not in page(facilitator, answered.path)
    assert do(facilitator, answered, 2, "appreciation", genre="autre").status_code == 400


def test_the_answer_is_named_and_stands_at_the_head(
    member: FlaskClient, facilitator: FlaskClient, answered: Place
) -> None:
    assert do(member, answered, 2, "reponse", vouloir="oui").status_code == 403
    do(facilitator, answered, 2, "reponse", vouloir="oui")

    html = page(member, answered.path)
    assert 'id="reponse-acceptee"' in html
    read = read_page(html, address=answered.path)
    assert (read.errors, read.faults, read.duplicate_ids) == ([], [], [])


def test_the_summary_of_a_thread_is_written_by_who_facilitates(
    member: FlaskClient, facilitator: FlaskClient, answered: Place
) -> None:
    path = f"/communaute/{answered.space.slug}/{answered.thread.id}/synthese"
    page(member, path, status=403)
    seen = re.findall(r'name="vu" type="hidden" value="([^"]*)"', page(facilitator, path))[0]
    token = csrf(facilitator, path)
    fields = {"csrf_token": token, "vu": seen, "texte": "Trois équipes l’ont essayée."}
    written = facilitator.post(path, data=fields)
    stale = facilitator.post(path, data={**fields, "texte": "Deux équipes."})

    assert written.location == f"{answered.path}#synthese"
    assert "Trois équipes" in page(member, answered.path)
    assert stale.status_code == 409
    for text in ("Trois équipes l’ont essayée.", "Deux équipes."):
        assert text in stale.get_data(as_text=True)


def test_a_title_is_changed_and_the_former_address_leads_to_it(
    facilitator: FlaskClient, answered: Place
) -> None:
    path = f"/communaute/{answered.space.slug}/{answered.thread.id}/titre"
    version = re.findall(r'name="version" type="hidden" value="(\d+)"', page(facilitator, path))[0]
    token = csrf(facilitator, path)
    fields = {"csrf_token": token, "version": version, "titre": "Un titre plus clair"}
    changed = facilitator.post(path, data=fields)
    stale = facilitator.post(path, data={**fields, "titre": "Encore un autre"})

    assert changed.location.endswith("-un-titre-plus-clair")
    assert stale.status_code == 409
    assert "Encore un autre" in stale.get_data(as_text=True)
    assert facilitator.get(answered.path).location == changed.location


def test_what_is_refused_for_its_length_does_not_take_the_place_of_what_another_wrote(
    facilitator: FlaskClient, answered: Place
) -> None:
    at = f"/communaute/{answered.space.slug}/{answered.thread.id}"
    title, summary = page(facilitator, f"{at}/titre"), page(facilitator, f"{at}/synthese")
    hidden = {**hidden_of(title, "version"), **hidden_of(summary, "vu")}
    token = {"csrf_token": csrf(facilitator, f"{at}/titre")}
    facilitator.post(f"{at}/titre", data={**token, **hidden, "titre": "Le titre de l’autre"})
    facilitator.post(f"{at}/synthese", data={**token, **hidden, "texte": "La synthèse de l’autre"})

    for gesture, name, wrong, mended in (
        ("titre", "version", {"titre": "Non"}, {"titre": "Mon titre à moi"}),
        ("synthese", "vu", {"texte": "a" * 32_001}, {"texte": "Ma synthèse"}),
    ):
        refusal = facilitator.post(f"{at}/{gesture}", data={**token, **hidden, **wrong})
        again = hidden_of(refusal.get_data(as_text=True), name)
        answer = facilitator.post(f"{at}/{gesture}", data={**token, **again, **mended})

        assert refusal.status_code in {413, 422}
        assert answer.status_code == 409
        assert "de l’autre" in answer.get_data(as_text=True)


def hidden_of(html: str, name: str) -> dict[str, str]:
    return {name: re.findall(rf'name="{name}" type="hidden" value="([^"]*)"', html)[0]}


def test_every_page_of_one_post_is_sound(
    member: FlaskClient, facilitator: FlaskClient, answered: Place
) -> None:
    at = f"/communaute/{answered.space.slug}/{answered.thread.id}"
    for client, path in (
        (member, f"{at}/2/modifier"),
        (member, f"{at}/2/retrait"),
        (member, f"{at}/2/historique"),
        (facilitator, f"{at}/titre"),
        (facilitator, f"{at}/synthese"),
    ):
        read = read_page(page(client, path), address=path)
        assert (read.errors, read.faults, read.duplicate_ids, read.titles) == ([], [], [], 1), path


@pytest.mark.parametrize("what", ["modifier", "retrait", "appreciation", "reponse"])
def test_a_gesture_on_a_post_that_is_none_is_not_found(
    app: Flask, member: FlaskClient, answered: Place, what: str
) -> None:
    fields = {"texte": "Oui.", "genre": "utile", "vouloir": "oui"}
    assert do(member, answered, 99, what, **fields).status_code in {303, 404}
    with writing() as session:
        session.get_one(Space, answered.space.id).visibility = Visibility.PRIVATE_HIDDEN
    outside = browser_of(app, answered.reader)
    assert do(outside, answered, 2, what, **fields).status_code == 404


def test_people_who_are_mentioned_are_told_apart(
    facilitator: FlaskClient, member: FlaskClient, place: Place
) -> None:
    words = "Merci @Bastien Membre. Voir `@Bastien Membre` et @Rose Lectrice."
    send(facilitator, place.path, place.answer, texte=words)

    html = page(member, place.path)

    assert '<span class="mention">@Bastien Membre</span>' in html
    assert "<code>@Bastien Membre</code>" in html
    assert '"mention">@Rose' not in html


def test_who_belongs_sees_who_follows_the_thread(
    app: Flask, facilitator: FlaskClient, member: FlaskClient, place: Place
) -> None:
    assert "suit ce fil" not in page(facilitator, place.path)
    to = f"/communaute/{place.space.slug}/{place.thread.id}/suivi"
    assert send(member, place.path, to, suivi="suivre").status_code == 303

    seen = page(facilitator, place.path)
    assert "1 personne suit ce fil" in seen
    assert "Bastien Membre" in seen
    assert "suit ce fil" not in page(browser_of(app, place.reader), place.path)
