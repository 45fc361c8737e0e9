"""Puts the pages of search in the application, and names its index."""

from typing import Any

from flask import Flask

from inters4.search.queries import engine
from inters4.search.views import (
    health,
    kept,
    results,
    suggestions,
    surroundings,
    themes,
    unavailable,
)
from inters4.search.views.blueprint import bp

__all__ = ["health", "kept", "results", "suggestions", "surroundings", "themes", "unavailable"]


def install(app: Flask) -> None:
    """Add the pages, name the index, and let readiness look at it."""
    engine.bind(app.config["SETTINGS"])
    app.config["READY_CHECKS"]["index"] = engine.check
    app.register_blueprint(bp)
    _slow_down(app, "search.suggestions", "search.browser_suggestions")


def _slow_down(app: Flask, *endpoints: str) -> None:
    """What scripts ask letter by letter is limited, unlike the pages that people ask for."""
    limiters: set[Any] = app.extensions["limiter"]
    for limiter in limiters:
        shared = limiter.shared_limit(suggestions.PER_MINUTE, scope="suggestions")
        for name in endpoints:
            app.view_functions[name] = shared(app.view_functions[name])
