"""What a field is to the schema of a file, and how the values of a file are taken."""

from typing import Any, Protocol

from inters4.core.frontmatter import Items, Plain, Reading, Scalar, Value
from inters4.core.i18n import _


class Renamed(dict[str, str]):
    """Ids that a file may cite, each with the id that stands for it now: itself most often."""


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


class Limited(Protocol):
    """A field whose text has a greatest length."""

    @property
    def name(self) -> str:
        """The key."""

    @property
    def limit(self) -> int:
        """In characters."""


def note_length(text: str, value: Value, field: Limited, reading: Reading) -> None:
    """Note a text longer than its field allows as a mistake."""
    if len(text) > field.limit:
        reading.note(
            value.line,
            _(
                "« %(name)s » a %(length)s caractères : la limite est de %(limit)s.",
                name=field.name,
                length=len(text),
                limit=field.limit,
            ),
        )


def row_lines(value: Value | None) -> list[int]:
    """Where each row of a list starts; nothing when there is no list."""
    return [item.line for item in value.values] if isinstance(value, Items) else []
