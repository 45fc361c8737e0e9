"""The page a question comes from: its name, for an encoded path says nothing; what it shows."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from flask import current_app
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from inters4.core.access import Viewer
from inters4.core.i18n import _
from inters4.core.outbox import DocumentRef
from inters4.core.values import dataclass
from inters4.newsletters.queries import find_issue
from inters4.practices.queries import find_practice
from inters4.veille.queries.summaries import find_summary

_FINDERS: Mapping[str, Callable[..., Any]] = {
    "practices.show": lambda session, viewer, slug: find_practice(session, slug, viewer=viewer),
    "veille.show": lambda session, viewer, slug: find_summary(session, slug, viewer=viewer),
    "newsletters.issue": lambda session, viewer, newsletter_id, number: find_issue(
        session, newsletter_id, number, viewer=viewer
    ),
}


_SHOWING = ("practices.show", "veille.show")


@dataclass(frozen=True, slots=True)
class Origin:
    """A page that led to the question: its name, and the document that it shows (`fiche:ID`)."""

    name: str = ""
    key: str = ""


def document_of_origin(session: Session, path: str, *, viewer: Viewer) -> DocumentRef | None:
    """The sheet or the summary that the page shows; None for any other page."""
    endpoint, arguments = _matched(path)
    if endpoint not in _SHOWING:
        return None
    found = _FINDERS[endpoint](session, viewer, **arguments)
    return found.document_ref if found is not None else None


def read_origin(session: Session, path: str, *, viewer: Viewer) -> Origin:
    """« Résultats pour … », the title of the document, else the path as a person reads it."""
    if not path:
        return Origin()
    endpoint, arguments = _matched(path)
    is_search = endpoint == "search.results"
    text = " ".join(parse_qs(urlsplit(path).query).get("q", ())) if is_search else ""
    if text:
        return Origin(_("Résultats pour « %(text)s »", text=text))
    find = _FINDERS.get(endpoint)
    found = find(session, viewer, **arguments) if find else None
    return Origin(found.title, found.document_ref.key) if found else Origin(unquote(path))


def _matched(path: str) -> tuple[str, Mapping[str, Any]]:
    """The endpoint of a path and its arguments; an empty one for a path that leads nowhere."""
    try:
        endpoint, arguments = current_app.url_map.bind("").match(urlsplit(path).path)
    except (HTTPException, ValueError):
        return "", {}
    return endpoint, arguments
