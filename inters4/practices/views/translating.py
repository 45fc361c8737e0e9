"""`/pratiques/SLUG/traduction`: the brokering team says how the translation of a sheet stands."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.access import Role
from inters4.core.db import reading, writing
from inters4.core.i18n import _
from inters4.core.web.requests import request_id, requires, viewer
from inters4.practices import queries
from inters4.practices.exports.translation_words import TRANSLATION_STATES
from inters4.practices.models import TranslationState
from inters4.practices.queries.translations import translations_of
from inters4.practices.services.translating import note_translation
from inters4.practices.views.blueprint import bp


@bp.get("/<slug>/traduction")
@requires(Role.BROKER, Role.COORDINATION)
def translation(slug: str) -> ResponseReturnValue:
    """How it stands, and the translations that readers see."""
    with reading() as session:
        g.session = session
        practice = queries.find_head(session, slug, viewer=viewer())
        if practice is None or not practice.is_readable or practice.translation_of:
            abort(404)
        return render_template(
            "practices/translation.html",
            practice=practice,
            states=TRANSLATION_STATES,
            others=translations_of(session, practice),
        )


@bp.post("/<slug>/traduction")
@requires(Role.BROKER, Role.COORDINATION)
def set_translation(slug: str) -> ResponseReturnValue:
    """Keep what the team says."""
    given = request.form.get("etat", "")
    if given not in set(TranslationState):
        abort(400)
    with writing() as session:
        practice = queries.find_head(session, slug, viewer=viewer()) or abort(404)
        queries.lock_practices(session, [practice.id])
        session.refresh(practice)
        note_translation(
            session, practice, TranslationState(given), by=viewer(), request_id=request_id()
        )
    flash(_("L’état de la traduction est noté."), "success")
    return redirect(url_for(".show", slug=slug), code=303)
