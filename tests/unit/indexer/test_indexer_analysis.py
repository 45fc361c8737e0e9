"""From text to terms, one rule a test."""

import time
import unicodedata
from pathlib import Path

import pytest
import Stemmer
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.analysis import analyse, fold, shouts
from indexer.analysis.english import stem_english
from indexer.analysis.french import stem_french

DATA = Path(__file__).parent / "data"


def lines_of(name: str) -> list[list[str]]:
    text = (DATA / name).read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines() if line and not line.startswith("#")]


TO_UNITE = [(first, other) for first, *others in lines_of("unite.txt") for other in others]
TO_KEEP_APART = [(one, other) for one, other in lines_of("apart.txt")]


def stems(text: str, language: str = "fr") -> list[str]:
    return [term.stem for term in analyse(text, language)]


def first_stem(word: str) -> str:
    return next(analyse(word, keep_stop_words=True)).stem


def snowball(word: str) -> str:
    return fold(Stemmer.Stemmer("french").stemWord(word.lower()))


@pytest.mark.parametrize(("one", "other"), TO_UNITE)
def test_forms_of_one_word_share_a_stem(one: str, other: str) -> None:
    assert first_stem(one) == first_stem(other)


@pytest.mark.parametrize(("one", "other"), TO_KEEP_APART)
def test_words_that_differ_keep_different_stems(one: str, other: str) -> None:
    assert first_stem(one) != first_stem(other)


def test_the_light_stemmer_beats_snowball_on_these_words() -> None:
    missed = sum(snowball(one) != snowball(other) for one, other in TO_UNITE)
    merged = sum(snowball(one) == snowball(other) for one, other in TO_KEEP_APART)

    assert len(TO_UNITE) + len(TO_KEEP_APART) > 500
    assert missed > 40
    assert merged > 40


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("nurses", "nurse"),
        ("studies", "study"),
        ("boxes", "box"),
        ("illnesses", "illness"),
        ("caregiving", "caregiver"),
        ("screened", "screening"),
    ],
)
def test_the_english_chain_is_snowball(one: str, other: str) -> None:
    assert stem_english(one) == stem_english(other)


@pytest.mark.parametrize("word", ["ips", "clsc", "virus", "montreal", "covid"])
def test_names_and_acronyms_have_one_stem_in_both_languages(word: str) -> None:
    assert stem_english(word) == stem_french(word)


def test_an_english_stem_meets_no_french_word() -> None:
    assert stem_english("medecine") != stem_french("medecin")


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
        ("Où obtient-il, cherche-t-on ?", ["obtient", "cherche"]),
        ("celui-là, cet appel-la", ["appel"]),
        ("un rendez-vous", ["rendezvou", "rendez"]),
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


@example("a-çe")
@example("prends-là")
@given(st.text(alphabet="aàâeéèêiîoôuùûçœlnst’' -", max_size=60))
def test_accents_and_case_change_no_stem(text: str) -> None:
    plain = "".join(
        letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter)
    )

    assert stems(text) == stems(plain) == stems(text.lower())


def test_elisions_that_never_end_are_cut_in_one_pass() -> None:
    began = time.process_time()

    assert not list(analyse("l'" * 500_000))
    assert time.process_time() - began < 4  # each copied the rest of the run: ten seconds
