"""Inviting, taking an invitation back, and accepting one."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.access import ORGANISATION_ROLES, PLATFORM_ROLES, WATCHED_ROLES, Role, Viewer
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError, NotAllowed
from inters4.core.i18n import _, format_date
from inters4.core.web.requests import public, requires, signed_in, site, viewer
from inters4.members.exports.words import role_label
from inters4.members.models import Member
from inters4.members.queries import email_of
from inters4.members.queries.approvals import approved_organisations
from inters4.members.queries.organisations import find_organisation, list_organisations
from inters4.members.queries.registrations import (
    find_invitation,
    find_own_invitation,
    list_invitations,
)
from inters4.members.queries.tokens import secret_of_seed
from inters4.members.services import invitations as services
from inters4.members.services.people import may_grant
from inters4.members.services.tokens import DeadToken
from inters4.members.views.asking import ask, is_agreed
from inters4.members.views.proof import ask_for_proof
from inters4.members.views.sign_in import bp

_FIELDS = {"email": "courriel", "max_uses": "fois", "role": "role"}
_INVITERS = (Role.APPROVER, Role.COORDINATION, Role.ADMIN)


@bp.get("/invitations")
@requires(*_INVITERS)
def invitations() -> ResponseReturnValue:
    """Those one made, and the form."""
    return _page()


@bp.post("/invitations")
@requires(*_INVITERS)
def send_invitation() -> ResponseReturnValue:
    """Mail an invitation, or make a link to send."""
    email = request.form.get("courriel", "").strip()
    role = request.form.get("role", "")
    if role in WATCHED_ROLES and (asked := ask_for_proof()) is not None:
        return asked
    try:
        with writing() as session:
            row = services.invite(
                session,
                by=viewer(),
                email=email,
                organisation=find_organisation(session, request.form.get("organisation", "")),
                role=Role(role) if role in {one.value for one in Role} else None,
                max_uses=request.form.get("fois", 1, type=int),
            )
    except NotAllowed:
        raise
    except DomainError as refusal:
        return _page(
            told=refusal.message, field=_FIELDS.get(refusal.about, "organisation"), status=422
        )
    if email:
        flash(_("L’invitation part vers %(address)s.", address=row.email), "success")
        return redirect(url_for(".invitations"), code=303)
    return _page(link=f"{site()}/invitation/{secret_of_seed(row.seed)}")


@bp.post("/invitations/<public_id>/retrait")
@requires(*_INVITERS)
def revoke_invitation(public_id: str) -> ResponseReturnValue:
    """Nobody comes by it any more, once one has said yes."""
    if not is_agreed():
        return _ask_about(public_id)
    with writing() as session:
        services.revoke_invitation(session, public_id, by=viewer())
    flash(_("L’invitation est retirée."), "success")
    return redirect(url_for(".invitations"), code=303)


@bp.get("/invitation/<secret>")
@public
def invitation(secret: str) -> ResponseReturnValue:
    """Who invites, to what, and how to accept."""
    with reading() as session:
        g.session = session
        found = find_invitation(session, secret)
        if found is None or not found.is_live(now()):
            return _dead(_("Cette invitation est retirée, déjà utilisée ou trop ancienne."))
        own = email_of(session, viewer().member_id) if viewer().is_signed_in else ""
        return render_template(
            "members/invitation.html",
            invitation=found,
            secret=secret,
            role=role_label(found.role) if found.role else "",
            other_account=own if found.email and own and own != found.email else "",
        )


@bp.post("/invitation/<secret>")
@signed_in
def accept_invitation(secret: str) -> ResponseReturnValue:
    """Receive what the invitation carries."""
    try:
        with writing() as session:
            found = find_invitation(session, secret) or abort(404)
            member = session.get_one(Member, viewer().member_id)
            services.accept_invitation(session, found, member)
    except DeadToken as refusal:
        return _dead(refusal.message)
    flash(_("L’invitation est acceptée."), "success")
    return redirect(url_for(".account"), code=303)


def _ask_about(public_id: str) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        found = find_own_invitation(session, public_id, by=viewer()) or abort(404)
        return ask(
            _("Retirer l’invitation de %(address)s?", address=found.email)
            if found.email
            else _(
                "Retirer le lien d’invitation fait le %(day)s?", day=format_date(found.created_at)
            ),
            _("Qui la suivrait n’entrera plus. Une autre pourra être envoyée."),
            button=_("Retirer l’invitation"),
            back=url_for(".invitations"),
        )


def _dead(message: str) -> ResponseReturnValue:
    body = render_template(
        "members/dead_link.html", message=message, again=url_for(".registration")
    )
    return body, 410


def _page(
    *, told: str = "", field: str = "", link: str = "", status: int = 200
) -> ResponseReturnValue:
    present = viewer()
    is_staff = present.is_staff
    with reading() as session:
        g.session = session
        organisations = [
            one
            for one in list_organisations(session)
            if is_staff or one.id in approved_organisations(present)
        ]
        body = render_template(
            "members/invitations.html",
            page=list_invitations(
                session,
                invited_by=None if is_staff else present.member_id,
                page=request.args.get("page", 1, type=int),
            ),
            url_of=lambda number: url_for(".invitations", page=number),
            places=[(one.slug, one.name) for one in organisations],
            roles=[(role.value, role_label(role)) for role in _roles(present)],
            is_staff=is_staff,
            at=now(),
            told=told,
            field=field,
            typed=request.form if told else {},
            link=link,
            role_label=role_label,
            most=services.MOST_USES,
        )
    return body, status


def _roles(present: Viewer) -> list[Role]:
    """What this person may give, somewhere."""
    scopes = approved_organisations(present) or {0}
    return [
        role
        for role in Role
        if role in PLATFORM_ROLES | ORGANISATION_ROLES
        and any(may_grant(role, by=present, organisation=one or None) for one in scopes)
    ]
