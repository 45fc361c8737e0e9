"""From text to typed values: every mistake is said, with its line."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import pytest

from inters4.core.content.quantities import Day, Instant, Whole
from inters4.core.content.reading import Field
from inters4.core.content.scalars import (
    Address,
    Choice,
    Flag,
    Identifier,
    Known,
    Language,
    Text,
)
from inters4.core.content.schema import Many, Rows, Schema, fields_of
from inters4.core.frontmatter import ContentErrors, Reading, parse


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


def read(schema: Schema, text: str) -> tuple[dict[str, Any], list[str]]:
    document = parse(f"---\n{text}\n---\n".encode(), path="a.md")
    reading = Reading("a.md", {"regions": {"rss01"}})
    values = schema.read(document.entries, reading)
    return values, [str(error).replace("\u00a0", " ") for error in reading.errors]


def test_every_mistake_of_a_file_is_reported_with_its_line() -> None:
    schema = Schema((Text("title", required=True), Whole("year", 1900, 2100), Day("day")))

    _values, errors = read(schema, "year: 01\nday: 2026-02-30\ncolor: rouge")

    assert errors == [
        "a.md:4: « color » n’est pas un champ connu ici : title, year, day.",
        "a.md:1: Il manque « title ».",
        "a.md:2: « year » doit être un nombre entier de 1900 à 2100.",
        "a.md:3: « 2026-02-30 » n’est pas une date du calendrier : écrivez AAAA-MM-JJ.",
    ]


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (Text("x"), "x: >-\n  deux\n  lignes", "deux lignes"),
        (Text("x"), "x: no", "no"),
        (Identifier("x"), "x: telesante.ia", "telesante.ia"),
        (Known("x", among="regions"), "x: rss01", "rss01"),
        (Address("x"), "x: https://exemple.ca/a?b=c", "https://exemple.ca/a?b=c"),
        (Choice("x", Size), "x: large", Size.LARGE),
        (Flag("x"), "x: true", True),
        (Language("x"), "x: en", "en"),
        (Whole("x", 0, 10), "x: 10", 10),
        (Day("x"), "x: 2026-11-21", date(2026, 11, 21)),
        (Instant("x"), "x: 2026-11-21", datetime(2026, 11, 21, 5, tzinfo=UTC)),
        (Instant("x"), "x: 2026-11-21T14:05:00+00:00", datetime(2026, 11, 21, 14, 5, tzinfo=UTC)),
        (Many(Text("x")), "x: [a, b]", ("a", "b")),
    ],
)
def test_a_field_reads_text_and_writes_it_back(field: Field, text: str, value: object) -> None:
    schema = Schema((field,))

    values, errors = read(schema, text)

    assert errors == []
    assert values == {"x": value}
    written = schema.write(values)["x"]
    assert field.read(_parsed(written), Reading("b.md", {"regions": {"rss01"}})) == value


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (Text("x", limit=3), "x: quatre"),
        (Text("x"), "x: [a]"),
        (Identifier("x"), "x: Télésanté"),
        (Identifier("x"), "x: ../secret"),
        (Identifier("x"), f"x: {'a' * 81}"),
        (Known("x", among="regions"), "x: rss99"),
        (Known("x", among="nowhere"), "x: rss01"),
        (Address("x"), "x: javascript:alert(1)"),
        (Address("x"), "x: https://[::1"),
        (Address("x"), "x: //exemple.ca"),
        (Choice("x", Size), "x: medium"),
        (Flag("x"), "x: yes"),
        (Language("x"), "x: de"),
        (Whole("x", 0, 10), "x: 11"),
        (Whole("x", 0, 10), "x: 1e1"),
        (Whole("x", 0, 10), "x: ٣"),
        (Day("x"), "x: 2026-1-1"),
        (Day("x"), "x: 20260101"),
        (Instant("x"), "x: 2026-11-21T14:05:00"),
        (Instant("x"), "x: hier"),
        (Many(Text("x")), "x: a"),
        (Many(Text("x")), "x: [a, a]"),
        (Rows("x", Schema((Text("y"),))), "x: [a]"),
        (Rows("x", Schema((Text("y"),))), "x: a"),
        (Rows("x", Schema((Text("y"),)), unique="y"), "x: [{y: a}, {y: a}]"),
        (Rows("x", Schema((Text("y", required=True),))), "x: [{y: ''}]"),
    ],
)
def test_what_a_field_cannot_hold_is_refused(field: Field, text: str) -> None:
    _values, errors = read(Schema((field,)), text)

    assert len(errors) == 1
    assert errors[0].startswith("a.md:2: ")


def test_what_is_empty_is_left_out_of_the_file() -> None:
    schema = Schema((Text("a"), Whole("b", 0, 9), Many(Text("c")), Choice("d", Size, Size.SMALL)))

    assert schema.write({"a": "", "b": None, "c": (), "d": Size.SMALL}) == {}
    assert schema.write({"a": "x", "b": 0, "c": (), "d": Size.LARGE}) == {
        "a": "x",
        "b": "0",
        "d": "large",
    }


def test_a_reading_with_mistakes_refuses_the_file() -> None:
    reading = Reading("a.md")
    reading.stop_if_any()
    reading.note(3, "Non.")

    with pytest.raises(ContentErrors, match=r"a\.md:3: Non\."):
        reading.stop_if_any()


def test_the_fields_of_rows_have_a_dotted_path() -> None:
    schema = Schema((Text("a"), Rows("b", Schema((Text("c"),)))))

    assert [path for path, _field in fields_of(schema)] == ["a", "b", "b[].c"]


def _parsed(written: object) -> Any:
    lines = [f"- {item}" for item in written] if isinstance(written, list) else [f"{written}"]
    text = "x:\n  " + "\n  ".join(lines)
    return parse(f"---\n{text}\n---\n".encode(), path="b.md").entries["x"]
