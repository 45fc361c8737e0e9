"""`/infolettres/bureau`: the issues that the team makes, and who each newsletter says it is."""

from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _
from inters4.core.web.requests import request_id, signed_in, viewer
from inters4.newsletters.models import IssueState
from inters4.newsletters.queries import find_newsletter
from inters4.newsletters.queries.composing import LEAVING, desk_of, issue_in_progress
from inters4.newsletters.services.preparing import prepare_next_issue
from inters4.newsletters.services.sender import set_sender
from inters4.newsletters.views.blueprint import bp
from inters4.newsletters.views.wording import STATES
from inters4.veille.queries.summaries import is_team

_COMPOSED = frozenset({IssueState.DRAFT})


@bp.get("/bureau")
@signed_in
def desk() -> ResponseReturnValue:
    """What is leaving, then what is being made, the nearest hour first."""
    if not is_team(viewer()):
        abort(404)
    with reading() as session:
        g.session = session
        return render_template(
            "newsletters/desk/index.html",
            desk=desk_of(session),
            states=STATES,
            composed=_COMPOSED,
            leaving=LEAVING,
        )


@bp.post("/bureau/<newsletter_id>/prochain")
@signed_in
def prepare(newsletter_id: str) -> ResponseReturnValue:
    """Make the next issue, or go to the one that is being made."""
    if not is_team(viewer()):
        abort(404)
    try:
        with writing() as session:
            found = find_newsletter(session, newsletter_id) or abort(404)
            is_known = issue_in_progress(session, found.id) is not None
            issue = prepare_next_issue(session, found, by=viewer(), request_id=request_id())
            number, is_draft = issue.number, issue.state is IssueState.DRAFT
    except Conflict as refusal:
        flash(refusal.message, "warning")
        return redirect(url_for(".desk"), 303)
    if is_known:
        flash(_("Le numéro %(number)s était déjà commencé : le voici.", number=number), "success")
    page = ".compose" if is_draft else ".approval"
    return redirect(url_for(page, newsletter_id=newsletter_id, number=number), 303)


@bp.get("/bureau/<newsletter_id>/expediteur")
@signed_in
def sender(newsletter_id: str) -> ResponseReturnValue:
    """Who a newsletter says that it comes from."""
    return _sender_page(newsletter_id)


@bp.post("/bureau/<newsletter_id>/expediteur")
@signed_in
def save_sender(newsletter_id: str) -> ResponseReturnValue:
    """Keep it."""
    if not is_team(viewer()):
        abort(404)
    try:
        with writing() as session:
            found = find_newsletter(session, newsletter_id) or abort(404)
            set_sender(
                session,
                found,
                name=request.form.get("nom", ""),
                reply_to=request.form.get("reponse", ""),
                postal_address=request.form.get("adresse", ""),
                by=viewer(),
                request_id=request_id(),
            )
    except DomainError as refusal:
        if refusal.status != DomainError.status:
            raise
        return _sender_page(newsletter_id, error=(refusal.about, refusal.message)), 422
    flash(_("C’est enregistré."), "success")
    return redirect(url_for(".desk"), 303)


def _sender_page(newsletter_id: str, *, error: tuple[str, str] | None = None) -> str:
    if not is_team(viewer()):
        abort(404)
    with reading() as session:
        g.session = session
        found = find_newsletter(session, newsletter_id) or abort(404)
        held = {"nom": found.sender, "reponse": found.reply_to, "adresse": found.postal_address}
        settings = current_app.config["SETTINGS"]
        return render_template(
            "newsletters/desk/sender.html",
            newsletter=found,
            typed=request.form if error else held,
            errors=[error] if error else [],
            own=settings.contact,
        )
