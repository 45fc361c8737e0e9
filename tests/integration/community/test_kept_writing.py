"""What was typed, and files that were chosen, stay when they are refused, whatever the reason."""

import io
import re
import threading
import time
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from inters4.community.models import Post, PostDraft, PostFile, PostState, Space, Thread
from inters4.community.queries.drafts import place_of_post, place_of_thread
from inters4.community.services.drafting import keep_draft, take_draft
from inters4.community.services.redacting import redact
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.files import StoredFile, file_store
from inters4.settings import Settings
from tests.builders.community import again, make_post, make_space, make_thread
from tests.builders.members import browser_of, make_viewer
from tests.builders.reading import read_page
from tests.builders.web import csrf

TITLE = "Qui a essayé la visite du mardi?"
DRAFTS = "/communaute/brouillons"
PERSONAL = "Appelez-moi au 418 555-0199."


@dataclass
class Place:
    facilitator: Viewer
    member: Viewer
    space: Space
    thread: Thread

    @property
    def path(self) -> str:
        return f"/communaute/{self.space.slug}/{self.thread.id}-qui-a-essaye-la-visite-du-mardi"

    @property
    def answer(self) -> str:
        return f"/communaute/{self.space.slug}/{self.thread.id}/repondre"

    @property
    def revision(self) -> str:
        return f"/communaute/{self.space.slug}/{self.thread.id}/2/modifier"


@pytest.fixture
def place(app: Flask) -> Place:
    with writing() as session:
        facilitator = make_viewer(session, name="Camille Animation")
        member = make_viewer(session, name="Bastien Membre")
        space = make_space(session, facilitator=facilitator, members=(member,))
        thread = make_thread(session, space, author=facilitator, title=TITLE)
        make_post(session, thread, author=member, text="Une réponse.")
    return Place(facilitator, member, space, thread)


@pytest.fixture
def member(app: Flask, place: Place) -> FlaskClient:
    return browser_of(app, place.member)


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.get_data(as_text=True)


def fields_of(html: str) -> dict[str, str]:
    """The hidden fields of the form where one writes."""
    form = html.partition('<form class="composer"')[2].partition("</form>")[0]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if 'type="hidden"' in tag and name:
            found[name[1]] = value[1] if value else ""
    return found


def a_file(name: str = "aide.txt") -> tuple[io.BytesIO, str]:
    return io.BytesIO("Un aide-mémoire.".encode()), name


def send(client: FlaskClient, page_path: str, to: str, **fields: object) -> TestResponse:
    return client.post(
        to,
        data={**fields_of(page(client, page_path)), **fields},
        content_type="multipart/form-data",
    )


def files_of(place: Place, number: int) -> list[str]:
    with reading() as session:
        return list(
            session.scalars(
                select(StoredFile.name)
                .join(PostFile, PostFile.file_id == StoredFile.id)
                .join(Post, Post.id == PostFile.post_id)
                .where(Post.thread_id == place.thread.id, Post.number == number)
                .order_by(StoredFile.id)
            )
        )


def text_of(place: Place, number: int) -> str:
    with reading() as session:
        return session.scalars(
            select(Post.source).where(Post.thread_id == place.thread.id, Post.number == number)
        ).one()


@pytest.mark.parametrize("text", [PERSONAL, "a" * 32_001, "a" * 64_001, "", ">" * 5_000])
def test_a_change_that_is_refused_keeps_its_file_and_its_text(
    member: FlaskClient, place: Place, text: str
) -> None:
    refused = send(member, place.revision, place.revision, texte=text, fichier=a_file())
    html = refused.get_data(as_text=True)

    assert refused.status_code in {413, 422}
    assert "aide.txt" in html
    assert text in html.replace("&gt;", ">")
    assert files_of(place, 2) == []
    assert "aide.txt" in page(member, place.revision)

    mended = send(member, place.revision, place.revision, texte="Mieux dit.")
    assert mended.status_code == 303
    assert (text_of(place, 2), files_of(place, 2)) == ("Mieux dit.", ["aide.txt"])
    with reading() as session:
        assert session.scalars(select(PostDraft)).all() == []


