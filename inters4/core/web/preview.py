"""« Aperçu » of a rich field: what is typed, drawn as it would be published; nothing is kept."""

from collections.abc import Collection

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from inters4.core.errors import DomainError
from inters4.core.richtext import Profile, render, with_people
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
    return draw(
        request.form.get("text", ""), profile=Profile.DOCUMENT if is_document else Profile.POST
    )


def draw(text: str, *, profile: Profile, names: Collection[str] = ()) -> ResponseReturnValue:
    """What a preview answers; people of these names are told apart where they are named."""
    headers = {"Cache-Control": "no-store"}
    try:
        drawn = render(text, profile=profile, top_heading=_HEADING)
    except DomainError as refusal:
        return refusal.message, refusal.status, {**headers, "Content-Type": "text/plain"}
    return with_people(drawn.html, names), 200, headers
