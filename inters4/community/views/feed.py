"""`/communaute/SLUG/fil.atom`, and the page where one makes a private address for it."""

from flask import abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.community.exports.feed import entries_of, feed_of
from inters4.community.models import Space
from inters4.community.queries.access import access_to
from inters4.community.queries.latest import latest_posts
from inters4.community.queries.visibility import find_readable_space
from inters4.community.services.private_addresses import (
    FEED,
    has_address,
)
from inters4.community.views.addresses import closed, opened, reader_by_secret
from inters4.community.views.blueprint import bp
from inters4.community.views.places import moved_on
from inters4.core.access import Viewer
from inters4.core.db import reading
from inters4.core.web.feeds import atom_response
from inters4.core.web.requests import public, signed_in, site, viewer


@bp.get("/<slug>/fil.atom")
@public
def feed(slug: str) -> ResponseReturnValue:
    """The latest posts; a program that is not signed in brings a private address."""
    with reading() as session:
        who, space = _reader(session, slug)
        root = site()
        found = feed_of(space, site=root, self_path=url_for(".feed", slug=space.slug))
        entries = list(entries_of(space, latest_posts(session, space, viewer=who), site=root))
        return atom_response(found, entries, is_private=who.is_signed_in)


@bp.get("/<slug>/flux")
@signed_in
def feed_address(slug: str) -> ResponseReturnValue:
    """How to follow the space from elsewhere."""
    return _page(slug)


@bp.post("/<slug>/flux")
@signed_in
def open_feed(slug: str) -> ResponseReturnValue:
    """Make an address, shown once; the former one opens nothing any more."""
    return _page(slug, secret=opened(slug, FEED))


@bp.post("/<slug>/flux/fin")
@signed_in
def close_feed(slug: str) -> ResponseReturnValue:
    """End the address."""
    closed(slug, FEED)
    return redirect(url_for(".feed_address", slug=slug), 303)


def _reader(session: Session, slug: str) -> tuple[Viewer, Space]:
    """Who reads which space: readers keep the address that a space had."""
    if (found := reader_by_secret(session, slug, FEED)) is not None:
        return found
    who = viewer()
    return who, find_readable_space(session, slug, viewer=who) or moved_on(session, slug)


def _page(slug: str, *, secret: str = "") -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        space = find_readable_space(session, slug, viewer=viewer()) or abort(404)
        address = url_for(".feed", slug=space.slug, cle=secret) if secret else ""
        body = render_template(
            "community/feed.html",
            space=space,
            access=access_to(session, space, viewer=viewer()),
            place="",
            address=site() + address if address else "",
            has_address=has_address(session, space, FEED, viewer=viewer()),
        )
    return body, 200, {"Cache-Control": "no-store"}
