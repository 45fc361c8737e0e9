"""`/connexion/organisation`: to the provider of identities and back.

The way there is a plain link: leaving writes nothing. Every way back that is refused gets a page
that says what to do, and a line in the journal when this installation had sealed its state.
"""

import structlog
from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.i18n import _
from inters4.core.oidc import Claims, SignOnRefused
from inters4.core.web.requests import (
    network_of_request,
    public,
    request_id,
    safe_next,
    signed_in,
    viewer,
)
from inters4.members import services
from inters4.members.models import Member, ProviderIdentity
from inters4.members.queries.identities import find_identity
from inters4.members.services import identities, visits
from inters4.members.services.arrivals import arrived, is_strong
from inters4.members.services.challenges import LIFETIME, Challenge
from inters4.members.services.entry import may_apply_again
from inters4.members.services.sessions import OpenedSession
from inters4.members.services.sign_in import Closed
from inters4.members.services.visits import Departure, Purpose, TooManyReturns, Visit
from inters4.members.views import browser, provider_browser
from inters4.members.views.downloads import go_on
from inters4.members.views.proof import recently_proved
from inters4.members.views.sign_in import bp, say_where_it_stands

log = structlog.get_logger(__name__)


@bp.get("/connexion/organisation")
@public
def provider_start() -> ResponseReturnValue:
    """Send the browser to the provider; where it was going is sealed in the state."""
    if viewer().is_signed_in:
        return redirect(safe_next(request.args.get("suite")), code=303)
    return _leave(
        Purpose.SIGN_IN,
        target=safe_next(request.args.get("suite"), default=""),
        invitation=request.args.get("invitation", ""),
    )


@bp.get("/compte/identite/depart")
@signed_in
@recently_proved
def identity_start() -> ResponseReturnValue:
    """Send someone who is signed in to the provider, to link who they are there."""
    return _leave(Purpose.LINK)


@bp.get("/compte/confirmation/organisation")
@signed_in
def proof_start() -> ResponseReturnValue:
    """Ask the provider to make the person sign in anew, in place of a password."""
    return _leave(Purpose.PROVE, target=safe_next(request.args.get("suite"), default=""))


@bp.get("/connexion/organisation/retour")
@public
def provider_return() -> ResponseReturnValue:
    """The browser comes back: check everything, then do what it had left for."""
    client = provider_browser.client_or_404()
    try:
        with reading() as session:
            visits.refuse_flood(session, network=network_of_request())
        with writing() as session:
            visit, left = visits.come_back(
                session, request.args.get("state", ""), browser=provider_browser.secret_of_browser()
            )
        _check_session(visit)
        claims = client.claims(
            request.args,
            redirect_to=provider_browser.return_address(),
            nonce=left.nonce,
            verifier=left.verifier,
            begun_at=visit.begun_at,
        )
        return _go_on(visit, claims)
    except SignOnRefused as refusal:
        return refused(refusal)


def _leave(purpose: Purpose, *, target: str = "", invitation: str = "") -> ResponseReturnValue:
    client = provider_browser.client_or_404()
    secret = provider_browser.fresh_secret()
    is_open = purpose is not Purpose.SIGN_IN
    visit = Visit(
        purpose=purpose,
        begun_at=now(),
        target=target,
        session_id=browser.present_session().id if is_open else 0,
        invitation=invitation,
    )
    left: Departure = visits.depart(visit, browser=secret)
    try:
        address = client.address(
            redirect_to=provider_browser.return_address(),
            state=left.state,
            nonce=left.nonce,
            verifier=left.verifier,
            again=purpose is Purpose.PROVE,
        )
    except SignOnRefused as refusal:
        return refused(refusal, is_written=False)
    response = make_response(redirect(address, code=303))
    response.headers["Referrer-Policy"] = "no-referrer"
    provider_browser.give_secret(response, secret)
    return response


def _check_session(visit: Visit) -> None:
    """What concerns an open session comes back to that very session."""
    if visit.purpose is Purpose.SIGN_IN:
        return
    if not viewer().is_signed_in or browser.present_session().id != visit.session_id:
        raise SignOnRefused(
            "another_session",
            _("Votre session s’est fermée entre-temps. Connectez-vous, puis recommencez."),
        )


