import pytest
from werkzeug.routing import BuildError, Map, MapAdapter, Rule

from inters4.core.web.addresses import LateRule


def _adapter(kind: type[Rule]) -> MapAdapter:
    rules = [
        kind("/fiches/", endpoint="list"),
        kind("/fiches/", endpoint="first", defaults={"page": 1}),
        kind("/fiches/<int:page>/", endpoint="first"),
        kind("/fiches/<slug>/pièces/<path:name>", endpoint="part"),
    ]
    return Map(rules).bind("portail.example")


@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("list", {}),
        ("list", {"q": "soins à domicile", "type": ["a", "b"]}),
        ("list", {"rule": "x", "self": "y", "values": "z"}),
        ("first", {"page": 1}),
        ("first", {"page": 3}),
        ("part", {"slug": "un/deux", "name": "a/b c.pdf", "v": 2}),
    ],
)
def test_an_address_is_written_as_werkzeug_writes_it(
    endpoint: str, values: dict[str, object]
) -> None:
    late, plain = _adapter(LateRule), _adapter(Rule)

    for _time in range(2):
        assert late.build(endpoint, values) == plain.build(endpoint, values)


def test_an_address_that_lacks_a_part_is_refused() -> None:
    with pytest.raises(BuildError):
        _adapter(LateRule).build("part", {"slug": "un"})


def test_an_address_is_found_before_any_is_written() -> None:
    found = _adapter(LateRule).match("/fiches/3/")

    assert found == ("first", {"page": 3})
