"""`/admin/personnes/ID`: one person; changing their state, their roles, their organisations."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import (
    ORGANISATION_ROLES,
    PLATFORM_ROLES,
    STAFF,
    WATCHED_ROLES,
    Role,
    Viewer,
)
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError, NotAllowed
from inters4.core.i18n import _
from inters4.core.web.requests import request_id, requires, viewer
from inters4.members.exports.words import place_label, role_label, state_label
from inters4.members.models import Member, MemberState, Organisation
from inters4.members.queries import administration as queries
from inters4.members.queries.approvals import open_request
from inters4.members.queries.organisations import find_organisation, list_organisations
from inters4.members.queries.people import load_grants
from inters4.members.services.administration import move_account, offered_states
from inters4.members.services.people import may_grant
from inters4.members.services.roles import (
    confirm_organisation,
    give_role,
    leave_organisation,
    withdraw_role,
)
from inters4.members.views.asking import ask, is_agreed
from inters4.members.views.proof import ask_for_proof
from inters4.members.views.sign_in import bp


@bp.get("/admin/personnes/<public_id>")
@requires(*STAFF)
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
@requires(*STAFF)
def change_member_state(public_id: str) -> ResponseReturnValue:
    """Suspend, deactivate, open again; with a reason."""
    to, reason = request.form.get("etat", ""), request.form.get("raison", "")
    try:
        with writing() as session:
            member = _find(session, public_id)
            state = MemberState(to) if to in {one.value for one in MemberState} else member.state
            move_account(session, member, state, reason=reason, by=viewer())
    except DomainError as refusal:
        return _told(public_id, refusal, field="raison" if refusal.about == "reason" else "etat")
    flash(_("L’état du compte est changé."), "success")
    return redirect(url_for(".member_record", public_id=public_id), code=303)


@bp.post("/admin/personnes/<public_id>/role")
@requires(*STAFF)
def change_member_role(public_id: str) -> ResponseReturnValue:
    """Give a role, a watched one after a recent password; or take it back, once agreed."""
    role = _role(request.form.get("role")) or abort(400)
    is_removal = request.form.get("geste") == "retirer"
    if is_removal and not is_agreed():
        return _ask_about_role(public_id, role)
    if not is_removal and role in WATCHED_ROLES and (asked := ask_for_proof()) is not None:
        return asked
    try:
        with writing() as session:
            member = _find(session, public_id)
            scope = _scope(session, role)
            is_staff = True
            if is_removal:
                withdraw_role(session, member, role, by=viewer(), organisation=scope)
                is_staff = _still_staff(session, member)
            else:
                give_role(session, member, role, by=viewer(), organisation=scope)
    except DomainError as refusal:
        return _told(public_id, refusal, field=refusal.about or "role")
    flash(_("Les rôles sont changés."), "success")
    if not is_staff:
        return redirect(url_for(".account"), code=303)
    return redirect(url_for(".member_record", public_id=public_id), code=303)


@bp.post("/admin/personnes/<public_id>/organisation")
@requires(*STAFF)
def change_member_organisation(public_id: str) -> ResponseReturnValue:
    """Vouch for a link with an organisation; or end it, once one has said yes."""
    is_removal = request.form.get("geste") == "retirer"
    chosen = request.form.get("organisation", "")
    if is_removal and not is_agreed():
        return _ask_about_organisation(public_id, chosen)
    try:
        with writing() as session:
            member = _find(session, public_id)
            organisation = _place(session, chosen)
            if is_removal:
                leave_organisation(session, member, organisation, by=viewer())
            else:
                confirm_organisation(session, member, organisation, by=viewer())
    except DomainError as refusal:
        return _told(public_id, refusal, field="organisation")
    flash(_("Les organisations sont changées."), "success")
    return redirect(url_for(".member_record", public_id=public_id), code=303)


def _ask_about_role(public_id: str, role: Role) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        member = _find(session, public_id)
        organisation = find_organisation(session, request.form.get("organisation", ""))
        named = role_label(role)
        if organisation is not None:
            named = _("%(role)s (%(place)s)", role=named, place=organisation.label)
        own = _("Vous ne pourrez pas vous le redonner.") if _is_own(member) else ""
        return ask(
            _("Retirer le rôle « %(role)s » à %(name)s?", role=named, name=member.name),
            own or _("Ce que ce rôle ouvre se ferme à l’instant. Il pourra être redonné."),
            button=_("Retirer ce rôle"),
            back=url_for(".member_record", public_id=public_id),
        )


def _ask_about_organisation(public_id: str, chosen: str) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        member = _find(session, public_id)
        organisation = find_organisation(session, chosen) or abort(400)
        return ask(
            _("Retirer %(name)s de « %(place)s »?", name=member.name, place=organisation.name),
            _(
                "Les rôles que cette personne y tient se retirent aussi. "
                "Le lien pourra être confirmé de nouveau, les rôles redonnés."
            ),
            button=_("Retirer de cette organisation"),
            back=url_for(".member_record", public_id=public_id),
        )


def _is_own(member: Member) -> bool:
    return member.id == viewer().member_id


def _still_staff(session: Session, member: Member) -> bool:
    """False when the person at the keyboard may no longer read these pages."""
    return not _is_own(member) or any(
        grant.role in STAFF for grant in load_grants(session, member.id)
    )


def _scope(session: Session, role: Role) -> int | None:
    if role not in ORGANISATION_ROLES:
        return None
    organisation = find_organisation(session, request.form.get("organisation", ""))
    if organisation is None:
        raise DomainError(
            _("Ce rôle se tient dans une organisation : choisissez-la."), about="role-organisation"
        )
    return organisation.id


def _place(session: Session, chosen: str) -> Organisation:
    organisation = find_organisation(session, chosen)
    if organisation is None:
        raise DomainError(_("Choisissez une organisation."))
    return organisation


def _find(session: Session, public_id: str) -> Member:
    return queries.load_member(session, public_id) or abort(404)


def _told(public_id: str, refusal: DomainError, *, field: str) -> ResponseReturnValue:
    """The page again with what was typed; a refusal for lack of right is answered as such."""
    if isinstance(refusal, NotAllowed) or refusal.status == 404:
        raise refusal
    return _record(public_id, told=refusal.message, field=field, status=max(refusal.status, 422))


def _record(
    public_id: str, *, told: str = "", field: str = "", status: int = 200
) -> ResponseReturnValue:
    present = viewer()
    with reading() as session:
        g.session = session
        member = _find(session, public_id)
        body = render_template(
            "members/record.html",
            member=member,
            changes=queries.changes_of(session, member.id),
            waiting=open_request(session, member.id),
            states=[
                (one.value, state_label(one))
                for one in (offered_states(member) if member.id != present.member_id else ())
            ],
            roles=[(role.value, _offered(role)) for role in Role if _may_give(role, present)],
            places=[(one.slug, one.name) for one in list_organisations(session)],
            state_label=state_label,
            role_label=role_label,
            place_label=place_label,
            told=told,
            field=field,
            typed=request.form,
        )
    return body, status


def _may_give(role: Role, present: Viewer) -> bool:
    return role in PLATFORM_ROLES | ORGANISATION_ROLES and may_grant(role, by=present)


def _offered(role: Role) -> str:
    if role in ORGANISATION_ROLES:
        return _("%(role)s (dans une organisation)", role=role_label(role))
    return role_label(role)


def _role(typed: str | None) -> Role | None:
    return Role(typed) if typed in {one.value for one in Role} else None
