"""What a reader is asked, and the number that their browser keeps so that a tap can be undone.

The number is random, and given by a tap only.
"""

import hmac
import re
import secrets
from collections.abc import Mapping
from typing import Any

from flask import Response, current_app

from inters4.core.i18n import LazyText, _
from inters4.core.values import dataclass
from inters4.core.web import cookies
from inters4.reactions.exports import ANSWERS, BENEFITS, LEARNED, USES
from inters4.reactions.models import Answer

_COOKIE = "reaction"
_VALUE = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of the question.

    Attributes:
        more: what whoever answered may add: field of the form, question, choices, column.
    """

    answers: Mapping[Answer, LazyText]
    more: tuple[tuple[str, str, Mapping[Any, LazyText], str], ...]


def asked() -> Asked:
    """« Utile pour ma pratique? », in the reader's language."""
    return Asked(
        ANSWERS,
        (
            ("appris", _("Ce que cela vous apporte"), LEARNED, "learned"),
            ("usage", _("Ce que vous pensez en faire"), USES, "use"),
            ("benefice", _("Le bénéfice attendu pour les gens"), BENEFITS, "benefit"),
        ),
    )


def number_of_browser() -> str:
    """What the browser keeps, empty when it keeps nothing that can be read."""
    value = cookies.held(_COOKIE)
    return value if _VALUE.fullmatch(value) else ""


def new_number() -> str:
    """For a browser that keeps none."""
    return secrets.token_urlsafe(16)


def mark_of(number: str) -> str:
    """What rows keep of it: nobody turns it back without the key of the installation."""
    key: str = current_app.config["SETTINGS"].secret_key
    return hmac.digest(key.encode(), f"reaction {number}".encode(), "sha256").hex()[:32]


def remember_number(response: Response, number: str) -> None:
    """Give the browser its number."""
    cookies.hold(response, _COOKIE, number, seconds=cookies.YEAR_SECONDS)
