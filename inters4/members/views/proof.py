"""Pages that touch an account itself ask for the password again, once every quarter of an hour.

Whoever has none signs in anew at the provider of identities; what a form held waits in its page.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar

from flask import (
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.errors import TooMany
from inters4.core.i18n import _
from inters4.core.web.requests import safe_next, signed_in, viewer
from inters4.members import services
from inters4.members.forms.security import ProofForm
from inters4.members.queries import email_of
from inters4.members.queries.identities import ways_in
from inters4.members.services.demo import DEMO_PASSWORD
from inters4.members.services.own_password import PROOF_LASTS, prove
from inters4.members.views import browser, demo, downloads
from inters4.members.views.provider_browser import provider_label
from inters4.members.views.sign_in import bp

_GIVEN = "preuve"
_NOT_TYPED = frozenset({"csrf_token", _GIVEN})
View = TypeVar("View", bound=Callable[..., Any])


def recently_proved(view: View) -> View:
    """Whoever calls gave their password less than a quarter of an hour ago, or gives it now.

    Stands below `@signed_in` or `@requires`, above the function. What a form had typed in it goes
    on with the password: nothing is typed twice, and nothing is done before.
    """

    @wraps(view)
    def guarded(*arguments: Any, **values: Any) -> Any:
        asked = ask_for_proof()
        return view(*arguments, **values) if asked is None else asked

    return guarded  # type: ignore[return-value]


def ask_for_proof() -> ResponseReturnValue | None:
    """What to answer before going on; None when the password was given, lately or with this."""
    if now() - browser.present_session().proved_at < PROOF_LASTS:
        return None
    typed = [pair for pair in request.form.items(multi=True) if pair[0] not in _NOT_TYPED]
    if request.method == "GET" or not typed:
        again = None if request.method == "GET" else 1
        target = url_for("members.proof", suite=_page_of_request(), encore=again)
        return redirect(target, code=303)
    form = ProofForm(formdata=None)
    form.mot_de_passe.name = _GIVEN
    status, wait = 403, None
    if given := request.form.get(_GIVEN):
        try:
            if _is_proved(given):
                return None
            form.refuse(_("Ce n’est pas votre mot de passe. Réessayez."))
        except TooMany as refusal:
            form.refuse(refusal.message)
            status, wait = 429, refusal.retry_after
    return _page(form, status=status, wait=wait, typed=typed)


def _page_of_request() -> str:
    """The page asked for; for a form that has no page of its own, the nearest one above it."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    pages = current_app.url_map.bind("")
    path = request.path
    while path and not pages.test(path, "GET"):
        path = path.rpartition("/")[0]
    return path


@bp.route("/compte/confirmation", methods=["GET", "POST"])
@signed_in
def proof() -> ResponseReturnValue:
    """Ask for the password, then go on."""
    form = ProofForm(suite=request.args.get("suite", ""))
    status, wait = 200, None
    if request.method == "POST":
        status = 422
        try:
            if form.validate() and _is_proved(form.mot_de_passe.data):
                if "encore" in request.args:
                    flash(_("C’est confirmé. Appuyez de nouveau sur le bouton."), "info")
                return downloads.go_on(safe_next(form.suite.data, default="/compte/securite"))
            if not form.errors:
                form.refuse(_("Ce n’est pas votre mot de passe. Réessayez."))
        except TooMany as refusal:
            form.refuse(refusal.message)
            status, wait = 429, refusal.retry_after
    return _page(form, status=status, wait=wait)


def _page(
    form: ProofForm, *, status: int, wait: int | None, typed: Sequence[tuple[str, str]] = ()
) -> ResponseReturnValue:
    """The field; what was typed in a form before goes with it."""
    hint = DEMO_PASSWORD if demo.database_is_demo() else ""
    label = provider_label()
    with reading() as session:
        has_password, has_identity = ways_in(
            session, viewer().member_id, issuer=current_app.config["SETTINGS"].sso_issuer
        )
    again = 1 if "encore" in request.args else None
    target = request.full_path.rstrip("?") if typed else url_for("members.proof", encore=again)
    response = make_response(
        render_template(
            "members/proof.html",
            form=form,
            hint=hint if has_password else "",
            typed=typed,
            again=again,
            target=target,
            has_password=has_password,
            label=label if has_identity else "",
        ),
        status,
    )
    if wait is not None:
        response.headers["Retry-After"] = str(wait)
    return response


def _is_proved(given: str) -> bool:
    present = viewer()
    origin = browser.origin()
    with reading() as session:
        email = email_of(session, present.member_id)
    with writing() as session:
        candidate = services.begin_sign_in(session, email=email, origin=origin)
    verdict = services.judge(candidate, given)
    with writing() as session:
        return prove(
            session,
            candidate,
            verdict,
            by=present,
            session_id=browser.present_session().id,
        )
