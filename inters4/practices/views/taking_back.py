"""`/pratiques/SLUG/fichiers`: the team takes back a file that readers saw, and says why."""

from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.access import Role
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError, NotAllowed, NotFound
from inters4.core.files import file_store
from inters4.core.i18n import _
from inters4.core.web.requests import request_id, requires, viewer
from inters4.practices import queries
from inters4.practices.forms.posted import read_reason
from inters4.practices.queries.files import files_of
from inters4.practices.services.taking_back import LONGEST_REASON, take_back
from inters4.practices.views.blueprint import bp


@bp.get("/<slug>/fichiers")
@requires(Role.COORDINATION, Role.BROKER)
def published_files(slug: str) -> ResponseReturnValue:
    """Every file that readers may still open, those of older versions included."""
    return _page(slug)


@bp.post("/<slug>/fichiers")
@requires(Role.COORDINATION, Role.BROKER)
def take_file_back(slug: str) -> ResponseReturnValue:
    """Erase one; its address and the history of the sheet say so."""
    try:
        with writing() as session:
            practice = queries.find_head(session, slug, viewer=viewer()) or abort(404)
            queries.lock_practices(session, [practice.id])
            take_back(
                session,
                practice,
                request.form.get("fichier", ""),
                reason=read_reason(request.form, most=1_000),
                by=viewer(),
                store=file_store(current_app.config["SETTINGS"]),
                request_id=request_id(),
            )
    except (NotAllowed, NotFound):
        raise
    except DomainError as refusal:
        return _page(slug, told=refusal.message, status=422)
    flash(_("Le fichier est retiré; son adresse et l’historique de la fiche le disent."), "success")
    return redirect(url_for(".published_files", slug=slug), code=303)


def _page(slug: str, *, told: str = "", status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        practice = queries.find_head(session, slug, viewer=viewer()) or abort(404)
        files = [
            link.stored
            for link in files_of(session, practice.id).values()
            if link.published_at is not None and not link.stored.is_emptied
        ]
        body = render_template(
            "practices/files.html",
            practice=practice,
            files=files,
            told=told,
            typed=request.form,
            longest=LONGEST_REASON,
        )
    return body, status
