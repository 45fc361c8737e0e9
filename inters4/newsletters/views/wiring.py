"""Puts the pages in the app: importing a module of pages adds them to the blueprint."""

from flask import Flask
from flask_limiter import ExemptionScope

from inters4.newsletters.views import (
    addressing,
    amending,
    approving,
    archive,
    asking_way_out,
    carrying,
    composing,
    desk,
    following,
    leaving,
    outcome,
    picking,
    previewing,
    sending,
    subscribers,
    subscribing,
    wording,
)
from inters4.newsletters.views.blueprint import bp

MODULES = (
    addressing,
    amending,
    approving,
    archive,
    asking_way_out,
    carrying,
    composing,
    desk,
    following,
    leaving,
    outcome,
    picking,
    previewing,
    sending,
    subscribers,
    subscribing,
)


def install(app: Flask) -> None:
    """Called once, when the application is built.

    Mail programs leave without a token of ours (RFC 8058), for many people at once and from few
    addresses: the signature of the link is what is checked, before any row is read.
    """
    app.extensions["csrf"].exempt(leaving.unsubscribe)
    for limiter in app.extensions["limiter"]:
        limiter.exempt(leaving.unsubscribe, flags=ExemptionScope.APPLICATION)
    app.jinja_env.globals["issue_words"] = wording
    app.register_blueprint(bp)
