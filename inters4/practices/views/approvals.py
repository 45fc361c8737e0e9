"""`/approbations-fiches/ID/ORGANISATION`: the letter's link, the sheet, and one button."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _
from inters4.core.web.requests import request_id, signed_in, viewer
from inters4.practices.forms.posted import read_reason
from inters4.practices.models import PracticeState
from inters4.practices.queries.reviewers import lock_revision, names_of
from inters4.practices.queries.signing import find_approval
from inters4.practices.services.approving import decide_approval, may_sign
from inters4.practices.services.seen import check_unmoved, stance
from inters4.practices.views.panel import AskedOrganisation
from inters4.practices.views.preview import preview_parts

bp = Blueprint("practice_approvals", __name__, url_prefix="/approbations-fiches")


@bp.get("/<practice_id>/<slug>")
@signed_in
def show(practice_id: str, slug: str) -> ResponseReturnValue:
    """The sheet while it is asked about, and what was decided; whoever comes second sees it."""
    return _page(practice_id, slug)


@bp.post("/<practice_id>/<slug>")
@signed_in
def answer(practice_id: str, slug: str) -> ResponseReturnValue:
    """Approve, or refuse and say why."""
    is_granted = request.form.get("decision") == "approuver"
    try:
        with writing() as session:
            found = find_approval(session, practice_id, slug, viewer=viewer()) or abort(404)
            revision = lock_revision(session, found.revision.id)
            session.refresh(found.approval)
            own = (found.approval.by_id, found.approval.is_granted)
            if own != (viewer().member_id, is_granted):
                if found.approval.decided_at is None:
                    check_unmoved(revision, request.form.get("vu", ""))
                decide_approval(
                    session,
                    revision,
                    found.approval,
                    is_granted=is_granted,
                    reason=read_reason(request.form),
                    by=viewer(),
                    request_id=request_id(),
                )
    except Conflict as refusal:
        flash(refusal.message, "warning")
        return _page(practice_id, slug, status=409)
    except DomainError as refusal:
        if refusal.status != 400:
            raise
        return _page(practice_id, slug, told=refusal.message, status=422)
    flash(
        _("La fiche est approuvée. Merci.")
        if is_granted
        else _("La fiche est refusée : elle revient en rédaction."),
        "success",
    )
    return redirect(url_for("members.account"), code=303)


def _page(practice_id: str, slug: str, *, told: str = "", status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        found = find_approval(session, practice_id, slug, viewer=viewer()) or abort(404)
        revision, approval = found.revision, found.approval
        is_open = revision.is_open and revision.state is PracticeState.APPROVAL
        written = revision.values.get("title") if is_open else ""
        body = render_template(
            "practices/approvals/approval.html",
            asked=AskedOrganisation(
                approval,
                slug,
                found.organisation.name,
                names_of(session, [approval.by_id]).get(approval.by_id or 0, ""),
                approval.decided_at is None
                and may_sign(session, practice_id, approval.organisation_id, by=viewer()),
            ),
            practice_id=practice_id,
            title=written or revision.practice.title,
            is_open=is_open,
            sheet=url_for("practices.show", slug=revision.practice.slug)
            if revision.practice.is_readable
            else "",
            seen=stance(revision),
            told=told,
            typed=request.form,
            parts=preview_parts(session, revision) if is_open else None,
        )
    return body, status
