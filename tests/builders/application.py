"""One application lent to one test after the other: making one, and drawing its first pages, takes
longer than most tests.

It is given back as it was made. A test that adds to it, or that changes the code around it by
`monkeypatch` before it is made, gets one of its own.
"""

from dataclasses import dataclass, field
from typing import Any

import structlog
from flask import Flask
from jinja2 import BytecodeCache

from inters4.app import _PATIENCE_SECONDS, create_app
from inters4.core import db
from inters4.core.jobs import jobs
from inters4.core.web.paced import Pace
from inters4.search.queries import engine
from inters4.settings import Settings


@dataclass(slots=True)
class Lender:
    """Makes an application at first need, then lends it while settings are the same.

    Attributes:
        compiled: where the templates that were compiled are kept.
    """

    compiled: BytecodeCache
    _kept: "_Kept | None" = field(default=None, init=False)

    def lend(self, settings: Settings) -> Flask:
        """An application that no other test has changed."""
        kept = self._kept
        if kept is None or kept.settings != settings or _shape(kept.app) != kept.shape:
            app = self.make(settings)
            self._kept = _Kept(settings, app, dict(app.config), dict(app.extensions), _shape(app))
            return app
        kept.give_back()
        return kept.app

    def make(self, settings: Settings) -> Flask:
        """An application of one's own."""
        app = create_app(settings)
        app.jinja_env.bytecode_cache = self.compiled
        return app


@dataclass(frozen=True, slots=True)
class _Kept:
    settings: Settings
    app: Flask
    config: dict[str, Any]
    extensions: dict[str, Any]
    shape: object

    def give_back(self) -> None:
        """As `create_app` leaves an application, and the process around it."""
        db.bind(self.settings.database_url, patience=_PATIENCE_SECONDS)
        jobs.bind(self.settings)
        engine.bind(self.settings)
        structlog.contextvars.clear_contextvars()
        self.app._got_first_request = False
        self.app.config.clear()
        self.app.config.update(self.config)
        self.app.extensions.clear()
        for name, value in self.extensions.items():
            self.app.extensions[name] = Pace(value._most) if isinstance(value, Pace) else value
        for limiter in self.extensions["limiter"]:
            limiter.reset()


def _shape(app: Flask) -> object:
    """What a test that adds to an application changes."""
    listened = (
        *(app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs),
        app.template_context_processors,
    )
    environment = app.jinja_env
    return (
        dict(app.view_functions),
        sum(1 for _ in app.url_map.iter_rules()),
        [{name: tuple(functions) for name, functions in one.items()} for one in listened],
        {  # Flask adds an empty scope for each page that failed
            (scope, code): len(kinds)
            for scope, codes in app.error_handler_spec.items()
            for code, kinds in codes.items()
            if kinds
        },
        app.wsgi_app,
        dict(environment.globals),
        dict(environment.filters),
    )
