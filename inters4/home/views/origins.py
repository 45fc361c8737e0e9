"""The page a question comes from, by its name: an encoded path says nothing to whoever reads it."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from flask import current_app
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from inters4.core.access import Viewer
from inters4.core.i18n import _
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


def name_of_origin(session: Session, path: str, *, viewer: Viewer) -> str:
    """« Résultats pour … », the title of the document, else the path as a person reads it."""
    try:
        parts = urlsplit(path)
        endpoint, arguments = current_app.url_map.bind("").match(parts.path)
    except (HTTPException, ValueError):
        return unquote(path)
    text = " ".join(parse_qs(parts.query).get("q", ()))
    if endpoint == "search.results" and text:
        return _("Résultats pour « %(text)s »", text=text)
    find = _FINDERS.get(endpoint)
    found = find(session, viewer, **arguments) if find else None
    return found.title if found is not None else unquote(path)
