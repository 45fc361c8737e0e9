"""What meetings add elsewhere: their documents, notices, figures, job, and places on pages."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from inters4.community.documents import meetings as documents
from inters4.community.exports import meeting_figures, meeting_notices, meeting_times
from inters4.community.exports.own_meetings import meetings_of
from inters4.community.exports.paths import meeting_path
from inters4.community.jobs.meetings import MEETINGS_JOB, MEETINGS_SECONDS, follow_meetings
from inters4.community.models import MEETING_KIND, SEATS_KEPT_DAYS, Space
from inters4.community.queries.access import SpaceAccess
from inters4.community.queries.meetings import ids_under, next_meetings, own_meetings, public_ids
from inters4.community.services.belonging import LEFT
from inters4.community.services.meetings.forgetting import forget_attendee, purge_seats
from inters4.community.services.meetings.planning import call_off_coming
from inters4.community.services.meetings.seating import release_outsiders, release_seats
from inters4.community.services.revising import CLOSED
from inters4.community.services.visibility_changes import NARROWED
from inters4.core.access import Viewer
from inters4.core.hooks import DocumentKind, Fragment, Hooks, RetentionRule
from inters4.core.i18n import _
from inters4.core.jobs import jobs


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    hooks.add_document_kind(
        DocumentKind(
            kind=MEETING_KIND,
            label=lambda: _("Rencontre"),
            plural=lambda: _("Rencontres"),
            icon="calendar-days",
            load=documents.load_document,
            every_id=documents.every_id,
            confirm=documents.confirm,
            url=lambda public_id, fields: meeting_path(fields["space"], public_id),
            under_theme=ids_under,
            public_ids=public_ids,
        )
    )
    for kind in meeting_notices.KINDS:
        hooks.add_notice_kind(kind)
    hooks.add_figures(meeting_figures.FIGURES)
    jobs.periodic(MEETINGS_JOB, every=MEETINGS_SECONDS)(follow_meetings)
    hooks.on(LEFT, release_seats)
    hooks.on(NARROWED, release_outsiders)
    hooks.on(CLOSED, call_off_coming)
    hooks.on_member_erased(forget_attendee)
    hooks.add_member_export("meetings", meetings_of)
    hooks.add_retention(
        RetentionRule(
            name="meeting_seats",
            reason=lambda: _("Inscriptions et présences aux rencontres, pour le bilan."),
            days=SEATS_KEPT_DAYS,
            purge=purge_seats,
        )
    )
    hooks.add_fragment(
        "community.side", Fragment("community/meetings/_next.html", _next_of, order=20)
    )
    hooks.add_fragment(
        "account.board", Fragment("community/meetings/_board.html", _on_board, order=60)
    )


def _next_of(
    session: Session, viewer: Viewer, *, space: Space, access: SpaceAccess
) -> Mapping[str, Any] | None:
    if not access.reads:
        return None
    lines = next_meetings(session, space, viewer=viewer)
    if not lines and not access.moderates:
        return None
    return {"space": space, "lines": lines, "times": meeting_times, "access": access}


def _on_board(session: Session, viewer: Viewer) -> Mapping[str, Any] | None:
    if viewer.member_id is None:
        return None
    lines = own_meetings(session, viewer)
    return {"lines": lines, "times": meeting_times, "path_of": meeting_path} if lines else None
