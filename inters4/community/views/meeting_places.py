"""What the pages of meetings share: finding one, and what their templates say of it."""

from typing import Any

from flask import abort, request, url_for
from sqlalchemy.orm import Session

from inters4.community.exports import meeting_times
from inters4.community.exports.attendance import SEAT_WORDS
from inters4.community.models import Meeting, Space
from inters4.community.queries.access import access_to
from inters4.community.queries.meetings import conducts, find_meeting
from inters4.core.web.requests import viewer

_FARTHEST = 1_000_000


def meeting_at(session: Session, slug: str, public_id: str) -> Meeting:
    """The meeting of an address, or 404 for what the viewer does not read."""
    return find_meeting(session, slug, public_id, viewer=viewer()) or abort(404)


def conducted_at(session: Session, slug: str, public_id: str) -> Meeting:
    """The same, for whoever conducts it; for others the page does not exist."""
    found = meeting_at(session, slug, public_id)
    if not conducts(viewer(), found):
        abort(404)
    return found


def head_of(session: Session, space: Space) -> dict[str, Any]:
    """What every page of meetings needs."""
    return {
        "space": space,
        "access": access_to(session, space, viewer=viewer()),
        "place": "rencontres",
        "times": meeting_times,
        "seat_words": SEAT_WORDS,
    }


def address_of(meeting: Meeting) -> str:
    """The page of a meeting."""
    return url_for("community.meeting", slug=meeting.space.slug, public_id=meeting.public_id)


def wanted_page() -> int:
    """The page asked for; what is no number, or no page at all, is the first."""
    typed = request.args.get("page", "")
    digits = typed.isascii() and typed.isdigit() and len(typed) < 10
    return min(int(typed), _FARTHEST) if digits else 1
