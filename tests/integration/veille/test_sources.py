"""Sources on their pages: tried before they are kept, then paused, moved, changed, deleted."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from inters4.core.access import Role
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError, NotFound
from inters4.core.fetch import FetchPolicy
from inters4.members.models import Member
from inters4.veille.models import Finding, Source, SourceKind, SourceState
from inters4.veille.queries.sources import load_source
from inters4.veille.services.sources import (
    SourceSaid,
    accept_address,
    add_source,
    change_source,
    kind_of,
    pause_source,
    resume_source,
)
from inters4.vocabulary.services.editing import Misfilled
from tests.builders.findings import make_finding
from tests.builders.members import give_role, make_member, make_viewer, sign_in_as
from tests.builders.sites import HOST, Site, page, redirect
from tests.builders.vocabulary import make_vocabulary
from tests.builders.watches import make_source, make_watch
from tests.builders.web import csrf

POLICY = FetchPolicy()
pytestmark = pytest.mark.allow_hosts([HOST])
FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel>
<title>Une revue &amp; ses articles</title><link>https://revue.example/</link><language>fr-CA</language>
<item><title>Un premier article</title><link>https://revue.example/1</link></item>
<item><title>Un second article</title><link>https://revue.example/2</link></item>
</channel></rss>"""


@pytest.fixture
def broker(client: FlaskClient, session: Session) -> Member:
    make_vocabulary(session)
    member = make_member(session, name="Dominique Exemple")
    give_role(session, member, Role.BROKER)
    sign_in_as(client, session, member)
    return member


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    """A site of the network where the portal may go."""
    opened = Site()
    allowed = (f"{HOST}:{opened.port}",)
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], fetch_allow=allowed)
    yield opened
    opened.close()


@pytest.fixture
def form(broker: Member) -> str:
    """Where a source is added to a watch."""
    with writing() as session:
        return f"/veille/dispositifs/{make_watch(session).public_id}/sources/nouvelle"


def send(client: FlaskClient, path: str, **values: object) -> TestResponse:
    return client.post(path, data={**values, "csrf_token": csrf(client, path)})


def sources() -> list[Source]:
    with reading() as session:
        return list(session.scalars(select(Source).order_by(Source.id)))


def test_a_narrower_theme_is_set_back_as_a_whole(
    client: FlaskClient, broker: Member, session: Session
) -> None:
    source = make_source(session, make_watch(session))
    session.commit()

    shown = client.get(f"/veille/sources/{source.public_id}").text

    assert '<span class="check-under">' in shown
    assert "<span>\N{NO-BREAK SPACE}" not in shown, "set back by spaces, its second line is not"


def test_an_address_is_tried_before_it_is_kept(client: FlaskClient, form: str, site: Site) -> None:
    site.pages["/flux"] = page(FEED)

    shown = send(client, form, adresse=f"{site.url}/flux", geste="essai")

    assert "L’adresse répond : 2 articles" in shown.text
    assert "Un premier article" in shown.text
    assert 'value="Une revue &amp; ses articles"' in shown.text
    assert sources() == []

    send(
        client, form, adresse=f"{site.url}/flux", nom="Une revue", themes="domicile", geste="ajout"
    )
    [source] = sources()
    assert (source.kind, source.name) == (SourceKind.FEED, "Une revue")
    assert source.next_check_at is not None


def html(*links: str) -> bytes:
    """A page of a site, with these in its head."""
    return f"<!doctype html><html><head>{''.join(links)}</head><p>Bonjour</html>".encode()


RSS = '<link rel="alternate" type="application/rss+xml" title="{}" href="{}">'


def test_the_page_of_a_site_leads_to_its_feed(client: FlaskClient, form: str, site: Site) -> None:
    links = ('<link rel=stylesheet href="/a.css">', RSS.format("Nouveautés", "/flux"))
    site.pages["/"] = page(html(*links), "Content-Type: text/html")
    site.pages["/flux"] = page(FEED)

    shown = send(client, form, adresse=f"{site.url}/", geste="essai")

    assert "L’adresse répond\u00a0: 2 articles" in shown.text
    assert f'value="{site.url}/flux"' in shown.text
    assert "Vous avez donné une page" in shown.text


