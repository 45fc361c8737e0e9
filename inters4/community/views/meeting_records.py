"""What those who conduct a meeting do of it: seats, who was there, what was said."""

from collections.abc import Callable

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.community.exports.attendance import attendance_csv
from inters4.community.forms.meetings import read_minutes, read_version, rich
from inters4.community.forms.writing import Refused
from inters4.community.models import Meeting, SeatState
from inters4.community.queries.meetings import line_of, minutes_of
from inters4.community.queries.seats import people_named, seats_of
from inters4.community.services.detecting import mark_of_seen, seen_in
from inters4.community.services.meetings.recording import (
    add_attendee,
    take_attendance,
    write_minutes,
)
from inters4.community.services.meetings.seating import confirm, remove
from inters4.community.services.posting import LooksPersonal
from inters4.community.views.blueprint import bp
from inters4.community.views.meeting_places import address_of, conducted_at, head_of
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.i18n import _
from inters4.core.tables import CSV
from inters4.core.web.downloads import as_file
from inters4.core.web.requests import signed_in, viewer

_LONGEST_NAME = 200


def _confirm(session: Session, meeting: Meeting, who: str) -> str:
    if confirm(session, meeting, who, by=viewer()) is SeatState.WAITING:
        return _("La rencontre est complète : la personne est acceptée, en liste d’attente.")
    return _("La place est confirmée : la personne en est avisée.")


def _remove(session: Session, meeting: Meeting, who: str) -> str:
    remove(session, meeting, who, by=viewer())
    return _("L’inscription est retirée : la personne en est avisée.")


_GESTURES: dict[str, Callable[[Session, Meeting, str], str]] = {
    "confirmation": _confirm,
    "retrait": _remove,
}


@bp.get("/<slug>/rencontres/<public_id>/inscriptions")
@signed_in
def seats(slug: str, public_id: str) -> ResponseReturnValue:
    """Who registered, in the order in which they did."""
    return _seats_page(slug, public_id)


@bp.post("/<slug>/rencontres/<public_id>/inscriptions/<which>")
@signed_in
def decide_seat(slug: str, public_id: str, which: str) -> ResponseReturnValue:
    """Confirm or take off the registration of one person."""
    gesture = _GESTURES.get(which) or abort(404)
    try:
        with writing() as session:
            found = conducted_at(session, slug, public_id)
            said = gesture(session, found, request.form.get("personne", "")[:64])
    except Conflict as refusal:
        return _seats_page(slug, public_id, told=refusal.message), 409
    flash(said, "success")
    return redirect(url_for(".seats", slug=slug, public_id=public_id), 303)


@bp.get("/<slug>/rencontres/<public_id>/inscriptions.csv")
@signed_in
def seats_file(slug: str, public_id: str) -> ResponseReturnValue:
    """The list for a spreadsheet."""
    with reading() as session:
        found = conducted_at(session, slug, public_id)
        lines = seats_of(session, found)
    return as_file(attendance_csv(lines), CSV, f"rencontre-{public_id}.csv", is_private=True)


@bp.get("/<slug>/rencontres/<public_id>/presences")
@signed_in
def attendance(slug: str, public_id: str) -> ResponseReturnValue:
    """Who was there, to be ticked."""
    return _attendance_page(slug, public_id)


@bp.post("/<slug>/rencontres/<public_id>/presences")
@signed_in
def save_attendance(slug: str, public_id: str) -> ResponseReturnValue:
    """Keep the list."""
    present = frozenset(request.form.getlist("present"))
    try:
        with writing() as session:
            found = conducted_at(session, slug, public_id)
            take_attendance(session, found, present=present, by=viewer())
    except Conflict as refusal:
        return _attendance_page(slug, public_id, told=refusal.message), 409
    flash(_("Les présences sont enregistrées."), "success")
    return redirect(url_for(".attendance", slug=slug, public_id=public_id), 303)


@bp.post("/<slug>/rencontres/<public_id>/presences/ajout")
@signed_in
def add_present(slug: str, public_id: str) -> ResponseReturnValue:
    """Someone came without registering."""
    try:
        with writing() as session:
            found = conducted_at(session, slug, public_id)
            person = request.form.get("personne", "")[:64]
            name = add_attendee(session, found, person, by=viewer())
    except NotAllowed:
        raise
    except DomainError as refusal:
        return _attendance_page(slug, public_id, told=refusal.message), max(refusal.status, 409)
    flash(_("%(name)s est sur la liste.", name=name), "success")
    return redirect(url_for(".attendance", slug=slug, public_id=public_id), 303)


@bp.get("/<slug>/rencontres/<public_id>/compte-rendu")
@signed_in
def minutes_page(slug: str, public_id: str) -> ResponseReturnValue:
    """The minutes, to be written."""
    return _minutes_page(slug, public_id)


@bp.post("/<slug>/rencontres/<public_id>/compte-rendu")
@signed_in
def save_minutes(slug: str, public_id: str) -> ResponseReturnValue:
    """Keep them."""
    try:
        with writing() as session:
            found = conducted_at(session, slug, public_id)
            text = read_minutes(request.form)
            write_minutes(
                session,
                found,
                text,
                version=read_version(request.form),
                is_meant=request.form.get("malgre") == mark_of_seen(seen_in(text)),
                by=viewer(),
            )
            address = address_of(found)
    except NotAllowed:
        raise
    except DomainError as refusal:
        return _minutes_page(slug, public_id, refusal=refusal)
    flash(_("Le compte rendu est enregistré."), "success")
    return redirect(f"{address}#compte-rendu" if text else address, 303)


def _seats_page(slug: str, public_id: str, *, told: str = "") -> str:
    with reading() as session:
        g.session = session
        found = conducted_at(session, slug, public_id)
        return render_template(
            "community/meetings/seats.html",
            **head_of(session, found.space),
            meeting=found,
            line=line_of(session, found, viewer=viewer()),
            seats=seats_of(session, found),
            told=told,
        )


def _attendance_page(slug: str, public_id: str, *, told: str = "") -> str:
    name = request.values.get("nom", "")[:_LONGEST_NAME].replace("\0", "")
    with reading() as session:
        g.session = session
        found = conducted_at(session, slug, public_id)
        return render_template(
            "community/meetings/attendance.html",
            **head_of(session, found.space),
            meeting=found,
            seats=[one for one in seats_of(session, found) if one.state != SeatState.WITHDRAWN],
            name=name,
            people=people_named(session, found, name),
            told=told,
        )


def _minutes_page(
    slug: str, public_id: str, *, refusal: DomainError | None = None
) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        found = conducted_at(session, slug, public_id)
        held = minutes_of(session, found)
        is_kept = refusal is not None and not isinstance(refusal, Conflict)
        seen = refusal.seen if isinstance(refusal, LooksPersonal) else ()
        typed = request.form.get("texte", "") if refusal else (held.source if held else "")
        error = refusal.message if refusal and refusal.about == "texte" else ""
        page = render_template(
            "community/meetings/minutes.html",
            **head_of(session, found.space),
            meeting=found,
            text=rich("texte", _("Compte rendu"), typed, error=error),
            version=read_version(request.form) if is_kept else (held.version if held else 0),
            theirs=refusal.theirs if isinstance(refusal, Conflict) else None,
            refusal=refusal,
            refused=Refused(seen=seen),
        )
    return page, _status(refusal)


def _status(refusal: DomainError | None) -> int:
    if refusal is None:
        return 200
    return 409 if isinstance(refusal, Conflict) else 422
