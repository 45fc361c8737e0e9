"""`/admin`: finding anyone, and what was decided about them; the health of the queues."""

from collections.abc import Iterator
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import ORGANISATION_ROLES, PLATFORM_ROLES, Role
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError, NotAllowed
from inters4.core.i18n import _
from inters4.core.tables import CSV
from inters4.core.web.downloads import as_file
from inters4.core.web.requests import request_id, requires, viewer
from inters4.members.exports.members import members_csv
from inters4.members.exports.words import role_label, state_label
from inters4.members.models import Member, MemberState
from inters4.members.queries import administration as queries
from inters4.members.queries.approvals import count_open_requests, open_request
from inters4.members.queries.organisations import find_organisation, list_organisations
from inters4.members.queries.registrations import count_waiting_registrations
from inters4.members.services.administration import move_account, offered_states
from inters4.members.services.people import grant_role, may_grant
from inters4.members.services.roles import (
    confirm_organisation,
    leave_organisation,
    withdraw_role,
)
from inters4.members.views.sign_in import bp

_STAFF = (Role.COORDINATION, Role.ADMIN)
_FILTERS = ("q", "etat", "role", "organisation")


@bp.get("/admin")
@requires(*_STAFF)
def administration() -> ResponseReturnValue:
    """Figures that are links, and the health of what works unseen."""
    with reading() as session:
        g.session = session
        return render_template(
            "members/administration.html",
            counts=queries.count_by_state(session),
            states=list(MemberState),
            state_label=state_label,
            requests=count_open_requests(session, viewer=viewer()),
            registrations=count_waiting_registrations(session),
            health=queries.health(session),
        )


@bp.get("/admin/personnes")
@requires(*_STAFF)
def people_list() -> ResponseReturnValue:
    """Everyone, by name; found by a piece of name or address, a state, a role, an organisation."""
    with reading() as session:
        g.session = session
        wanted = _wanted(session)
        kept: dict[str, Any] = {
            name: value for name in _FILTERS if (value := request.args.get(name, ""))
        }
        return render_template(
            "members/people.html",
            page=queries.search_members(
                session, wanted, page=request.args.get("page", 1, type=int)
            ),
            wanted=wanted,
            chosen=request.args.get("organisation", ""),
            kept=kept,
            states=list(MemberState),
            roles=[role for role in Role if role in PLATFORM_ROLES | ORGANISATION_ROLES],
            organisations=list_organisations(session),
            state_label=state_label,
            role_label=role_label,
            url_of=lambda number: url_for(".people_list", **kept, page=number),
        )


@bp.get("/admin/personnes.csv")
@requires(*_STAFF)
def people_as_csv() -> ResponseReturnValue:
    """Those who are shown, as a table; the export is written in the journal."""
    with writing() as session:
        audit.record(session, "members.exported", by=viewer(), request_id=request_id())
    with reading() as session:
        wanted = _wanted(session)

    def lines() -> Iterator[str]:
        with reading() as session:
            yield from members_csv(queries.every_member(session, wanted))

    return as_file(lines(), CSV, "personnes-inters4.csv", is_private=True)


@bp.get("/admin/personnes/<public_id>")
@requires(*_STAFF)
def member_record(public_id: str) -> ResponseReturnValue:
    """One person: states with their reasons, roles, organisations. Looking is written down."""
    answer = _record(public_id)
    with writing() as session:
        audit.record(
            session,
            "members.record_read",
            by=viewer(),
            subject=f"person:{public_id}",
            request_id=request_id(),
        )
    return answer


@bp.post("/admin/personnes/<public_id>/etat")
@requires(*_STAFF)
def change_member_state(public_id: str) -> ResponseReturnValue:
    """Suspend, deactivate, open again; with a reason."""
    to = request.form.get("etat", "")
    try:
        with writing() as session:
            member = _find(session, public_id)
            state = MemberState(to) if to in {one.value for one in MemberState} else member.state
            move_account(session, member, state, reason=request.form.get("raison", ""), by=viewer())
    except DomainError as refusal:
        return _told(public_id, refusal)
    flash(_("L’état du compte est changé."), "success")
    return redirect(url_for(".member_record", public_id=public_id), code=303)


@bp.post("/admin/personnes/<public_id>/role")
@requires(*_STAFF)
def change_member_role(public_id: str) -> ResponseReturnValue:
    """Give a role, or take it back."""
    role = _role(request.form.get("role")) or abort(400)
    try:
        with writing() as session:
            member = _find(session, public_id)
            scope = _scope(session, role)
            if request.form.get("geste") == "retirer":
                withdraw_role(session, member, role, by=viewer(), organisation=scope)
            else:
                grant_role(session, member, role, by=viewer(), organisation=scope)
    except DomainError as refusal:
        return _told(public_id, refusal)
    flash(_("Les rôles sont changés."), "success")
    return redirect(url_for(".member_record", public_id=public_id), code=303)


@bp.post("/admin/personnes/<public_id>/organisation")
@requires(*_STAFF)
def change_member_organisation(public_id: str) -> ResponseReturnValue:
    """Vouch for a link with an organisation, or end it."""
    try:
        with writing() as session:
            member = _find(session, public_id)
            chosen = request.form.get("organisation", "")
            organisation = find_organisation(session, chosen) or abort(400)
            if request.form.get("geste") == "retirer":
                leave_organisation(session, member, organisation, by=viewer())
            else:
                confirm_organisation(session, member, organisation, by=viewer())
    except DomainError as refusal:
        return _told(public_id, refusal)
    flash(_("Les organisations sont changées."), "success")
    return redirect(url_for(".member_record", public_id=public_id), code=303)


def _scope(session: Session, role: Role) -> int | None:
    if role not in ORGANISATION_ROLES:
        return None
    organisation = find_organisation(session, request.form.get("organisation", ""))
    if organisation is None:
        raise DomainError(_("Ce rôle se tient dans une organisation : choisissez-la."))
    return organisation.id


def _find(session: Session, public_id: str) -> Member:
    return queries.load_member(session, public_id) or abort(404)


def _told(public_id: str, refusal: DomainError) -> ResponseReturnValue:
    """The page again, with what stops it; a refusal for lack of right is answered as such."""
    if isinstance(refusal, NotAllowed) or refusal.status == 404:
        raise refusal
    return _record(public_id, told=refusal.message, status=max(refusal.status, 422))


def _record(public_id: str, *, told: str = "", status: int = 200) -> ResponseReturnValue:
    present = viewer()
    with reading() as session:
        g.session = session
        member = _find(session, public_id)
        body = render_template(
            "members/record.html",
            member=member,
            changes=queries.changes_of(session, member.id),
            waiting=open_request(session, member.id),
            offered=offered_states(member) if member.id != present.member_id else [],
            roles=[
                role
                for role in Role
                if role in PLATFORM_ROLES | ORGANISATION_ROLES and may_grant(role, by=present)
            ],
            scoped=ORGANISATION_ROLES,
            organisations=list_organisations(session),
            state_label=state_label,
            role_label=role_label,
            told=told,
        )
    return body, status


def _wanted(session: Session) -> queries.Filter:
    state = request.args.get("etat", "")
    chosen = request.args.get("organisation", "")
    organisation = find_organisation(session, chosen) if chosen else None
    return queries.Filter(
        words=request.args.get("q", "")[:100],
        state=MemberState(state) if state in {one.value for one in MemberState} else None,
        role=_role(request.args.get("role")),
        organisation_id=organisation.id if organisation else None,
    )


def _role(typed: str | None) -> Role | None:
    return Role(typed) if typed in {one.value for one in Role} else None
