"""`/communaute/SLUG/calendrier.ics`, and the page where one makes a private address for it."""

import hashlib

from flask import Response, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.community.exports.calendars import ICALENDAR, write_calendar
from inters4.community.models import Space
from inters4.community.queries.meetings import calendar_meetings, linked_to
from inters4.community.queries.spaces import find_moved
from inters4.community.queries.visibility import find_readable_space
from inters4.community.services.private_addresses import (
    CALENDAR,
    PARAMETER,
    has_address,
)
from inters4.community.views.addresses import closed, opened, reader_by_secret
from inters4.community.views.blueprint import bp
from inters4.community.views.meeting_places import head_of
from inters4.core.access import Viewer
from inters4.core.db import reading
from inters4.core.i18n import use_locale
from inters4.core.web.requests import public, signed_in, site, viewer


@bp.get("/<slug>/calendrier.ics")
@public
def calendar(slug: str) -> ResponseReturnValue:
    """The meetings; a program that is not signed in brings a private address."""
    with reading() as session:
        who, space = _reader(session, slug)
        if space.slug != slug:
            secret = request.args.get(PARAMETER)
            return redirect(url_for(".calendar", slug=space.slug, cle=secret), 301)
        found = calendar_meetings(session, space, viewer=who)
        linked = linked_to(session, found, viewer=who)
    with use_locale(who.locale):
        data = write_calendar(found, site=site(), name=space.name, linked=linked)
    return _answer(data, is_private=who.is_signed_in)


@bp.get("/<slug>/calendrier")
@public
def calendar_address(slug: str) -> ResponseReturnValue:
    """How to have the meetings in one's own calendar."""
    return _page(slug)


@bp.post("/<slug>/calendrier")
@signed_in
def open_calendar(slug: str) -> ResponseReturnValue:
    """Make an address, shown once; the former one opens nothing any more."""
    return _page(slug, secret=opened(slug, CALENDAR))


@bp.post("/<slug>/calendrier/fin")
@signed_in
def close_calendar(slug: str) -> ResponseReturnValue:
    """End the address."""
    closed(slug, CALENDAR)
    return redirect(url_for(".calendar_address", slug=slug), 303)


def _reader(session: Session, slug: str) -> tuple[Viewer, Space]:
    """Who reads which space. A space that has another address now is found all the same."""
    if (found := reader_by_secret(session, slug, CALENDAR)) is not None:
        return found
    who = viewer()
    space = find_readable_space(session, slug, viewer=who)
    if space is None:
        moved = find_moved(session, slug, viewer=who) or abort(404)
        space = find_readable_space(session, moved, viewer=who) or abort(404)
    return who, space


def _answer(data: bytes, *, is_private: bool) -> Response:
    """Programs ask every few hours: what they hold already is not sent again."""
    answer = Response(data, content_type=f"{ICALENDAR}; charset=utf-8")
    answer.set_etag(hashlib.sha256(data).hexdigest()[:20], weak=True)
    answer.headers["Cache-Control"] = "private, no-cache" if is_private else "public, no-cache"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.vary.add("Accept-Language")
    answer.make_conditional(request)
    return answer


def _page(slug: str, *, secret: str = "") -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        space = find_readable_space(session, slug, viewer=viewer()) or abort(404)
        path = url_for(".calendar", slug=space.slug, cle=secret or None)
        body = render_template(
            "community/meetings/calendar.html",
            **head_of(session, space),
            address=site() + path if secret or space.visibility == "public" else "",
            is_private=bool(secret),
            has_address=has_address(session, space, CALENDAR, viewer=viewer()),
        )
    return body, 200, {"Cache-Control": "no-store"}