def test_two_changes_at_once_keep_both_texts_and_the_file(
    member: FlaskClient, place: Place
) -> None:
    fields = fields_of(page(member, place.revision))
    send(member, place.revision, place.revision, texte="Le premier.")
    late = member.post(
        place.revision,
        data={**fields, "texte": "Le second.", "fichier": a_file()},
        content_type="multipart/form-data",
    )
    html = late.get_data(as_text=True)

    assert late.status_code == 409
    assert ("Le premier." in html, "Le second." in html, "aide.txt" in html) == (True, True, True)
    again = member.post(place.revision, data={**fields_of(html), "texte": "Les deux."})
    assert again.status_code == 303
    assert (text_of(place, 2), files_of(place, 2)) == ("Les deux.", ["aide.txt"])


def test_a_text_too_long_does_not_hide_that_the_post_changed(
    member: FlaskClient, place: Place
) -> None:
    fields = fields_of(page(member, place.revision))
    send(member, place.revision, place.revision, texte="Le premier.")
    long = member.post(place.revision, data={**fields, "texte": "a" * 32_001})
    shorter = {**fields_of(long.get_data(as_text=True)), "texte": "Plus court."}

    assert member.post(place.revision, data=shorter).status_code == 409
    assert text_of(place, 2) == "Le premier."


def test_files_are_added_to_a_change_and_taken_out_of_it(member: FlaskClient, place: Place) -> None:
    words = {"texte": "Presque."}
    for name in ("un.txt", "deux.txt"):
        joined = send(
            member, place.revision, place.revision, geste="joindre", fichier=a_file(name), **words
        )
        assert joined.status_code == 303
    html = page(member, place.revision)
    token = re.findall(r'value="(retirer:[^"]*)"', html)[0]
    assert "Presque." in html
    send(member, place.revision, place.revision, geste=token, **words)
    kept = page(member, place.revision)
    assert ("un.txt" in kept, "deux.txt" in kept) == (False, True)
    assert files_of(place, 2) == []

    send(member, place.revision, place.revision, texte="Fini.")
    assert files_of(place, 2) == ["deux.txt"]


def test_what_was_to_be_taken_out_of_a_post_stays_ticked(member: FlaskClient, place: Place) -> None:
    send(member, place.revision, place.revision, texte="Voici.", fichier=a_file())
    token = re.findall(r'name="retirer" value="([^"]*)"', page(member, place.revision))[0]

    refused = send(member, place.revision, place.revision, texte=PERSONAL, retirer=token)
    assert f'value="{token}" checked' in refused.get_data(as_text=True)
    joined = send(
        member,
        place.revision,
        place.revision,
        texte="Voici.",
        retirer=token,
        geste="joindre",
        fichier=a_file("autre.txt"),
    )
    assert f'value="{token}" checked' in page(member, joined.location)


def test_pages_that_give_back_are_sound(member: FlaskClient, place: Place) -> None:
    send(member, place.revision, place.revision, texte="Presque.", geste="brouillon")
    for path in (place.revision, DRAFTS):
        read = read_page(page(member, path), address=path)
        assert (read.errors, read.faults, read.duplicate_ids, read.titles) == ([], [], [], 1)


def test_a_change_that_is_being_written_is_among_the_drafts_of_its_author_alone(
    app: Flask, member: FlaskClient, place: Place
) -> None:
    fields = fields_of(page(member, place.revision))
    kept = member.post(f"{DRAFTS}/enregistrement", data={**fields, "texte": "Je reprends"})
    other = browser_of(app, place.facilitator)
    theirs = {**fields, "csrf_token": csrf(other, DRAFTS), "texte": "Autre"}

    assert kept.status_code == 204
    assert "Je reprends" in page(member, place.revision)
    drafts = page(member, DRAFTS)
    assert "Je reprends" in drafts
    assert place.revision in drafts
    assert other.post(f"{DRAFTS}/enregistrement", data=theirs).status_code == 404
    assert "Je reprends" not in page(other, DRAFTS)


