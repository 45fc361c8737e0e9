"""Exact forms and synonyms, asked of an index as a reader would."""

import pytest

from indexer import Document
from tests.builders.words import ask, found, titled
from tests.contract.builders import Index, make_document

# The very form first


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("infirmières", "Les infirmières ici"),
        ("infirmier", "Un infirmier ici"),
        ("INFIRMIERE", "Une infirmière ici"),
    ],
)
def test_the_very_form_comes_before_its_relatives(index: Index, typed: str, first: str) -> None:
    index.fill(titled("Une infirmière ici", "Les infirmières ici", "Un infirmier ici"))

    keys = found(index, typed)

    assert keys[0] == first
    assert len(keys) == 3


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("pêche", "Une pêche", "Péché, péché, péché"),
        ("péché", "Un péché", "Pêche, pêche, pêche"),
        ("marché", "Un marché", "Marche, marche, marche"),
        ("marché", "Les marchés", "Marche, marche, marche"),
        ("marché", "Un marché", "Marches, marches, marches"),
        ("aîné", "Un aîné", "Aine, aine, aine"),
        ("tâche", "Une tâche", "Tache, tache, tache"),
        ("curé", "Un curé", "Cure, cure, cure"),
    ],
)
def test_accents_typed_come_first(index: Index, typed: str, first: str, last: str) -> None:
    index.fill(titled(last, first))

    assert found(index, typed) == [first, last]


def test_accents_left_out_or_unknown_tell_nothing(index: Index) -> None:
    index.fill(titled("Péché, péché", "Une pêche"))

    assert found(index, "peche") == found(index, "pèché") == ["Péché, péché", "Une pêche"]


def test_accents_that_may_be_left_out_tell_nothing(index: Index) -> None:
    index.fill(titled("Cout, cout", "Le coût de la vie"))

    assert found(index, "coût") == ["Cout, cout", "Le coût de la vie"]


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("infirmières praticiennes", "Infirmière praticienne"),
        ("hôpital régional", "Hôpitaux régionaux"),
        ("jeux", "Jeu de rôle"),
    ],
)
def test_either_number_is_the_very_form(index: Index, typed: str, title: str) -> None:
    passing = make_document("passing", title="Bilan", body=f"{'Beaucoup de mots. ' * 40} {typed}")
    index.fill([*titled(title), passing])

    assert found(index, typed) == [title, "passing"]


# Synonyms


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("CLSC", "Un centre local de services communautaires"),
        ("clsc", "A local community service centre"),
        ("centre local de services communautaires", "Le CLSC de Verdun"),
        ("centres locaux de services communautaires", "Le CLSC de Verdun"),
        ("le rôle du centre local de services communautaires", "Rôle du CLSC"),
        ("télésanté", "La télémédecine"),
        ("télé-santé", "Telehealth"),
        ("telehealth", "La télé-santé"),
        ("GAP", "Le guichet d'accès à la première ligne"),
        ("guichet d’accès à la première ligne", "Le GAP de Laval"),
        ("l’IPS", "Infirmières praticiennes spécialisées"),
        ("titre:CLSC", "Un centre local de services communautaires"),
        ("CLSC ET Verdun", "Le centre local de services communautaires de Verdun"),
        ("CLSC OU hôpital", "Un centre local de services communautaires"),
    ],
)
def test_other_ways_to_say_it_are_found_too(index: Index, typed: str, title: str) -> None:
    index.fill(titled(title, "Autre chose"))

    assert found(index, typed) == [title]


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("gap", "Le guichet d'accès à la première ligne"),
        ("guichet d’accès à la première ligne", "Research gap"),
        ('"CLSC"', "Un centre local de services communautaires"),
        ("centre de services", "Le CLSC de Verdun"),
        ("services communautaires du centre local", "Le CLSC de Verdun"),
        ("FICHE GAP DE LA RECHERCHE", "Le guichet d'accès à la première ligne"),
    ],
)
def test_nothing_is_added_to_what_does_not_ask_for_it(index: Index, typed: str, title: str) -> None:
    index.fill(titled(title))

    assert found(index, typed) == []


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("empreinte carbone", ["empreinte carbone", "développement durable"]),
        ("développement durable", ["développement durable", "sustainable development"]),
        ("sustainable development", ["sustainable development", "développement durable"]),
        ('"empreinte carbone"', ["empreinte carbone"]),
    ],
)
def test_a_one_way_group_goes_from_the_precise_to_the_general(
    index: Index, typed: str, expected: list[str]
) -> None:
    index.fill(titled("développement durable", "empreinte carbone"))
    index.fill(titled("sustainable development", language="en"))

    keys = found(index, typed)

    assert keys[0] == expected[0]
    assert set(expected) <= set(keys)
    assert ("empreinte carbone" in keys) is ("empreinte" in typed)


