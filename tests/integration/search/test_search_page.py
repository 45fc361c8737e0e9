"""What a search answers: only what this viewer may see, with counts that hold after a click."""

import datetime
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy.orm import Session

from indexer import Document
from inters4.community.models import Visibility
from inters4.core.access import ANONYMOUS, Grant, Role, Viewer
from inters4.search.models import Criteria
from inters4.search.models.page import Facet, SearchPage
from inters4.search.services.searching import search
from inters4.vocabulary.services import save_term
from tests.builders.community import make_space
from tests.builders.search import Shelf, make_document

MEMBER = Viewer(member_id=7)
BROKER = Viewer(member_id=8, grants=frozenset({Grant(Role.BROKER)}))


def themed(name: str, *themes: str, **content: Any) -> Document:
    facets: Mapping[str, tuple[str, ...]] = {"theme": themes}
    return make_document(name, facets=facets, body="soins à domicile", **content)


@pytest.fixture
def words(session: Session) -> None:
    """A few terms, committed."""
    for position, (identifier, name) in enumerate(
        (
            ("telesante", "Télésanté"),
            ("telesante.ia", "Intelligence artificielle"),
            ("domicile", "Soutien à domicile"),
            ("aines", "Vieillissement"),
        )
    ):
        save_term(session, "themes", identifier, position=position, values={"fr": name, "en": ""})
    session.commit()


def facet(page: SearchPage, name: str) -> Facet:
    return next(found for found in page.facets if found.name == name)


def options(page: SearchPage, name: str) -> list[tuple[str, int, bool, int]]:
    return [
        (option.value, option.count, option.chosen, option.depth)
        for option in facet(page, name).options
    ]


def keys(page: SearchPage) -> list[str]:
    return [card.key for card in page.cards]


@pytest.mark.parametrize("is_proposed", [False, True])
def test_a_facet_of_ratings_says_that_nobody_reviewed_some(
    shelf: Shelf, session: Session, is_proposed: bool
) -> None:
    facets = {"maturity": ("prometteuse",), "stage": ("test",)}
    mark = {"proposed": ("maturity",)} if is_proposed else {}
    shelf.put(make_document("chutes", body="exercices", facets={**facets, **mark}))
    shelf.index()

    page = search(session, Criteria(text="exercices"), viewer=ANONYMOUS)

    assert facet(page, "maturite").proposed is is_proposed
    assert not facet(page, "etape").proposed
    assert "proposed" not in {found.name for found in page.facets}


def test_a_document_is_found_by_its_words(shelf: Shelf, session: Session) -> None:
    shelf.put(
        make_document("chutes", title="Prévenir les chutes", body="exercices supervisés"),
        make_document("repit", title="Répit des proches"),
    )
    shelf.index()

    page = search(session, Criteria(text="chutes"), viewer=ANONYMOUS)

    assert keys(page) == ["fiche:chutes"]
    assert page.total == 1
    assert page.cards[0].url == "/essais/chutes"
    assert "".join(part.text for part in page.cards[0].title) == "Prévenir les chutes"


def test_what_is_for_members_shows_nowhere_to_a_visitor(shelf: Shelf, session: Session) -> None:
    shelf.put(
        make_document("ouverte", body="soins à domicile"),
        make_document("reservee", kind="resume", audience="members", body="soins à domicile"),
        make_document("interne", audience="role:broker", body="soins à domicile"),
        make_document("voisine", audience="org:3", body="soins à domicile"),
    )
    shelf.index()

    page = search(session, Criteria(text="soins"), viewer=ANONYMOUS)

    assert keys(page) == ["fiche:ouverte"]
    assert page.total == page.total_all_words == 1
    assert options(page, "type") == [("fiche", 1, False, 0)]
    assert [(bar.year, bar.count) for bar in page.years] == [(2024, 1)]
    hidden = search(session, Criteria(chosen={"kind": ("resume",)}), viewer=ANONYMOUS)
    assert hidden.total == 0
    assert [way.count for way in hidden.ways_out] == [1]