def test_a_draft_older_than_the_post_shows_both_texts(member: FlaskClient, place: Place) -> None:
    send(member, place.revision, place.revision, texte="Mon brouillon.", geste="brouillon")
    with writing() as session:
        session.scalars(select(PostDraft)).one().updated_at = now() - timedelta(minutes=5)
    fields = {**fields_of(page(member, place.revision)), "texte": "Publié ailleurs."}
    with writing() as session:
        draft = session.scalars(select(PostDraft)).one()
        draft.place, kept = "ailleurs", draft.place
    member.post(place.revision, data=fields)
    with writing() as session:
        draft = session.scalars(select(PostDraft)).one()
        draft.place, draft.updated_at = kept, now() - timedelta(minutes=5)
    html = page(member, place.revision)

    assert "les deux textes" in html
    assert "Publié ailleurs." in html
    assert "Mon brouillon." in html


def test_a_change_that_comes_after_its_day_gives_the_text_back(
    member: FlaskClient, place: Place
) -> None:
    fields = fields_of(page(member, place.revision))
    with writing() as session:
        post = session.scalars(select(Post).where(Post.number == 2)).one()
        post.created_at = now() - timedelta(days=2)
    late = member.post(place.revision, data={**fields, "texte": "Trop tard."})

    assert late.status_code == 403
    assert "Trop tard." in late.get_data(as_text=True)
    assert "Trop tard." in page(member, DRAFTS)
    assert "Trop tard." in page(member, place.revision, status=403)


def test_a_change_to_a_post_removed_meanwhile_gives_the_text_back(
    member: FlaskClient, place: Place
) -> None:
    fields = fields_of(page(member, place.revision))
    with writing() as session:
        session.scalars(select(Post).where(Post.number == 2)).one().state = PostState.REMOVED
    late = member.post(place.revision, data={**fields, "texte": "Trop tard."})

    assert late.status_code == 404
    assert "Trop tard." in late.get_data(as_text=True)


def test_a_redaction_reaches_a_change_that_is_being_written(
    session: Session, settings: Settings
) -> None:
    lead, author = make_viewer(session), make_viewer(session)
    space = make_space(session, facilitator=lead, members=(author,))
    thread = make_thread(session, space, author=author, text="La dame Zoé attend.")
    opening = session.scalars(select(Post).where(Post.thread_id == thread.id)).one()
    words = "La dame Zoé attend encore."
    kept = keep_draft(session, place_of_post(opening), text=words, by=again(session, author))

    redact(
        session,
        opening,
        passages=("Zoé",),
        reason="Une raison.",
        by=again(session, lead),
        store=file_store(settings),
    )

    assert kept is not None
    session.refresh(kept)
    assert "Zoé" not in kept.source


def test_nobody_learns_by_a_change_what_another_is_writing(app: Flask, place: Place) -> None:
    other = browser_of(app, place.facilitator)
    fields = {"csrf_token": csrf(other, DRAFTS), "texte": "Pas le mien.", "version": "1"}

    assert other.post(place.revision, data=fields).status_code == 403
    with reading() as session:
        assert session.scalars(select(PostDraft)).all() == []


def test_an_answer_to_a_thread_locked_meanwhile_is_shown_and_kept(
    member: FlaskClient, place: Place
) -> None:
    fields = fields_of(page(member, place.path))
    with writing() as session:
        session.get_one(Thread, place.thread.id).locked_at = now()
    late = member.post(
        place.answer,
        data={**fields, "texte": "Ma longue réponse.", "fichier": a_file()},
        content_type="multipart/form-data",
    )
    html = late.get_data(as_text=True)

    assert late.status_code == 403
    assert "Ma longue réponse." in html
    assert "Ma longue réponse." in page(member, DRAFTS)
    with writing() as session:
        session.get_one(Thread, place.thread.id).locked_at = None
    assert "aide.txt" in page(member, place.path)


