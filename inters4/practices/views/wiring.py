"""Puts the pages of practices in the application."""

from flask import Flask

from inters4.core.clock import day_of
from inters4.practices.exports.citing import mark_of
from inters4.practices.exports.drawn import drawn
from inters4.practices.exports.unsorted import drawn_rest
from inters4.practices.models import pieces, with_unit, without_citations
from inters4.practices.views import (
    adopting,
    adoptions,
    approvals,
    carrying,
    comparing,
    decisions,
    dossier,
    history,
    journal,
    letters,
    lists,
    open_data,
    papers,
    preview,
    proposing,
    queue,
    reviews,
    sheets,
    taking_back,
    taking_up,
    transfer,
    translating,
    withdrawing,
    writing,
)
from inters4.practices.views.blueprint import bp
from inters4.practices.views.calls import reachable_calls

__all__ = [
    "adopting",
    "adoptions",
    "approvals",
    "carrying",
    "comparing",
    "decisions",
    "dossier",
    "history",
    "journal",
    "letters",
    "lists",
    "open_data",
    "papers",
    "preview",
    "proposing",
    "queue",
    "reviews",
    "sheets",
    "taking_back",
    "taking_up",
    "transfer",
    "translating",
    "withdrawing",
    "writing",
]


def install(app: Flask) -> None:
    """Called once, when the application is built."""
    app.jinja_env.filters.update(
        before_after=drawn,
        citations=pieces,
        day_of=day_of,
        drawn_rest=drawn_rest,
        reachable_calls=reachable_calls,
        starter_mark=mark_of,
        with_unit=with_unit,
        without_citations=without_citations,
    )
    app.register_blueprint(bp)
    app.register_blueprint(reviews.bp)
    app.register_blueprint(approvals.bp)
    papers.limit(app)
