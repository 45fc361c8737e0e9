"""Private addresses, by which programs that are not signed in read feeds and calendars."""

from flask import abort, flash, request
from sqlalchemy.orm import Session

from inters4.community.models import Space
from inters4.community.queries.spaces import find_moved
from inters4.community.queries.visibility import find_readable_space
from inters4.community.services.private_addresses import (
    PARAMETER,
    close_address,
    open_address,
    reader_of,
)
from inters4.core.access import Viewer
from inters4.core.db import writing
from inters4.core.i18n import _
from inters4.core.web.requests import viewer


def reader_by_secret(session: Session, slug: str, use: str) -> tuple[Viewer, Space] | None:
    """Whose address this is, and the space it opens, by its name or one that it had.

    None without a secret; 404 for one that opens nothing.
    """
    secret = request.args.get(PARAMETER, "")
    if not secret:
        return None
    who, space = reader_of(session, secret, use) or abort(404)
    if space.slug not in {slug, find_moved(session, slug, viewer=who)}:
        abort(404)
    return who, space


def opened(slug: str, use: str) -> str:
    """Make an address for the viewer; its secret, shown once."""
    with writing() as session:
        space = find_readable_space(session, slug, viewer=viewer()) or abort(404)
        return open_address(session, space, use, by=viewer())


def closed(slug: str, use: str) -> None:
    """End the address of the viewer."""
    with writing() as session:
        space = find_readable_space(session, slug, viewer=viewer()) or abort(404)
        close_address(session, space, use, by=viewer())
    flash(_("L’adresse privée n’ouvre plus rien."), "success")
