"""Words misspelt, and words that look like stop words, as a reader types them."""

import pytest

from indexer import Correction, Document, Names, SearchRequest
from tests.builders.words import ask, found, titled
from tests.contract.builders import PUBLIC, Index, make_document


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


def test_a_word_of_a_name_is_corrected_to_although_no_text_says_it(index: Index) -> None:
    named = Document(
        "named", kind="fiche", title="Guide", audience="public", keywords=("Télésurveillance",)
    )
    index.fill([named, *titled("Autre chose")])
    names = Names(
        "names of a test", {"theme": {"tele": ("Télésurveillance",), "rien": ("Radiographie",)}}
    )
    with index.engine() as engine:
        corrected, nothing = (
            engine.search(SearchRequest(typed, audiences=PUBLIC, names=names))
            for typed in ("telesurvellance", "radiografie")
        )

    assert corrected.correction == Correction("telesurvellance", "télésurveillance", applied=True)
    assert [hit.key for hit in corrected.hits] == ["named"]
    assert nothing.correction is None


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
