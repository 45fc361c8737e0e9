"""Fields that hold one value: text, identifiers, choices, numbers, dates.

None of them trusts YAML with types: « 01 », « no » and « 2019-02-30 » stay text until here.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from urllib.parse import urlsplit

from inters4.core.clock import LOCAL_ZONE
from inters4.core.content.reading import Reading, scalar_text
from inters4.core.frontmatter import Plain, Scalar, Value
from inters4.core.i18n import _

IDENTIFIER = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
MAX_IDENTIFIER = 80
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


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
        if len(text) > self.limit:
            reading.note(
                value.line,
                _(
                    "« %(name)s » a %(length)s caractères : la limite est de %(limit)s.",
                    name=self.name,
                    length=len(text),
                    limit=self.limit,
                ),
            )
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
        text = scalar_text(value, self.name, reading)
        if text and (len(text) > MAX_IDENTIFIER or not IDENTIFIER.fullmatch(text)):
            reading.note(
                value.line,
                _(
                    "« %(value)s » ne peut pas servir d’identifiant : minuscules sans accent, "
                    "chiffres et traits d’union, 80 caractères au plus.",
                    value=text[:MAX_IDENTIFIER],
                ),
            )
            return ""
        return text

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
        """The id, refused when unknown."""
        text = scalar_text(value, self.name, reading)
        if text and text not in reading.known.get(self.among, ()):
            reading.note(
                value.line,
                _(
                    "« %(value)s » n’existe pas dans « %(among)s ».",
                    value=text[:MAX_IDENTIFIER],
                    among=self.among,
                ),
            )
            return ""
        return text

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
        text = scalar_text(value, self.name, reading)
        if text and not _is_address(text):
            reading.note(
                value.line,
                _("« %(name)s » doit être une adresse http ou https complète.", name=self.name),
            )
            return ""
        return text

    def write(self, value: str) -> Plain:
        """The address itself."""
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


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number."""

    name: str
    low: int
    high: int
    required: bool = False

    def empty(self) -> None:
        """No number."""

    def read(self, value: Value, reading: Reading) -> int | None:
        """The number; « 01 » and « 1e3 » are not numbers."""
        text = scalar_text(value, self.name, reading)
        digits = text.isascii() and text.isdigit() and len(text) < 10 and str(int(text)) == text
        if not digits or not self.low <= int(text) <= self.high:
            reading.note(
                value.line,
                _(
                    "« %(name)s » doit être un nombre entier de %(low)s à %(high)s.",
                    name=self.name,
                    low=self.low,
                    high=self.high,
                ),
            )
            return None
        return int(text)

    def write(self, value: int) -> Plain:
        """In digits."""
        return str(value)


@dataclass(frozen=True, slots=True)
class Day:
    """A date, `2026-11-21`."""

    name: str
    required: bool = False

    def empty(self) -> None:
        """No date."""

    def read(self, value: Value, reading: Reading) -> date | None:
        """The date; one that no calendar holds is refused."""
        text = scalar_text(value, self.name, reading)
        try:
            if _DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        reading.note(
            value.line,
            _(
                "« %(value)s » n’est pas une date du calendrier : écrivez AAAA-MM-JJ.",
                value=text[:40],
            ),
        )
        return None

    def write(self, value: date) -> Plain:
        """In ISO 8601."""
        return value.isoformat()


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment. A date alone means its first instant in Québec, and is written back as a date."""

    name: str
    required: bool = False

    def empty(self) -> None:
        """No moment."""

    def read(self, value: Value, reading: Reading) -> datetime | None:
        """The moment; it needs a zone unless it is a whole day."""
        text = scalar_text(value, self.name, reading)
        try:
            if _DAY.fullmatch(text):
                return datetime.combine(date.fromisoformat(text), time(), tzinfo=LOCAL_ZONE)
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is not None:
                return moment
        except ValueError:
            pass
        reading.note(
            value.line,
            _(
                "« %(value)s » n’est pas un moment : écrivez AAAA-MM-JJ, ou l’heure avec son "
                "fuseau.",
                value=text[:40],
            ),
        )
        return None

    def write(self, value: datetime) -> Plain:
        """The date when the moment is the first of a day, else everything."""
        there = value.astimezone(LOCAL_ZONE)
        if there.timetz().replace(tzinfo=None) == time():
            return there.date().isoformat()
        return there.isoformat()


def _is_address(text: str) -> bool:
    if any(character.isspace() for character in text) or len(text) > 2000:
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
