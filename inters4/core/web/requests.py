"""The present request: who calls, and who may call.

Every endpoint says who may call it with `@public`, `@signed_in` or `@requires(...)`; the
application refuses to start while one does not.
"""

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, has_request_context, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user

from inters4.core.access import ANONYMOUS, Role, Viewer
from inters4.core.i18n import current_locale
from inters4.core.networks import network_mark
from inters4.core.values import dataclass

View = TypeVar("View", bound=Callable[..., Any])
login_manager = LoginManager()


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call an endpoint: everyone, whoever is signed in, or holders of one of `roles`."""

    needs_sign_in: bool = False
    roles: frozenset[Role] = frozenset()


class Identity(UserMixin):  # type: ignore[misc]
    """What flask-login carries: a viewer, never a mapped row."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer

    def get_id(self) -> str:
        """The member's number, as text."""
        return str(self.viewer.member_id)


class Nobody(AnonymousUserMixin):  # type: ignore[misc]
    """A visitor."""

    viewer = ANONYMOUS


login_manager.anonymous_user = Nobody


def viewer() -> Viewer:
    """Who is looking, in the language of this request."""
    found: Viewer = current_user.viewer
    locale = current_locale()
    return found if found.locale == locale else replace(found, locale=locale)


def forget_viewer() -> None:
    """Draw what follows for a visitor: an error page must not ask the database who is looking."""
    g._login_user = Nobody()  # noqa: SLF001  (where flask-login keeps its answer)


def site() -> str:
    """Where the portal is: what addresses that leave it start with."""
    found: str = current_app.config["SETTINGS"].url
    return found


def network_of_request() -> str:
    """A mark of the network that calls: enough to count, too little to find it."""
    key: str = current_app.config["SETTINGS"].secret_key
    return network_mark(request.remote_addr or "", key=key)


def request_id() -> str:
    """A short name of this request, shown on error pages and written in the log."""
    if not has_request_context():
        return ""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(6)
    found: str = g.request_id
    return found


def public(view: View) -> View:
    """Anyone may call this endpoint."""
    return _declare(view, Access())


def signed_in(view: View) -> View:
    """Any member may call this endpoint; a visitor is sent to sign in."""
    return _declare(view, Access(needs_sign_in=True))


def requires(*roles: Role) -> Callable[[View], View]:
    """Holders of one of `roles`, in whatever scope; the service checks the scope."""

    def mark(view: View) -> View:
        return _declare(view, Access(needs_sign_in=True, roles=frozenset(roles)))

    return mark


def _declare(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view


def access_of(view: Callable[..., Any]) -> Access | None:
    """What `view` declares, None when it says nothing."""
    found: Access | None = getattr(view, "access", None)
    return found


def check_declarations(app: Flask) -> None:
    """Refuse to start with an endpoint that does not say who may call it.

    Raises:
        RuntimeError: names the endpoints.
    """
    silent = [name for name, view in app.view_functions.items() if access_of(view) is None]
    if silent:
        raise RuntimeError(f"these endpoints do not declare access: {', '.join(sorted(silent))}")


def enforce_access() -> ResponseReturnValue | None:
    """Before each request: let through whoever the endpoint declares."""
    if request.endpoint is None:
        return None
    access = access_of(current_app.view_functions[request.endpoint])
    if access is None:
        abort(404)
    if not access.needs_sign_in:
        return None
    present = viewer()
    if not present.is_signed_in:
        if request.method not in {"GET", "HEAD"}:
            abort(401)
        here = request.full_path.rstrip("?")
        return redirect(url_for("members.sign_in", suite=here), code=303)
    if access.roles and not present.holds_any(*access.roles):
        abort(403)
    return None


def safe_next(target: str | None, *, default: str = "/") -> str:
    """`target` when it is a path of this portal, else `default`: no open redirect."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    if any(ord(character) < 0x20 or character == "\\" for character in target):
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target


def is_from_here() -> bool:
    """True when a page of this portal sent the request; a browser that says nothing does not."""
    sent_from = request.headers.get("Sec-Fetch-Site")
    if sent_from is not None:
        return sent_from == "same-origin"
    said = request.headers.get("Origin") or request.headers.get("Referer", "")
    return _origin(said) in {_origin(request.host_url), _origin(site())}


def came_from() -> str:
    """The page of this portal that sent the request; empty when unknown, or no page to read."""
    if not is_from_here():
        return ""
    said = request.headers.get("Referer", "")
    if _origin(said) not in {_origin(request.host_url), _origin(site())}:
        return ""
    parts = urlsplit(said)
    known = current_app.create_url_adapter(request)
    if parts.path.startswith("//"):  # as a link, the address of another host
        return ""
    if known is None or not known.test(parts.path.removeprefix(request.script_root), "GET"):
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _origin(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc


def is_htmx() -> bool:
    """True when htmx asks for a part of the page."""
    return request.headers.get("HX-Request") == "true" and not request.headers.get("HX-Boosted")
