"""`/compte/securite`: password, second factor and open sessions of the person who looks."""

from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import reading, writing
from inters4.core.errors import TooMany
from inters4.core.i18n import _, ngettext
from inters4.core.web.requests import request_id, signed_in, viewer
from inters4.members import services
from inters4.members.forms.security import ChangePasswordForm, NewPasswordForm
from inters4.members.queries.security import Safety, safety_of
from inters4.members.services import own_password
from inters4.members.services.passwords import WeakPassword
from inters4.members.views import browser
from inters4.members.views.proof import ask_for_proof
from inters4.members.views.provider_browser import provider_label
from inters4.members.views.sign_in import bp


@bp.get("/compte/securite")
@signed_in
def security() -> ResponseReturnValue:
    """All that keeps the account, and where it is open."""
    with reading() as session:
        g.session = session
        safety = safety_of(session, viewer().member_id or 0, present=browser.present_session().id)
        return render_template(
            "members/security.html",
            safety=safety,
            withheld=browser.withheld_roles(),
            provider=provider_label(),
        )


@bp.post("/compte/sessions/<name>/fermeture")
@signed_in
def close_session(name: str) -> ResponseReturnValue:
    """End one of one's own sessions."""
    by = viewer()
    with writing() as session:
        safety = safety_of(session, by.member_id or 0, present=0)
        number = next((one.id for one in safety.sessions if one.name == name), None)
        is_ended = number is not None and services.revoke_session(
            session, number, by=by, request_id=request_id()
        )
    flash(_("La session est fermée.") if is_ended else _("Cette session était déjà fermée."))
    return redirect(url_for(".security"), code=303)


@bp.post("/compte/sessions/fermeture")
@signed_in
def close_other_sessions() -> ResponseReturnValue:
    """End all of them but this one."""
    by = viewer()
    with writing() as session:
        count = services.revoke_sessions(
            session,
            by.member_id or 0,
            by=by,
            except_token=browser.token_of_request(),
            request_id=request_id(),
        )
    flash(
        ngettext(
            "%(num)s autre session est fermée.", "%(num)s autres sessions sont fermées.", count
        )
        if count
        else _("Aucune autre session n’était ouverte.")
    )
    return redirect(url_for(".security"), code=303)


@bp.route("/compte/mot-de-passe", methods=["GET", "POST"])
@signed_in
def change_password() -> ResponseReturnValue:
    """The present password, then the new one; a first one after a recent proof."""
    with reading() as session:
        safety = safety_of(session, viewer().member_id or 0, present=0)
    if not safety.has_password:
        asked = ask_for_proof()
        return _first_password(safety) if asked is None else asked
    form = ChangePasswordForm()
    status, wait = 200, None
    if request.method == "POST":
        status = 422
        try:
            if form.validate() and _is_changed(form, safety):
                flash(
                    _("Votre mot de passe est changé; vos autres sessions sont fermées."), "success"
                )
                return redirect(url_for(".security"), code=303)
        except WeakPassword as refusal:
            form.nouveau_passe.errors = [refusal.message]
        except TooMany as refusal:
            form.refuse(refusal.message)
            status, wait = 429, refusal.retry_after
    response = make_response(
        render_template("members/change_password.html", form=form, safety=safety, is_first=False),
        status,
    )
    if wait is not None:
        response.headers["Retry-After"] = str(wait)
    return response


def _first_password(safety: Safety) -> ResponseReturnValue:
    """For an account that the provider alone opens."""
    form, status = NewPasswordForm(), 200
    if request.method == "POST":
        status = 422
        try:
            if form.validate():
                hashed = own_password.new_hash(
                    form.nouveau_passe.data, name=safety.name, email=safety.email
                )
                with writing() as session:
                    own_password.set_first_password(
                        session,
                        hashed,
                        by=viewer(),
                        token=browser.token_of_request(),
                        request_id=request_id(),
                    )
                flash(_("Votre mot de passe ouvre maintenant votre compte."), "success")
                return redirect(url_for(".security"), code=303)
        except WeakPassword as refusal:
            form.nouveau_passe.errors = [refusal.message]
    page = render_template("members/change_password.html", form=form, safety=safety, is_first=True)
    return page, status


def _is_changed(form: ChangePasswordForm, safety: Safety) -> bool:
    """Hash twice outside any transaction, then write."""
    by, origin = viewer(), browser.origin()
    hashed = own_password.new_hash(form.nouveau_passe.data, name=safety.name, email=safety.email)
    with writing() as session:
        candidate = services.begin_sign_in(session, email=safety.email, origin=origin)
    verdict = services.judge(candidate, form.passe_actuel.data)
    with writing() as session:
        is_changed = own_password.change_password(
            session,
            candidate,
            verdict,
            hashed,
            by=by,
            token=browser.token_of_request(),
            request_id=request_id(),
        )
    if not is_changed:
        form.passe_actuel.errors = [_("Ce n’est pas votre mot de passe actuel.")]
    return is_changed