def test_one_feed_is_chosen_among_those_of_a_page(
    client: FlaskClient, form: str, site: Site
) -> None:
    links = (RSS.format("Articles", "/flux"), RSS.format("Commentaires", "commentaires.xml"))
    site.pages["/blogue/"] = page(html(*links), "Content-Type: text/html")
    site.pages["/flux"] = page(FEED)

    shown = send(client, form, adresse=f"{site.url}/blogue/", geste="essai")

    assert "Cette page annonce plusieurs flux" in shown.text
    assert f'value="{site.url}/blogue/commentaires.xml">Commentaires' in shown.text
    chosen = send(client, form, adresse=f"{site.url}/blogue/", flux=f"{site.url}/flux")
    assert "L’adresse répond\u00a0: 2 articles" in chosen.text


@pytest.mark.parametrize(
    ("said", "encoding"),
    [
        ("text/html; charset=iso-8859-1", "latin-1"),
        ('<meta charset="windows-1252">', "cp1252"),
        ("text/html", "cp1252"),
        ("text/html; charset=utf-16", "utf-16"),
        ("text/html; charset=inconnu", "utf-8"),
    ],
)
def test_the_names_of_the_feeds_of_a_page_are_read_as_it_is_written(
    client: FlaskClient, form: str, site: Site, said: str, encoding: str
) -> None:
    meta, content_type = (said, "text/html") if said.startswith("<") else ("", said)
    links = (meta, RSS.format("Été\u202e", "/a"), RSS.format("Santé", "/b"))
    body = html(*links).decode().encode(encoding, "ignore")
    site.pages["/"] = page(body, f"Content-Type: {content_type}")

    shown = send(client, form, adresse=f"{site.url}/", geste="essai")

    assert f'value="{site.url}/a">Été' in shown.text
    assert f'value="{site.url}/b">Santé' in shown.text
    assert "\u202e" not in shown.text


def test_a_page_that_says_from_where_its_links_start_is_heard(
    client: FlaskClient, form: str, site: Site
) -> None:
    links = ('<base href="/blogue/fr/">', RSS.format("Nouveautés", "../flux"))
    site.pages["/accueil"] = page(html(*links), "Content-Type: text/html")
    site.pages["/blogue/flux"] = page(FEED)

    shown = send(client, form, adresse=f"{site.url}/accueil", geste="essai")

    assert f'value="{site.url}/blogue/flux"' in shown.text


def test_a_page_whose_feed_is_where_the_portal_may_not_go_is_told(
    client: FlaskClient, form: str, site: Site
) -> None:
    link = RSS.format("Interne", "http://127.0.0.1:9/flux")
    site.pages["/"] = page(html(link), "Content-Type: text/html")

    shown = send(client, form, adresse=f"{site.url}/", geste="essai")

    assert "L’adresse répond" not in shown.text
    assert "Donnez une adresse que tout le monde peut ouvrir." in shown.text


def test_the_new_address_of_a_feed_that_moved_is_offered_at_once(
    client: FlaskClient, form: str, site: Site
) -> None:
    site.pages["/ancien"] = redirect(f"{site.url}/flux", 301)
    site.pages["/flux"] = page(FEED)

    shown = send(client, form, adresse=f"{site.url}/ancien", geste="essai")

    assert f'value="{site.url}/flux"' in shown.text
    assert "Vous avez donné une page" not in shown.text


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (page(b"<html><p>Bonjour</p></html>"), "ne donne pas un flux"),
        (page(b"", status="404 Not Found"), "n’existe pas, ou n’existe plus (404)"),
        (page(b"", status="503 Busy"), "fermé pour le moment (503)"),
        (page(b'<!DOCTYPE r [<!ENTITY a "b">]><rss>&a;</rss>'), "entités dans un DOCTYPE"),
    ],
)
def test_a_try_that_fails_is_said_in_words_and_keeps_what_was_typed(
    client: FlaskClient, form: str, site: Site, body: bytes, told: str
) -> None:
    site.pages["/flux"] = body

    shown = send(client, form, adresse=f"{site.url}/flux", geste="essai")

    assert shown.status_code == 200
    assert told in shown.text
    assert f'value="{site.url}/flux"' in shown.text
    assert sources() == []


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("", "Donnez l’adresse de la source."),
        ("file:///etc/passwd", "http:// ou https://"),
        ("https://revue.example:8443/flux", "ne va pas sur le port 8443"),
        ("https://moi:secret@revue.example/flux", "mot de passe"),
    ],
)
def test_an_address_where_the_portal_does_not_go_is_refused_before_any_request(
    client: FlaskClient, form: str, address: str, told: str
) -> None:
    shown = send(client, form, adresse=address, geste="essai")

    assert shown.status_code == 422
    assert told in shown.text


