"""Puts the pages of home in the app: importing a module of pages adds them to the blueprint."""

from flask import Flask

from inters4.home.views import desk, front, pages, questions, robots
from inters4.home.views.blueprint import bp

MODULES = (desk, front, pages, questions, robots)


def install(app: Flask) -> None:
    """Called once, when the application is built."""
    app.register_blueprint(bp)
