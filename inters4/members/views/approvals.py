"""`/approbations`: whoever decides opens the letter's link, and presses one button."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.access import Role
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError
from inters4.core.i18n import _
from inters4.core.web.requests import requires, viewer
from inters4.members.models import ApprovalRequest
from inters4.members.queries import approvals as queries
from inters4.members.queries.organisations import find_organisation, list_organisations
from inters4.members.services.approvals import AlreadyDecided, decide, may_name_organisation
from inters4.members.views.sign_in import bp

_DECIDERS = (Role.APPROVER, Role.COORDINATION, Role.ADMIN)


@bp.get("/approbations")
@requires(*_DECIDERS)
def approvals() -> ResponseReturnValue:
    """What waits for this person, the oldest first; what was decided, the latest first."""
    is_open = request.args.get("etat") != "decidees"
    with reading() as session:
        g.session = session
        return render_template(
            "members/approvals.html",
            page=queries.list_requests(
                session,
                viewer=viewer(),
                is_open=is_open,
                page=request.args.get("page", 1, type=int),
            ),
            is_open=is_open,
            url_of=lambda number: url_for(
                ".approvals", etat=None if is_open else "decidees", page=number
            ),
        )


@bp.get("/approbations/<public_id>")
@requires(*_DECIDERS)
def approval(public_id: str) -> ResponseReturnValue:
    """Who asks, and two buttons."""
    return _page(public_id)


@bp.post("/approbations/<public_id>")
@requires(*_DECIDERS)
def answer_approval(public_id: str) -> ResponseReturnValue:
    """Accept or refuse; whoever comes second sees the first's decision."""
    is_approved = request.form.get("decision") == "accepter"
    chosen = request.form.get("organisation", "")
    try:
        with writing() as session:
            decided = decide(
                session,
                public_id,
                is_approved=is_approved,
                by=viewer(),
                reason=request.form.get("raison", ""),
                organisation=find_organisation(session, chosen) if chosen else None,
            )
            name = decided.member.name
    except AlreadyDecided as refusal:
        return _page(public_id, told=refusal.message, status=409)
    except DomainError as refusal:
        if refusal.status != 400:
            raise
        return _page(public_id, told=refusal.message, status=422)
    flash(
        _("La demande de %(name)s est acceptée.", name=name)
        if is_approved
        else _("La demande de %(name)s est refusée.", name=name),
        "success",
    )
    return redirect(url_for(".approvals"), code=303)


def _page(public_id: str, *, told: str = "", status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        found = queries.find_request(session, public_id, viewer=viewer()) or abort(404)
        body = render_template(
            "members/approval.html",
            request_=found,
            told=told,
            typed=request.form,
            organisations=list_organisations(session) if _may_name(found) else [],
        )
    return body, status


def _may_name(found: ApprovalRequest) -> bool:
    """An organisation that the portal did not know is said by whoever decides for all."""
    is_unknown = found.organisation_id is None and found.decided_at is None
    return is_unknown and may_name_organisation(viewer())
