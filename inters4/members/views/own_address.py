"""`/compte/courriel`: another address, confirmed by its owner."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import reading, writing
from inters4.core.errors import DomainError
from inters4.core.i18n import _
from inters4.core.web.requests import public, signed_in, viewer
from inters4.members.exports.letters import harmless, masked
from inters4.members.models import Member, TokenPurpose
from inters4.members.queries import email_of
from inters4.members.queries.tokens import asked_address
from inters4.members.services.own_address import (
    ask_address,
    change_address,
    forget_asked_address,
)
from inters4.members.services.tokens import DeadToken, UsedToken, find_token
from inters4.members.views.proof import recently_proved
from inters4.members.views.sign_in import bp


@bp.get("/compte/courriel")
@signed_in
@recently_proved
def own_address() -> ResponseReturnValue:
    """The present address, and a field for another."""
    return _page()


@bp.post("/compte/courriel")
@signed_in
@recently_proved
def ask_own_address() -> ResponseReturnValue:
    """Send the link; the answer is the same whether the address is known or not."""
    typed = request.form.get("courriel", "").strip()
    try:
        with writing() as session:
            ask_address(session, typed, by=viewer())
    except DomainError as refusal:
        return _page(told=refusal.message, typed=typed, status=max(refusal.status, 422))
    flash(_("Ouvrez le lien envoyé à %(address)s : il confirme le changement.", address=typed))
    return redirect(url_for(".own_address"), code=303)


@bp.post("/compte/courriel/annulation")
@signed_in
def drop_own_address() -> ResponseReturnValue:
    """The change that awaits is dropped; its link opens nothing any more."""
    with writing() as session:
        forget_asked_address(session, by=viewer())
    flash(_("Le changement d’adresse est annulé."), "success")
    return redirect(url_for(".own_address"), code=303)


@bp.get("/compte/courriel/<secret>")
@public
def address_link(secret: str) -> ResponseReturnValue:
    """Which account asked; a button in a session of that account, and nowhere else."""
    with reading() as session:
        g.session = session
        try:
            row = find_token(session, secret, TokenPurpose.CHANGE_EMAIL)
        except UsedToken:
            return render_template("members/address_link.html", email="")
        except DeadToken as refusal:
            return _dead(refusal)
        asker = session.get_one(Member, row.member_id)
        return render_template(
            "members/address_link.html",
            secret=secret,
            email=row.data["email"],
            asker=harmless(asker.name),
            present=masked(asker.email),
            is_own=row.member_id == viewer().member_id,
        )


@bp.post("/compte/courriel/<secret>")
@signed_in
def confirm_address(secret: str) -> ResponseReturnValue:
    """The address changes; pressed twice, nothing more happens."""
    try:
        with writing() as session:
            change_address(session, secret, by=viewer())
    except UsedToken:
        pass
    except DeadToken as refusal:
        return _dead(refusal)
    return redirect(url_for(".address_link", secret=secret), code=303)


def _dead(refusal: DeadToken) -> ResponseReturnValue:
    return render_template("members/dead_link.html", message=refusal.message, again=""), 410


def _page(*, told: str = "", typed: str = "", status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        body = render_template(
            "members/own_address.html",
            address=email_of(session, viewer().member_id),
            asked=asked_address(session, viewer().member_id or 0),
            told=told,
            typed=typed,
        )
    return body, status
