"""`/communaute/SLUG/adhesion`: coming in, asking, waiting, answering an invitation, leaving."""

from collections.abc import Callable

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.community.exports import words as space_words
from inters4.community.models import Space
from inters4.community.queries.access import access_to
from inters4.community.queries.asking import (
    find_invited,
    last_request,
    own_invitations,
    own_requests,
)
from inters4.community.queries.spaces import leaders_of
from inters4.community.queries.visibility import find_space
from inters4.community.services import inviting, joining, leaving
from inters4.community.services.checking import MESSAGE_MAX
from inters4.community.views.blueprint import bp
from inters4.community.views.places import space_page
from inters4.core.access import Viewer
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError
from inters4.core.i18n import _
from inters4.core.web.requests import signed_in, viewer


@bp.get("/mes-demandes")
@signed_in
def own_requests_page() -> ResponseReturnValue:
    """One's own requests, where each stands, and the invitations that wait."""
    with reading() as session:
        g.session = session
        return render_template(
            "community/own_requests.html",
            requests=own_requests(session, viewer=viewer()),
            invitations=own_invitations(session, viewer=viewer()),
            space_words=space_words,
        )


@bp.get("/<slug>/adhesion")
@signed_in
def membership(slug: str) -> ResponseReturnValue:
    """Where one stands, and what one may do."""
    return _page(slug)


@bp.post("/<slug>/adhesion/entree")
@signed_in
def join(slug: str) -> ResponseReturnValue:
    """Come in where anyone may."""
    with writing() as session:
        space = _space(session, slug)
        joining.join(session, space, by=viewer())
        name = space.name
    flash(_("Vous faites maintenant partie de l’espace %(space)s.", space=name), "success")
    return redirect(url_for(".space", slug=slug), 303)


@bp.post("/<slug>/adhesion/demande")
@signed_in
def ask_to_come(slug: str) -> ResponseReturnValue:
    """Send a request."""
    message = request.form.get("message", "")
    try:
        with writing() as session:
            joining.ask_to_join(session, _space(session, slug), message, by=viewer())
    except DomainError as refusal:
        if refusal.about != "message":
            raise
        return _page(slug, message=message, error=refusal.message), 422
    flash(_("Votre demande est envoyée. Cette page dit où elle en est."), "success")
    return redirect(url_for(".membership", slug=slug), 303)


@bp.post("/<slug>/adhesion/retrait")
@signed_in
def withdraw_join(slug: str) -> ResponseReturnValue:
    """Ask no more."""
    return _change(slug, joining.withdraw_request, _("Votre demande est retirée."), ".membership")


@bp.post("/<slug>/adhesion/invitation")
@signed_in
def answer_invitation(slug: str) -> ResponseReturnValue:
    """Come in, or decline."""
    if request.form.get("reponse") == "oui":
        told = _("Vous faites maintenant partie de cet espace.")
        return _change(slug, inviting.accept_invitation, told, ".space")
    with writing() as session:
        inviting.decline_invitation(session, _space(session, slug), by=viewer())
    flash(_("L’invitation est déclinée."), "success")
    return redirect(url_for(".own_requests_page"), 303)


@bp.post("/<slug>/adhesion/depart")
@signed_in
def leave(slug: str) -> ResponseReturnValue:
    """Go out; where one still sees the space, one stays on its page."""
    with writing() as session:
        space = _space(session, slug)
        leaving.leave(session, space, by=viewer())
        name, here = space.name, not space.is_private
    flash(_("Vous ne faites plus partie de l’espace %(space)s.", space=name), "success")
    return redirect(url_for(".space", slug=slug) if here else url_for(".index"), 303)


def _space(session: Session, slug: str) -> Space:
    """A space that the viewer sees, or to which they are invited."""
    return (
        find_space(session, slug, viewer=viewer())
        or find_invited(session, slug, viewer=viewer())
        or abort(404)
    )


def _change(
    slug: str, verb: Callable[..., object], told: str, endpoint: str
) -> ResponseReturnValue:
    with writing() as session:
        verb(session, _space(session, slug), by=viewer())
    flash(told, "success")
    return redirect(url_for(endpoint, slug=slug), 303)


def _page(slug: str, *, message: str = "", error: str = "") -> str:
    with reading() as session:
        g.session = session
        space = _space(session, slug)
        access = access_to(session, space, viewer=viewer())
        return space_page(
            session,
            "community/membership.html",
            space,
            place="adhesion",
            access=access,
            message=message,
            error=error,
            longest=MESSAGE_MAX,
            leaders=leaders_of(session, [space]),
            leads=viewer().member_id in {space.facilitator_id, space.deputy_id},
            last=None if access.belongs else last_request(session, space.id, _own_id()),
        )


def _own_id() -> int:
    found: Viewer = viewer()
    return found.member_id or 0
