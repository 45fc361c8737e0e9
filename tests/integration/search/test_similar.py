"""Documents near another one: of the same theme, for eyes that may read them."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS, Grant, Role, Viewer
from inters4.search.services.similar import find_similar
from tests.builders.search import Shelf, make_document
from tests.builders.vocabulary import make_vocabulary

BROKER = Viewer(member_id=8, grants=frozenset({Grant(Role.BROKER)}))


@pytest.fixture(autouse=True)
def _words(session: Session) -> None:
    make_vocabulary(session)
    session.commit()


def themed(name: str, title: str, *themes: str, **content: Any) -> Any:
    return make_document(name, title=title, facets={"theme": themes}, **content)


def near(session: Session, viewer: Viewer = ANONYMOUS) -> list[str]:
    return [card.key for card in find_similar(session, "fiche:visites", viewer=viewer)]


def test_the_nearest_share_a_theme_and_words(shelf: Shelf, session: Session) -> None:
    shelf.put(
        themed("visites", "Visites virtuelles en CHSLD", "telesante"),
        themed("soir", "Visites virtuelles de soir", "telesante.teleconsultation", kind="resume"),
        themed("autre-theme", "Visites virtuelles de musées", "domicile"),
        themed("autres-mots", "Dossier électronique", "telesante"),
    )
    shelf.index()

    assert near(session) == ["resume:soir"]


def test_words_that_are_everywhere_bring_nothing_near(shelf: Shelf, session: Session) -> None:
    shelf.put(
        themed("visites", "Réseau de visites des équipes de santé du Québec", "telesante"),
        themed("sante", "Équipes en réseau, un essai en santé au Québec", "telesante"),
        themed("loin", "Visites de nuit", "domicile", "aines", "courtage", "telesante"),
    )
    shelf.index()

    assert near(session) == []


def test_nothing_is_marked_in_what_nobody_searched_for(shelf: Shelf, session: Session) -> None:
    shelf.put(
        themed("visites", "Visites virtuelles", "telesante"),
        themed("soir", "Visites virtuelles de soir", "telesante"),
    )
    shelf.index()

    (card,) = find_similar(session, "fiche:visites", viewer=ANONYMOUS)

    assert [part.marked for part in card.title] == [False]


def test_a_reader_is_shown_nothing_they_may_not_read(shelf: Shelf, session: Session) -> None:
    shelf.put(
        themed("visites", "Visites virtuelles", "telesante"),
        themed("note", "Visites virtuelles", "telesante", audience="role:broker"),
    )
    shelf.index()

    assert near(session) == []
    assert near(session, BROKER) == ["fiche:note"]
    assert near(session) == []


def test_what_is_withdrawn_leaves_with_the_index(shelf: Shelf, session: Session) -> None:
    shelf.put(
        themed("visites", "Visites virtuelles", "telesante"),
        themed("soir", "Visites virtuelles de soir", "telesante"),
    )
    shelf.index()
    assert near(session) == ["fiche:soir"]
    session.rollback()

    shelf.remove("fiche:soir")
    shelf.index()

    assert near(session) == []


def test_an_older_index_shows_only_what_the_database_confirms(
    shelf: Shelf, session: Session
) -> None:
    shelf.put(
        themed("visites", "Visites virtuelles", "telesante"),
        themed("soir", "Visites virtuelles de soir", "telesante"),
        themed("nuit", "Visites virtuelles de nuit", "telesante"),
    )
    shelf.index()
    shelf.rebuild()
    shelf.remove("fiche:nuit")
    shelf.garble()

    assert near(session) == ["fiche:soir"]


def test_four_at_most(shelf: Shelf, session: Session) -> None:
    shelf.put(themed("visites", "Visites virtuelles", "telesante"))
    shelf.put(*(themed(f"v{one}", "Visites virtuelles", "telesante") for one in range(9)))
    shelf.index()

    assert len(near(session)) == 4


def test_a_document_without_a_theme_has_none(shelf: Shelf, session: Session) -> None:
    shelf.put(make_document("visites"), make_document("autres-visites"))
    shelf.index()

    assert near(session) == []
