"""The session cookie: who sends it, when it is written, and when the person was last seen.

It holds a random token and nothing else. Flask's own signed cookie keeps the CSRF token and the
messages; it is emptied at each sign-in and sign-out, so that nothing of before is carried over.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog
from flask import Flask, Request, Response, current_app, g, request
from flask import session as page_session
from sqlalchemy.exc import DBAPIError

from inters4.core.access import ANONYMOUS, GUARDED_ROLES, Role, Viewer
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.values import dataclass
from inters4.core.web import cookies
from inters4.core.web.requests import Identity, login_manager, network_of_request, request_id
from inters4.core.web.visits import is_looking_ahead
from inters4.members.queries import load_viewer, read_live_session
from inters4.members.services.devices import KEPT_FOR, name_device
from inters4.members.services.second_factor import has_second_factor
from inters4.members.services.sessions import (
    SEEN_EVERY,
    OpenedSession,
    Origin,
    digest,
    mark_seen,
)
from inters4.members.views.demo import database_is_demo

log = structlog.get_logger(__name__)
_SESSION, _DEVICE, _CHALLENGE = "session", "appareil", "code"


@dataclass(frozen=True, slots=True)
class _Present:
    """The session behind this request."""

    id: int
    last_seen_at: datetime
    proved_at: datetime
    is_limited: bool


def install(app: Flask) -> None:
    """Let the cookie name who calls, and note when they were last seen."""
    login_manager.request_loader(load_identity)
    app.after_request(_note_presence)


def load_identity(_asked: Request) -> Identity | None:
    """The person of this request's cookie, None for a visitor or a session that is over.

    A database that does not answer fails the request once; its error page is drawn for a visitor.
    """
    token = cookies.held(_SESSION)
    if not token or g.get("identity_failed", False):
        return None
    g.identity_failed = True
    with reading() as session:
        found = read_live_session(session, digest(token), at=now())
        viewer = load_viewer(session, found.member_id) if found else ANONYMOUS
        if found and viewer.is_signed_in:
            g.member_session = _Present(
                found.id, found.last_seen_at, found.proved_at, found.is_limited
            )
            if found.is_limited:
                viewer = _withhold(viewer)
    g.identity_failed = False
    return Identity(viewer) if viewer.is_signed_in else None


def present_session() -> _Present:
    """The session behind this request of someone signed in."""
    found: _Present = g.member_session
    return found


def withheld_roles() -> frozenset[Role]:
    """Roles that wait for a second factor, in this session."""
    found: frozenset[Role] = g.get("withheld_roles", frozenset())
    return found


def waits_for_second_factor(member_id: int) -> bool:
    """True when someone who has just signed in by password alone has roles that ask for more."""
    if not current_app.config["SETTINGS"].second_factor or database_is_demo():
        return False
    with reading() as session:
        viewer = load_viewer(session, member_id)
        return viewer.holds_any(*GUARDED_ROLES) and not has_second_factor(session, member_id)


def _withhold(viewer: Viewer) -> Viewer:
    """The viewer without the roles that a password alone does not open.

    Nothing is asked of the demonstration, whose people enter in one click.
    """
    waiting = frozenset(grant.role for grant in viewer.grants) & GUARDED_ROLES
    is_asked: bool = current_app.config["SETTINGS"].second_factor
    if not waiting or not is_asked or database_is_demo():
        return viewer
    g.withheld_roles = waiting
    kept = frozenset(grant for grant in viewer.grants if grant.role not in GUARDED_ROLES)
    return replace(viewer, grants=kept)


def origin() -> Origin:
    """Where this request comes from; a proxy's word counts only if the settings say so."""
    return Origin(
        address=request.remote_addr or "",
        network=network_of_request(),
        device=cookies.held(_DEVICE)[:200],
        agent=request.headers.get("User-Agent", "")[:300],
        request_id=request_id(),
    )


def token_of_request() -> str:
    """What the browser holds now, whether it still opens anything or not."""
    return cookies.held(_SESSION)


def start(response: Response, opened: OpenedSession) -> None:
    """Give the browser its token, and forget what its page session held."""
    page_session.clear()
    cookies.hold(response, _SESSION, opened.token, seconds=opened.kept_for)
    know(response, opened.member_id)


def know(response: Response, member_id: int) -> None:
    """Errors with this account are counted for this browser from now on: it proved it is theirs."""
    device = name_device(member_id)
    cookies.hold(response, _DEVICE, device, seconds=int(KEPT_FOR.total_seconds()))


def challenge_of_request() -> str:
    """What the browser holds while a code is waited for."""
    return cookies.held(_CHALLENGE)


def hold_challenge(response: Response, token: str, *, seconds: int) -> None:
    """Let the browser say, with the code, that the password was right."""
    cookies.hold(response, _CHALLENGE, token, seconds=seconds)


def forget_challenge(response: Response) -> None:
    """The code was right, or is waited for no more."""
    cookies.take_back(response, _CHALLENGE)


def stop(response: Response) -> None:
    """Take the token back, and forget what the page session held."""
    page_session.clear()
    cookies.take_back(response, _SESSION)


def _note_presence(response: Response) -> Response:
    """After the answer, at most every few minutes, and never for a mere look ahead."""
    present: _Present | None = g.get("member_session")
    if present is None or request.method == "HEAD" or is_looking_ahead():
        return response
    if now() - present.last_seen_at >= SEEN_EVERY:
        response.call_on_close(partial(_write_presence, present.id))
    return response


def _write_presence(session_id: int) -> None:
    try:
        with writing() as session:
            mark_seen(session, session_id)
    except DBAPIError:
        log.warning("presence_not_noted", exc_info=True)
