"""Puts the pages of figures in the application."""

from flask import Flask

from inters4.indicators.views import balance, lists, reference
from inters4.indicators.views.blueprint import bp

__all__ = ["balance", "lists", "reference"]


def install(app: Flask) -> None:
    """Called once, when the application is built."""
    app.register_blueprint(bp)