def test_an_answer_longer_than_a_draft_keeps_its_file(member: FlaskClient, place: Place) -> None:
    refused = send(member, place.path, place.answer, texte="a" * 64_001, fichier=a_file())

    assert refused.status_code == 413
    assert "aide.txt" in refused.get_data(as_text=True)
    assert "aide.txt" in page(member, place.path)


def test_a_file_too_many_is_kept_until_one_is_taken_out(member: FlaskClient, place: Place) -> None:
    for number in range(5):
        send(
            member, place.path, place.answer, geste="joindre", fichier=a_file(f"piece-{number}.txt")
        )
    refused = send(member, place.path, place.answer, texte="Six.", fichier=a_file("sixieme.txt"))
    html = refused.get_data(as_text=True)

    assert refused.status_code == 422
    assert "au plus 5 fichiers" in html
    token = re.findall(r'value="(retirer:[^"]*)"', html)[0]
    send(member, place.path, place.answer, texte="Six.", geste=token)
    assert send(member, place.path, place.answer, texte="Cinq.").status_code == 303
    assert files_of(place, 3)[-1] == "sixieme.txt"


@pytest.mark.parametrize("where", ["answer", "revision"])
def test_a_session_that_ended_keeps_the_text_and_says_to_choose_the_file_again(
    app: Flask, member: FlaskClient, place: Place, where: str
) -> None:
    to: str = getattr(place, where)
    fields = fields_of(page(member, place.path if where == "answer" else to))
    visitor = app.test_client()
    token = csrf(visitor, "/connexion")
    fields |= {"csrf_token": token, "texte": "Mon long travail."}
    ended = visitor.post(
        to,
        data={**fields, "fichier": a_file()},
        content_type="multipart/form-data",
        headers={"Origin": "http://localhost"},
    )
    html = ended.get_data(as_text=True)

    assert ended.status_code == 401
    assert 'value="Mon long travail."' in html
    assert "Choisissez de nouveau le fichier «\u00a0aide.txt\u00a0»" in html
    assert 'enctype="multipart/form-data"' in html
    assert 'name="fichier"' in html


def test_a_session_that_ended_keeps_the_text_of_a_form_where_no_file_was_chosen(
    app: Flask, member: FlaskClient, place: Place
) -> None:
    visitor = app.test_client()
    fields = {"csrf_token": csrf(visitor, "/connexion"), "texte": "Mon long travail."}
    ended = visitor.post(
        place.answer,
        data={**fields, "fichier": (io.BytesIO(b""), "")},
        content_type="multipart/form-data",
        headers={"Origin": "http://localhost"},
    )
    html = ended.get_data(as_text=True)

    assert ended.status_code == 401
    assert 'value="Mon long travail."' in html
    assert "Choisissez de nouveau" not in html


def drafts_in(place: Place) -> list[str]:
    with reading() as session:
        return list(session.scalars(select(PostDraft.source).order_by(PostDraft.id)))


def in_two_tabs(client: FlaskClient, page_path: str, to: str) -> dict[str, str]:
    """The fields of a tab that knows nothing of what another has kept since."""
    older = fields_of(page(client, page_path))
    send(client, page_path, to, texte="Le plus récent.", geste="brouillon")
    return older