def test_a_try_never_reaches_the_machine_itself(client: FlaskClient, form: str) -> None:
    shown = send(client, form, adresse="http://127.0.0.1/flux", geste="essai")

    assert "réseau privé" in shown.text
    assert "le portail réessaiera" not in shown.text
    assert 'value="ajout"' not in shown.text


def test_a_page_is_followed_by_hand(client: FlaskClient, form: str) -> None:
    send(
        client,
        form,
        sorte="page",
        adresse="https://sante.example/rapports",
        nom="Rapports",
        geste="ajout",
    )

    [source] = sources()
    assert (source.kind, source.next_check_at) == (SourceKind.PAGE, None)


def test_an_address_stands_once_in_a_watch(session: Session) -> None:
    make_vocabulary(session)
    broker = make_viewer(session, role=Role.BROKER)
    watch = make_watch(session)
    said = SourceSaid(name="Une revue", url="https://revue.example/flux")
    add_source(session, watch, said, policy=POLICY, by=broker)

    with pytest.raises(Misfilled, match="déjà cette adresse"):
        add_source(
            session,
            watch,
            replace(said, url="http://www.revue.example/flux/"),
            policy=POLICY,
            by=broker,
        )
    add_source(session, make_watch(session, "Autre"), said, policy=POLICY, by=broker)


def test_a_feed_of_pubmed_is_known_by_its_host() -> None:
    address = "https://pubmed.ncbi.nlm.nih.gov/rss/search/1x/?limit=15"

    assert kind_of(SourceKind.FEED, address) is SourceKind.PUBMED
    assert kind_of(SourceKind.FEED, "https://revue.example/pubmed") is SourceKind.FEED
    assert kind_of(SourceKind.PAGE, address) is SourceKind.PAGE


def test_a_source_is_paused_then_resumed(session: Session) -> None:
    broker = make_viewer(session, role=Role.BROKER)
    source = make_source(session, make_watch(session), next_check_at=now(), failures=3, themes=[])

    pause_source(session, source, by=broker)
    assert (source.state, source.next_check_at) == (SourceState.PAUSED, None)

    resume_source(session, source, by=broker)
    assert (source.state, source.failures) == (SourceState.ACTIVE, 0)
    assert source.next_check_at is not None


def test_a_source_that_was_gone_may_be_resumed(session: Session) -> None:
    broker = make_viewer(session, role=Role.BROKER)
    source = make_source(session, make_watch(session), state=SourceState.GONE, failure="status 410")

    resume_source(session, source, by=broker)

    assert (source.state, source.failure) == (SourceState.ACTIVE, "")


def test_the_address_that_its_server_leads_to_is_taken_when_someone_says_so(
    session: Session,
) -> None:
    broker = make_viewer(session, role=Role.BROKER)
    source = make_source(
        session,
        make_watch(session),
        moved_to="https://neuf.example/flux",
        moved_seen=2,
        etag="x",
    )

    accept_address(session, source, policy=POLICY, by=broker)

    assert (source.url, source.moved_to, source.etag) == ("https://neuf.example/flux", "", "")
    with pytest.raises(Conflict):
        accept_address(session, source, policy=POLICY, by=broker)


