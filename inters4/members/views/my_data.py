"""`/compte/donnees`: everything the portal knows of the person who looks, and the way out."""

import io

from flask import flash, g, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from inters4.core import audit
from inters4.core.clock import local, now
from inters4.core.db import reading, writing
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.core.web.requests import request_id, signed_in, viewer
from inters4.members.exports.account_data import archive
from inters4.members.exports.words import place_label
from inters4.members.models import Member
from inters4.members.queries.consents import consents_of
from inters4.members.services.erasure import erase_member
from inters4.members.views import browser
from inters4.members.views.proof import recently_proved
from inters4.members.views.sign_in import bp


@bp.get("/compte/donnees")
@signed_in
def my_data() -> ResponseReturnValue:
    """What is kept, for how long, and how to take it or have it erased."""
    with reading() as session:
        g.session = session
        return render_template(
            "members/my_data.html",
            retention=list(hooks.retention.values()),
            consents=consents_of(session, viewer().member_id or 0),
            place_label=place_label,
        )


@bp.post("/compte/donnees/archive")
@signed_in
@recently_proved
def my_data_archive() -> ResponseReturnValue:
    """One ZIP of JSON files, made now."""
    by = viewer()
    with writing() as session:
        audit.record(
            session,
            "members.data_exported",
            by=by,
            subject=f"member:{by.member_id}",
            request_id=request_id(),
        )
    with reading() as session:
        held = archive(session, by.member_id or 0)
    answer = send_file(
        io.BytesIO(held),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"mes-donnees-inters4-{local(now()).date()}.zip",
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.route("/compte/effacement", methods=["GET", "POST"])
@signed_in
@recently_proved
def erase_account() -> ResponseReturnValue:
    """Say what goes and what stays, then do it."""
    choice, error = request.form.get("messages", ""), ""
    if request.method == "POST":
        if choice in {"gardes", "retires"} and request.form.get("compris") == "oui":
            return _leave(keeps_posts=choice == "gardes")
        error = _("Choisissez ce que deviennent vos messages, et cochez la case.")
    page = render_template("members/erasure.html", choice=choice, error=error)
    return page, 422 if error else 200


def _leave(*, keeps_posts: bool) -> ResponseReturnValue:
    by = viewer()
    with writing() as session:
        member = session.get_one(Member, by.member_id, with_for_update=True)
        erase_member(session, member, keeps_posts=keeps_posts, by=by, request_id=request_id())
    response = make_response(redirect(url_for("home.index"), code=303))
    browser.stop(response)
    flash(
        _("Votre compte est effacé. Les copies de travail suivent dans les 24 heures."), "success"
    )
    return response