def test_what_was_typed_comes_before_its_synonyms(index: Index) -> None:
    index.fill(titled("La télémédecine", "La télésanté"))

    assert found(index, "télésanté") == ["La télésanté", "La télémédecine"]


def test_whoever_says_the_word_comes_before_a_title_that_says_it_otherwise(index: Index) -> None:
    passing = make_document("passing", title="Bilan", body="Beaucoup de mots. " * 9 + "Télésanté.")
    index.fill([*titled("Télémédecine, la télémédecine"), passing])

    assert found(index, "télésanté") == ["passing", "Télémédecine, la télémédecine"]


def test_whoever_says_every_word_comes_before_a_synonym_of_one(index: Index) -> None:
    passing = make_document("passing", title="Bilan", body="Soins donnés au domicile, loin de tout")
    index.fill([*titled("Soutien à domicile", "Soutien du soutien à domicile"), passing])

    assert found(index, "soins à domicile")[0] == "passing"


def test_whoever_says_the_word_comes_before_what_only_bears_it_as_a_name(index: Index) -> None:
    named = Document(
        "named",
        kind="fiche",
        title="Télésoins",
        audience="public",
        keywords=("Télésanté", "Télésanté et numérique"),
    )
    passing = make_document("passing", title="Bilan", body="Beaucoup de mots. " * 9 + "Télésanté.")
    index.fill([named, passing])

    assert found(index, "télésanté") == ["passing", "named"]


def test_an_excluded_word_excludes_no_synonym(index: Index) -> None:
    index.fill(titled("Projet télémédecine", "Projet télésanté"))

    assert found(index, "projet -télésanté") == ["Projet télémédecine"]


def test_a_wider_term_finds_the_narrower_last(index: Index) -> None:
    index.fill(titled("La téléréadaptation", "La télémédecine", "La télésanté"))

    results = ask(index, "télésanté")

    assert [hit.key for hit in results.hits] == [
        "La télésanté",
        "La télémédecine",
        "La téléréadaptation",
    ]
    assert results.also_searched == ("télémédecine", "téléréadaptation")


def test_a_narrower_term_does_not_find_the_wider(index: Index) -> None:
    index.fill(titled("La téléréadaptation", "La télésanté"))

    assert found(index, "téléréadaptation") == ["La téléréadaptation"]
    assert found(index, '"télésanté"') == ["La télésanté"]


def test_only_synonyms_that_find_something_are_told(index: Index) -> None:
    index.fill(titled("La télémédecine", *[]) + titled("Telehealth", audience="members"))

    assert ask(index, "télésanté").also_searched == ("télémédecine",)


def test_an_exact_search_adds_and_corrects_nothing(index: Index) -> None:
    index.fill(titled("La télémédecine", "Le dépistage"))

    assert ask(index, "télésanté", exact=True).total == 0
    results = ask(index, "dépistaeg", exact=True)
    assert (results.total, results.correction) == (0, None)


def test_a_synonym_is_marked_in_the_title(index: Index) -> None:
    index.fill(titled("Le CLSC de Verdun"))

    (hit,) = ask(index, "centre local de services communautaires").hits

    assert [segment.text for segment in hit.title if segment.marked] == ["CLSC"]
