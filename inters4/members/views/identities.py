"""`/compte/identite`: an identity of the provider is linked to one's account, or unlinked."""

from flask import abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import reading, writing
from inters4.core.errors import DomainError
from inters4.core.i18n import _
from inters4.core.web.requests import request_id, signed_in, viewer
from inters4.members.queries import email_of
from inters4.members.queries.identities import identities_of
from inters4.members.services import identities
from inters4.members.services.arrivals import Arrived
from inters4.members.views import browser, provider_browser
from inters4.members.views.asking import ask, is_agreed
from inters4.members.views.proof import recently_proved
from inters4.members.views.sign_in import bp


@bp.get("/compte/identite")
@signed_in
@recently_proved
def identity() -> ResponseReturnValue:
    """Show both sides of what would be linked: nothing is linked by a link."""
    found = _arrived()
    if found is None:
        return _too_late()
    with reading() as session:
        email = email_of(session, viewer().member_id)
    return render_template(
        "members/identity.html",
        found=found,
        email=email,
        label=provider_browser.provider_label(),
    )


@bp.post("/compte/identite")
@signed_in
@recently_proved
def link_identity() -> ResponseReturnValue:
    """Link who came back to the account that is open."""
    found = _arrived()
    if found is None:
        return _too_late()
    response = make_response(redirect(url_for(".security"), code=303))
    try:
        with writing() as session:
            is_new = identities.link(session, found, by=viewer(), request_id=request_id())
    except DomainError as refusal:
        flash(refusal.message, "error")
    else:
        said = (
            _("Vous pouvez maintenant entrer avec %(name)s.")
            if is_new
            else _("Vous entriez déjà avec %(name)s.")
        )
        flash(said % {"name": provider_browser.provider_label()}, "success")
    provider_browser.forget_arrived(response)
    return response


@bp.post("/compte/identite/<name>/retrait")
@signed_in
@recently_proved
def unlink_identity(name: str) -> ResponseReturnValue:
    """Take an identity away, unless nothing else opens the account."""
    if not is_agreed():
        return _ask(name)
    try:
        with writing() as session:
            identities.unlink(session, name, by=viewer(), request_id=request_id())
    except DomainError as refusal:
        if refusal.status == 404:
            raise
        flash(refusal.message, "error")
    else:
        flash(_("Cette identité n’ouvre plus votre compte."))
    return redirect(url_for(".security"), code=303)


def _ask(name: str) -> ResponseReturnValue:
    with reading() as session:
        held = identities_of(session, viewer().member_id or 0)
    wanted = next((one for one in held if one.name == name), None) or abort(404)
    return ask(
        _("Délier %(name)s?", name=wanted.email or wanted.issuer),
        _("Cette identité n’ouvrira plus votre compte. Vous pourrez la relier de nouveau."),
        button=_("Délier"),
        back=url_for(".security"),
    )


def _arrived() -> Arrived | None:
    """Who came back to this browser for the present session, or before it with its very address.

    On a shared machine, whoever came back and left is nobody else's to link.
    """
    provider_browser.client_or_404()
    found = provider_browser.arrived_of_request()
    if found is None or found.session_id == browser.present_session().id:
        return found
    with reading() as session:
        email = email_of(session, viewer().member_id)
    is_own = found.session_id == 0 and found.is_proved and found.email == email
    return found if is_own else None


def _too_late() -> ResponseReturnValue:
    flash(_("Plus de dix minutes ont passé : recommencez."))
    return redirect(url_for(".security"), code=303)
