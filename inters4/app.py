"""Builds the application: settings in, WSGI out.

Domains are named here once, lower ones first; each may have a `register` module, which fills the
registries of `core.hooks`, and a `views` module with its blueprint `bp`.
"""

import logging
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog
from flask import Flask, request
from flask_limiter import ApplicationLimit, Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import Rule
from whitenoise import WhiteNoise

from inters4.core import db
from inters4.core.collecting import nothing_collected
from inters4.core.hooks import hooks
from inters4.core.jobs import jobs
from inters4.core.networks import network_of, without_port
from inters4.core.paths import templates_dir
from inters4.core.processes.access_log import shown_address, shown_path
from inters4.core.web import (
    assets,
    errors,
    files,
    health,
    intake,
    language,
    preview,
    security,
    templating,
)
from inters4.core.web.addresses import LateRule
from inters4.core.web.drawing import DirectEnvironment
from inters4.core.web.requests import (
    check_declarations,
    enforce_access,
    login_manager,
    request_id,
    viewer,
)
from inters4.settings import Settings

log = structlog.get_logger(__name__)

DOMAINS = (
    "core",
    "vocabulary",
    "members",
    "reactions",
    "notices",
    "practices",
    "veille",
    "newsletters",
    "community",
    "indicators",
    "search",
    "home",
)
_PATIENCE_SECONDS = 3
_POSTS_PER_MINUTE = "120 per minute"
_POSTS_OF_A_MEMBER = "300 per minute"


class _Portal(Flask):
    """Flask without a coroutine: it looks for one in each of the thirty functions of a request."""

    url_rule_class: type[Rule] = LateRule

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is: none of ours, or of what we install, is asynchronous."""
        return func


@cache
def load_domains() -> None:
    """Import every table and fill the registries, once a process."""
    with nothing_collected():
        for domain in DOMAINS:
            for room in ("models", "register"):
                name = f"inters4.{domain}.{room}"
                if find_spec(name) is None:
                    continue
                module = import_module(name)
                if room == "register":
                    module.register(hooks)
        hooks.freeze()


def create_app(settings: Settings | None = None) -> Flask:
    """The portal as a WSGI application, bound to the database that `settings` name.

    Raises:
        SettingsError: `settings` were not given and the environment is wrong.
        RuntimeError: an endpoint does not declare who may call it.
    """
    settings = settings or Settings.from_env()
    load_domains()
    db.bind(settings.database_url, patience=_PATIENCE_SECONDS)
    jobs.bind(settings)
    app = _Portal("inters4", static_folder=None, template_folder=str(templates_dir()))
    app.jinja_environment = DirectEnvironment
    prefix = "__Host-" if settings.is_served_over_tls else ""
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME=f"{prefix}page",
        SESSION_COOKIE_SECURE=settings.is_served_over_tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=settings.upload_megabytes * 1_000_000 + 200_000,
        MAX_FORM_MEMORY_SIZE=2_000_000,
        MAX_FORM_PARTS=1_000,
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        WTF_CSRF_SSL_STRICT=False,
        RATELIMIT_STORAGE_URI="memory://",
        READY_CHECKS={},
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    structlog.contextvars.clear_contextvars()
    app.before_request(_name_the_request)
    security.install(app, settings)
    login_manager.init_app(app)
    language.install(app, settings)
    intake.install(app)
    app.before_request(enforce_access)
    CSRFProtect(app)
    _limit_posts(app)
    templating.install(app, settings)
    errors.install(app)
    app.register_blueprint(health.bp)
    app.register_blueprint(preview.bp)
    app.register_blueprint(files.bp)
    for domain in DOMAINS:
        if find_spec(f"inters4.{domain}.views") is not None:
            views: Any = import_module(f"inters4.{domain}.views")
            views.install(app)
    check_declarations(app)
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            _called_from_an_address(app.wsgi_app), x_for=hops, x_proto=hops, x_host=0
        )
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(assets.prepare(settings.data_dir)),
        prefix="static/",
        max_age=0,
        allow_all_origins=False,
        add_headers_function=_harden,
        immutable_file_test=lambda _path, url: f"/{assets.digest()}/" in url,
    )
    return app


def _called_from_an_address(answer: WSGIApplication) -> WSGIApplication:
    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["REMOTE_ADDR"] = without_port(environ.get("REMOTE_ADDR", ""))
        return answer(environ, start_response)

    return answered


def _harden(headers: Any, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def _name_the_request() -> None:
    structlog.contextvars.bind_contextvars(request_id=request_id())


def _limit_posts(app: Flask) -> None:
    """Coarse: no member, and no network of visitors, floods the forms of one process.

    A hospital is one network for all who work there, hence those who signed in are counted one by
    one; whoever sorts what came in by the keyboard sends a form a second. Pages are not counted; a
    domain may limit an endpoint of its own by this limiter. What must hold across processes and
    restarts, such as sign-in, has throttles in rows.
    """
    limiter = Limiter(
        _network,
        app=app,
        application_limits=[
            ApplicationLimit(_POSTS_PER_MINUTE, exempt_when=lambda: _is_page() or _is_member()),
            ApplicationLimit(
                _POSTS_OF_A_MEMBER,
                lambda: str(viewer().member_id),
                exempt_when=lambda: _is_page() or not _is_member(),
                scope="members",
            ),
        ],
        headers_enabled=False,
        on_breach=_note_slowing,
    )
    limiter.logger.setLevel(logging.WARNING)  # what it says below that holds whole addresses


def _is_page() -> bool:
    return request.method in {"GET", "HEAD", "OPTIONS"}


def _is_member() -> bool:
    return viewer().is_signed_in


def _network() -> str:
    """Whoever commands a whole /64 has one address for each request."""
    return network_of(get_remote_address()) or get_remote_address()


def _note_slowing(_limit: object) -> None:
    where = {"from": shown_address(get_remote_address())}
    log.info("requests_slowed", path=shown_path(request.path), **where)
