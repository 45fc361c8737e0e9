"""`/reactions`: a tap, and back to the page. Nothing here is a page."""

from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, Flask, abort, flash, make_response, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import writing
from inters4.core.i18n import _
from inters4.core.outbox import DocumentRef
from inters4.core.web.read_in import item_read
from inters4.core.web.requests import network_of_request, public, safe_next
from inters4.reactions import services
from inters4.reactions.exports import present_of
from inters4.reactions.forms import mark_of, new_number, number_of_browser, remember_number
from inters4.reactions.models import Answer, Benefit, Learned, Use

bp = Blueprint("reactions", __name__)
Choice = TypeVar("Choice", bound=StrEnum)


def install(app: Flask) -> None:
    """Add the endpoint."""
    app.register_blueprint(bp)


@bp.post("/reactions/<kind>/<document_id>")
@public
def react(kind: str, document_id: str) -> ResponseReturnValue:
    """Keep a tap, or take it back; the browser is given a number to undo it with.

    An issue that shows the document, and a page that it led to, say where to go back to.
    """
    document = DocumentRef(kind, document_id)
    known = number_of_browser()
    number = known or new_number()
    with writing() as session:
        read = present_of(session, document) or abort(404)
        _keep(session, document, browser=mark_of(number))
    back = safe_next(request.form.get("retour"), default=f"{read[1]}#reaction")
    response = make_response(redirect(back, code=303))
    if not known:
        remember_number(response, number)
    return response


def _keep(session: Session, document: DocumentRef, *, browser: str) -> None:
    network, read_in = network_of_request(), item_read(session, about=document)
    gesture = request.form.get("geste", "")
    if gesture == "repondre":
        said = _choice(Answer, "reponse") or abort(400)
        services.answer(session, document, said, browser=browser, network=network, read_in=read_in)
    elif gesture == "retirer":
        services.answer(session, document, None, browser=browser, network=network)
    elif gesture == "preciser":
        services.say_more(
            session,
            document,
            learned=_choice(Learned, "appris"),
            use=_choice(Use, "usage"),
            benefit=_choice(Benefit, "benefice"),
            browser=browser,
        )
        flash(_("Merci : c’est noté."), "success")
    elif gesture in {"signaler", "ne-plus-signaler"}:
        is_harmful = gesture == "signaler"
        services.flag_harm(
            session,
            document,
            is_harmful=is_harmful,
            browser=browser,
            network=network,
            read_in=read_in,
        )
        flash(
            _("L’équipe de courtage est avertie. Merci.")
            if is_harmful
            else _("Votre signalement est retiré."),
            "success",
        )
    else:
        abort(400)


def _choice(kind: type[Choice], name: str) -> Choice | None:
    """What a field says; anything else is as if it were empty."""
    value = request.form.get(name, "")
    return kind(value) if value in set(kind) else None
