"""`/veille/sante-des-sources`: how each source is doing, the worst first, and visits under way."""

from datetime import datetime, timedelta

from flask import abort, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.i18n import _, ngettext
from inters4.core.jobs import jobs
from inters4.core.web.requests import safe_next, signed_in
from inters4.veille.jobs import POLL_JOB
from inters4.veille.models import Watch
from inters4.veille.queries.due import advance
from inters4.veille.queries.sources import list_health, load_source, may_be_visited
from inters4.veille.queries.watches import load_watch, open_watches
from inters4.veille.services.polling import check_now
from inters4.veille.views import watch_wording
from inters4.veille.views.blueprint import bp
from inters4.veille.views.inbox import check_desk

_HEALTH = "/veille/sante-des-sources"
_LONGEST_ROUND = 3_600


@bp.get("/sante-des-sources")
@signed_in
def source_health() -> ResponseReturnValue:
    """Polled sources of open watches, by trouble."""
    check_desk()
    chosen = request.args.get("dispositif", "")
    with reading() as session:
        g.session = session
        watch = _chosen(session, chosen)
        page = list_health(session, watch=watch, page=request.args.get("page", 1, type=int))
        return render_template(
            "veille/watches/health.html",
            page=page,
            watches=[(one.public_id, one.name) for one in open_watches(session)],
            chosen=watch.public_id if watch else "",
            advance=advance(session, at=now(), since=_asked_at()),
            since=request.args.get("depuis", ""),
            url_of=lambda number: url_for(".source_health", dispositif=chosen or None, page=number),
            wording=watch_wording,
        )


@bp.get("/sante-des-sources/avancement")
@signed_in
def visits_advance() -> ResponseReturnValue:
    """How far the visits are, for the page to show as they go; then it is drawn anew."""
    check_desk()
    with reading() as session:
        found = advance(session, at=now(), since=_asked_at())
    since = request.args.get("depuis", "")
    answer = make_response(
        render_template("veille/watches/_advance.html", advance=found, since=since)
    )
    if found.is_over:
        answer.headers["HX-Refresh"] = "true"
    return answer


@bp.post("/sante-des-sources/releve")
@signed_in
def visit_now() -> ResponseReturnValue:
    """Have sources visited: one, those of a watch, or all that were left alone long enough."""
    check_desk()
    with writing() as session:
        watch = _chosen(session, request.form.get("dispositif", ""))
        source = None
        if request.form.get("source"):
            source, _watch = load_source(session, request.form["source"]) or abort(404)
        ids = may_be_visited(session, at=now(), watch=watch, source=source)
        check_now(session, ids, at=now())
        asked = int(now().timestamp())
    jobs.nudge(POLL_JOB)
    flash(
        ngettext("%(num)s source va être visitée.", "%(num)s sources vont être visitées.", len(ids))
        if ids
        else _("Rien à relever : chaque source a été vue il y a moins de cinq minutes, ou attend."),
        "success" if ids else "info",
    )
    default = f"{_HEALTH}?depuis={asked}" if ids else _HEALTH
    return redirect(safe_next(request.form.get("suite"), default=default), code=303)


def _asked_at() -> datetime | None:
    """When the button was pressed, from the address; None when it was not, or long ago."""
    told = request.args.get("depuis", 0, type=int)
    at = now()
    age = int(at.timestamp()) - told
    return at - timedelta(seconds=age + 1) if 0 <= age <= _LONGEST_ROUND else None


def _chosen(session: Session, public_id: str) -> Watch | None:
    return load_watch(session, public_id) if public_id else None
