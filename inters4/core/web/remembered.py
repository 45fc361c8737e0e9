"""Parts of pages that say the same to everyone, drawn once.

What is remembered is named by all that it says: the values it shows, or the version of the row it
shows, with the language and whatever else is read. Nothing is ever thrown away because something
changed: a change makes another name, and the name that nobody asks for leaves in its turn.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from threading import Lock
from typing import TypeVar

from flask import current_app, request

from inters4.core.i18n import current_locale
from inters4.core.web.drawing import DirectMacro
from inters4.core.web.requests import site

_MOST_CHARACTERS = 6_000_000
_KEY = "inters4_remembered"
Name = TypeVar("Name", bound=Hashable)


class Remembered:
    """Texts by name, as many as fit in `most` characters; those asked for last stay."""

    def __init__(self, *, most: int = _MOST_CHARACTERS) -> None:
        self._most = most
        self._held: OrderedDict[Hashable, tuple[str, ...]] = OrderedDict()
        self._characters = 0
        self._lock = Lock()

    def parts(self, name: Hashable, draw: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        """What `draw` wrote under this name, drawn now if nobody did.

        Two threads may draw the same at once: both write the same text.
        """
        found = self.find([name])
        return found[name] if found else self.keep(name, draw())

    def find(self, names: Iterable[Name]) -> dict[Name, tuple[str, ...]]:
        """Those of `names` that were drawn already."""
        found = {}
        with self._lock:
            for name in names:
                parts = self._held.get(name)
                if parts is not None:
                    self._held.move_to_end(name)
                    found[name] = parts
        return found

    def keep(self, name: Hashable, drawn: tuple[str, ...]) -> tuple[str, ...]:
        """`drawn`, for whoever asks for this name next."""
        with self._lock:
            if name not in self._held:
                self._held[name] = drawn
                self._characters += _size(drawn)
                while self._characters > self._most:
                    _name, gone = self._held.popitem(last=False)
                    self._characters -= _size(gone)
        return drawn


def remembered() -> Remembered:
    """What this application remembers."""
    found: Remembered = current_app.extensions.setdefault(_KEY, Remembered())
    return found


def drawn_once(macro: DirectMacro, /, *values: Hashable) -> str:
    """`macro(*values)` in templates, of an imported macro that reads nothing else but the language.

    Raises:
        TypeError: a value can change: it names nothing.
    """
    name = (macro, current_locale(), *values)
    return remembered().parts(name, lambda: (macro.draw(True, *values),))[0]


def drawn_as(version: Hashable, macro: DirectMacro, /, *values: object) -> str:
    """The same where values are rows: `version` changes with whatever the macro reads of them."""
    name = (macro, current_locale(), version)
    return remembered().parts(name, lambda: (macro.draw(True, *values),))[0]


def frame() -> tuple[str, str, str]:
    """What any part of a page may read beside its own document: language, addresses."""
    return current_locale(), site(), request.script_root


def _size(parts: tuple[str, ...]) -> int:
    return sum(map(len, parts))
