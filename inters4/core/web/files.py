"""`/fichiers/TOKEN`: a deposited file, for whoever its owning domain lets read it."""

import re

from flask import Blueprint, Response, abort, current_app, g, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from inters4.core.db import reading
from inters4.core.files import Opening, StoredFile, file_store, response_headers
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.core.web.errors import page
from inters4.core.web.requests import public, viewer
from inters4.core.web.templating import fragments

bp = Blueprint("files", __name__)
_TOKEN = re.compile(r"[0-9a-f]{32}")


@bp.get("/fichiers/<token>")
@public
def download(token: str) -> ResponseReturnValue:
    """The file as it is kept; 410 for one that everyone could read and whose document is gone."""
    if not _TOKEN.fullmatch(token):
        abort(404)
    with reading() as session:
        stored = session.scalars(select(StoredFile).where(StoredFile.token == token)).first()
        if stored is None:
            abort(404)
        openings = {owner(session, stored, viewer()) for owner in hooks.file_owners}
        if openings & {Opening.PUBLIC, Opening.PRIVATE}:
            return _answer(stored, is_public=Opening.PUBLIC in openings)
        if Opening.GONE not in openings:
            abort(404)
        g.session = session
        return page(
            410,
            title=_("Ce fichier a été retiré") if stored.is_emptied else "",
            explanation=_("Ce qui le présentait dit pourquoi, dans son historique.")
            if stored.is_emptied
            else "",
            more=fragments("file.gone", stored=stored),
        )


def _answer(stored: StoredFile, *, is_public: bool) -> Response:
    answer = send_file(
        file_store(current_app.config["SETTINGS"]).find(stored),
        mimetype=stored.media_type,
        etag=stored.sha256,
        last_modified=stored.created_at,
        conditional=True,
    )
    length = answer.content_length
    answer.headers.update(response_headers(stored))
    if length is not None:
        answer.content_length = length
    answer.headers["Cache-Control"] = "no-cache" if is_public else "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
