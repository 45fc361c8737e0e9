"""Puts the pages in the app: importing a module of pages adds them to the blueprint."""

from types import ModuleType

from flask import Flask

from inters4.community.views import additions, choosing, spaces
from inters4.community.views.blueprint import bp

MODULES: tuple[ModuleType, ...] = (
    additions,
    choosing,
    spaces,
)


def install(app: Flask) -> None:
    """Called once, when the application is built."""
    app.register_blueprint(bp)
