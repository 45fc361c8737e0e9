"""Signing in and out."""

import structlog
from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as BaseResponse

from inters4.core.db import reading, writing
from inters4.core.errors import TooMany
from inters4.core.i18n import _
from inters4.core.web.requests import public, safe_next, viewer
from inters4.members import services
from inters4.members.forms import SignInForm
from inters4.members.models import Member
from inters4.members.queries.approvals import deciders_of, open_request
from inters4.members.queries.registrations import AGAIN_AFTER, refused_at
from inters4.members.services import OpenedSession
from inters4.members.services.challenges import LIFETIME, Challenge
from inters4.members.services.resending import pass_for
from inters4.members.services.sign_in import Closed, Unconfirmed
from inters4.members.views import browser, demo
from inters4.members.views.provider_browser import provider_label

log = structlog.get_logger(__name__)
bp = Blueprint("members", __name__)
_Opened = OpenedSession | Challenge | Closed | Unconfirmed


@bp.after_request
def _keep_nothing(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    return response


@bp.route("/connexion", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Show the form; whoever posts it is judged, even in a browser where someone is signed in."""
    form = SignInForm(suite=request.args.get("suite", ""))
    if request.method != "POST" and viewer().is_signed_in:
        return redirect(safe_next(request.args.get("suite")), code=303)
    if request.method != "POST" or not form.validate():
        return _page(form, status=422 if request.method == "POST" else 200)
    try:
        opened = _try_to_open(form)
    except TooMany as refusal:
        log.info("sign_in_slowed", seconds=refusal.retry_after)
        form.refuse(refusal.message)
        return _page(form, status=429, retry_after=refusal.retry_after)
    if opened is None:
        form.refuse(
            _("L’adresse et le mot de passe ne vont pas ensemble. Vérifiez-les, puis réessayez.")
        )
        return _page(form, status=422)
    return _go_on(opened, form)


@bp.post("/deconnexion")
@public
def sign_out() -> ResponseReturnValue:
    """End the session on the server, then in the browser; harmless when it was over."""
    with writing() as session:
        services.sign_out(session, browser.token_of_request(), origin=browser.origin())
    response = make_response(redirect("/", code=303))
    browser.stop(response)
    flash(_("Votre session est fermée."), "success")
    return response


@bp.post("/connexion/demonstration")
@public
def demo_enter() -> ResponseReturnValue:
    """Enter as one of the demonstration's people; 404 in a real database."""
    with writing() as session:
        services.sign_out(session, browser.token_of_request(), origin=browser.origin())
        opened = services.enter_demo(
            session, request.form.get("personne", ""), origin=browser.origin()
        )
    return _welcome(opened, request.form.get("suite"))


def _try_to_open(form: SignInForm) -> _Opened | None:
    """Count the attempt, compute the hash outside any transaction, then decide."""
    origin = browser.origin()
    with writing() as session:
        candidate = services.begin_sign_in(session, email=form.courriel.data, origin=origin)
    verdict = services.judge(candidate, form.mot_de_passe.data)
    with writing() as session:
        opened = services.finish_sign_in(
            session, candidate, verdict, origin=origin, is_remembered=form.rester.data
        )
        if isinstance(opened, OpenedSession):
            services.sign_out(session, browser.token_of_request(), origin=origin)
    return opened


def _go_on(opened: _Opened, form: SignInForm) -> BaseResponse:
    """The password was right."""
    if isinstance(opened, Unconfirmed):
        held = pass_for(opened.registration_id)
        return make_response(render_template("members/unconfirmed.html", held=held, told=""), 403)
    if isinstance(opened, Closed):
        return say_where_it_stands(opened.member_id)
    if isinstance(opened, OpenedSession):
        return _welcome(opened, form.suite.data)
    target = url_for(".sign_in_code", suite=form.suite.data or None)
    response = make_response(redirect(target, code=303))
    browser.hold_challenge(response, opened.token, seconds=int(LIFETIME.total_seconds()))
    return response


def say_where_it_stands(member_id: int, *, by_provider: bool = False) -> BaseResponse:
    """The password or the provider was right: why the account does not open, and what to do."""
    with reading() as session:
        member = session.get_one(Member, member_id)
        waiting = open_request(session, member.id)
        refusal = refused_at(session, member)
        body = render_template(
            "members/standing.html",
            state=member.state.value,
            by_provider=by_provider,
            waiting=waiting,
            deciders=deciders_of(session, waiting) if waiting else [],
            again_on=refusal.at + AGAIN_AFTER if refusal else None,
        )
    return make_response(body, 403)


def _welcome(opened: OpenedSession, target: str | None) -> BaseResponse:
    place = safe_next(target)
    if browser.waits_for_second_factor(opened.member_id):
        place = url_for(".second_factor_page")
    response = make_response(redirect(place, code=303))
    browser.start(response, opened)
    return response


def _page(form: SignInForm, *, status: int = 200, retry_after: int | None = None) -> Response:
    body = render_template(
        "members/sign_in.html",
        form=form,
        demo_people=demo.people(),
        provider=provider_label(),
    )
    response = make_response(body, status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response