def test_an_address_that_another_source_has_is_not_taken(session: Session) -> None:
    broker = make_viewer(session, role=Role.BROKER)
    watch = make_watch(session)
    make_source(session, watch, url="https://neuf.example/flux")
    source = make_source(session, watch, moved_to="https://neuf.example/flux", moved_seen=2)

    with pytest.raises(DomainError, match="supprimez"):
        accept_address(session, source, policy=POLICY, by=broker)


def test_another_address_forgets_what_visits_taught(session: Session) -> None:
    make_vocabulary(session)
    broker = make_viewer(session, role=Role.BROKER)
    source = make_source(session, make_watch(session), themes=[], etag="x", failures=4)
    said = SourceSaid(name="Une revue", url="https://revue.example/autre", themes=("domicile",))

    change_source(session, source, said, version=source.version, policy=POLICY, by=broker)

    assert (source.etag, source.failures) == ("", 0)
    assert [row.theme for row in source.themes] == ["domicile"]


def test_a_paused_source_stays_so_when_its_address_changes(session: Session) -> None:
    broker = make_viewer(session, role=Role.BROKER)
    source = make_source(session, make_watch(session), themes=[], state=SourceState.PAUSED)
    said = SourceSaid(name="Une revue", url="https://revue.example/autre")

    change_source(session, source, said, version=source.version, policy=POLICY, by=broker)

    assert (source.state, source.next_check_at) == (SourceState.PAUSED, None)


def test_a_stale_form_shows_what_is_kept_and_what_was_typed(
    client: FlaskClient, broker: Member
) -> None:
    with writing() as session:
        source = make_source(session, make_watch(session), name="Nom gardé")
    path = f"/veille/sources/{source.public_id}"

    shown = send(client, path, nom="Nom écrit", adresse=source.url, version="0")

    assert shown.status_code == 409
    assert "Nom gardé" in shown.text
    assert 'value="Nom écrit"' in shown.text


def test_a_source_is_deleted_once_one_has_said_yes_and_its_findings_stay(
    client: FlaskClient, broker: Member
) -> None:
    with writing() as session:
        watch = make_watch(session)
        source = make_source(session, watch)
        make_finding(session, watch, source=source)
    path = f"/veille/sources/{source.public_id}"
    token = csrf(client, path)

    asked = client.post(f"{path}/suppression", data={"csrf_token": token})
    assert "Supprimer la source « Une revue »?" in asked.text
    assert len(sources()) == 1

    client.post(f"{path}/suppression", data={"csrf_token": token, "accord": "1"})
    assert sources() == []
    with reading() as session:
        assert len(session.scalars(select(Finding)).all()) == 1


def test_buttons_change_a_source(client: FlaskClient, broker: Member) -> None:
    with writing() as session:
        source = make_source(session, make_watch(session), next_check_at=now())
    path = f"/veille/sources/{source.public_id}"

    def press(verb: str) -> Source:
        done = client.post(f"{path}/{verb}", data={"csrf_token": csrf(client, path)})
        assert done.headers["Location"] == path
        return sources()[0]

    assert press("pause").state is SourceState.PAUSED
    assert press("reprise").state is SourceState.ACTIVE


def test_nobody_else_changes_a_source(client: FlaskClient, session: Session) -> None:
    source = make_source(session, make_watch(session))
    sign_in_as(client, session, make_member(session))
    path = f"/veille/sources/{source.public_id}"

    assert client.get(path).status_code == 404
    token = csrf(client, "/question")
    for verb in ("", "/pause", "/reprise", "/nouvelle-adresse", "/suppression"):
        assert client.post(path + verb, data={"csrf_token": token}).status_code == 404
    with pytest.raises(NotFound):
        pause_source(session, source, by=make_viewer(session))


def test_a_source_that_does_not_exist_is_not_found(client: FlaskClient, broker: Member) -> None:
    assert client.get("/veille/sources/inconnue").status_code == 404
    with reading() as session:
        assert load_source(session, "inconnue") is None
