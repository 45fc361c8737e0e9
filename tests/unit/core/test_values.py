import copy
import dataclasses
from datetime import date

import pytest

from inters4.core.values import dataclass

TODAY = date(2026, 5, 4)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an invoice."""

    label: str
    cents: int = 0
    tags: tuple[str, ...] = dataclasses.field(default_factory=tuple)
    note: str = dataclasses.field(default="", repr=False, compare=False)

    @property
    def is_free(self) -> bool:
        return not self.cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day that is checked."""

    on: date
    weekday: int = dataclasses.field(init=False, default=-1)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weekday", self.on.weekday())


@dataclass(slots=True)
class Count:
    """What changes is the library's."""

    number: int = 0


def test_a_value_is_made_from_places_names_and_defaults() -> None:
    made = Line("thé", cents=250)

    assert (made.label, made.cents, made.tags, made.note) == ("thé", 250, (), "")
    assert not made.is_free


def test_values_that_say_the_same_are_equal_and_have_one_place_in_a_set() -> None:
    assert {Line("thé", 250, note="a"), Line("thé", 250, note="b")} == {Line("thé", 250)}
    assert Line("thé") != Line("café")


def test_a_value_is_shown_as_it_would_be_written() -> None:
    assert repr(Line("thé", 250, note="x")) == "Line(label='thé', cents=250, tags=())"


def test_a_value_does_not_change() -> None:
    made = Line("thé")

    with pytest.raises(dataclasses.FrozenInstanceError):
        made.cents = 3  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del made.cents
    with pytest.raises(AttributeError):
        setattr(made, "other", 3)  # noqa: B010
    assert not hasattr(made, "__dict__")


def test_the_library_reads_a_value_as_its_own() -> None:
    made = Line("thé", 250, ("chaud",), "x")

    assert dataclasses.is_dataclass(Line)
    assert dataclasses.replace(made, cents=0) == Line("thé", 0, ("chaud",))
    assert dataclasses.asdict(made)["tags"] == ("chaud",)
    assert copy.deepcopy(made) == made
    assert Line.__match_args__ == ("label", "cents", "tags", "note")


@dataclass(frozen=True, slots=True)
class Sent:
    """Made by nobody here before it is received."""

    label: str


def test_a_value_received_before_any_was_made_is_whole() -> None:
    received = Sent.__new__(Sent)
    received.__setstate__(["thé"])  # type: ignore[attr-defined]

    assert received == Sent("thé")
    assert len({received, Sent("thé")}) == 1
    assert repr(received) == "Sent(label='thé')"


@dataclass(frozen=True, slots=True)
class Letter(Sent):
    """One field more than what it comes from."""

    to: str = ""


class Parcel(Day):
    """What comes from a value and is none."""

    def __init__(self, weight: int) -> None:
        super().__init__(on=TODAY)
        object.__setattr__(self, "weight", weight)


def test_a_value_may_come_from_another() -> None:
    made = Letter("thé", to="Zoé")

    assert made == Letter("thé", "Zoé")
    assert {made} == {copy.copy(made)}
    assert made != Sent("thé")
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.label = "café"  # type: ignore[misc]


def test_what_comes_from_a_value_keeps_its_own_way_of_being_made() -> None:
    received = Parcel.__new__(Parcel)
    received.__setstate__([TODAY, 0])  # type: ignore[attr-defined]

    assert Parcel(3).weekday == 0


def test_what_is_checked_at_birth_is_checked_from_the_first() -> None:
    assert Day(on=TODAY).weekday == 0
    assert Day(on=TODAY) == Day(on=TODAY)


@pytest.mark.parametrize("given", [(), ("thé", 1, (), "", 5)])
def test_a_wrong_call_is_refused_in_the_words_of_the_library(given: tuple[object, ...]) -> None:
    with pytest.raises(TypeError, match=r"Line\.__init__\(\)"):
        Line(*given)  # type: ignore[arg-type]


def test_names_are_asked_where_a_class_asks_for_them() -> None:
    with pytest.raises(TypeError):
        Day(TODAY)  # type: ignore[call-arg]


def test_what_asks_for_something_else_is_made_by_the_library() -> None:
    made = Count()
    made.number += 1

    assert made == Count(1)
    assert Count.__hash__ is None
