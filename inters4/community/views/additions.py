"""What a thread proposes to the sheet it is about: proposing it, and the page where one decides."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.community.exports.addition_words import STATES, origin_path, what_it_is
from inters4.community.exports.paths import thread_path
from inters4.community.models import Post, Thread
from inters4.community.queries.additions import Proposed, find_addition, find_post
from inters4.community.queries.visibility import find_thread
from inters4.community.services.proposing import (
    decline_addition,
    propose_addition,
    take_addition,
)
from inters4.community.views.blueprint import bp
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError, NotFound
from inters4.core.i18n import _
from inters4.core.web.requests import request_id, signed_in, viewer
from inters4.practices.queries.revisions import author_ids
from inters4.practices.services.deciding import is_team


@bp.post("/<slug>/<int:number>/ajout")
@signed_in
def propose(slug: str, number: int) -> ResponseReturnValue:
    """Propose an answer, named by its number in the thread, or the summary without one."""
    with writing() as session:
        thread = find_thread(session, slug, number, viewer=viewer()) or abort(404)
        post = _named_post(session, thread)
        propose_addition(session, thread, thread.space, post, by=viewer(), request_id=request_id())
        path = thread_path(slug, thread.id, thread.title)
    flash(_("L’ajout est proposé : les personnes qui portent la fiche décideront."), "success")
    return redirect(request.script_root + path, code=303)


@bp.get("/ajouts/<public_id>")
@signed_in
def addition(public_id: str) -> ResponseReturnValue:
    """The text, where it comes from, and both answers for who decides."""
    return _page(public_id)


@bp.post("/ajouts/<public_id>/reprise")
@signed_in
def take(public_id: str) -> ResponseReturnValue:
    """Copy it beside the revision of the sheet, and go there."""
    try:
        with writing() as session:
            found = _find(session, public_id)
            take_addition(session, found, by=viewer(), request_id=request_id())
            practice_id = found.practice.id
    except NotFound:
        raise
    except DomainError as refusal:
        return _page(public_id, refusal=refusal)
    flash(_("Le texte est à côté de la fiche, sous « À ranger »."), "success")
    return redirect(url_for("practices.dossier", practice_id=practice_id), code=303)


@bp.post("/ajouts/<public_id>/refus")
@signed_in
def decline(public_id: str) -> ResponseReturnValue:
    """Say no, and why; or give the form back as it was typed."""
    reason = request.form.get("raison", "")
    try:
        with writing() as session:
            found = _find(session, public_id)
            decline_addition(session, found, reason=reason, by=viewer(), request_id=request_id())
    except NotFound:
        raise
    except DomainError as refusal:
        return _page(public_id, refusal=refusal, typed=reason)
    flash(_("L’ajout n’est pas retenu; la personne qui le proposait lira pourquoi."), "success")
    return redirect(url_for(".addition", public_id=public_id), code=303)


def _find(session: Session, public_id: str) -> Proposed:
    return find_addition(session, public_id, viewer=viewer(), for_update=True) or abort(404)


def _named_post(session: Session, thread: Thread) -> Post | None:
    named = request.form.get("message", "")
    if not named:
        return None
    if not (named.isascii() and named.isdigit() and len(named) < 10):
        abort(404)
    return find_post(session, thread, int(named), viewer=viewer()) or abort(404)


def _page(
    public_id: str, *, refusal: DomainError | None = None, typed: str = ""
) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        found = find_addition(session, public_id, viewer=viewer()) or abort(404)
        may_decide = is_team(viewer()) or viewer().member_id in author_ids(
            session, found.practice.id
        )
        body = render_template(
            "community/addition.html",
            found=found,
            what=what_it_is(found),
            origin=origin_path(found),
            state=STATES[found.addition.state],
            may_decide=may_decide and found.addition.is_waiting,
            told=refusal.message if refusal else "",
            about=refusal.about if refusal else "",
            typed=typed,
        )
    if refusal is None:
        return body, 200
    return body, 422 if refusal.status == DomainError.status else refusal.status
