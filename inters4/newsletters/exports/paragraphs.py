"""A field that holds a few paragraphs of plain text: each line of the file is one."""

import re

from inters4.core.content.reading import note_length
from inters4.core.frontmatter import Plain, Reading, Scalar, Value
from inters4.core.i18n import _
from inters4.core.values import dataclass


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Paragraphs, a blank line between them; `limit` counts the characters of the whole."""

    name: str
    limit: int
    required: bool = False

    def empty(self) -> str:
        """No text."""
        return ""

    def read(self, value: Value, reading: Reading) -> str:
        """The text, its spaces tidied; no-break spaces are typography and stay."""
        if not isinstance(value, Scalar):
            reading.note(value.line, _("« %(name)s » doit être un texte.", name=self.name))
            return ""
        lines = (_tidy(line) for line in re.split(r"[\r\n]+", value.text))
        text = "\n\n".join(line for line in lines if line)
        note_length(text, value, self, reading)
        return text

    def write(self, value: str) -> Plain:
        """The text itself."""
        return value


def _tidy(line: str) -> str:
    return re.sub(r"[ \t]+", " ", line).strip(" ")
