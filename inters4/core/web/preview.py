"""« Aperçu » of a rich field: what is typed, drawn as it would be published; nothing is kept."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from inters4.core.errors import DomainError
from inters4.core.richtext import Profile, render
from inters4.core.web.requests import public, viewer

bp = Blueprint("richtext", __name__)
_HEADING = 2


@bp.post("/apercu")
@public
def preview() -> ResponseReturnValue:
    """HTML of `text`; a refusal is one sentence of plain text.

    Long documents are for those who are signed in: rendering costs time.
    """
    is_document = request.form.get("profile") == Profile.DOCUMENT.value and viewer().is_signed_in
    profile = Profile.DOCUMENT if is_document else Profile.POST
    headers = {"Cache-Control": "no-store"}
    try:
        drawn = render(request.form.get("text", ""), profile=profile, top_heading=_HEADING)
    except DomainError as refusal:
        return refusal.message, refusal.status, {**headers, "Content-Type": "text/plain"}
    return drawn.html, 200, headers
