"""« Ma région » and profession: what a reader says of where they work, once, without an account.

It changes nothing to the order of results: it marks what comes from there and offers one filter.
"""

from collections.abc import Callable

from inters4.core.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Vocabulary ids, empty while nothing was chosen."""

    region: str = ""
    profession: str = ""

    def followed(self, present: Callable[[str, str], str]) -> "Place":
        """The same once terms were moved: `present` gives the id that stands for another."""
        return Place(
            region=present("regions", self.region),
            profession=present("professions", self.profession),
        )

    @property
    def is_chosen(self) -> bool:
        """True once one of the two is known."""
        return bool(self.region or self.profession)


NOWHERE = Place()
