"""`/communaute/SLUG/rencontres`: the meetings of a space, one of them, coming to it."""

from collections.abc import Callable

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.community.exports.calendars import ICALENDAR, write_calendar
from inters4.community.models import Meeting, SeatState
from inters4.community.queries.meetings import (
    conducts,
    line_of,
    linked_to,
    list_meetings,
    minutes_of,
    name_of,
)
from inters4.community.queries.spaces import find_moved
from inters4.community.queries.visibility import find_readable_space
from inters4.community.services.meetings.seating import register, withdraw
from inters4.community.views.blueprint import bp
from inters4.community.views.meeting_places import address_of, head_of, meeting_at, wanted_page
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict
from inters4.core.i18n import _
from inters4.core.web.downloads import as_attachment
from inters4.core.web.requests import public, signed_in, site, viewer

_SAID: dict[SeatState, Callable[[], str]] = {
    SeatState.CONFIRMED: lambda: _("Votre place est confirmée."),
    SeatState.PENDING: lambda: _(
        "Votre inscription est envoyée : vous aurez une réponse de l’animation."
    ),
    SeatState.WAITING: lambda: _(
        "La rencontre est complète : vous êtes en liste d’attente. Si une place se libère, elle "
        "est à vous, et un avis vous le dit."
    ),
}


@bp.get("/<slug>/rencontres")
@public
def meetings(slug: str) -> ResponseReturnValue:
    """Meetings to come, or those that were held."""
    is_past = request.args.get("quand") == "passees"
    with reading() as session:
        g.session = session
        space = find_readable_space(session, slug, viewer=viewer())
        if space is None:
            moved = find_moved(session, slug, viewer=viewer()) or abort(404)
            return redirect(url_for(".meetings", slug=moved), 301)
        kept = "passees" if is_past else None
        return render_template(
            "community/meetings/index.html",
            **head_of(session, space),
            is_past=is_past,
            page=list_meetings(
                session, space, viewer=viewer(), is_past=is_past, page=wanted_page()
            ),
            url_of=lambda number: url_for(".meetings", slug=slug, quand=kept, page=number),
        )


@bp.get("/<slug>/rencontres/<public_id>")
@public
def meeting(slug: str, public_id: str) -> ResponseReturnValue:
    """One meeting: when, where, what about, who may come, what was said."""
    with reading() as session:
        g.session = session
        return _page(session, _found(session, slug, public_id))


@bp.get("/<slug>/rencontres/<public_id>.ics")
@public
def meeting_file(slug: str, public_id: str) -> ResponseReturnValue:
    """The meeting for a calendar program."""
    with reading() as session:
        found = meeting_at(session, slug, public_id)
        linked = {found.id} if _sees_link(session, found) else set()
        data = write_calendar([found], site=site(), linked=linked)
    return as_attachment(data, ICALENDAR, f"rencontre-{public_id}.ics")


@bp.post("/<slug>/rencontres/<public_id>/inscription")
@signed_in
def register_for(slug: str, public_id: str) -> ResponseReturnValue:
    """Ask for a seat."""
    try:
        with writing() as session:
            found = meeting_at(session, slug, public_id)
            state = register(session, found, by=viewer())
            address = address_of(found)
    except Conflict as refusal:
        return _refused(slug, public_id, refusal)
    flash(_SAID[state](), "success")
    return redirect(address, 303)


@bp.post("/<slug>/rencontres/<public_id>/retrait")
@signed_in
def withdraw_from(slug: str, public_id: str) -> ResponseReturnValue:
    """Give one's seat back."""
    try:
        with writing() as session:
            found = meeting_at(session, slug, public_id)
            withdraw(session, found, by=viewer())
            address = address_of(found)
    except Conflict as refusal:
        return _refused(slug, public_id, refusal)
    flash(_("Votre inscription est retirée."), "success")
    return redirect(address, 303)


def _found(session: Session, slug: str, public_id: str) -> Meeting:
    """The meeting; a space that has another address now leads there."""
    if find_readable_space(session, slug, viewer=viewer()) is None:
        moved = find_moved(session, slug, viewer=viewer())
        if moved is not None:
            abort(redirect(url_for(".meeting", slug=moved, public_id=public_id), 301))
    return meeting_at(session, slug, public_id)


def _refused(slug: str, public_id: str, refusal: Conflict) -> ResponseReturnValue:
    """The page as it is now, with why."""
    with reading() as session:
        g.session = session
        return _page(session, meeting_at(session, slug, public_id), told=refusal.message), 409


def _page(session: Session, found: Meeting, *, told: str = "") -> str:
    return render_template(
        "community/meetings/show.html",
        **head_of(session, found.space),
        meeting=found,
        line=line_of(session, found, viewer=viewer()),
        host=name_of(session, found.facilitator_id),
        minutes=minutes_of(session, found),
        conducts=conducts(viewer(), found),
        sees_link=_sees_link(session, found),
        told=told,
    )


def _sees_link(session: Session, found: Meeting) -> bool:
    return bool(found.link) and found.id in linked_to(session, [found], viewer=viewer())
