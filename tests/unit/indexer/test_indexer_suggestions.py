"""What completes what is being typed."""

import datetime

import pytest

from tests.builders.words import VOCABULARY, suggested, titled
from tests.contract.builders import PUBLIC, Index, make_document


@pytest.mark.parametrize(
    "typed", ["app", "d'app", "D’APP", "autonomie app", "l’approche de l’auto", "de app"]
)
def test_a_title_is_completed_whatever_the_order_of_its_words(index: Index, typed: str) -> None:
    index.fill(titled("Une approche de l’autonomie", "Autre chose"))

    assert suggested(index, typed) == ["Une approche de l’autonomie"]


def test_frequent_words_complete_what_is_typed(index: Index) -> None:
    index.fill(titled("Le dépistage", "Un dépistage", "Les dépistages", "Le dépit"))

    with index.engine() as engine:
        first, *others = engine.suggest("cancer dépis", audiences=PUBLIC) or [None]
        alone = engine.suggest("depis", audiences=PUBLIC)

    assert (first, others) == (None, [])
    assert (alone[0].text, alone[0].kind, alone[0].key) == ("dépistage", "word", None)
    assert {one.kind for one in alone[1:]} == {"title"}


def test_terms_of_the_vocabulary_are_proposed_when_they_find_something(index: Index) -> None:
    index.fill(titled("Le maintien à domicile"))

    terms = ("Maintien à domicile", "Maintien en emploi", "Télésanté")

    assert suggested(index, "maint", terms) == ["Maintien à domicile", "Le maintien à domicile"]
    assert suggested(index, "domicile maint", terms)[0] == "Maintien à domicile"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("CLSC", "centre local de services communautaires"),
        ("clsc", "centre local de services communautaires"),
        ("Le centre local de services communautaires", "CLSC"),
        ("télésanté", "télémédecine"),
        ("télém", "télémédecine"),
    ],
)
def test_the_other_terms_of_a_group_are_proposed(index: Index, typed: str, expected: str) -> None:
    index.fill(titled("Le CLSC", "Un centre local de services communautaires", "La télémédecine"))
    with index.engine() as engine:
        found = engine.suggest(typed, audiences=PUBLIC, synonyms=VOCABULARY)

    assert expected in [one.text for one in found if one.kind == "term"]


def test_another_term_that_finds_nothing_is_not_proposed(index: Index) -> None:
    index.fill([*titled("La télésanté"), *titled("Telehealth", audience="members")])
    with index.engine() as engine:
        found = engine.suggest("télésanté", audiences=PUBLIC, synonyms=VOCABULARY)

    assert [one.text for one in found if one.kind == "term"] == ["télésanté"]


def test_nothing_that_one_may_not_see_is_suggested(index: Index) -> None:
    index.fill(titled("Secret un", "Secret deux", "Secret trois", audience="members"))

    assert suggested(index, "secr", ("Secret",)) == []


@pytest.mark.parametrize("typed", ["", " ", "'", "?", "d'", "a" * 5_000, "é" * 300, "l'" * 200])
def test_any_beginning_is_answered(index: Index, typed: str) -> None:
    index.fill(titled("Le dépistage"))

    suggested(index, typed)


@pytest.mark.parametrize("typed", ["app", "d'app", "L’APP", "l’approche du d'app", "suivi app"])
def test_an_elided_beginning_completes_like_the_word(index: Index, typed: str) -> None:
    index.fill(titled("L’approche du suivi d’appoint", "Une nappe", "Des soins"))

    assert suggested(index, typed)[-1:] == ["L’approche du suivi d’appoint"]


def test_a_compound_is_completed_whole_and_in_parts(index: Index) -> None:
    index.fill(titled("La télé-santé", "Saguenay–Lac-Saint-Jean", "Projet 8-1-1"))

    assert suggested(index, "telesa") == ["La télé-santé"]
    assert suggested(index, "sant") == ["La télé-santé"]
    assert suggested(index, "saint") == ["Saguenay–Lac-Saint-Jean"]
    assert suggested(index, "811") == ["Projet 8-1-1"]


def test_titles_that_begin_so_come_first_then_the_newest(index: Index) -> None:
    index.fill(
        [
            make_document("old", title="Un plan ancien", date=datetime.date(2019, 1, 1)),
            make_document("new", title="Un plan récent", date=datetime.date(2021, 1, 1)),
            make_document("first", title="Plan de soins"),
        ]
    )

    assert suggested(index, "pla")[1:] == ["Plan de soins", "Un plan récent", "Un plan ancien"]
