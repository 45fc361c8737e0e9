"""The language in which something is said, wherever it is said.

French is the message id. The locale lives in a context variable, so that a job or a service
speaks its recipient's language without a web request. Catalogues are read by Babel.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale, dates, numbers
from babel.support import NullTranslations, Translations

from inters4.core.clock import LOCAL_ZONE
from inters4.core.paths import translations_dir

LANGUAGES = {"fr": "Français", "en": "English"}
_KEPT_MESSAGES = 8_192
_LOCALES = {"fr": "fr_CA", "en": "en_CA"}
_current: ContextVar[str] = ContextVar("locale", default="fr")


def current_locale() -> str:
    """Code of the language in force: `fr` or `en`."""
    return _current.get()


def set_locale(code: str) -> None:
    """Speak `code` for the rest of this context: a web request sets it once."""
    _current.set(code if code in LANGUAGES else "fr")


@contextmanager
def use_locale(code: str) -> Iterator[None]:
    """Speak `code` inside the block; an unknown code falls back to French."""
    token = _current.set(code if code in LANGUAGES else "fr")
    try:
        yield
    finally:
        _current.reset(token)


@cache
def _catalogue(code: str) -> NullTranslations:
    return Translations.load(str(translations_dir()), [code], "messages")


@lru_cache(maxsize=_KEPT_MESSAGES)
def _said(code: str, message: str) -> str:
    """`message` in a language; one that is counted elsewhere has its translation there."""
    catalogue = _catalogue(code)
    text = str(catalogue.ugettext(message))
    return text if text != message else str(catalogue.ungettext(message, message, 1))


def _(message: str, /, **values: object) -> str:
    """`message` in the language in force, with `%(name)s` replaced when values are given."""
    text = _said(_current.get(), message)
    return text % values if values else text


def ngettext(singular: str, plural: str, number: int, /, **values: object) -> str:
    """The form that agrees with `number`, which fills `%(num)s`; French counts 0 as singular."""
    text = str(_catalogue(_current.get()).ungettext(singular, plural, number))
    return text % {"num": format_number(number), **values}


def gettext_raw(message: str) -> str:
    """For Jinja, which fills the placeholders itself."""
    return _said(_current.get(), message)


def ngettext_raw(singular: str, plural: str, number: int) -> str:
    """For Jinja, which fills the placeholders itself."""
    return str(_catalogue(_current.get()).ungettext(singular, plural, number))


class LazyText:
    """A message chosen when it is shown: for what is declared at import time."""

    __slots__ = ("_message",)

    def __init__(self, message: str) -> None:
        self._message = message

    def __str__(self) -> str:
        return _(self._message)

    def __mod__(self, values: Mapping[str, object]) -> str:
        """Its words with these values: what WTForms asks of the message of a length or a range."""
        return str(self) % values


def lazy(message: str) -> LazyText:
    """Mark a message for translation, to be chosen when it is shown."""
    return LazyText(message)


def babel_locale() -> Locale:
    """The Babel locale in force, Canadian in both languages."""
    return _parsed(_LOCALES[_current.get()])


@cache
def _parsed(code: str) -> Locale:
    return Locale.parse(code)


def format_date(value: date | datetime) -> str:
    """« 21 novembre 2026 »; an instant is first brought to the time of Québec."""
    day = value.astimezone(LOCAL_ZONE).date() if isinstance(value, datetime) else value
    text = dates.format_date(day, format="long", locale=babel_locale())
    if current_locale() == "fr" and day.day == 1:
        text = text.replace("1 ", "1er ", 1)
    return text


def format_moment(value: datetime) -> str:
    """« 21 novembre 2026, 14 h 05 », in the time of Québec."""
    there = value.astimezone(LOCAL_ZONE)
    if current_locale() == "fr":
        return f"{format_date(there)}, {there.hour}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{there:%M}"
    return f"{format_date(there)}, {there:%H:%M}"


def format_number(value: float | Decimal) -> str:
    """« 1 234,5 »."""
    if isinstance(value, int) and -1000 < value < 1000:
        return str(value)  # most numbers of a page need no grouping, and Babel is slow
    return str(numbers.format_decimal(value, locale=babel_locale()))


def country_name(code: str, *, language: str) -> str:
    """How a language names the country of this ISO code; empty when there is none."""
    return str(_parsed(language).territories.get(code.upper(), ""))


def country_codes(*, language: str) -> dict[str, str]:
    """The ISO code of each country, by the name that a language gives it."""
    named = _parsed(language).territories.items()
    return {name: code for code, name in named if len(code) == 2 and code.isalpha()}


def foreign(language: str) -> str:
    """`language` when it is not that of the page, to be said in `lang`; empty when it is."""
    return "" if language == current_locale() else language
