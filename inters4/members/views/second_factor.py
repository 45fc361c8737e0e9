"""The second step of signing in, and the page where one puts it in force."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core import one_time, qr
from inters4.core.db import reading, writing
from inters4.core.errors import TooMany
from inters4.core.i18n import _
from inters4.core.web.requests import (
    public,
    request_id,
    safe_next,
    signed_in,
    viewer,
)
from inters4.members import services
from inters4.members.forms.security import CodeForm, FirstCodeForm
from inters4.members.queries import email_of
from inters4.members.queries.security import safety_of
from inters4.members.services import challenges, second_factor
from inters4.members.services.second_factor import WrongCode
from inters4.members.views import browser
from inters4.members.views.proof import recently_proved
from inters4.members.views.sign_in import bp

_ISSUER = "InterS4"


@bp.route("/connexion/code", methods=["GET", "POST"])
@public
def sign_in_code() -> ResponseReturnValue:
    """Ask for the code, once the password was right in this browser."""
    form = CodeForm(suite=request.args.get("suite", ""))
    with reading() as session:
        waiting = challenges.find_challenge(session, browser.challenge_of_request())
    if waiting is None:
        flash(_("Le délai est passé : donnez de nouveau votre mot de passe."))
        return redirect(url_for(".sign_in", suite=form.suite.data or None), code=303)
    status, wait = 200, None
    if request.method == "POST":
        status = 422
        try:
            if form.validate() and (opened := _answer(form)) is not None:
                response = make_response(redirect(safe_next(form.suite.data), code=303))
                browser.start(response, opened)
                browser.forget_challenge(response)
                return response
            if not form.errors and not _still_waits():
                flash(
                    _(
                        "Cinq codes n’ont pas ouvert : donnez de nouveau votre mot de passe. Un "
                        "courriel vous le dit aussi."
                    )
                )
                return redirect(url_for(".sign_in", suite=form.suite.data or None), code=303)
            if not form.errors:
                form.refuse(
                    _("Ce code n’ouvre pas. Attendez le suivant, ou donnez un code de secours.")
                )
        except TooMany as refusal:
            form.refuse(refusal.message)
            status, wait = 429, refusal.retry_after
    response = make_response(render_template("members/sign_in_code.html", form=form), status)
    if wait is not None:
        response.headers["Retry-After"] = str(wait)
    return response


@bp.get("/compte/validation")
@signed_in
@recently_proved
def second_factor_page() -> ResponseReturnValue:
    """Whether it is in force, and what one may do about it."""
    with reading() as session:
        safety = safety_of(session, viewer().member_id or 0, present=0)
    return render_template(
        "members/second_factor.html",
        safety=safety,
        form=CodeForm(),
        withheld=browser.withheld_roles(),
    )


@bp.route("/compte/validation/activation", methods=["GET", "POST"])
@signed_in
@recently_proved
def set_up_second_factor() -> ResponseReturnValue:
    """The picture to aim at, and a first code."""
    by = viewer()
    form, status = FirstCodeForm(), 200
    if request.method == "POST" and "code" in request.form:
        status = 422
        if form.validate():
            try:
                with writing() as session:
                    codes = second_factor.confirm_set_up(
                        session,
                        form.code.data,
                        by=by,
                        session_id=browser.present_session().id,
                        request_id=request_id(),
                    )
            except WrongCode as refusal:
                form.code.errors = [refusal.message]
            else:
                return render_template("members/recovery_codes.html", codes=codes, is_new=True)
    elif request.method == "POST":
        with writing() as session:
            second_factor.begin_set_up(session, by.member_id or 0)
        return redirect(url_for(".set_up_second_factor"), code=303)
    with reading() as session:
        secret = second_factor.waiting_secret(session, by.member_id or 0)
        email = email_of(session, by.member_id)
    if secret is None:
        return redirect(url_for(".second_factor_page"), code=303)
    address = one_time.address(secret, issuer=_ISSUER, account=email)
    squares = qr.modules(address)
    page = render_template(
        "members/second_factor_setup.html",
        form=form,
        path=qr.path_of(squares),
        side=qr.side_of(squares),
        address=address,
        spelled=one_time.spelled(secret),
    )
    return page, status


@bp.post("/compte/validation/codes")
@signed_in
@recently_proved
def renew_codes() -> ResponseReturnValue:
    """Ten new recovery codes, shown this once."""
    with writing() as session:
        codes = second_factor.renew_recovery_codes(session, by=viewer(), request_id=request_id())
    return render_template("members/recovery_codes.html", codes=codes, is_new=False)


@bp.post("/compte/validation/retrait")
@signed_in
@recently_proved
def remove_second_factor() -> ResponseReturnValue:
    """Sign in by password alone again."""
    form, status, wait = CodeForm(), 422, None
    if form.validate():
        try:
            with writing() as session:
                is_removed = second_factor.remove_second_factor(
                    session, form.code.data, by=viewer(), origin=browser.origin()
                )
        except TooMany as refusal:
            form.code.errors = [refusal.message]
            status, wait = 429, refusal.retry_after
        else:
            if is_removed:
                flash(_("La validation en deux étapes est retirée."))
                return redirect(url_for(".security"), code=303)
            form.code.errors = [
                _("Ce n’est pas un code valable. Attendez le suivant, puis réessayez.")
            ]
    with reading() as session:
        safety = safety_of(session, viewer().member_id or 0, present=0)
    page = render_template(
        "members/second_factor.html", safety=safety, form=form, withheld=browser.withheld_roles()
    )
    response = make_response(page, status)
    if wait is not None:
        response.headers["Retry-After"] = str(wait)
    return response


def _still_waits() -> bool:
    with reading() as session:
        return challenges.find_challenge(session, browser.challenge_of_request()) is not None


def _answer(form: CodeForm) -> "services.OpenedSession | None":
    origin = browser.origin()
    with writing() as session:
        waiting = challenges.find_challenge(session, browser.challenge_of_request())
        if waiting is None:
            return None
        opened = challenges.answer_challenge(session, waiting, form.code.data, origin=origin)
        if opened is not None:
            services.sign_out(session, browser.token_of_request(), origin=origin)
    return opened
