"""Calling, changing and cancelling a meeting. A refusal comes back with all that was typed."""

from collections.abc import Sequence

from flask import abort, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.community.forms.meetings import (
    AGENDA_MAX,
    REASON_MAX,
    MeetingForm,
    blank_form,
    read_form,
    read_reason,
    read_version,
    refused,
    rich,
    stored_form,
)
from inters4.community.models import Meeting, Space
from inters4.community.queries.seats import Host, hosts_of
from inters4.community.queries.visibility import find_readable_space, moderates
from inters4.community.services.meetings.checks import check_plans
from inters4.community.services.meetings.planning import (
    call_meeting,
    cancel_meeting,
    revise_meeting,
)
from inters4.community.views.blueprint import bp
from inters4.community.views.meeting_places import address_of, conducted_at, head_of
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError, NotAllowed, NotFound
from inters4.core.i18n import _
from inters4.core.web.requests import signed_in, viewer


@bp.get("/<slug>/rencontres/nouvelle")
@signed_in
def new_meeting(slug: str) -> ResponseReturnValue:
    """The form of a meeting to call."""
    with reading() as session:
        g.session = session
        space = _space(session, slug)
        check_plans(space, viewer())
        hosts = hosts_of(session, space, present=None, by=viewer())
        return _form_page(session, space, blank_form(_own(hosts)), hosts)


@bp.post("/<slug>/rencontres/nouvelle")
@signed_in
def call(slug: str) -> ResponseReturnValue:
    """Call it."""
    with reading() as session:
        space = _space(session, slug)
        hosts = hosts_of(session, space, present=None, by=viewer())
    form = read_form(request.form, hosts=hosts)
    try:
        with writing() as session:
            space = _space(session, slug)
            if form.plan is None:
                return _form_page(session, space, form, hosts), 422
            made = call_meeting(session, space, form.plan, by=viewer())
            address, is_past = address_of(made), made.has_started
    except (NotAllowed, NotFound):
        raise
    except DomainError as refusal:
        with reading() as session:
            g.session = session
            page = _form_page(session, _space(session, slug), refused(form, refusal), hosts)
        return page, 422
    flash(
        _("La rencontre est enregistrée.")
        if is_past
        else _("La rencontre est convoquée : les personnes de l’espace en sont avisées."),
        "success",
    )
    return redirect(address, 303)


@bp.get("/<slug>/rencontres/<public_id>/modifier")
@signed_in
def revise_page(slug: str, public_id: str) -> ResponseReturnValue:
    """A meeting, to be changed."""
    with reading() as session:
        g.session = session
        found = conducted_at(session, slug, public_id)
        hosts = _hosts(session, found)
        return _form_page(session, found.space, _stored(found, hosts), hosts, meeting=found)


@bp.post("/<slug>/rencontres/<public_id>/modifier")
@signed_in
def revise(slug: str, public_id: str) -> ResponseReturnValue:
    """Keep the changes."""
    with reading() as session:
        found = conducted_at(session, slug, public_id)
        hosts = _hosts(session, found)
    form = read_form(request.form, hosts=hosts, is_past=found.has_started)
    try:
        if form.plan is None:
            return _again(slug, public_id, form, hosts)
        with writing() as session:
            found = conducted_at(session, slug, public_id)
            version = read_version(request.form)
            revise_meeting(session, found, form.plan, version=version, by=viewer())
            address = address_of(found)
    except (NotAllowed, NotFound):
        raise
    except DomainError as refusal:
        return _again(slug, public_id, refused(form, refusal), hosts, refusal=refusal)
    flash(_("Les changements sont enregistrés."), "success")
    return redirect(address, 303)


@bp.get("/<slug>/rencontres/<public_id>/annulation")
@signed_in
def cancel_page(slug: str, public_id: str) -> ResponseReturnValue:
    """Why it is cancelled."""
    return _cancel_page(slug, public_id)


@bp.post("/<slug>/rencontres/<public_id>/annulation")
@signed_in
def cancel(slug: str, public_id: str) -> ResponseReturnValue:
    """Cancel it; whoever was coming is told."""
    try:
        with writing() as session:
            found = conducted_at(session, slug, public_id)
            cancel_meeting(session, found, reason=read_reason(request.form), by=viewer())
            address = address_of(found)
    except NotAllowed:
        raise
    except DomainError as refusal:
        status = 409 if isinstance(refusal, Conflict) else 422
        return _cancel_page(slug, public_id, refusal=refusal), status
    flash(_("La rencontre est annulée : les personnes inscrites en sont avisées."), "success")
    return redirect(address, 303)


def _space(session: Session, slug: str) -> Space:
    """The space, for whoever calls its meetings; for others the page does not exist."""
    space = find_readable_space(session, slug, viewer=viewer()) or abort(404)
    if not moderates(viewer(), space.id):
        abort(404)
    return space


def _hosts(session: Session, found: Meeting) -> list[Host]:
    return hosts_of(session, found.space, present=found.facilitator_id, by=viewer())


def _own(hosts: Sequence[Host]) -> Host | None:
    return next((one for one in hosts if one.member_id == viewer().member_id), None)


def _stored(found: Meeting, hosts: Sequence[Host]) -> MeetingForm:
    host = next((one for one in hosts if one.member_id == found.facilitator_id), None)
    return stored_form(found, host)


def _again(
    slug: str,
    public_id: str,
    form: MeetingForm,
    hosts: Sequence[Host],
    *,
    refusal: DomainError | None = None,
) -> ResponseReturnValue:
    """What was typed, why it was refused and, when someone else wrote, what stands now."""
    is_conflict = isinstance(refusal, Conflict)
    with reading() as session:
        g.session = session
        found = conducted_at(session, slug, public_id)
        theirs = _stored(found, hosts).typed if is_conflict else None
        page = _form_page(session, found.space, form, hosts, meeting=found, theirs=theirs)
    return page, 409 if is_conflict else 422


def _form_page(
    session: Session,
    space: Space,
    form: MeetingForm,
    hosts: Sequence[Host],
    *,
    meeting: Meeting | None = None,
    theirs: object = None,
) -> str:
    g.session = session
    wrong = dict(form.errors)
    version = meeting.version if meeting else 0
    if wrong and theirs is None and meeting is not None:
        version = read_version(request.form)
    return render_template(
        "community/meetings/form.html",
        **head_of(session, space),
        meeting=meeting,
        form=form,
        wrong=wrong,
        host_options=[(one.public_id, one.name) for one in hosts],
        theirs=theirs,
        version=version,
        agenda=rich(
            "ordre", _("Ordre du jour"), form.typed.get("ordre", ""), error=wrong.get("ordre", "")
        ),
        agenda_max=AGENDA_MAX,
    )


def _cancel_page(slug: str, public_id: str, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        g.session = session
        found = conducted_at(session, slug, public_id)
        return render_template(
            "community/meetings/cancel.html",
            **head_of(session, found.space),
            meeting=found,
            typed=request.form.get("motif", ""),
            errors=[(refusal.about, refusal.message)] if refusal else [],
            longest=REASON_MAX,
        )
