"""One file being read: the mistakes found so far, and what the file may cite."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from inters4.core.frontmatter import ContentError, ContentErrors, Plain, Scalar, Value
from inters4.core.i18n import _

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


class Field(Protocol):
    """A named part of a document."""

    @property
    def name(self) -> str:
        """The key, which is also the column."""

    @property
    def required(self) -> bool:
        """Whether a document without it is refused."""

    def empty(self) -> Any:
        """The value of a document that does not give it."""

    def read(self, value: Value, reading: Reading) -> Any:
        """The typed value; a mistake is noted and `empty()` returned."""

    def write(self, value: Any) -> Plain:
        """The text of a value."""


def scalar_text(value: Value, name: str, reading: Reading) -> str:
    """The text of a scalar; anything else is a mistake, and gives no text."""
    if isinstance(value, Scalar):
        return value.text.strip()
    reading.note(value.line, _("« %(name)s » doit être un texte.", name=name))
    return ""
