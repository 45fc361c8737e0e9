"""What people type, in French, and what must be found."""

import datetime
from dataclasses import replace

import pytest

from indexer import SearchRequest, SynonymGroup, Synonyms
from tests.contract.builders import PUBLIC, Index, make_document


@pytest.mark.parametrize(
    "typed",
    [
        "soins à domicile",
        "soin a domicile",
        "SOINS À DOMICILE",
        "domicile soins",
        "  soins\u00a0à domicile ?",
        "« soins à domicile »",
        "“Soins à domicile”",
        "soins ET domicile",
        "titre:soins",
        'titre:"soins à domicile"',
        "domic*",
    ],
)
def test_a_title_is_found_however_it_is_typed(index: Index, typed: str) -> None:
    assert index.holds("Les soins à domicile", text=typed)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("L’infirmière praticienne", "infirmiere"),
        ("L'infirmière praticienne", "l’infirmière"),
        ("Infirmiers", "infirmières"),
        ("La télé-santé", "télésanté"),
        ("La télésanté", "télé-santé"),
        ("La télé‑santé", "tele sante"),
        ("GMF-U de Verdun", "gmf-u"),
        ("GMF-U de Verdun", "gmf"),
        ("COVID-19", "covid 19"),
        ("Cœur et œdème", "coeur oedeme"),
        ("Coeur", "cœur"),
        ("Te\u0301le\u0301sante\u0301", "télésanté"),
        ("Les IPS au CLSC", "ips"),
        ("Plans régionaux", "plan régional"),
        ("Une approche R&D en C++", "R&D C++"),
        ("Ratio 10/20", "10/20"),
        ("Info-Santé 8-1-1", "811"),
        ("Les C.L.S.C.", "clsc"),
        ("Saguenay–Lac-Saint-Jean", "lac-saint-jean"),
        ("Titre : un sous-titre", "Titre: un sous-titre"),
        ("CIUSSS de l’EST", "EST"),
        ("Effet du thé vert", "thé"),
    ],
)
def test_a_word_is_found_in_its_other_forms(index: Index, written: str, typed: str) -> None:
    assert index.holds(written, text=typed)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Médecine familiale", '"médecin"'),
        ("IPS", "ip"),
        ("Organes", "organisation"),
        ("Soins de jour à domicile", '"soins à domicile"'),
        ("Les soins", "soins -soins"),
        ("Les soins", "annee:2020"),
        ("Les soins", "theme:telesante"),
        ("Les soins", "ab*"),
    ],
)
def test_what_only_resembles_is_not_found(index: Index, written: str, typed: str) -> None:
    assert not index.holds(written, text=typed)


@pytest.mark.parametrize("typed", ["nurses", "nurse", "the nurse", "studies of nurses", "study"])
def test_an_english_document_takes_the_english_chain(index: Index, typed: str) -> None:
    assert index.holds("Studies of the nurse", text=typed, language="en")


def test_a_phrase_does_not_run_from_one_part_to_the_next(index: Index) -> None:
    index.fill([make_document(title="Les soins", body="palliatifs")])

    assert index.found("soins palliatifs") == ["fiche:1"]
    assert index.found('"soins palliatifs"') == []


def test_documents_with_every_word_come_before_those_with_some(index: Index) -> None:
    index.fill(
        [
            make_document("some", title="Palliatifs palliatifs palliatifs"),
            make_document("none", title="Télésanté"),
            make_document("every", body="longue introduction puis soins et ensuite palliatifs"),
        ]
    )

    results = index.ask("soins palliatifs")

    assert [(hit.key, hit.has_every_word) for hit in results.hits] == [
        ("every", True),
        ("some", False),
    ]
    assert (results.total, results.total_all_words) == (2, 1)


@pytest.mark.parametrize("typed", ['"soins" palliatifs', "soins ET palliatifs"])
def test_quotes_and_et_demand_everything(index: Index, typed: str) -> None:
    index.fill([make_document(title="Soins"), make_document("fiche:2", title="Soins palliatifs")])

    assert [hit.key for hit in index.ask(typed).hits] == ["fiche:2"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("alpha OU beta", {"a", "b", "ab"}),
        ("alpha OR beta", {"a", "b", "ab"}),
        ("alpha SAUF beta", {"a"}),
        ("alpha NOT beta", {"a"}),
        ("alpha -beta", {"a"}),
        ("-alpha", {"b", "c"}),
        ("(alpha OU beta) ET alpha", {"a", "ab"}),
        ("alpha ET beta OU gamma", {"ab", "c"}),
        ("(alpha OU gamma) -(beta)", {"a", "c"}),
    ],
)
def test_operators_combine_words(index: Index, typed: str, found: set[str]) -> None:
    index.fill(
        [
            make_document("a", title="Alpha"),
            make_document("b", title="Beta"),
            make_document("ab", title="Alpha beta"),
            make_document("c", title="Gamma"),
        ]
    )

    assert {hit.key for hit in index.ask(typed).hits if hit.has_every_word} == found


