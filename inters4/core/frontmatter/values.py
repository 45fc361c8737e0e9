"""What a document says, with the line where it says it, and the refusals that name a line."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import field
from typing import TypeAlias

from inters4.core.values import dataclass

Plain: TypeAlias = str | Sequence["Plain"] | Mapping[str, "Plain"]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text exactly as written, whatever YAML would have made of it."""

    text: str
    line: int

    def plain(self) -> Plain:
        """The text alone."""
        return self.text


@dataclass(frozen=True, slots=True)
class Items:
    """A list of values."""

    values: tuple["Value", ...]
    line: int

    def plain(self) -> Plain:
        """The values without their lines."""
        return [value.plain() for value in self.values]


@dataclass(frozen=True, slots=True)
class Group:
    """A mapping inside the front matter, in the order it was written."""

    entries: Mapping[str, "Value"]
    line: int

    def plain(self) -> Plain:
        """The entries without their lines."""
        return {key: value.plain() for key, value in self.entries.items()}


Value: TypeAlias = Scalar | Items | Group


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """One document.

    Attributes:
        path: name under which mistakes are reported.
        entries: the keys of the front matter, in the order they were written.
        body: the Markdown text, LF, without blank lines around it.
        body_line: line of the file where `body` starts, counted from 1.
        lines: line of each key of the front matter.
        data: what a file that is no document holds; empty for any other.
    """

    path: str
    entries: Mapping[str, Value]
    body: str
    body_line: int
    lines: Mapping[str, int]
    data: bytes = b""

    def plain(self) -> dict[str, Plain]:
        """The front matter without its lines, as `dump` takes it."""
        return {key: value.plain() for key, value in self.entries.items()}


class ContentError(Exception):
    """One mistake in one document; `str()` reads `path:line: message`."""

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.path = path
        self.line = line
        self.message = message


class ContentErrors(Exception):
    """A document is refused; `errors` holds every mistake that could be found, by line."""

    def __init__(self, errors: Sequence[ContentError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: error.line))
        super().__init__("\n".join(str(error) for error in self.errors))


_NOTHING: Mapping[str, Container[str]] = {}


@dataclass(slots=True)
class Reading:
    """One file being read.

    Attributes:
        path: name under which mistakes are reported.
        known: identifiers that may be cited, by set (`themes`, `organisations`, …).
        errors: mistakes found so far.
    """

    path: str
    known: Mapping[str, Container[str]] = field(default_factory=lambda: _NOTHING)
    errors: list[ContentError] = field(default_factory=list)

    def note(self, line: int, message: str) -> None:
        """Add one mistake."""
        self.errors.append(ContentError(self.path, line, message))

    def stop_if_any(self) -> None:
        """Refuse the file when a mistake was found.

        Raises:
            ContentErrors: with all of them.
        """
        if self.errors:
            raise ContentErrors(self.errors)