@pytest.mark.parametrize("gesture", ["", "brouillon", "joindre"])
@pytest.mark.parametrize("where", ["answer", "revision"])
def test_an_older_tab_takes_nothing_of_what_another_kept(
    member: FlaskClient, place: Place, where: str, gesture: str
) -> None:
    to: str = getattr(place, where)
    shown = place.path if where == "answer" else to
    older = in_two_tabs(member, shown, to)
    late = member.post(
        to,
        data={**older, "texte": "L’ancien.", "geste": gesture, "fichier": a_file()},
        content_type="multipart/form-data",
    )
    html = late.get_data(as_text=True)

    assert late.status_code == 409
    assert ("Le plus récent." in html, "L’ancien." in html) == (True, True)
    assert ("changé dans un autre onglet" in html, "aide.txt" in html) == (True, True)
    assert drafts_in(place) == ["Le plus récent."]

    meant = member.post(to, data={**fields_of(html), "texte": "Les deux."})
    assert meant.status_code == 303
    number = 3 if where == "answer" else 2
    assert (text_of(place, number), files_of(place, number)) == ("Les deux.", ["aide.txt"])
    assert drafts_in(place) == []


def test_an_older_tab_of_a_new_thread_takes_nothing_of_what_another_kept(
    member: FlaskClient, place: Place
) -> None:
    new = f"/communaute/{place.space.slug}/nouveau"
    older = fields_of(page(member, new))
    send(member, new, new, titre="Un titre récent", texte="Récent.", geste="brouillon")
    late = member.post(new, data={**older, "titre": "Un titre ancien", "texte": "Ancien."})
    html = late.get_data(as_text=True)

    assert late.status_code == 409
    assert "Un titre récent" in html
    assert 'value="Un titre ancien"' in html
    assert drafts_in(place) == ["Récent."]


def test_a_file_refused_in_an_older_tab_takes_nothing_of_what_another_kept(
    member: FlaskClient, place: Place
) -> None:
    older = in_two_tabs(member, place.path, place.answer)
    late = member.post(
        place.answer,
        data={**older, "texte": "L’ancien.", "fichier": (io.BytesIO(b"MZ"), "jeu.exe")},
        content_type="multipart/form-data",
    )

    assert late.status_code == 409
    assert "L’ancien." in late.get_data(as_text=True)
    assert drafts_in(place) == ["Le plus récent."]


def test_a_form_pressed_twice_takes_nothing_of_what_another_tab_kept(
    member: FlaskClient, place: Place
) -> None:
    pressed = {**fields_of(page(member, place.path)), "texte": "Une seule fois."}
    first = member.post(place.answer, data=pressed)
    send(member, place.path, place.answer, texte="Tout autre chose.", geste="brouillon")
    second = member.post(place.answer, data=pressed)

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert drafts_in(place) == ["Tout autre chose."]


def test_a_change_shown_beside_a_newer_draft_still_meets_what_was_published_meanwhile(
    member: FlaskClient, place: Place
) -> None:
    first = fields_of(page(member, place.revision))
    older = in_two_tabs(member, place.revision, place.revision)
    with writing() as session:
        draft = session.scalars(select(PostDraft)).one()
        draft.place, kept = "ailleurs", draft.place
    assert member.post(place.revision, data={**first, "texte": "Publié."}).status_code == 303
    with writing() as session:
        session.scalars(select(PostDraft)).one().place = kept
    late = member.post(place.revision, data={**older, "texte": "L’ancien."})
    again = member.post(
        place.revision,
        data={**fields_of(late.get_data(as_text=True)), "texte": "L’ancien."},
    )

    assert (late.status_code, again.status_code) == (409, 409)
    assert "Publié." in again.get_data(as_text=True)
    assert text_of(place, 2) == "Publié."


def test_two_tabs_that_post_at_once_share_no_file(member: FlaskClient, place: Place) -> None:
    send(member, place.path, place.answer, texte="Deux.", geste="joindre", fichier=a_file())
    where, taken = place_of_thread(place.thread), []

    def take() -> None:
        with writing() as other:
            taken.append(len(take_draft(other, where, by=place.member)))

    late = threading.Thread(target=take)
    with writing() as session:
        taken.append(len(take_draft(session, where, by=place.member)))
        late.start()
        time.sleep(0.5)
    late.join()

    assert taken == [1, 0]
