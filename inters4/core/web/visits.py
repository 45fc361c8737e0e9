"""Whether a person asked for a page: programs, and browsers that look ahead, do not count."""

import re

from flask import request

_ROBOTS = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|scan|monitor|archiv|headless|lighthouse|facebookexternal"
    r"|curl|wget|python|httpx|go-http|java/|okhttp|axios|libwww|scrapy|feed",
    re.IGNORECASE,
)


def is_a_visit() -> bool:
    """True of a page that is asked for to be shown: neither HEAD nor a look ahead."""
    return request.method == "GET" and not is_looking_ahead()


def is_looking_ahead() -> bool:
    """True of what a browser asks for in case the person goes there."""
    return "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))


def is_a_robot() -> bool:
    """True of what says that it is a program, or says nothing of itself."""
    said = request.headers.get("User-Agent", "")
    return not said or _ROBOTS.search(said) is not None
