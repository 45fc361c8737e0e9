"""Signs of health, gathered in sections that domains add at start."""

from collections.abc import Callable, Sequence
from enum import IntEnum

from sqlalchemy.orm import Session

from inters4.core.values import dataclass
from inters4.settings import Settings


class Level(IntEnum):
    """How bad it is."""

    GOOD = 0
    WATCH = 1
    BAD = 2


@dataclass(frozen=True, slots=True)
class Sign:
    """One figure; `advice` says what to do, and is empty when there is nothing to do."""

    label: str
    value: str
    level: Level = Level.GOOD
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A button below a section: `value` is posted to `endpoint`."""

    label: str
    endpoint: str
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """Signs that belong together, under one heading; `id` is its anchor."""

    id: str
    title: str
    signs: Sequence[Sign]
    actions: Sequence[Action] = ()

    @property
    def level(self) -> Level:
        """That of its worst sign."""
        return max((sign.level for sign in self.signs), default=Level.GOOD)


Reader = Callable[[Session, Settings], Section]


class Vitals:
    """The sections, in their order."""

    def __init__(self) -> None:
        self._readers: dict[str, tuple[int, Reader]] = {}

    def add(self, name: str, reader: Reader, *, order: int) -> None:
        """Let the page of health have a section.

        Raises:
            RuntimeError: another section has that name.
        """
        if name in self._readers:
            raise RuntimeError(f"registered twice: {name}")
        self._readers[name] = (order, reader)

    def read(self, session: Session, settings: Settings) -> list[Section]:
        """Every section as it stands now."""
        in_order = sorted(self._readers.values(), key=lambda pair: pair[0])
        return [reader(session, settings) for _order, reader in in_order]


vitals = Vitals()
