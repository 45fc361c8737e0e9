"""`/communaute/brouillons`: what someone is writing, kept as they type."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.community.exports.paths import space_path, thread_path
from inters4.community.forms.writing import read_sent
from inters4.community.queries.drafts import drafts_of, find_draft, find_place
from inters4.community.services.drafting import give_up, keep_draft, mark_of_draft
from inters4.community.views.blueprint import bp
from inters4.core.db import reading, writing
from inters4.core.i18n import _
from inters4.core.web.requests import signed_in, viewer


@bp.get("/brouillons")
@signed_in
def drafts() -> ResponseReturnValue:
    """One's own drafts, the latest first."""
    with reading() as session:
        g.session = session
        return render_template(
            "community/drafts.html",
            lines=drafts_of(session, viewer=viewer()),
            thread_path=thread_path,
            space_path=space_path,
        )


@bp.post("/brouillons/enregistrement")
@signed_in
def keep() -> ResponseReturnValue:
    """Keep what was typed so far; the page asks for this by itself.

    `vu` is the mark of what the server had when the page was drawn, or last kept: an older tab
    erases nothing.
    """
    sent, place, seen = read_sent(), request.form.get("lieu", ""), request.form.get("vu", "")
    with writing() as session:
        found = find_place(session, place, viewer=viewer()) or abort(404)
        stands = find_draft(session, found.name, viewer=viewer())
        if seen != mark_of_draft(stands):
            return {"said": _("Ce brouillon a changé dans un autre onglet.")}, 409
        kept = keep_draft(
            session, found.name, text=sent.text, title=sent.title, by=viewer(), key=sent.key
        )
        return "", 204, {"Vu": mark_of_draft(kept)}


@bp.post("/brouillons/abandon")
@signed_in
def drop() -> ResponseReturnValue:
    """A draft goes, and its files with it."""
    with writing() as session:
        give_up(session, request.form.get("lieu", "")[:40], by=viewer())
    flash(_("Le brouillon est supprimé."), "success")
    return redirect(url_for(".drafts"), 303)