def test_each_viewer_sees_the_containers_they_may_read(shelf: Shelf, session: Session) -> None:
    private = make_space(session, visibility=Visibility.PRIVATE_HIDDEN)
    open_to_all = make_space(session, visibility=Visibility.PUBLIC)
    session.commit()
    shelf.put(
        make_document("ouverte"),
        make_document("reservee", audience="members"),
        make_document("interne", audience="role:broker"),
        make_document("voisine", audience="org:3"),
        make_document("espace", audience=private.container),
        make_document("place", audience=open_to_all.container),
    )
    shelf.index()

    def seen(viewer: Viewer) -> set[str]:
        return {
            key.removeprefix("fiche:") for key in keys(search(session, Criteria(), viewer=viewer))
        }

    everyone = {"ouverte", "place"}
    assert seen(ANONYMOUS) == everyone
    assert seen(MEMBER) == everyone | {"reservee"}
    assert seen(BROKER) == everyone | {"reservee", "interne"}
    neighbour = Viewer(member_id=9, organisations=frozenset({3}))
    assert seen(neighbour) == everyone | {"reservee", "voisine"}
    belonging = Viewer(member_id=9, spaces=frozenset({private.id}))
    assert seen(belonging) == everyone | {"reservee", "espace"}


@pytest.mark.usefixtures("words")
def test_a_count_is_the_number_of_results_after_choosing(shelf: Shelf, session: Session) -> None:
    shelf.put(
        themed("a", "telesante.ia"),
        themed("b", "telesante"),
        themed("c", "domicile", "telesante"),
        themed("d", "domicile", kind="resume"),
        themed("e", "aines", kind="resume", audience="members"),
    )
    shelf.index()
    start = Criteria(text="soins", chosen={"kind": ("fiche",)})

    page = search(session, start, viewer=ANONYMOUS)

    for found in page.facets:
        name = {"type": "kind"}.get(found.name, found.name)
        for option in found.options:
            after = search(session, start.choosing(name, option.value), viewer=ANONYMOUS)
            assert after.total == option.count, (found.name, option.value)


@pytest.mark.usefixtures("words")
def test_themes_stand_under_their_parent_and_choosing_one_moves_nothing(
    shelf: Shelf, session: Session
) -> None:
    shelf.put(
        themed("a", "domicile"),
        themed("b", "domicile"),
        themed("c", "telesante.ia"),
    )
    shelf.index()

    before = search(session, Criteria(), viewer=ANONYMOUS)
    after = search(session, Criteria(chosen={"theme": ("telesante.ia",)}), viewer=ANONYMOUS)

    assert options(before, "theme") == [
        ("domicile", 2, False, 0),
        ("telesante", 1, False, 0),
        ("telesante.ia", 1, False, 1),
    ]
    assert options(after, "theme") == [
        ("domicile", 2, False, 0),
        ("telesante", 1, False, 0),
        ("telesante.ia", 1, True, 1),
    ]


@pytest.mark.usefixtures("words")
def test_what_is_chosen_stays_when_nothing_is_found(shelf: Shelf, session: Session) -> None:
    shelf.put(themed("a", "domicile"), themed("b", "domicile", kind="resume"))
    shelf.index()
    criteria = Criteria(
        text="soins", chosen={"theme": ("aines",), "kind": ("fiche",)}, year_from=2024
    )

    page = search(session, criteria, viewer=ANONYMOUS)

    assert page.total == 0
    assert options(page, "theme") == [("domicile", 1, False, 0), ("aines", 0, True, 0)]
    assert ("fiche", 0, True, 0) in options(page, "type")
    assert [(chip.facet, chip.label) for chip in page.chips] == [
        ("Type", "Fiche d’essai"),
        ("Thème", "Vieillissement"),
        ("Année", "depuis 2024"),
    ]
    assert [(way.label, way.count) for way in page.ways_out] == [
        ("sans le filtre «\xa0Vieillissement\xa0»", 1),
        ("sans aucun filtre", 2),
    ]
    assert [(way.label, way.count) for way in page.themes] == [("Soutien à domicile", 2)]


def test_a_value_that_nobody_registered_is_no_filter(shelf: Shelf, session: Session) -> None:
    shelf.put(make_document("chutes"))
    shelf.index()
    criteria = Criteria(chosen={"region": ("rss99",), "kind": ("inconnu",), "language": ("xx",)})

    page = search(session, criteria, viewer=ANONYMOUS)

    assert page.criteria.chosen == {}
    assert page.total == 1


def test_a_page_past_the_last_shows_the_last(shelf: Shelf, session: Session) -> None:
    shelf.put(*(make_document(f"fiche-{number}") for number in range(25)))
    shelf.index()

    page = search(session, Criteria(page=400), viewer=ANONYMOUS)

    assert (page.criteria.page, page.pages, len(page.cards)) == (2, 2, 5)


