"""From text to terms, one rule a test."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import Finder, analyse, fold, shouts
from indexer.analysis.english import stem_english
from indexer.analysis.french import stem_french

WANTED = [
    "infirmier infirmière infirmières infirmiers",
    "soin soins",
    "régional régionale régionaux régionales",
    "social sociale sociaux",
    "professionnel professionnelle professionnelles",
    "patient patiente patients patientes",
    "adolescent adolescente adolescents",
    "intervenant intervenante intervenants",
    "directeur directrice directeurs directrices",
    "chercheur chercheuse chercheurs chercheuses",
    "infectieux infectieuse infectieuses",
    "chirurgien chirurgienne chirurgiens",
    "actif active actives",
    "âgé âgée âgés âgées",
    "réseau réseaux",
    "niveau niveaux",
    "hôpital hôpitaux",
    "travail travaux",
    "lit lits",
    "jeu jeux",
    "meilleur meilleure meilleures",
    "québécois québécoise québécoises",
    "humain humaine humains",
    "complet complète complets",
]

UNWANTED = [
    ("médecin", "médecine"),
    ("organe", "organisation"),
    ("IPS", "ip"),
    ("TS", "t"),
    ("cas", "case"),
    ("mois", "moi"),
    ("fois", "foi"),
    ("pays", "paye"),
    ("port", "porte"),
    ("post", "poste"),
    ("sens", "sen"),
    ("mode", "mod"),
    ("CISSS", "cis"),
    ("CRDS", "crd"),
    ("santé", "sant"),
    ("mère", "mer"),
    ("cour", "cours"),
    ("taux", "tau"),
    ("universel", "université"),
    ("communauté", "communication"),
    ("opération", "opérateur"),
    ("évaluation", "évacuation"),
    ("générique", "général"),
    ("probable", "probation"),
]


def stems(text: str, language: str = "fr") -> list[str]:
    return [term.stem for term in analyse(text, language)]


@pytest.mark.parametrize("family", WANTED)
def test_inflections_of_one_word_share_a_stem(family: str) -> None:
    assert len({stem_french(fold(word)) for word in family.split()}) == 1


@pytest.mark.parametrize(("one", "other"), UNWANTED)
def test_words_that_differ_keep_different_stems(one: str, other: str) -> None:
    assert stem_french(fold(one)) != stem_french(fold(other))


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("nurses", "nurse"),
        ("studies", "study"),
        ("boxes", "box"),
        ("illnesses", "illness"),
        ("analysis", "analysis"),
        ("virus", "virus"),
        ("ips", "ips"),
    ],
)
def test_the_english_stemmer_undoes_plurals(plural: str, singular: str) -> None:
    assert stem_english(plural) == singular


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Cœur À L’ÉCOUTE", "coeur a l'ecoute"),
        ("ﬁche №1 m²", "fiche no1 m2"),
        ("télé\u2011santé \u2013 Straße", "tele-sante - strasse"),
        ("zéro\u00adlargeur\u200b", "zerolargeur"),
        ("e\u0301te\u0301", "ete"),
    ],
)
def test_folding_undoes_accents_ligatures_case_and_typography(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l’infirmière d'aujourd'hui", ["infirmier", "aujourdhui", "aujourd", "hui"]),
        ("qu’on s'y rend jusqu'au CLSC", ["on", "rend", "clsc"]),
        ("gmf-u", ["gmfu", "gmf", "u"]),
        ("COVID-19", ["covid19", "covid", "19"]),
        ("8-1-1", ["811", "8", "1", "1"]),
        ("C.L.S.C.", ["clsc"]),
        ("C++ et C#", ["c++", "c#"]),
        ("10/20, 3,5 %", ["10", "20", "3", "5"]),
        ("the patient's care", ["the", "patient", "care"]),
        ("snake_case", ["snake", "case"]),
    ],
)
def test_tokens_keep_what_belongs_together(text: str, expected: list[str]) -> None:
    assert stems(text) == expected


def test_stop_words_leave_their_place_empty() -> None:
    assert [(term.stem, term.position) for term in analyse("soins à la maison")] == [
        ("soin", 0),
        ("maison", 3),
    ]


def test_a_compound_shares_its_place_with_its_first_part() -> None:
    places = {term.stem: term.position for term in analyse("un plan télé-santé régional")}

    assert places["plan"] == 1
    assert places["tele"] == 2
    assert places["sante"] == 3
    assert places["regional"] == 4
    assert places[stem_french("telesante")] == 2


def test_an_acronym_in_capitals_is_no_stop_word() -> None:
    assert stems("accident (AT) de l’EST") == ["accident", "at", "est"]
    assert stems("SOINS À DOMICILE ET EN CLSC") == ["soin", "domicile", "clsc"]


def test_shouting_needs_several_words() -> None:
    assert shouts("SOINS À DOMICILE")
    assert not shouts("EST")
    assert not shouts("l’EST")


def test_offsets_point_to_what_was_written() -> None:
    text = "L’infirmière\u00a0: Cœur, te\u0301le\u0301-santé, GMF-U."

    written = {term.stem: text[term.start : term.end] for term in analyse(text)}

    assert written["infirmier"] == "infirmière"
    assert written["coeur"] == "Cœur"
    assert written["gmfu"] == "GMF-U"
    assert written["sante"] == "santé"


@given(st.text(max_size=200))
def test_any_text_is_cut_within_its_bounds(text: str) -> None:
    position = 0
    for term in analyse(text):
        assert 0 <= term.start < term.end <= len(text)
        assert term.position >= position
        assert term.stem
        assert len(term.form) <= 64
        position = term.position


@given(st.text(alphabet="aàâeéèêiîoôuùûçœlnst’' -", max_size=60))
def test_accents_and_case_change_no_stem(text: str) -> None:
    plain = "".join(
        letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter)
    )

    assert stems(text) == stems(plain) == stems(text.lower())


@pytest.mark.parametrize("text", ["L’accident du travail (AT), à 8-1-1 et C++", "D.U. du DU, l.e."])
def test_words_sought_are_those_of_the_whole_analysis(text: str) -> None:
    every = list(analyse(text, "fr"))
    stems = {term.stem for term in analyse(text, "fr", keep_stop_words=True)}

    assert list(Finder("fr", stems=stems, prefixes=()).find(text)) == every
    assert list(Finder("fr", stems=(), prefixes=("acc",)).find(text)) == [
        term for term in every if term.form.startswith("acc")
    ]
