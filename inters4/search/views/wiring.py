"""Puts the pages of search in the application, and names its index."""

from flask import Flask

from inters4.search.queries import engine
from inters4.search.views import kept, results, surroundings, themes
from inters4.search.views.blueprint import bp

__all__ = ["kept", "results", "surroundings", "themes"]


def install(app: Flask) -> None:
    """Add the pages, name the index, and let readiness look at it."""
    engine.bind(app.config["SETTINGS"])
    app.config["READY_CHECKS"]["index"] = engine.check
    app.register_blueprint(bp)