def _go_on(visit: Visit, claims: Claims) -> ResponseReturnValue:
    if visit.purpose is Purpose.PROVE:
        return _prove(visit, claims)
    if visit.purpose is Purpose.LINK:
        response = make_response(redirect(url_for(".identity"), code=303))
        provider_browser.hold_arrived(response, arrived(claims, session_id=visit.session_id))
        return response
    origin = browser.origin()
    with writing() as session:
        identity = _opening(session, claims)
        entered = (
            identities.enter(session, identity, is_strong=is_strong(claims), origin=origin)
            if identity is not None
            else None
        )
        if isinstance(entered, OpenedSession):
            services.sign_out(session, browser.token_of_request(), origin=origin)
    if entered is not None:
        return welcome(entered, visit.target, strongly=is_strong(claims))
    account = url_for(".provider_account", suite=visit.target or None)
    response = make_response(redirect(account, code=303))
    provider_browser.hold_arrived(response, arrived(claims, invitation=visit.invitation))
    return response


def _opening(session: Session, claims: Claims) -> ProviderIdentity | None:
    """The identity that opens an account; one that was refused long ago may apply again."""
    identity = find_identity(session, claims.issuer, claims.subject)
    if identity is None:
        return None
    member = session.get_one(Member, identity.member_id)
    return None if may_apply_again(session, member) else identity


def _prove(visit: Visit, claims: Claims) -> ResponseReturnValue:
    if not claims.is_fresh(visit.begun_at):
        raise SignOnRefused(
            "not_fresh",
            _(
                "Le service de connexion n’a pas redemandé qui vous êtes. Recommencez, ou donnez "
                "votre mot de passe si vous en avez un."
            ),
        )
    with writing() as session:
        identities.prove_by_provider(
            session,
            claims,
            by=viewer(),
            session_id=browser.present_session().id,
            request_id=request_id(),
        )
    return go_on(safe_next(visit.target, default="/compte/securite"))


def welcome(
    entered: OpenedSession | Challenge | Closed, target: str, *, strongly: bool
) -> ResponseReturnValue:
    """Let in whom the provider named, ask for a code, or say where the account stands."""
    if isinstance(entered, Closed):
        return say_where_it_stands(entered.member_id, by_provider=True)
    if isinstance(entered, Challenge):
        response = make_response(redirect(url_for(".sign_in_code", suite=target or None), code=303))
        browser.hold_challenge(response, entered.token, seconds=int(LIFETIME.total_seconds()))
        return response
    place = safe_next(target)
    if not strongly and browser.waits_for_second_factor(entered.member_id):
        place = url_for(".second_factor_page")
    response = make_response(redirect(place, code=303))
    browser.start(response, entered)
    provider_browser.forget_arrived(response)
    return response


def refused(refusal: SignOnRefused, *, is_written: bool = True) -> ResponseReturnValue:
    """Say what happened and what to do; nothing was opened.

    What anybody may provoke from anywhere goes to the log, not to the journal; the rest is counted
    by network, and past a few is not written either.
    """
    wait = 10 if refusal.status == 503 else None
    if isinstance(refusal, TooManyReturns):
        is_written, wait = False, refusal.retry_after
    log.warning("provider_refused", reason=refusal.reason)
    if is_written and refusal.reason != "state":
        with writing() as session:
            visits.count_refusal(session, network=network_of_request())
            audit.record(
                session,
                "members.provider_refused",
                by=viewer(),
                request_id=request_id(),
                reason=refusal.reason,
            )
    body = render_template(
        "members/provider_refused.html",
        message=refusal.message,
        reason=refusal.reason,
        label=provider_browser.provider_label(),
        number=request_id(),
    )
    response = make_response(body, refusal.status)
    response.headers["Referrer-Policy"] = "no-referrer"
    if wait is not None:
        response.headers["Retry-After"] = str(wait)
    return response
