"""The three cookies of a reader without an account, and the list of whoever has one.

`region` and `profession` are ids of the vocabulary, `liste` holds keys of documents. None names
anybody; each is written by a button only, and lasts a year.
"""

import re

from flask import Response, g, request
from flask_login import current_user
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.web import cookies
from inters4.search.models import Place
from inters4.search.models.keeping import cookie_of_keys, keys_of_cookie
from inters4.search.queries.keeping import kept_keys
from inters4.vocabulary.queries import Vocabulary

_REGION, _PROFESSION, _LIST = "region", "profession", "liste"
_VALUE = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")


def place_of_browser() -> Place:
    """Where the reader says they work; ids that nothing may name any more."""
    return Place(
        region=_readable(cookies.held(_REGION)),
        profession=_readable(cookies.held(_PROFESSION)),
    )


def place_of_form(words: Vocabulary) -> Place:
    """What the form of « Ma région » says; an unknown value is no choice."""
    region, profession = request.form.get("region", ""), request.form.get("profession", "")
    return Place(
        region=region if ("regions", region) in words else "",
        profession=profession if ("professions", profession) in words else "",
    )


def remember_place(response: Response, place: Place) -> None:
    """Give the browser its choice, or take back what is no longer chosen."""
    for name, value in ((_REGION, place.region), (_PROFESSION, place.profession)):
        _remember(response, name, value)


def list_of_browser() -> tuple[str, ...]:
    """The keys that the browser keeps, the latest first."""
    return keys_of_cookie(cookies.held(_LIST))


def remember_list(response: Response, keys: tuple[str, ...]) -> None:
    """Give the browser its list."""
    _remember(response, _LIST, cookie_of_keys(keys))


def kept_now(session: Session | None) -> tuple[str, ...]:
    """All that this reader keeps, the latest first; at most one statement a request.

    Without a session, only what the browser keeps.
    """
    known: tuple[str, ...] | None = g.get("kept_keys")
    if known is not None:
        return known
    viewer: Viewer = current_user.viewer
    found = list_of_browser()
    if viewer.member_id is not None:
        if session is None:
            return found
        found = tuple(dict.fromkeys((*found, *kept_keys(session, viewer.member_id))))
    g.kept_keys = found
    return found


def _readable(value: str) -> str:
    return value if _VALUE.fullmatch(value) else ""


def _remember(response: Response, name: str, value: str) -> None:
    if value:
        cookies.hold(response, name, value, seconds=cookies.YEAR_SECONDS)
    elif cookies.held(name):
        cookies.take_back(response, name)
