"""`/communaute/SLUG/suivi`, and that of a thread: how closely one follows."""

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue

from inters4.community.exports.level_words import AS_SPACE, LEVEL_VALUES, level_label
from inters4.community.exports.paths import space_path, thread_path
from inters4.community.queries.visibility import find_readable_space, find_thread
from inters4.community.services.following import follow_space, follow_thread, prefer
from inters4.community.views.blueprint import bp
from inters4.core.db import writing
from inters4.core.errors import DomainError
from inters4.core.i18n import _
from inters4.core.web.requests import signed_in, viewer


@bp.post("/<slug>/suivi")
@signed_in
def follow_this_space(slug: str) -> ResponseReturnValue:
    """Follow a space to which one belongs, more or less closely."""
    level = LEVEL_VALUES.get(request.form.get("suivi", ""))
    with writing() as session:
        space = find_readable_space(session, slug, viewer=viewer()) or abort(404)
        if level is None:
            raise DomainError(_("Choisissez comment suivre cet espace."), about="suivi")
        follow_space(session, space, level, by=viewer())
        path = space_path(space.slug)
    flash(_("Suivi de l’espace : %(level)s.", level=level_label(level).lower()), "success")
    return redirect(request.script_root + path, 303)


@bp.post("/<slug>/<int:thread_id>/suivi")
@signed_in
def follow_this_thread(slug: str, thread_id: int) -> ResponseReturnValue:
    """Follow a thread that one reads, more or less closely, or as its space."""
    wanted = request.form.get("suivi", "")
    level = LEVEL_VALUES.get(wanted)
    with writing() as session:
        thread = find_thread(session, slug, thread_id, viewer=viewer()) or abort(404)
        if level is None and wanted != AS_SPACE:
            raise DomainError(_("Choisissez comment suivre ce fil."), about="suivi")
        follow_thread(session, thread, level, by=viewer())
        path = thread_path(thread.space.slug, thread.id, thread.title)
    said = level_label(level).lower() if level else _("comme l’espace")
    flash(_("Suivi du fil : %(level)s.", level=said), "success")
    return redirect(request.script_root + path, 303)


@bp.post("/non-lus/preference")
@signed_in
def save_preference() -> ResponseReturnValue:
    """Whether the threads where one writes become followed."""
    follows = request.form.get("suivre-mes-fils") == "oui"
    with writing() as session:
        prefer(session, follows=follows, by=viewer())
    if follows:
        flash(_("Les fils où vous écrivez seront suivis."), "success")
    else:
        flash(_("Les fils où vous écrivez ne seront plus suivis d’office."), "success")
    return redirect(f"{request.script_root}/communaute/non-lus#preference", 303)
