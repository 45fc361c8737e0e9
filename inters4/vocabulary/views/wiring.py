"""Puts the pages in the app: importing a module of pages adds them to the blueprint."""

from flask import Flask

from inters4.vocabulary.views import lists, places, synonyms, terms
from inters4.vocabulary.views.blueprint import bp

MODULES = (lists, places, synonyms, terms)


def install(app: Flask) -> None:
    """Called once, when the application is built."""
    app.register_blueprint(bp)
