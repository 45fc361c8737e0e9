"""The blueprint of the domain, and what its pages share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, url_for

from indexer import IndexUnavailable
from inters4.core.errors import Unavailable
from inters4.core.i18n import _
from inters4.search.models import Criteria

RETRY_SECONDS = 5
bp = Blueprint("search", __name__)


def address(criteria: Criteria, endpoint: str = "search.results", **parts: Any) -> str:
    """The path and query of a search."""
    pairs = urlencode(list(criteria.pairs()))
    return url_for(endpoint, **parts) + (f"?{pairs}" if pairs else "")


@contextmanager
def needs_index() -> Iterator[None]:
    """Answer 503 while no index can be read: the other pages are untouched."""
    try:
        yield
    except IndexUnavailable as error:
        raise Unavailable(
            _("La recherche se remet en route. Le reste du portail répond."),
            retry_after=RETRY_SECONDS,
        ) from error


def question_about(text: str, *, origin: str) -> str:
    """Where the brokering team is asked, what was looked for already written."""
    if "home.question" in current_app.view_functions:
        return url_for("home.question", q=text or None, de=origin)
    return url_for("home.contact")
