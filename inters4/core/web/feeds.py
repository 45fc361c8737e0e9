"""How a feed is answered: the right type, and nothing at all when the reader has it already.

Readers ask every hour. What they hold is compared before anything is written, from the entries
themselves.
"""

import hashlib
from collections.abc import Callable, Iterable

from flask import Response, request

from inters4.core.feeds import ATOM, JSON_FEED, Feed, FeedEntry, atom, json_feed, last_changed


def atom_response(
    feed: Feed, entries: Iterable[FeedEntry], *, is_private: bool = False
) -> Response:
    """The Atom form; `is_private` for what only the holder of the address may read."""
    return _answer(feed, entries, ATOM, atom, is_private=is_private)


def json_feed_response(
    feed: Feed, entries: Iterable[FeedEntry], *, is_private: bool = False
) -> Response:
    """The JSON Feed form; `is_private` for what only the holder of the address may read."""
    return _answer(feed, entries, JSON_FEED, json_feed, is_private=is_private)


def _answer(
    feed: Feed,
    entries: Iterable[FeedEntry],
    mimetype: str,
    write: Callable[[Feed, Iterable[FeedEntry]], bytes],
    *,
    is_private: bool,
) -> Response:
    entries = list(entries)
    response = Response(mimetype=mimetype)
    state = hashlib.sha256(f"{mimetype}\n{feed!r}\n{entries!r}".encode(errors="replace"))
    response.set_etag(state.hexdigest()[:20], weak=True)  # weak: it is compressed afterwards
    response.last_modified = last_changed(feed, entries)
    response.headers["Cache-Control"] = "private, no-cache" if is_private else "public, no-cache"
    response.vary.add("Accept-Language")
    if is_private:
        response.headers["X-Robots-Tag"] = "noindex"
    response.make_conditional(request)
    if response.status_code == 200:
        response.set_data(write(feed, entries))
    return response
