"""Puts the pages in the app: importing a module of pages adds them to the blueprint."""

from types import ModuleType

from flask import Flask

from inters4.community.views import (
    additions,
    answering,
    calendars,
    choosing,
    creating,
    drafts,
    feed,
    flagging,
    following,
    joining,
    measures,
    meeting_records,
    meeting_writing,
    meetings,
    mentions,
    moderating,
    moderating_posts,
    moderating_threads,
    people,
    posts,
    redacting,
    requests,
    revising_posts,
    settings,
    similar,
    spaces,
    starting,
    threads,
    unread,
)
from inters4.community.views.blueprint import bp

MODULES: tuple[ModuleType, ...] = (
    additions,
    answering,
    calendars,
    choosing,
    creating,
    drafts,
    feed,
    flagging,
    following,
    joining,
    measures,
    meeting_records,
    meeting_writing,
    meetings,
    mentions,
    moderating,
    moderating_posts,
    moderating_threads,
    people,
    posts,
    redacting,
    requests,
    revising_posts,
    settings,
    similar,
    spaces,
    starting,
    threads,
    unread,
)


def install(app: Flask) -> None:
    """Called once, when the application is built."""
    app.register_blueprint(bp)
