"""Fields that hold one value: text, identifiers, choices.

None of them trusts YAML with types: « no » stays text until here.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from urllib.parse import urlsplit

from inters4.core.content.reading import Renamed, note_length, scalar_text
from inters4.core.frontmatter import Plain, Reading, Scalar, Value
from inters4.core.i18n import LANGUAGES, _
from inters4.core.values import dataclass

IDENTIFIER = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
MAX_IDENTIFIER = 80


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text."""

    name: str
    required: bool = False
    limit: int = 500

    def empty(self) -> str:
        """No text."""
        return ""

    def read(self, value: Value, reading: Reading) -> str:
        """The text, its spaces tidied: folding and indentation mean nothing."""
        if not isinstance(value, Scalar):
            reading.note(value.line, _("« %(name)s » doit être un texte.", name=self.name))
            return ""
        text = re.sub(r"[ \t\r\n]+", " ", value.text).strip(" ")
        note_length(text, value, self, reading)
        return text

    def write(self, value: str) -> Plain:
        """The text itself."""
        return value


@dataclass(frozen=True, slots=True)
class Identifier:
    """A permanent id: lower-case letters, digits, hyphens and dots."""

    name: str
    required: bool = False

    def empty(self) -> str:
        """No id."""
        return ""

    def read(self, value: Value, reading: Reading) -> str:
        """The id, refused when it could not stand in an address."""
        return _accepted(
            value,
            self.name,
            reading,
            accepts=lambda text: len(text) <= MAX_IDENTIFIER and IDENTIFIER.fullmatch(text),
            refusal=lambda text: _(
                "« %(value)s » ne peut pas servir d’identifiant : minuscules sans accent, "
                "chiffres et traits d’union, 80 caractères au plus.",
                value=text[:MAX_IDENTIFIER],
            ),
        )

    def write(self, value: str) -> Plain:
        """The id itself."""
        return value


@dataclass(frozen=True, slots=True)
class Known:
    """An id that must exist already, in the set `among` of what the reading knows."""

    name: str
    among: str
    required: bool = False

    def empty(self) -> str:
        """No id."""
        return ""

    def read(self, value: Value, reading: Reading) -> str:
        """The id, refused when unknown; of one that was renamed, the present one."""
        known = reading.known.get(self.among, ())
        read = _accepted(
            value,
            self.name,
            reading,
            accepts=lambda text: text in known,
            refusal=lambda text: _(
                "« %(value)s » n’existe pas dans « %(among)s ».",
                value=text[:MAX_IDENTIFIER],
                among=self.among,
            ),
        )
        return known.get(read, read) if isinstance(known, Renamed) else read

    def write(self, value: str) -> Plain:
        """The id itself."""
        return value


@dataclass(frozen=True, slots=True)
class Address:
    """A web address."""

    name: str
    required: bool = False

    def empty(self) -> str:
        """No address."""
        return ""

    def read(self, value: Value, reading: Reading) -> str:
        """The address, refused unless http or https."""
        return _accepted(
            value,
            self.name,
            reading,
            accepts=_is_address,
            refusal=lambda _text: _(
                "« %(name)s » doit être une adresse http ou https complète.", name=self.name
            ),
        )

    def write(self, value: str) -> Plain:
        """The address itself."""
        return value


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the portal; French goes without saying."""

    name: str
    required: bool = False

    def empty(self) -> str:
        """French."""
        return "fr"

    def read(self, value: Value, reading: Reading) -> str:
        """Its code; French stands in for one that is refused."""
        code = _accepted(
            value,
            self.name,
            reading,
            accepts=LANGUAGES.__contains__,
            refusal=lambda text: _("« %(code)s » n’est pas une langue du portail.", code=text[:8]),
        )
        return code or self.empty()

    def write(self, value: str) -> Plain:
        """The code itself."""
        return value


@dataclass(frozen=True, slots=True)
class Choice:
    """One member of a closed list; `default` is left unwritten."""

    name: str
    among: type[StrEnum]
    default: StrEnum | None = None
    required: bool = False

    def empty(self) -> StrEnum | None:
        """What stands when nothing is said."""
        return self.default

    def read(self, value: Value, reading: Reading) -> StrEnum | None:
        """The member."""
        text = scalar_text(value, self.name, reading)
        try:
            return self.among(text)
        except ValueError:
            reading.note(
                value.line,
                _(
                    "« %(value)s » n’est pas une valeur de « %(name)s » : %(known)s.",
                    value=text[:MAX_IDENTIFIER],
                    name=self.name,
                    known=", ".join(self.among),
                ),
            )
            return self.default

    def write(self, value: StrEnum) -> Plain:
        """The value of the member."""
        return str(value.value)


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false, written `true` and `false`; false is left unwritten."""

    name: str
    required: bool = False

    def empty(self) -> bool:
        """Not said is false."""
        return False

    def read(self, value: Value, reading: Reading) -> bool:
        """The truth of it."""
        text = scalar_text(value, self.name, reading)
        if text not in {"true", "false"}:
            reading.note(value.line, _("« %(name)s » vaut true ou false.", name=self.name))
        return text == "true"

    def write(self, value: bool) -> Plain:
        """As YAML writes it."""
        return "true" if value else "false"


def _is_address(text: str) -> bool:
    if any(character.isspace() for character in text) or len(text) > 2000:
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _accepted(
    value: Value,
    name: str,
    reading: Reading,
    *,
    accepts: Callable[[str], object],
    refusal: Callable[[str], str],
) -> str:
    """The text of a scalar; a mistake, and no text, when it is not accepted."""
    text = scalar_text(value, name, reading)
    if text and not accepts(text):
        reading.note(value.line, refusal(text))
        return ""
    return text
