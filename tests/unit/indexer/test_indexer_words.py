"""Exact forms, synonyms, correction and suggestions, asked of an index as a reader would."""

import datetime
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import Correction, Document, Results, SearchRequest, SynonymGroup, Synonyms
from indexer.factory import BACKENDS
from tests.contract.builders import PUBLIC, Index, make_document, scratch

VOCABULARY = Synonyms(
    "1",
    (
        SynonymGroup(
            ("CLSC", "centre local de services communautaires", "local community service centre")
        ),
        SynonymGroup(("GAP", "guichet d’accès à la première ligne"), frozenset({"GAP"})),
        SynonymGroup(("télésanté", "télémédecine", "telehealth"), id="telesante"),
        SynonymGroup(("téléréadaptation", "telerehab"), broader=frozenset({"telesante"})),
        SynonymGroup(("SAD", "soutien à domicile", "soins à domicile"), frozenset({"SAD"})),
        SynonymGroup(("IPS", "infirmière praticienne spécialisée")),
        SynonymGroup(
            ("développement durable", "sustainable development", "empreinte carbone"),
            general=frozenset({"développement durable", "sustainable development"}),
        ),
    ),
)


@pytest.fixture(params=BACKENDS)
def index(request: pytest.FixtureRequest) -> Iterator[Index]:
    with tempfile.TemporaryDirectory(dir=scratch()) as directory:
        yield Index(Path(directory) / "index", request.param)


def titled(*titles: str, audience: str = "public", language: str = "fr") -> list[Document]:
    return [
        make_document(title, title=title, audience=audience, language=language) for title in titles
    ]


def ask(index: Index, text: str, *, exact: bool = False) -> Results:
    with index.engine() as engine:
        return engine.search(
            SearchRequest(text, audiences=PUBLIC, synonyms=VOCABULARY, exact=exact)
        )


def found(index: Index, text: str, *, exact: bool = False) -> list[str]:
    return [hit.key for hit in ask(index, text, exact=exact).hits if hit.has_every_word]


def suggested(index: Index, text: str, terms: tuple[str, ...] = ()) -> list[str]:
    with index.engine() as engine:
        return [one.text for one in engine.suggest(text, audiences=PUBLIC, terms=terms)]


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


# Correction


@pytest.mark.parametrize(
    ("typed", "used"),
    [
        ("dépistaeg", "dépistage"),
        ("depistagge", "dépistage"),
        ("depstage", "dépistage"),
        ("DÉPISTAEG", "DÉPISTAGE"),
        ("l'infirmeire", "l'infirmière"),
        ("dépistaeg du cancre", "dépistage du cancer"),
        ("infrimiière", "infirmière"),
        ("CHSDL", "CHSLD"),
        ("titre:dépistaeg", "titre:dépistage"),
        ("dépistage SAUF infimière dépistaeg", "dépistage SAUF infimière dépistage"),
        ("télé-sannté", "télésanté"),
        ("soins-paliatifs", "soins-palliatifs"),
        ("le clcs", "le CLSC"),
        ("CSLC", "CLSC"),
        ("une ISP", "une IPS"),
        ("CHLD", "CHSLD"),
        ("CLS", "CLSC"),
        ("le pcq", "le PQC"),
        ("un cahcet", "un cachets"),
    ],
)
def test_a_word_that_nothing_holds_is_corrected(index: Index, typed: str, used: str) -> None:
    index.fill(titled("Dépistage du cancer en CHSLD", "L’infirmière, les soins palliatifs"))
    index.fill([make_document("PQC", title="Le PQC et ses cachets")])
    index.fill(titled("Le CLSC", "Une IPS en télésanté"))

    results = ask(index, typed)

    assert results.correction == Correction(typed, used, applied=True)


@pytest.mark.parametrize(
    "typed",
    [
        '"dépistaeg"',
        "dépistage",
        "xyzt",
        "cncr",
        "AVC",
        "dépistages",
        "2019x",
        "cancer",
        "IRM",
        "ami",
    ],
)
def test_what_needs_no_correction_gets_none(index: Index, typed: str) -> None:
    index.fill(titled("Dépistage du cancer", "L’infirmière", "Une IRC, un AIM"))

    assert ask(index, typed).correction is None


def test_a_word_of_the_vocabulary_is_corrected_to_although_only_its_synonyms_are_held(
    index: Index,
) -> None:
    index.fill(titled("La télémédecine"))

    results = ask(index, "télésanéts")

    assert results.correction == Correction("télésanéts", "télésanté", applied=True)
    assert [hit.key for hit in results.hits] == ["La télémédecine"]


@pytest.mark.parametrize(
    ("typed", "used"),
    [
        ("télésnaté", "télésanté"),
        ("telesnate", "telesante"),
        ("Télésnaté à Québecc", "Télésanté à Québec"),
        ("TÉLÉSNATÉ", "TÉLÉSANTÉ"),
        ("télésnaté à domicle", "télésanté à domicile"),
    ],
)
def test_a_correction_keeps_the_accents_and_capitals_typed(
    index: Index, typed: str, used: str
) -> None:
    plain = [make_document(f"plain-{one}", title="Telesante a domicile") for one in range(9)]
    index.fill([*plain, *titled("La télésanté à Québec")])

    correction = ask(index, typed).correction

    assert correction is not None
    assert correction.used == used


def test_a_known_word_is_only_offered_another(index: Index) -> None:
    many = [make_document(str(number), title="Dépistage") for number in range(25)]
    index.fill([*many, make_document("rare", title="Dépisage")])

    results = ask(index, "dépisage")

    assert results.correction == Correction("dépisage", "dépistage", applied=False)
    assert [hit.key for hit in results.hits] == ["rare"]


