"""Sources of a watch taken in from another reader, and given to another: OPML."""

from collections.abc import Sequence

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue

from inters4.core.db import reading, writing
from inters4.core.errors import DomainError
from inters4.core.i18n import _
from inters4.core.jobs import jobs
from inters4.core.web.downloads import as_file
from inters4.core.web.requests import signed_in, viewer
from inters4.veille.exports.opml import MEDIA_TYPE, write_opml
from inters4.veille.forms.opml import read_opml
from inters4.veille.jobs import POLL_JOB
from inters4.veille.queries.sources import every_feed
from inters4.veille.queries.watches import load_watch
from inters4.veille.services.subscribing import Outcome, Subscribed, subscribe
from inters4.veille.views.blueprint import bp
from inters4.veille.views.inbox import check_desk
from inters4.veille.views.sources import policy


@bp.get("/dispositifs/<public_id>/opml")
@signed_in
def opml(public_id: str) -> ResponseReturnValue:
    """Where the file is chosen."""
    check_desk()
    return _page(public_id)


@bp.post("/dispositifs/<public_id>/opml")
@signed_in
def bring_opml(public_id: str) -> ResponseReturnValue:
    """Add the feeds of the file, and say of each line what it became."""
    check_desk()
    given = request.files.get("fichier")
    if given is None or not given.filename:
        return _page(public_id, told=_("Choisissez un fichier."), status=422)
    try:
        wanted = read_opml(given.stream.read())
        with writing() as session:
            watch = load_watch(session, public_id, is_locked=True) or abort(404)
            report = subscribe(session, watch, wanted, policy=policy(), by=viewer())
    except DomainError as refusal:
        return _page(public_id, told=refusal.message, status=refusal.status)
    finally:
        given.close()
    jobs.nudge(POLL_JOB)
    return _page(public_id, report=report)


@bp.get("/dispositifs/<public_id>/sources.opml")
@signed_in
def opml_file(public_id: str) -> ResponseReturnValue:
    """The feeds of the watch, for another reader or another portal."""
    check_desk()
    with reading() as session:
        watch = load_watch(session, public_id) or abort(404)
        text = write_opml(watch.name, every_feed(session, watch.id))
    return as_file(text, MEDIA_TYPE, "sources.opml", is_private=True)


def _page(
    public_id: str, *, report: Sequence[Subscribed] | None = None, told: str = "", status: int = 200
) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        watch = load_watch(session, public_id) or abort(404)
        body = render_template(
            "veille/watches/opml.html",
            watch=watch,
            report=report,
            counts={
                one.value: sum(line.outcome is one for line in report or ()) for one in Outcome
            },
            told=told,
        )
    return body, status
