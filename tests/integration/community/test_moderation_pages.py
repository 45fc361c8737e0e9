"""The pages of moderation: plain forms that a keyboard reaches, refusals that lose nothing."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from inters4.community.models import (
    Flag,
    FlagReason,
    FlagState,
    Membership,
    Post,
    PostState,
    Sanction,
    SanctionKind,
    Space,
    Thread,
    Visibility,
)
from inters4.community.queries.access import standing_of
from inters4.community.services.flagging import flag_post
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.members.models import Member
from inters4.members.queries import load_viewer
from tests.builders.community import again, make_post, make_space, make_thread
from tests.builders.members import browser_of, make_viewer
from tests.builders.statements import statements
from tests.builders.web import csrf, sent_by


class Place:
    """What the pages are about, committed."""

    lead: Viewer
    author: Viewer
    reader: Viewer
    outside: Viewer
    thread: int
    slug: str


@pytest.fixture
def place(app: Flask) -> Place:
    found = Place()
    with writing() as session:
        lead, deputy = make_viewer(session, name="Léa Fictive"), make_viewer(session)
        author, reader = make_viewer(session), make_viewer(session, name="Jo Lecture")
        space = make_space(session, facilitator=lead, deputy=deputy, members=(author, reader))
        thread = make_thread(session, space, author=author)
        found.lead, found.author = again(session, lead), again(session, author)
        found.reader, found.outside = again(session, reader), make_viewer(session)
        found.slug, found.thread = space.slug, thread.id
    return found


def url(place: Place, tail: str = "", number: int = 1) -> str:
    tail = tail.format(thread=place.thread, number=number)
    return f"/communaute/{place.slug}/moderation{tail}"


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path, follow_redirects=status == 200)
    assert answer.status_code == status, answer.status_code
    return answer.get_data(as_text=True)


def send(client: FlaskClient, form: str, path: str, status: int = 303, **typed: object) -> str:
    answer = client.post(path, data={"csrf_token": csrf(client, form), **typed})
    body = answer.get_data(as_text=True)
    assert answer.status_code == status, body[:3000]
    return body


def the_post(number: int = 1) -> Post:
    with reading() as session:
        return session.scalars(select(Post).where(Post.number == number)).one()


def flag(place: Place, reason: FlagReason = FlagReason.OFF_TOPIC, number: int = 1) -> None:
    with writing() as session:
        post = session.scalars(select(Post).where(Post.number == number)).one()
        flag_post(session, post, reason, by=place.reader, note_text="À regarder.")


def test_a_reader_flags_from_the_thread(app: Flask, place: Place) -> None:
    client = browser_of(app, place.reader)
    form = f"/communaute/{place.slug}/signalement/{place.thread}/1"
    assert form in page(client, f"/communaute/{place.slug}/{place.thread}")
    refused = send(client, form, form, 422, precision="Un prénom.")
    assert "Choisissez ce qui ne va pas." in refused
    assert "Un prénom." in refused
    refused = send(client, form, form, 422, motif="autre")
    assert 'aria-invalid="true"' in refused

    send(client, form, form, motif="renseignement-personnel", precision="Un prénom.")

    assert the_post().state is PostState.HIDDEN
    assert "le message est masqué" in page(client, f"/communaute/{place.slug}")


def test_an_author_who_moderates_is_not_told_who_flagged(app: Flask, place: Place) -> None:
    with writing() as session:
        space = session.scalars(select(Space)).one()
        thread = make_thread(session, space, author=place.lead, text="Un mot de l’animation.")
        post = session.scalars(select(Post).where(Post.thread_id == thread.id)).one()
        flag_post(
            session, post, FlagReason.PERSONAL, by=place.reader, note_text="Le prénom de ma tante."
        )
        here, deputy_id = f"/{thread.id}/1", space.deputy_id or 0

    told = page(browser_of(app, place.lead), url(place, here))
    assert "Renseignement personnel" in told
    assert "Jo Lecture" not in told
    assert "Le prénom de ma tante." not in told

    with reading() as session:
        deputy = load_viewer(session, deputy_id)
    told = page(browser_of(app, deputy), url(place, here))
    assert "Jo Lecture" in told
    assert "Le prénom de ma tante." in told


def test_a_private_space_hides_its_flag_form_and_its_desk(app: Flask, place: Place) -> None:
    with writing() as session:
        session.scalars(select(Space)).one().visibility = Visibility.PRIVATE_HIDDEN
    client = browser_of(app, place.outside)
    page(client, f"/communaute/{place.slug}/signalement/{place.thread}/1", 404)
    for tail in ("", "/journal", "/mesures", "/{thread}", "/{thread}/1", "/{thread}/1/effacement"):
        page(client, url(place, tail), 404)


def test_who_does_not_moderate_is_refused(app: Flask, place: Place) -> None:
    client = browser_of(app, place.reader)
    for tail in ("", "/journal", "/mesures", "/{thread}", "/{thread}/1", "/{thread}/1/effacement"):
        page(client, url(place, tail), 403)
    visitor = app.test_client()
    assert visitor.get(url(place)).status_code == 303


def test_unknown_and_hostile_addresses_are_pages_that_do_not_exist(
    app: Flask, place: Place
) -> None:
    client = browser_of(app, place.lead)
    for tail in (
        "/999999",
        "/{thread}/999",
        "/{thread}/0",
        "/99999999999999999999/1",
        "/personnes/x",
    ):
        page(client, url(place, tail), 404)
    page(client, url(place, "?page=9999999999999999999999&etat=zzz"))
    page(client, url(place, "/journal?geste=nope&page=-3"))
    token = csrf(client, url(place, "/{thread}"))
    for path in ("/{thread}/geste/rien", "/{thread}/1/rien"):
        answer = client.post(url(place, path), data={"csrf_token": token})
        assert answer.status_code == 404


def test_a_flag_is_taken_then_decided(app: Flask, place: Place) -> None:
    flag(place)
    client = browser_of(app, place.lead)
    queue = page(client, url(place))
    assert "Hors sujet" in queue
    assert "Jo Lecture" not in queue
    here = url(place, "/{thread}/1")
    assert "Jo Lecture" in page(client, here)
    send(client, here, here + "/prise")
    assert "Léa Fictive s’en occupe" in page(client, here)
    refused = send(client, here, here + "/decision", 422, reponse="Elle est à sa place.")
    assert "Choisissez votre décision." in refused
    assert "Elle est à sa place." in refused

    send(client, here, here + "/decision", decision="non-retenu", reponse="Elle est à sa place.")

    with reading() as session:
        assert session.scalars(select(Flag.state)).one() is FlagState.REJECTED
    assert "Rien n’est signalé" in page(client, url(place))
    assert "Non retenu" in page(client, url(place, "?etat=regles"))
    journal = page(client, url(place, "/journal?geste=reject"))
    assert "Elle est à sa place." in journal


def test_hidden_and_edited_with_a_reason(app: Flask, place: Place) -> None:
    client = browser_of(app, place.lead)
    here = url(place, "/{thread}/1")
    refused = send(client, here, here + "/masquage", 422)
    assert re.search(r'<details class="gesture" open>\s*<summary>Masquer', refused)
    send(client, here, here + "/masquage", raison="À revoir.")
    assert the_post().state is PostState.HIDDEN
    version = sent_by(page(client, here))["version"]
    send(
        client, here, here + "/modification", texte="Corrigé.", raison="Une date.", version=version
    )
    stale = send(
        client, here, here + "/modification", 409, texte="Autre.", raison="Oui.", version=version
    )
    assert "Autre." in stale
    assert "Corrigé." in stale
    send(client, here, here + "/retablissement", raison="")
    assert the_post().source == "Corrigé."
    assert the_post().state is PostState.PUBLISHED


def test_what_an_author_is_told_ends_as_the_title_of_the_thread_does(
    app: Flask, place: Place
) -> None:
    client = browser_of(app, place.lead)
    here = url(place, "/{thread}/1")
    send(client, here, f"{here}/masquage", raison="Une répétition.")

    told = page(browser_of(app, place.author), "/avis")

    assert "Qui a essayé la visite du mardi? Une répétition." in told


def test_notices_of_communities_are_chosen_in_one_place(app: Flask, place: Place) -> None:
    chosen = page(browser_of(app, place.lead), "/compte/preferences")
    groups = [unescape(one).strip() for one in re.findall(r"<legend>([^<]+)</legend>", chosen)]
    assert groups.count("Communautés de pratique") == 1
    assert "Communauté" not in groups


def test_a_first_post_is_approved_from_the_queue(app: Flask, place: Place) -> None:
    with writing() as session:
        thread = session.scalars(select(Thread)).one()
        make_post(session, thread, author=place.reader, state=PostState.WAITING)
    client = browser_of(app, place.lead)
    queue = url(place, "?etat=premiers")
    listed = page(client, queue)
    assert "Nous aussi." in listed
    asked = sent_by(listed[listed.index("/approbation") :]).to_dict()

    answer = client.post(url(place, "/{thread}/2/approbation"), data=asked)

    assert (answer.status_code, answer.location) == (303, queue)

    assert the_post(2).state is PostState.PUBLISHED
    assert "Aucun message n’attend" in page(client, queue)


def test_the_gestures_of_a_thread(app: Flask, place: Place) -> None:
    client = browser_of(app, place.lead)
    here = url(place, "/{thread}")
    for gesture, said in (
        ("verrou", "Verrouillé"),
        ("epingle", "Épinglé"),
        ("deverrou", "Verrouiller"),
        ("depingle", "Épingler"),
    ):
        send(client, here, f"{here}/geste/{gesture}")
        assert said in page(client, here)
    assert "Dites pourquoi" in send(client, here, f"{here}/geste/retrait", 422)
    send(client, here, f"{here}/geste/retrait", raison="En double.")
    page(browser_of(app, place.reader), f"/communaute/{place.slug}/{place.thread}", 404)
    send(client, here, f"{here}/geste/retour")
    page(browser_of(app, place.reader), f"/communaute/{place.slug}/{place.thread}")


def test_messages_are_detached_by_box_or_by_number(app: Flask, place: Place) -> None:
    with writing() as session:
        thread = session.scalars(select(Thread)).one()
        for number in range(2, 8):
            make_post(session, thread, author=place.reader, text=f"Message {number}.")
    client = browser_of(app, place.lead)
    here = url(place, "/{thread}")
    refused = send(client, here, f"{here}/geste/scission", 422, titre="Non", messages="3")
    assert "5 à 200 signes" in refused
    assert re.search(r'value="3" checked', refused)
    refused = send(client, here, f"{here}/geste/scission", 422, titre="Un autre fil", numeros="1-3")
    assert "Le premier message reste" in refused

    send(
        client,
        here,
        f"{here}/geste/scission",
        titre="Un autre fil",
        messages="3",
        numeros="5-6, 99999999",
    )

    with reading() as session:
        new = session.scalars(select(Thread).where(Thread.title == "Un autre fil")).one()
        texts = session.scalars(
            select(Post.source).where(Post.thread_id == new.id).order_by(Post.number)
        ).all()
        assert list(texts) == ["Message 3.", "Message 5.", "Message 6."]


def test_two_threads_become_one_and_the_old_address_leads_there(app: Flask, place: Place) -> None:
    with writing() as session:
        space = session.scalars(select(Space)).one()
        other = make_thread(session, space, author=place.author, title="Le même sujet").id
    client = browser_of(app, place.lead)
    here = url(place, "/{thread}")
    assert "Choisissez le fil" in send(client, here, f"{here}/geste/fusion", 422, fil="")
    assert "Choisissez le fil" in send(client, here, f"{here}/geste/fusion", 422, numero="x" * 9999)
    link = f"http://localhost/communaute/{place.slug}/{other}-le-meme-sujet#m1"
    send(client, here, f"{here}/geste/fusion", numero=link)

    moved = browser_of(app, place.reader).get(f"/communaute/{place.slug}/{place.thread}")
    assert moved.status_code == 301
    assert f"/{other}-" in moved.headers["Location"]


def test_a_thread_moves_once_it_is_confirmed_that_others_read_it(app: Flask, place: Place) -> None:
    with writing() as session:
        session.scalars(select(Space)).one().visibility = Visibility.PRIVATE_LISTED
        target = make_space(session, facilitator=place.lead, name="Espace ouvert").slug
    client = browser_of(app, place.lead)
    here = url(place, "/{thread}")
    assert "D’autres personnes le liraient" in page(client, here)
    for wrong in ("", "inconnu", place.slug + "x"):
        refused = send(client, here, f"{here}/geste/deplacement", 422, espace=wrong)
        assert "Choisissez l’espace" in refused
    refused = send(client, here, f"{here}/geste/deplacement", 422, espace=target)
    assert "confirmez-le" in refused

    send(client, here, f"{here}/geste/deplacement", espace=target, confirmation="oui")

    page(browser_of(app, place.outside), f"/communaute/{target}/{place.thread}")


def test_a_person_is_warned_suspended_and_let_write_again(app: Flask, place: Place) -> None:
    with reading() as session:
        public_id = session.get_one(Member, place.author.member_id).public_id
        lead_id = session.get_one(Member, place.lead.member_id).public_id
    client = browser_of(app, place.lead)
    here = url(place, f"/personnes/{public_id}")
    assert f"/communaute/{place.slug}/personnes/{public_id}" in page(client, here)
    send(client, here, f"{here}/avertissement", raison="Restez au sujet.")
    for days in ("0", "366", "abc", "9" * 30, ""):
        refused = send(client, here, f"{here}/suspension", 422, jours=days, raison="Encore.")
        assert "de 1 à 365" in refused
        assert "Encore." in refused
    send(client, here, f"{here}/suspension", jours="3", raison="Encore.")
    with reading() as session:
        kinds = session.scalars(select(Sanction.kind).order_by(Sanction.id)).all()
        assert list(kinds) == [SanctionKind.WARNING, SanctionKind.SUSPENSION]
        space = session.scalars(select(Space)).one()
        until = standing_of(session, space.id, place.author.member_id).suspended_until
        assert until is not None
        assert (until - now()).days == 2
    assert "Encore." in page(client, url(place, "/mesures"))

    send(client, here, f"{here}/levee")

    with reading() as session:
        assert standing_of(session, space.id, place.author.member_id).is_clear
    assert "anime ou modère" in page(client, url(place, f"/personnes/{lead_id}"))
    assert client.post(f"{here}/rien", data={"csrf_token": csrf(client, here)}).status_code == 404


def test_the_pages_of_someone_who_no_longer_belongs_are_closed(app: Flask, place: Place) -> None:
    client = browser_of(app, place.lead)
    page(client, url(place))
    with writing() as session:
        space = session.scalars(select(Space)).one()
        session.delete(session.get_one(Membership, (space.id, place.lead.member_id)))
    page(client, url(place), 403)


def test_the_queue_and_the_journal_ask_as_much_for_many_as_for_one(
    app: Flask, place: Place
) -> None:
    client = browser_of(app, place.lead)
    flag(place)
    for tail in ("", "/journal", "/mesures", "?etat=premiers"):
        page(client, url(place, tail))
    costs = {}
    for tail in ("", "/journal"):
        with statements() as few:
            page(client, url(place, tail))
        costs[tail] = len(few)
    with writing() as session:
        thread = session.scalars(select(Thread)).one()
        for _number in range(15):
            make_post(session, thread, author=place.author)
    for number in range(2, 16):
        flag(place, FlagReason.PERSONAL, number)
    for tail, cost in costs.items():
        with statements() as many:
            page(client, url(place, tail))
        assert len(many) == cost, tail


def test_what_awaits_who_moderates_is_on_their_board(app: Flask, place: Place) -> None:
    flag(place)
    assert "1 message attend une décision" in page(browser_of(app, place.lead), "/compte")
    assert "attend une décision" not in page(browser_of(app, place.reader), "/compte")


def test_what_is_removed_is_still_reached_by_who_may_erase_it(app: Flask, place: Place) -> None:
    with writing() as session:
        thread = session.scalars(select(Thread)).one()
        make_post(session, thread, author=place.reader, state=PostState.REMOVED, text="Un nom.")
    here = url(place, "/{thread}/2")
    thread_page = f"/communaute/{place.slug}/{place.thread}"
    assert here in page(browser_of(app, place.lead), thread_page)
    assert here not in page(browser_of(app, place.author), thread_page)
    shown = page(browser_of(app, place.lead), here)
    assert "Un nom." not in shown
    assert "effacé pour de bon" in shown
    client = browser_of(app, place.lead)
    send(client, here + "/effacement", here + "/effacement", entier="oui", raison="Une patiente.")
    assert the_post(2).source == ""
