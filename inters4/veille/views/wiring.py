"""Puts the pages in the app: importing a module of pages adds them to the blueprint."""

from flask import Flask

from inters4.veille.exports.citations import citation_of
from inters4.veille.views import (
    beginning,
    correcting,
    demonstration,
    depositing,
    feeds,
    following,
    gestures,
    inbox,
    lists,
    opml,
    progress,
    rules,
    source_health,
    sources,
    summaries,
    watches,
    wording,
    writing,
)
from inters4.veille.views.blueprint import bp

MODULES = (
    beginning,
    correcting,
    demonstration,
    depositing,
    feeds,
    following,
    gestures,
    inbox,
    lists,
    opml,
    progress,
    rules,
    source_health,
    sources,
    summaries,
    watches,
    writing,
)


def install(app: Flask) -> None:
    """Called once, when the application is built."""
    app.jinja_env.filters["article_citation"] = citation_of
    app.jinja_env.globals["veille_words"] = wording
    app.register_blueprint(bp)
