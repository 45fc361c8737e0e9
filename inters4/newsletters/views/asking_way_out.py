"""`/infolettres/desabonnement`: one gives an address, and receives there one's own way out.

The page whose address everyone may have: that of issues sent outside the portal.
"""

import structlog
from flask import current_app, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from inters4.core.db import writing
from inters4.core.errors import DomainError
from inters4.core.i18n import _, current_locale
from inters4.core.web.paced import Pace
from inters4.core.web.requests import public
from inters4.members.models import normalise_email
from inters4.members.services.people import check_email
from inters4.newsletters.services.asking_way_out import ask_way_out
from inters4.newsletters.views.blueprint import bp
from inters4.settings import Settings

log = structlog.get_logger(__name__)
MOST_FORMS = 60
"""Forms an hour from one network: whole hospitals share an address."""
_PACE = "newsletters.way_out"


@bp.record
def _keep_pace(state: BlueprintSetupState) -> None:
    """Each process counts by itself, a part of the whole."""
    settings: Settings = state.app.config["SETTINGS"]
    state.app.extensions[_PACE] = Pace(max(1, MOST_FORMS // settings.web_workers))


@bp.get("/desabonnement")
@public
def ask_to_leave() -> ResponseReturnValue:
    """The form."""
    return _form()


@bp.post("/desabonnement")
@public
def send_way_out() -> ResponseReturnValue:
    """The same answer, whether the address receives anything or not."""
    email = request.form.get("courriel", "").strip()
    try:
        check_email(normalise_email(email))
    except DomainError as refusal:
        return _form(email, error=refusal.message), 422
    pace: Pace = current_app.extensions[_PACE]
    if not pace.admits(request.remote_addr or "", "way-out"):
        log.info("way_out_slowed")
        told = _("Trop de demandes en peu de temps. Réessayez dans une heure.")
        return _form(email, error=told, is_slowed=True), 429, {"Retry-After": "3600"}
    with writing() as session:
        ask_way_out(session, email, locale=current_locale())
    return redirect(url_for(".way_out_asked"), code=303)


@bp.get("/desabonnement/merci")
@public
def way_out_asked() -> ResponseReturnValue:
    """Look at your mail: the same page for everyone."""
    return render_template("newsletters/way_out_asked.html")


def _form(email: str = "", *, error: str = "", is_slowed: bool = False) -> str:
    """`is_slowed` tells another way out: the law gives everyone one that works."""
    return render_template(
        "newsletters/way_out.html", email=email, error=error, is_slowed=is_slowed
    )
