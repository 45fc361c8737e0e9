"""What a refused form held, so that the page of a refusal gives it back: nobody types it twice."""

import structlog
from flask import request
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import HTTPException

from inters4.core.web.requests import is_from_here

log = structlog.get_logger(__name__)
_MOST_FIELDS = 100
_MOST_FILES = 10
_MOST_TYPED = 150_000
_SECRETS = ("passe", "password")


def typed() -> list[tuple[str, str]] | None:
    """What the form held, but for its files; None when it is larger than people type."""
    found = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name != "csrf_token" and not _is_secret(name)
    ]
    size = sum(len(name) + len(value) for name, value in found)
    return found if found and len(found) <= _MOST_FIELDS and size <= _MOST_TYPED else None


def to_resend() -> list[tuple[str, str]] | None:
    """What the form held, with a button to send it again; nothing that another site sent."""
    return typed() if is_from_here() else None


def to_send_later() -> list[tuple[str, str]] | None:
    """What to send again once what failed works; None for a password: it would leave without it.

    A form may be what could not be read: the page of that failure is drawn all the same.
    """
    try:
        return None if any(map(_is_secret, request.form)) else to_resend()
    except (HTTPException, OSError):
        log.info("form_not_given_back")
        return None


def written() -> str:
    """What someone wrote in words on this portal; a mark or a choice of the form has no space."""
    texts = (value.strip() for _name, value in to_send_later() or [])
    return "\n\n".join(text for text in texts if len(text.split()) > 1)


def chosen_files() -> list[tuple[str, str]]:
    """The fields of the form where a file was chosen, and the names of the files."""
    found = [(name, one.filename) for name, one in request.files.items(multi=True) if one.filename]
    return found[:_MOST_FILES]


def token() -> str:
    """The mark of a form of this session; empty when even that fails, below a page of failure."""
    try:
        return str(generate_csrf())
    except Exception:  # the page of a failure must not fail
        log.exception("form_not_marked")
        return ""


def _is_secret(name: str) -> bool:
    return any(part in name for part in _SECRETS)
