"""Registrations whose link was not used: asking for it again, and `/admin/inscriptions`."""

import structlog
from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.access import STAFF
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError, NotAllowed, TooMany
from inters4.core.i18n import _
from inters4.core.web.requests import network_of_request, public, request_id, requires, viewer
from inters4.members.queries.unconfirmed import list_unconfirmed
from inters4.members.services.registration import KEPT_DAYS
from inters4.members.services.resending import send_link_of, send_own_link
from inters4.members.services.tokens import DeadToken
from inters4.members.views.sign_in import bp

log = structlog.get_logger(__name__)
_LONGEST_WORDS = 100


@bp.post("/inscription/renvoi")
@public
def send_link_again() -> ResponseReturnValue:
    """Send the link again to whoever gave the password of the form."""
    held = request.form.get("jeton", "")
    try:
        with writing() as session:
            send_own_link(session, held, network=network_of_request())
    except DeadToken as refusal:
        return render_template("members/dead_link.html", message=refusal.message, again=""), 410
    except DomainError as refusal:
        log.info("link_not_sent_again", reason=refusal.message)
        body = render_template("members/unconfirmed.html", held=held, told=refusal.message)
        answer = make_response(body, max(refusal.status, 422))
        if isinstance(refusal, TooMany):
            answer.headers["Retry-After"] = str(refusal.retry_after)
        return answer
    return redirect(url_for(".registration_sent"), code=303)


@bp.get("/admin/inscriptions")
@requires(*STAFF)
def unconfirmed_list() -> ResponseReturnValue:
    """Those who wait for their link, found by a piece of name or address."""
    return _list_page()


@bp.post("/admin/inscriptions")
@requires(*STAFF)
def send_link_for() -> ResponseReturnValue:
    """Send someone's link again; it is written in the journal."""
    typed = request.form.get("inscription", "")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0
    words = request.form.get("q", "")[:_LONGEST_WORDS]
    try:
        with writing() as session:
            name = send_link_of(session, number, by=viewer(), request_id=request_id())
    except NotAllowed:
        raise
    except DomainError as refusal:
        return _list_page(told=refusal.message, status=max(refusal.status, 404))
    flash(_("Le lien repart vers %(name)s.", name=name), "success")
    return redirect(url_for(".unconfirmed_list", q=words or None), code=303)


def _list_page(*, told: str = "", status: int = 200) -> ResponseReturnValue:
    words = request.values.get("q", "").strip()[:_LONGEST_WORDS]
    with reading() as session:
        g.session = session
        body = render_template(
            "members/unconfirmed_list.html",
            page=list_unconfirmed(session, words, page=request.args.get("page", 1, type=int)),
            words=words,
            at=now(),
            kept_days=KEPT_DAYS,
            told=told,
            url_of=lambda number: url_for(".unconfirmed_list", q=words or None, page=number),
        )
    return body, status
