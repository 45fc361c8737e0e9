"""What may identify a patient in a text that someone is about to post.

Signs that a machine can see: a number of the Régie de l'assurance maladie, a telephone, an e-mail
address, a date of birth. It warns; who writes decides, and who facilitates is told.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum

from inters4.core.i18n import _
from inters4.core.values import dataclass


class Sign(StrEnum):
    """What was seen."""

    HEALTH_NUMBER = "health-number"
    TELEPHONE = "telephone"
    EMAIL = "email"
    BIRTH = "birth"


_LABELS: Mapping[Sign, Callable[[], str]] = {
    Sign.HEALTH_NUMBER: lambda: _("numéro d’assurance maladie"),
    Sign.TELEPHONE: lambda: _("numéro de téléphone"),
    Sign.EMAIL: lambda: _("adresse de courriel"),
    Sign.BIRTH: lambda: _("date de naissance"),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One sign, as it was written."""

    sign: Sign
    text: str

    @property
    def label(self) -> str:
        """What it looks like."""
        return _LABELS[self.sign]()


_GAP = r"[\s\u00a0.\-/]{0,2}"
_HEALTH = re.compile(
    rf"(?<![A-Za-z0-9])([A-Za-z]{{4}}){_GAP}(\d{{2}}){_GAP}(\d{{2}}){_GAP}(\d{{2}}){_GAP}(\d{{2}})"
    r"(?![A-Za-z0-9])"
)
_TELEPHONE = re.compile(
    r"(?<![\d/.-])(?:\+?1[\s\u00a0.-]?)?(?:\(\d{3}\)|\d{3})[\s\u00a0.-]{0,2}\d{3}"
    r"[\s\u00a0.\u2011-]?\d{4}(?![\d/]|[.-]\d)"
)
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.)+[A-Za-z]{2,24}\b"
)
_MONTHS = (
    "janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|"
    "décembre|decembre"
)
_DAY = (
    rf"(?:\d{{1,2}}(?:er)?[\s\u00a0](?:{_MONTHS})[\s\u00a0]\d{{4}}"
    r"|(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d{2})"
)
_BIRTH = re.compile(
    r"(?:\bn[ée]e?(?:\(e\))?[\s\u00a0]+(?:le|:)?|\bnaissance\b|\bDDN\b|\bd\.d\.n\.)"
    rf"[^\n\d]{{0,20}}{_DAY}",
    re.IGNORECASE,
)
_LATEST_MONTH_OF_WOMEN = 62
_FIRST_MONTH_OF_WOMEN = 51


def seen_in(*texts: str) -> tuple[Seen, ...]:
    """The signs in these texts, each once, in their order."""
    found: dict[Seen, None] = {}
    for text in texts:
        for match in _HEALTH.finditer(text):
            if _is_health_number(match):
                found.setdefault(Seen(Sign.HEALTH_NUMBER, match[0]))
        for sign, pattern in (
            (Sign.TELEPHONE, _TELEPHONE),
            (Sign.EMAIL, _EMAIL),
            (Sign.BIRTH, _BIRTH),
        ):
            for match in pattern.finditer(text):
                found.setdefault(Seen(sign, match[0].strip()))
    return tuple(found)


def mark_of_seen(seen: tuple[Seen, ...]) -> str:
    """What a form sends back to say that these very signs were shown and are meant."""
    told = "\n".join(sorted(f"{one.sign} {one.text}" for one in seen))
    return hashlib.sha256(told.encode()).hexdigest()[:32] if seen else ""


def _is_health_number(match: re.Match[str]) -> bool:
    """Four letters, then year, month (fifty more for women) and day of birth, and two digits."""
    month, day = int(match[3]), int(match[4])
    if _FIRST_MONTH_OF_WOMEN <= month <= _LATEST_MONTH_OF_WOMEN:
        month -= 50
    try:
        date(2000, month, day)  # a leap year: the century is not in the number
    except ValueError:
        return False
    return True
