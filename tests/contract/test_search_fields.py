"""Fields typed by the names of their values."""

import pytest

from indexer import Names, SearchRequest, UnmetField
from tests.contract.builders import PUBLIC, Index, make_document

NAMES = Names(
    "1",
    {
        "region": {"rss01": ("Bas-Saint-Laurent",), "rss06": ("Montréal", "Montreal")},
        "theme": {
            "mental": ("Santé mentale et dépendance", "Mental health and addiction"),
            "tele": ("Télésanté", "Telehealth"),
            "tele.ia": ("Télésanté et intelligence artificielle", ""),
        },
        "kind": {"resume": ("Résumé d’article", "Article summaries")},
    },
)


@pytest.fixture
def filled(index: Index) -> Index:
    index.fill(
        [
            make_document("a", kind="resume", facets={"region": ("rss06",), "theme": ("mental",)}),
            make_document("b", facets={"region": ("rss01",), "theme": ("tele.ia",)}),
            make_document("c", facets={"theme": ("tele",), "author": ("Luc Côté", "Ida Roy")}),
            make_document("d", facets={"region": ("rss02",)}, audience="members"),
        ]
    )
    return index


def asked(text: str, *, exact: bool = False, names: Names = NAMES) -> SearchRequest:
    return SearchRequest(text, audiences=PUBLIC, names=names, exact=exact)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("region:montréal", "a"),
        ("région:MONTREAL", "a"),
        ("region:rss06", "a"),
        ("region:laurent", "b"),
        ('region:"bas saint-laurent"', "b"),
        ('theme:"santé mentale et dépendances"', "a"),
        ("theme:dependances", "a"),
        ("theme:addiction", "a"),
        ("theme:télésanté", "bc"),
        ("theme:Télé-Santé", "bc"),
        ('theme:"intelligence artificielle"', "b"),
        ("type:résumés", "a"),
        ("type:article", "a"),
        ("type:fiche", "bc"),
        ("auteur:cote", "c"),
        ('auteur:"ida roy"', "c"),
        ("region:mont*", "a"),
        ("région:Montré*", "a"),
        ("region:bas-s*", "b"),
        ("region:rss*", "ab"),
        ("theme:tél*", "bc"),
        ("type:résu*", "a"),
        ("auteur:cot*", "c"),
        ("auteur:zzz*", ""),
        ("region:mo*", ""),
        ("-region:montréal", "bc"),
        ("-region:mont*", "bc"),
        ("region:montréal OU theme:telehealth", "abc"),
        ("theme:télésanté region:montréal", ""),
    ],
)
def test_a_field_takes_the_names_of_its_values(filled: Index, typed: str, found: str) -> None:
    with filled.engine() as engine:
        for exact in (False, True):
            hits = engine.search(asked(typed, exact=exact)).hits
            assert "".join(sorted(hit.key for hit in hits)) == found


def test_a_value_that_nothing_seen_holds_is_told_as_typed(filled: Index) -> None:
    with filled.engine() as engine:
        unknown = engine.search(asked("region:Narnia une fiche"))
        withheld = engine.search(asked("region:rss02"))
        known = engine.search(asked("region:montréal -theme:rien"))

    assert (unknown.total, unknown.unmet) == (0, (UnmetField("region", "Narnia"),))
    assert (withheld.total, withheld.unmet) == (0, (UnmetField("region", "rss02"),))
    assert known.unmet == ()


def test_names_that_change_are_heeded_at_once(filled: Index) -> None:
    renamed = Names("2", {"region": {"rss01": ("Montréal",)}})

    with filled.engine() as engine:
        before = engine.search(asked("region:montréal"))
        after = engine.search(asked("region:montréal", names=renamed))

    assert [hit.key for hit in (*before.hits, *after.hits)] == ["a", "b"]