def test_a_word_is_never_corrected_towards_what_one_may_not_see(index: Index) -> None:
    index.fill(titled("Dépistage secret", audience="members") + titled("Autre chose"))

    results = ask(index, "dépistaeg")

    assert (results.correction, results.total) == (None, 0)


def test_a_word_that_only_others_may_see_is_corrected(index: Index) -> None:
    index.fill(titled("Dépisage", audience="members") + titled("Dépistage"))

    assert ask(index, "dépisage").correction == Correction("dépisage", "dépistage", applied=True)


def test_the_most_frequent_of_equal_corrections_wins(index: Index) -> None:
    index.fill(
        [
            make_document("a", title="Des taches"),
            make_document("b", title="Une tâche"),
            make_document("c", title="Une tâche encore"),
            make_document("d", title="La vache"),
        ]
    )

    assert ask(index, "zache").correction == Correction("zache", "tâche", applied=True)


def test_the_correction_that_goes_with_the_other_words_wins(index: Index) -> None:
    many = [make_document(str(number), title="La vision du Québec") for number in range(4)]
    index.fill([*many, make_document("bras", title="La cision du bras")])
    index.fill([make_document("oeil", title="La mision de Mars")])

    results = ask(index, "ision du bras")

    assert results.correction == Correction("ision du bras", "cision du bras", applied=True)


def test_the_key_beside_the_right_one_is_the_likelier_slip(index: Index) -> None:
    index.fill(titled("La porte", "La porze"))

    results = ask(index, "porge")

    assert results.correction == Correction("porge", "porte", applied=True)


def test_a_small_word_misspelt_is_no_obstacle(index: Index) -> None:
    index.fill(titled("Le dépistage"))

    assert found(index, "quabd dépistage") == ["Le dépistage"]


@pytest.mark.parametrize(
    ("typed", "used"),
    [
        ("domicil", "domicile"),
        ("dépendanc", "dépendance"),
        ("thérapi", "thérapie"),
        ("grossess", "grossesse"),
        ("autism", "autisme"),
        ("antibiothérapi", "antibiothérapie"),
        ("médecin", "médecine"),
        ("ITS", "ITSS"),
    ],
)
def test_a_last_letter_forgotten_is_put_back(index: Index, typed: str, used: str) -> None:
    index.fill(titled("À domicile", "Dépendance et thérapie", "Grossesse, autisme, ITSS"))
    index.fill(titled("Médecine et antibiothérapie"))

    results = ask(index, typed)

    assert results.correction == Correction(typed, used, applied=True)
    assert results.total == 1


def test_a_known_word_is_not_corrected_by_a_last_letter(index: Index) -> None:
    many = [make_document(str(number), title="Médecine") for number in range(25)]
    index.fill([*many, make_document("rare", title="Un médecin")])

    assert ask(index, "médecin").correction is None


@pytest.mark.parametrize(
    ("typed", "used"),
    [
        ("fysiothérapie", "physiothérapie"),
        ("fisioterapie", "physiothérapie"),
        ("skizophrénie", "schizophrénie"),
        ("ortofoniste", "orthophoniste"),
        ("psikologue", "psychologue"),
        ("fobie", "phobie"),
        ("sintigrafie", "scintigraphie"),
        ("ipertansion", "hypertension"),
    ],
)
def test_a_word_written_as_it_sounds_is_found(index: Index, typed: str, used: str) -> None:
    index.fill(titled("Physiothérapie", "Schizophrénie et phobie", "Orthophoniste, psychologue"))
    index.fill(titled("La scintigraphie", "L’hypertension"))

    results = ask(index, typed)

    assert results.correction == Correction(typed, used, applied=True)
    assert results.total == 1


def test_a_word_of_the_vocabulary_that_finds_nothing_is_no_correction(index: Index) -> None:
    index.fill(titled("L’empreinte écologique"))

    results = ask(index, "empreinte carbonne")

    assert results.correction is None
    assert results.total == 1


def test_a_word_of_the_vocabulary_may_find_by_the_whole_term(index: Index) -> None:
    index.fill(titled("Le développement durable"))

    assert ask(index, "empreinte carbonne").correction == Correction(
        "empreinte carbonne", "empreinte carbone", applied=True
    )
    assert found(index, "empreinte carbonne") == ["Le développement durable"]
    assert ask(index, "carbonne").correction is None


def test_nothing_is_corrected_to_a_small_word_alone(index: Index) -> None:
    index.fill(titled("Le dépistage"))

    assert ask(index, "quabd").correction is None


# Stop words that are words


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("le but", "Le but du projet"),
        ("quel but", "Le but du projet"),
        ("le thé", "Du thé vert"),
        ("the", "Du thé vert"),
        ("maïs", "Champ de maïs"),
        ("MAÏS", "Champ de maïs"),
        ("mais", "Champ de maïs"),
        ("le maïs en champ", "Champ de maïs"),
        ("été", "Soins en été"),
        ("ete", "L’été"),
        ("l’été", "Soins en été"),
        ("activités d’été", "Activités de l’été"),
        ("milieu sûr", "Un milieu sûr"),
        ("nouveau-né", "Les nouveaux-nés"),
    ],
)
def test_a_word_that_resembles_a_stop_word_is_found(index: Index, typed: str, title: str) -> None:
    index.fill(titled(title, "Mais il vient, sur place, selon leur projet"))

    assert found(index, typed) == [title]


def test_a_stop_word_beside_a_word_is_left_out(index: Index) -> None:
    index.fill(titled("Activités offertes", "Il a été fondé"))

    assert found(index, "Quand a été offerte l’activité ?") == ["Activités offertes"]


# Suggestions


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