def test_years_without_a_document_have_their_place(shelf: Shelf, session: Session) -> None:
    shelf.put(
        make_document("a", date=datetime.date(2021, 1, 1)),
        make_document("b", date=datetime.date(2024, 1, 1)),
        make_document("c", date=None),
    )
    shelf.index()

    page = search(session, Criteria(year_from=2023), viewer=ANONYMOUS)

    assert page.total == 1
    assert [(bar.year, bar.count, bar.is_in) for bar in page.years] == [
        (2021, 1, False),
        (2022, 0, False),
        (2023, 0, True),
        (2024, 1, True),
    ]


def test_documents_that_hold_some_of_the_words_follow_under_a_line(
    shelf: Shelf, session: Session
) -> None:
    shelf.put(
        make_document("toutes", body="téléréadaptation du genou"),
        make_document("une", body="genou"),
    )
    shelf.index()

    page = search(session, Criteria(text="téléréadaptation genou"), viewer=ANONYMOUS)

    assert keys(page) == ["fiche:toutes", "fiche:une"]
    assert (page.total, page.total_all_words, page.partial_from) == (2, 1, 1)


def test_an_older_index_answers_only_what_the_database_confirms(
    shelf: Shelf, session: Session
) -> None:
    shelf.put(
        make_document("reste", title="Avant", abstract="texte d’avant"),
        make_document("fermee", title="Fermée"),
        make_document("retiree", title="Retirée"),
    )
    shelf.index()
    shelf.rebuild()
    shelf.put(
        make_document("reste", title="Après", abstract="texte d’après"),
        make_document("fermee", audience="members"),
    )
    shelf.remove("fiche:retiree")
    shelf.garble()

    page = search(session, Criteria(), viewer=ANONYMOUS)

    assert page.is_fallback
    assert keys(page) == ["fiche:reste"]
    assert (page.total, page.facets, page.years) == (1, (), ())
    assert "".join(part.text for part in page.cards[0].title) == "Après"
    assert "".join(part.text for part in page.cards[0].snippet) == "texte d’après"


def test_an_older_index_shows_a_line_or_two_of_a_long_text(shelf: Shelf, session: Session) -> None:
    shelf.put(make_document("reste"))
    shelf.index()
    shelf.rebuild()
    shelf.put(make_document("reste", abstract="un texte très long " * 40))
    shelf.garble()

    page = search(session, Criteria(), viewer=ANONYMOUS)

    assert page.is_fallback
    shown = "".join(part.text for part in page.cards[0].snippet)
    assert 200 < len(shown) <= 241
    assert shown.endswith((" un…", " texte…", " très…", " long…"))


@pytest.mark.parametrize(
    ("text", "label", "count"),
    [
        ('"soins de nuit"', "sans guillemets ni opérateurs", 1),
        ("soins ET nuit", "sans guillemets ni opérateurs", 1),
        ("soins -domicile", "sans guillemets ni opérateurs", 1),
    ],
)
def test_a_strict_query_that_finds_nothing_is_offered_without_its_strictness(
    shelf: Shelf, session: Session, text: str, label: str, count: int
) -> None:
    shelf.put(make_document("a", body="soins à domicile"))
    shelf.index()

    page = search(session, Criteria(text=text), viewer=ANONYMOUS)

    assert page.total == 0
    assert [(way.label, way.count) for way in page.ways_out] == [(label, count)]
    for way in page.ways_out:
        assert search(session, way.criteria, viewer=ANONYMOUS).total == way.count


def test_exact_words_that_find_nothing_are_offered_corrected_with_a_count(
    shelf: Shelf, session: Session
) -> None:
    shelf.put(make_document("a", title="Le dépistage"), make_document("b", title="Dépistages"))
    shelf.index()

    page = search(session, Criteria(text="dépistaeg", exact=True), viewer=ANONYMOUS)

    assert [(way.label, way.count) for way in page.ways_out] == [
        ("avec les mots voisins et l’orthographe corrigée", 2)
    ]
    assert not page.ways_out[0].criteria.exact


def test_a_parent_counts_each_document_once(shelf: Shelf, session: Session) -> None:
    save_term(session, "themes", "telesante", position=0, values={"fr": "Télésanté", "en": ""})
    for place, name in enumerate(("ia", "soins"), start=1):
        save_term(
            session, "themes", f"telesante.{name}", position=place, values={"fr": name, "en": ""}
        )
    session.commit()
    shelf.put(themed("a", "telesante.ia", "telesante.soins"), themed("b", "telesante.ia"))
    shelf.index()

    page = search(session, Criteria(), viewer=ANONYMOUS)

    assert options(page, "theme") == [
        ("telesante", 2, False, 0),
        ("telesante.ia", 2, False, 1),
        ("telesante.soins", 1, False, 1),
    ]
