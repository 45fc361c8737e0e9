"""`/communaute/SLUG/demandes`: who asks to join, for those who lead."""

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from inters4.community.queries.asking import decided_requests, request_of, waiting_requests
from inters4.community.services import joining
from inters4.community.services.chasing_requests import ESCALATED_AFTER, REMINDED_AFTER
from inters4.community.services.checking import REASON_MAX
from inters4.community.views.blueprint import bp
from inters4.community.views.places import led_space, space_page
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _
from inters4.core.web.requests import signed_in, viewer


@bp.get("/<slug>/demandes")
@signed_in
def join_requests(slug: str) -> ResponseReturnValue:
    """Those that wait, then the latest answers."""
    return _page(slug)


@bp.post("/<slug>/demandes/<public_id>/acceptation")
@signed_in
def accept_join(slug: str, public_id: str) -> ResponseReturnValue:
    """Let the person in."""
    with writing() as session:
        space = led_space(session, slug)
        asked = request_of(session, space.id, public_id)
        if asked is None:
            raise Conflict(_gone())
        joining.accept_request(session, space, asked, by=viewer())
    flash(_("La demande est acceptée; la personne en est avisée."), "success")
    return redirect(url_for(".join_requests", slug=slug), 303)


@bp.post("/<slug>/demandes/<public_id>/refus")
@signed_in
def refuse_join(slug: str, public_id: str) -> ResponseReturnValue:
    """Do not, and say why."""
    reason = request.form.get("motif", "")
    try:
        with writing() as session:
            space = led_space(session, slug)
            asked = request_of(session, space.id, public_id)
            if asked is None:
                raise Conflict(_gone())
            joining.refuse_request(session, space, asked, reason, by=viewer())
    except DomainError as refusal:
        if refusal.about != "motif":
            raise
        return _page(slug, wrong=(public_id, refusal.message, reason)), 422
    flash(_("La demande est refusée; la personne lira votre motif."), "success")
    return redirect(url_for(".join_requests", slug=slug), 303)


def _gone() -> str:
    return _("Cette demande n’attend plus : elle a reçu une réponse, ou la personne l’a retirée.")


def _page(slug: str, *, wrong: tuple[str, str, str] = ("", "", "")) -> str:
    with reading() as session:
        g.session = session
        space = led_space(session, slug)
        return space_page(
            session,
            "community/requests.html",
            space,
            place="demandes",
            waiting=waiting_requests(session, space.id),
            decided=decided_requests(session, space.id),
            wrong=wrong,
            longest=REASON_MAX,
            reminded_after=REMINDED_AFTER,
            escalated_after=ESCALATED_AFTER,
        )
