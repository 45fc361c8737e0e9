"""What completes the search box: only what this viewer may see, whatever is typed."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS, Viewer
from inters4.core.i18n import use_locale
from inters4.search.models.proposal import Proposal
from inters4.search.services.suggesting import suggest
from inters4.vocabulary.services import save_term
from tests.builders.search import Shelf, make_document
from tests.builders.statements import statements

MEMBER = Viewer(member_id=7)
PATH = "/recherche/suggestions"


@pytest.fixture
def client(shelf: Shelf, app: Flask) -> FlaskClient:
    return app.test_client()


def texts(found: tuple[Proposal, ...]) -> list[str]:
    return [proposal.text for proposal in found]


def marked(proposal: Proposal) -> str:
    return "".join(f"[{part.text}]" if part.marked else part.text for part in proposal.title)


@pytest.mark.parametrize(
    "typed",
    [
        "approche",
        "APPROCHE",
        "d'app",
        "d’app",
        "proximité app",
        "approche de proximite",
        "Proximite d'approch",
    ],
)
def test_a_title_is_completed_whatever_the_accents_the_case_and_the_order(
    shelf: Shelf, session: Session, typed: str
) -> None:
    shelf.put(
        make_document("a", title="L’approche de proximité"), make_document("b", title="Chutes")
    )
    shelf.index()

    found = suggest(session, typed, viewer=ANONYMOUS)

    assert [proposal.text for proposal in found if proposal.kind] == ["L’approche de proximité"]


def test_a_document_is_opened_and_words_are_searched(shelf: Shelf, session: Session) -> None:
    shelf.put(
        make_document("chutes", title="Prévenir les chutes"),
        make_document("autre", title="Après une chute", body="chutes"),
    )
    shelf.index()

    found = {proposal.text: proposal for proposal in suggest(session, "chu", viewer=ANONYMOUS)}

    assert found["Prévenir les chutes"].url == "/essais/chutes"
    assert found["Prévenir les chutes"].kind == "fiche"
    words = [proposal for proposal in found.values() if not proposal.kind]
    assert words
    assert all(proposal.criteria and proposal.criteria.text == proposal.text for proposal in words)


def test_what_may_not_be_seen_is_never_suggested(shelf: Shelf, session: Session) -> None:
    save_term(session, "themes", "exorcisme", position=0, values={"fr": "Exorcisme", "en": ""})
    session.commit()
    shelf.put(
        make_document("ouverte", title="Exercices au parc"),
        make_document("a", title="Exorcisme à la clinique", audience="members", body="exorciste"),
        make_document("b", title="Exorcisme à domicile", audience="org:3", body="exorciste"),
    )
    shelf.index()

    visitor = suggest(session, "exor", viewer=ANONYMOUS)
    member = suggest(session, "exor", viewer=MEMBER)
    theirs = suggest(session, "exor", viewer=Viewer(member_id=9, organisations=frozenset({3})))

    assert visitor == ()
    assert "Exorcisme à la clinique" in texts(member)
    assert "Exorcisme à domicile" not in texts(member)
    assert {"Exorcisme à domicile", "Exorcisme à la clinique"} <= set(texts(theirs))


def test_a_title_taken_back_is_no_longer_suggested(shelf: Shelf, session: Session) -> None:
    shelf.put(make_document("chutes", title="Prévenir les chutes"))
    shelf.index()
    assert "Prévenir les chutes" in texts(suggest(session, "chutes", viewer=ANONYMOUS))
    session.rollback()

    shelf.put(make_document("chutes", title="Prévenir les chutes", audience="members"))
    shelf.index()

    assert suggest(session, "chutes", viewer=ANONYMOUS) == ()


def test_an_older_index_suggests_nothing(shelf: Shelf, session: Session) -> None:
    shelf.put(make_document("chutes", title="Prévenir les chutes"))
    shelf.index()
    shelf.rebuild()
    shelf.garble()

    assert suggest(session, "chutes", viewer=ANONYMOUS) == ()


def test_terms_are_said_in_the_language_of_the_reader(shelf: Shelf, session: Session) -> None:
    save_term(
        session, "themes", "telesante", position=0, values={"fr": "Télésanté", "en": "Telehealth"}
    )
    session.commit()
    shelf.put(make_document("a", title="À distance", body="télésanté, telehealth"))
    shelf.index()

    assert "Télésanté" in texts(suggest(session, "teles", viewer=ANONYMOUS))
    with use_locale("en"):
        assert "Telehealth" in texts(suggest(session, "teleh", viewer=ANONYMOUS))


@pytest.mark.parametrize(
    ("typed", "title", "expected"),
    [
        ("d'app", "L’approche d’appel", "L’[app]roche d’[app]el"),
        ("proximite app", "Approche de proximité", "[App]roche de [proximité]"),
        ("coeu", "Le cœur à l’écoute", "Le [cœu]r à l’écoute"),
        ("ecou", "Le cœur à l’écoute", "Le cœur à l’[écou]te"),
        ("les chu", "Prévenir les chutes", "Prévenir les [chu]tes"),
        ("telesa", "La télé-santé d’abord", "La [télé-sa]nté d’abord"),
    ],
)
def test_the_letters_typed_are_marked(
    shelf: Shelf, session: Session, typed: str, title: str, expected: str
) -> None:
    shelf.put(make_document("a", title=title))
    shelf.index()

    found = suggest(session, typed, viewer=ANONYMOUS)

    assert [marked(proposal) for proposal in found if proposal.kind] == [expected]


def test_the_words_already_typed_are_not_proposed_again(shelf: Shelf, session: Session) -> None:
    save_term(session, "themes", "chutes", position=0, values={"fr": "Chutes", "en": ""})
    session.commit()
    shelf.put(make_document("a", body="chutes"), make_document("b", body="chutes"))
    shelf.index()

    assert "Chutes" in texts(suggest(session, "chut", viewer=ANONYMOUS))
    assert suggest(session, "chûtes", viewer=ANONYMOUS) == ()


def test_the_lines_are_options_that_lead_somewhere(shelf: Shelf, client: FlaskClient) -> None:
    shelf.put(make_document("chutes", title="Prévenir <les> chutes", language="en"))
    shelf.index()

    answer = client.get(f"{PATH}?q=chut")
    body = answer.get_data(as_text=True)

    assert answer.headers["Cache-Control"] == "private, max-age=60"
    assert client.get(f"{PATH}?q=zzz").headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "Cookie" in answer.headers["Vary"]
    assert 'data-said="1 suggestion' in body
    assert re.search(r'<a role="option" [^>]*href="/essais/chutes">', body)
    assert '<span lang="en">Prévenir &lt;les&gt; <mark>chut</mark>es</span>' in body


def test_a_browser_is_answered_as_opensearch_has_it(shelf: Shelf, client: FlaskClient) -> None:
    shelf.put(make_document("chutes", title="Prévenir les chutes"))
    shelf.index()

    answer = client.get(f"{PATH}.json?q=chut")
    typed, titles, kinds, addresses = json.loads(answer.get_data())

    assert answer.mimetype == "application/x-suggestions+json"
    assert (typed, titles, kinds) == ("chut", ["Prévenir les chutes"], ["Fiche d’essai"])
    assert addresses[0].endswith("/essais/chutes")
    assert f"{PATH}.json?q=" in client.get("/recherche/moteur.xml").get_data(as_text=True)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=",
        "q=a",
        "q=%00",
        "q=%ff%fe",
        "q=*",
        "q=(((",
        "q=%22",
        "q=titre:",
        "q=%F0%9F%98%80%F0%9F%98%80",
        "q=chutes&q=autre&page=1000000000&type=x",
        "q=" + "a" * 20_000,
        "q=" + "(" * 2_000,
        "q=" + "+".join(f"mot{number}" for number in range(500)),
    ],
)
@pytest.mark.parametrize("path", [PATH, f"{PATH}.json"])
def test_whatever_is_typed_is_answered(
    shelf: Shelf, client: FlaskClient, path: str, query: str
) -> None:
    shelf.put(make_document("chutes"))
    shelf.index()

    answer = client.get(f"{path}?{query}")

    assert answer.status_code in {200, 400}
    assert len(answer.get_data()) < 45_000


@pytest.mark.parametrize("path", [PATH, f"{PATH}.json"])
def test_without_an_index_it_says_so_in_french(
    shelf: Shelf, client: FlaskClient, path: str
) -> None:
    answer = client.get(f"{path}?q=chutes")

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Cache-Control"] == "no-store"
    assert "La recherche se remet en route" in answer.get_data(as_text=True)


def test_one_network_is_slowed_down_and_pages_are_not(shelf: Shelf, client: FlaskClient) -> None:
    shelf.put(make_document("chutes"))
    shelf.index()

    codes = [client.get(f"{PATH}{end}?q=").status_code for end in ("", ".json") * 301]

    assert codes[:600] == [200] * 600
    assert codes[600:] == [429, 429]
    refusal = client.get(f"{PATH}?q=chutes")
    assert int(refusal.headers["Retry-After"]) > 0
    assert "Trop de demandes" in refusal.get_data(as_text=True)
    assert client.get("/recherche?q=chutes").status_code == 200


def test_a_suggestion_costs_two_statements(shelf: Shelf, client: FlaskClient) -> None:
    shelf.put(make_document("chutes"), make_document("chute", kind="resume"))
    shelf.index()
    client.get(f"{PATH}?q=chut")

    with statements() as asked:
        client.get(f"{PATH}?q=chut")

    assert len(asked) == 2