def test_fields_look_where_they_say(index: Index) -> None:
    index.fill(
        [
            make_document(
                "a",
                title="Sommeil",
                body="répit",
                kind="resume",
                facets={
                    "author": ("Jeanne Côté",),
                    "theme": ("telesante.suivi",),
                    "region": ("rss06",),
                },
            ),
            make_document("b", title="Répit", body="sommeil"),
        ]
    )

    for typed in (
        "titre:sommeil",
        "auteur:cote",
        'auteur:"jeanne côté"',
        "thème:suivi",
        "theme:telesante",
        "région:RSS06",
        "type:resume sommeil",
    ):
        assert [hit.key for hit in index.ask(typed).hits] == ["a"], typed


@pytest.mark.parametrize(
    "typed",
    [
        "NOT NOT NOT",
        "ET OU SAUF",
        "(((",
        ")))(",
        "(" * 2000 + "soins" + ")" * 2000,
        "(" * 9000 + ")" * 9000,
        '"',
        "«",
        "*",
        "-",
        "--",
        "- - -",
        "titre:",
        "annee:",
        "annee:abc",
        ":",
        "soins:",
        "http://exemple.ca/a?b=c",
        "\x00\ufffe\u200b",
        "🙂 👩‍⚕️",
        "a" * 20_000,
        "é" * 30_000,
        "soins " * 3_000,
        "- " * 5_000,
        "-" * 20_000,
        "a-" * 9_000,
        "l'" * 9_000,
        '"' * 9_001,
        "soins ET " * 900,
        "(soins OU " * 900,
        "-(" * 9_000,
    ],
    ids=lambda typed: typed[:12],
)
def test_any_text_is_answered(index: Index, typed: str) -> None:
    index.fill([make_document(title="Les soins")])

    index.ask(typed)


def test_an_empty_query_shows_everything_newest_first(index: Index) -> None:
    index.fill(
        [
            make_document("undated"),
            make_document("old", date=datetime.date(2001, 1, 1)),
            make_document("new", date=datetime.date(2024, 1, 1)),
        ]
    )

    assert [hit.key for hit in index.ask("  ").hits] == ["new", "old", "undated"]


def test_text_without_a_word_finds_nothing(index: Index) -> None:
    index.fill([make_document()])

    assert index.ask("???").total == 0


def test_the_title_weighs_more_than_the_body(index: Index) -> None:
    index.fill(
        [
            make_document("body", title="Autre chose", body="Le répit"),
            make_document("title", title="Le répit", body="Autre chose"),
        ]
    )

    assert index.found("répit") == ["title", "body"]


def test_ties_are_settled_by_key(index: Index) -> None:
    index.fill([make_document(key) for key in ("c", "a", "b", "e", "d")])

    assert index.found("fiche") == ["a", "b", "c", "d", "e"]


def test_what_a_query_means_follows_the_index_the_reader_and_the_vocabulary(index: Index) -> None:
    """The same words asked again: what was understood before is not taken for granted."""
    index.fill([make_document("a", title="Gériatrie"), make_document("b", audience="members")])
    asked = SearchRequest("geriatire", audiences=PUBLIC)
    members = SearchRequest("geriatire", audiences=frozenset({"members"}))
    group = SynonymGroup(terms=("geriatire", "fiche"))
    said = Synonyms("1", (group,))
    with index.engine() as engine, index.writer() as writer:
        assert [hit.key for hit in engine.search(asked).hits] == ["a"]
        assert engine.search(members).total == 0
        both = replace(asked, audiences=PUBLIC | {"members"}, synonyms=said)
        assert [hit.key for hit in engine.search(both).hits] == ["b"]
        writer.put(make_document("c", title="Geriatire"))
        writer.commit()

        results = engine.search(asked)

        assert [hit.key for hit in results.hits] == ["c"]
        assert results.correction is None or not results.correction.applied
