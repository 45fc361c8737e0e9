"""References, alerts and pages that people bring: findings like any other, told one by one."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from inters4.core.access import Role
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError, NotFound
from inters4.members.models import Member
from inters4.veille.models import Finding, Source, SourceKind, Watch
from inters4.veille.services.depositing import Brought, Deposited, Fate, deposit
from tests.builders.members import give_role, make_member, make_viewer, sign_in_as
from tests.builders.watches import make_entry, make_watch
from tests.builders.web import csrf

RIS = """TY  - JOUR
TI  - Un premier article de la liste
DO  - 10.1234/a
ER  -
TY  - JOUR
TI  - Le même, autrement écrit
DO  - 10.1234/A
ER  -
TY  - JOUR
ER  -
"""


@pytest.fixture
def broker(client: FlaskClient, session: Session) -> Member:
    member = make_member(session)
    give_role(session, member, Role.BROKER)
    sign_in_as(client, session, member)
    return member


@pytest.fixture
def watch(broker: Member) -> Watch:
    with writing() as session:
        return make_watch(session)


def page(watch: Watch, name: str) -> str:
    return f"/veille/dispositifs/{watch.public_id}/{name}"


def send(client: FlaskClient, path: str, to: str = "", **values: object) -> TestResponse:
    return client.post(to or path, data={**values, "csrf_token": csrf(client, path)})


def findings() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(Finding.title).order_by(Finding.id)))


def test_a_file_of_references_is_told_line_by_line(client: FlaskClient, watch: Watch) -> None:
    path = page(watch, "references")

    answer = send(
        client, path, nom="Recherche d’automne", fichier=(BytesIO(RIS.encode()), "refs.ris")
    )

    assert answer.status_code == 200
    assert findings() == ["Un premier article de la liste"]
    for said in ("3 références lues", "1 nouvelle au bureau", "1 déjà connue", "1 refusée"):
        assert said in answer.text
    assert "Cette référence n’a pas de titre." in answer.text


def test_the_same_references_bring_nothing_twice(client: FlaskClient, watch: Watch) -> None:
    path = page(watch, "references")
    send(client, path, nom="Une liste", texte=RIS)

    answer = send(client, path, nom="une liste", texte=RIS)

    assert "0 nouvelle au bureau" in answer.text
    with reading() as session:
        sources = session.scalars(select(Source)).all()
    assert [(one.kind, one.name) for one in sources] == [(SourceKind.REFERENCES, "Une liste")]


@pytest.mark.parametrize(("name", "text"), [("", RIS), ("Une liste", "Bonjour à vous.")])
def test_what_was_pasted_stays_when_it_is_refused(
    client: FlaskClient, watch: Watch, name: str, text: str
) -> None:
    answer = send(client, page(watch, "references"), nom=name, texte=text)

    assert answer.status_code == 422
    assert text.splitlines()[0] in answer.text
    assert findings() == []


def test_references_sent_empty_are_asked_for(client: FlaskClient, watch: Watch) -> None:
    answer = send(client, page(watch, "references"), nom="Une liste", texte=" ")

    assert answer.status_code == 422
    assert '<a href="#fichier">Choisissez un fichier, ou collez des références.</a>' in answer.text


def test_an_alert_is_shown_before_anything_is_kept(client: FlaskClient, watch: Watch) -> None:
    path = page(watch, "alerte")
    text = (
        "Un suivi à domicile des personnes aînées\nhttps://revue.example/1\n"
        "Une annonce qui n’est pas un article\nhttps://revue.example/2\n"
    )

    shown = send(client, path, nom="Google Scholar", texte=text)
    assert "2 articles reconnus" in shown.text
    assert findings() == []

    done = send(
        client,
        path,
        to=f"{path}/confirmation",
        **{
            "nom": "Google Scholar",
            "garder-0": "1",
            "titre-0": "Un suivi à domicile, mieux écrit",
            "lien-0": "https://revue.example/1",
            "titre-1": "Une annonce qui n’est pas un article",
            "lien-1": "https://revue.example/2",
        },
    )
    assert done.status_code == 303
    assert findings() == ["Un suivi à domicile, mieux écrit"]


def test_an_alert_of_which_nothing_is_ticked_keeps_the_titles_shown(
    client: FlaskClient, watch: Watch
) -> None:
    path = page(watch, "alerte")

    answer = send(
        client,
        path,
        to=f"{path}/confirmation",
        **{"nom": "Scholar", "titre-0": "Un titre corrigé", "lien-0": "https://revue.example/1"},
    )

    assert answer.status_code == 422
    assert "Un titre corrigé" in answer.text
    assert "Cochez au moins un article." in answer.text


def test_a_paste_without_articles_is_said(client: FlaskClient, watch: Watch) -> None:
    answer = send(client, page(watch, "alerte"), nom="Scholar", texte="Bonjour.")

    assert answer.status_code == 422
    assert "Aucun article reconnu" in answer.text


def test_a_page_is_noted_by_hand(client: FlaskClient, watch: Watch) -> None:
    path = page(watch, "page")
    refused = send(client, path, nom="Rapports", titre="", lien="ailleurs", auteurs="Roy J")
    assert refused.status_code == 422
    assert "Roy J" in refused.text
    unnamed = send(client, path, nom="", titre="", lien="ailleurs")
    for name in ("nom", "titre", "lien"):
        assert f'<a href="#{name}">' in unnamed.text

    send(
        client,
        path,
        nom="Rapports",
        titre="Un rapport sur les soins à domicile",
        lien="https://sante.example/rapport",
        auteurs="Roy J\nTremblay M",
        date="2026",
    )

    with reading() as session:
        found = session.scalars(select(Finding)).one()
        assert (found.authors, found.year) == (["Roy J", "Tremblay M"], 2026)


def test_what_is_brought_says_what_becomes_of_it(session: Session) -> None:
    broker = make_viewer(session, role=Role.BROKER)
    watch = make_watch(session)
    brought = [
        Brought(1, entry=make_entry(doi="10.1234/a")),
        Brought(5, entry=make_entry("Un autre titre, la même étude", doi="10.1234/a")),
        Brought(9, trouble="Illisible."),
    ]

    report = deposit(session, watch, brought, kind=SourceKind.REFERENCES, name="Liste", by=broker)

    assert [(one.line, one.fate) for one in report] == [
        (1, Fate.NEW),
        (5, Fate.KNOWN),
        (9, Fate.REFUSED),
    ]
    assert report[2] == Deposited(9, "", Fate.REFUSED, "Illisible.")


def test_nothing_is_brought_to_a_closed_watch_nor_by_a_stranger(session: Session) -> None:
    broker = make_viewer(session, role=Role.BROKER)
    closed = make_watch(session, closed_at=now())

    with pytest.raises(Conflict):
        deposit(session, closed, [], kind=SourceKind.MAIL, name="Liste", by=broker)
    with pytest.raises(DomainError, match="nom"):
        deposit(session, make_watch(session, "B"), [], kind=SourceKind.MAIL, name="", by=broker)
    with pytest.raises(NotFound):
        deposit(session, closed, [], kind=SourceKind.MAIL, name="L", by=make_viewer(session))


@pytest.mark.parametrize("name", ["references", "alerte", "alerte/confirmation", "page"])
def test_nobody_else_brings_anything(client: FlaskClient, session: Session, name: str) -> None:
    watch = make_watch(session)
    sign_in_as(client, session, make_member(session))

    if name != "alerte/confirmation":
        assert client.get(page(watch, name)).status_code == 404
    token = csrf(client, "/question")
    assert client.post(page(watch, name), data={"csrf_token": token}).status_code == 404
