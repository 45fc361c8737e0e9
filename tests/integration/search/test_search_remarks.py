"""What the page says it did with the words: other names searched too, spelling corrected."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.vocabulary.models import SynonymMode
from inters4.vocabulary.services import save_synonym_group
from tests.builders.search import Shelf, make_document


@pytest.fixture
def client(shelf: Shelf, app: Flask, session: Session) -> FlaskClient:
    groups = (
        ("clsc", ["CLSC"], ["centre local de services communautaires"], SynonymMode.TWO_WAY),
        ("gap", ["GAP"], ["guichet d’accès à la première ligne"], SynonymMode.GUARDED),
    )
    for position, (identifier, short, long, mode) in enumerate(groups):
        values = {"abbr": short, "fr": long, "en": [], "mode": mode}
        save_synonym_group(session, identifier, position=position, values=values)
    session.commit()
    return app.test_client()


def remarks(client: FlaskClient, path: str) -> str:
    """The remarks above the list, without their markup but for links."""
    page = client.get(path).get_data(as_text=True)
    found = re.findall(r'<p class="meta[^"]*">(.*?)</p>', page, re.DOTALL)
    return html.unescape(" ".join(re.sub(r"<(?!a |/a)[^>]*>", "", one) for one in found))


def titles(client: FlaskClient, path: str) -> list[str]:
    page = client.get(path).get_data(as_text=True)
    return re.findall(r'<a href="/essais/([a-z-]+)">', page)


def test_the_page_names_what_it_searched_too(shelf: Shelf, client: FlaskClient) -> None:
    shelf.put(make_document("le-clsc", title="Le CLSC de Verdun"))
    shelf.index()

    said = remarks(client, "/recherche?q=centre+local+de+services+communautaires")

    assert "Aussi cherché" in said
    assert "CLSC" in said
    assert "exact=1" in said
    assert titles(client, "/recherche?q=centre+local+de+services+communautaires") == ["le-clsc"]
    assert titles(client, "/recherche?q=centre+local+de+services+communautaires&exact=1") == []


def test_a_guarded_acronym_is_searched_only_in_capitals(shelf: Shelf, client: FlaskClient) -> None:
    shelf.put(make_document("guichet", title="Le guichet d’accès à la première ligne"))
    shelf.index()

    assert titles(client, "/recherche?q=GAP") == ["guichet"]
    assert titles(client, "/recherche?q=gap") == []


def test_a_changed_vocabulary_needs_no_new_index(
    shelf: Shelf, client: FlaskClient, session: Session
) -> None:
    shelf.put(make_document("repit", title="Le répit"))
    shelf.index()
    assert titles(client, "/recherche?q=relâche") == []

    values = {"abbr": [], "fr": ["répit", "relâche"], "en": [], "mode": SynonymMode.TWO_WAY}
    save_synonym_group(session, "repit", position=9, values=values)
    session.commit()

    assert titles(client, "/recherche?q=relâche") == ["repit"]


def test_a_corrected_word_is_said_with_a_way_back(shelf: Shelf, client: FlaskClient) -> None:
    shelf.put(make_document("depistage", title="Le dépistage"))
    shelf.index()

    said = remarks(client, "/recherche?q=dépistaeg")

    assert "Résultats pour «\xa0dépistage\xa0»." in said
    assert "Chercher plutôt «\xa0dépistaeg\xa0»" in said
    assert "exact=1" in said
    assert titles(client, "/recherche?q=dépistaeg") == ["depistage"]
    assert titles(client, "/recherche?q=dépistaeg&exact=1") == []


def test_a_known_word_is_only_offered_another(shelf: Shelf, client: FlaskClient) -> None:
    shelf.put(
        *(make_document(f"d{letter}", title="Dépistage") for letter in "abcdefghijklmnopqrst")
    )
    shelf.put(*(make_document(f"e{letter}", title="Dépistage") for letter in "abcde"))
    shelf.put(make_document("rare", title="Dépisage"))
    shelf.index()

    said = remarks(client, "/recherche?q=dépisage")

    assert "Vouliez-vous dire" in said
    assert "q=d%C3%A9pistage" in said
    assert titles(client, "/recherche?q=dépisage") == ["rare"]


def test_nothing_is_corrected_towards_what_others_may_see(
    shelf: Shelf, client: FlaskClient
) -> None:
    shelf.put(make_document("secret", title="Dépistage", audience="members"))
    shelf.index()

    assert "dépistage" not in remarks(client, "/recherche?q=dépistaeg").replace("dépistaeg", "")
