"""A forgotten password: the same answer for every address, then a link that serves once."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import reading, writing
from inters4.core.i18n import _
from inters4.core.web.requests import network_of_request, public, request_id
from inters4.members.forms.security import ForgottenForm, NewPasswordForm
from inters4.members.models import normalise_email
from inters4.members.services import own_password
from inters4.members.services.passwords import WeakPassword
from inters4.members.services.throttle import forget_errors
from inters4.members.views import browser
from inters4.members.views.sign_in import bp


@bp.route("/mot-de-passe-oublie", methods=["GET", "POST"])
@public
def forgotten_password() -> ResponseReturnValue:
    """Ask for a link; what is said does not depend on the address."""
    form = ForgottenForm()
    if request.method == "POST" and form.validate():
        with writing() as session:
            own_password.ask_for_reset(
                session, email=normalise_email(form.courriel.data), network=network_of_request()
            )
        return redirect(url_for(".forgotten_password_asked"), code=303)
    status = 422 if request.method == "POST" else 200
    return render_template("members/forgotten_password.html", form=form), status


@bp.get("/mot-de-passe-oublie/demande")
@public
def forgotten_password_asked() -> ResponseReturnValue:
    """The same for everyone."""
    return render_template("members/forgotten_password_asked.html")


@bp.route("/mot-de-passe-oublie/<secret>", methods=["GET", "POST"])
@public
def reset_password(secret: str) -> ResponseReturnValue:
    """The page of the link; the new password is written by its button."""
    with reading() as session:
        member = own_password.find_reset(session, secret)
        number, name, email = member.id, member.name, member.email
    form = NewPasswordForm()
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                hashed = own_password.new_hash(form.nouveau_passe.data, name=name, email=email)
            except WeakPassword as refusal:
                form.nouveau_passe.errors = [refusal.message]
            else:
                with writing() as session:
                    is_unlinked = own_password.use_reset(
                        session, secret, hashed, request_id=request_id()
                    )
                    forget_errors(session, email, network=network_of_request())
                flash(
                    _(
                        "Votre mot de passe est changé et toutes vos sessions sont fermées. "
                        "Connectez-vous."
                    ),
                    "success",
                )
                if is_unlinked:
                    flash(
                        _(
                            "Le compte de votre organisation n’ouvre plus votre compte : reliez-le "
                            "de nouveau sous « Sécurité du compte »."
                        )
                    )
                response = make_response(redirect(url_for(".sign_in"), code=303))
                browser.know(response, number)
                return response
    response = make_response(
        render_template("members/reset_password.html", form=form, email=email), status
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
