"""`/infolettres/lien/TOKEN`: a link of a message leads where it says, and is counted.

The token names an issue and a place in it, the same for every reader: who follows a link is not
known. Only addresses that the issue bore when it left are followed.
"""

from functools import partial

from flask import abort, redirect
from flask.typing import ResponseReturnValue

from inters4.core import tallies
from inters4.core.clock import local, now
from inters4.core.db import reading
from inters4.core.jobs import jobs
from inters4.core.web.requests import public, viewer
from inters4.core.web.visits import is_a_robot, is_a_visit
from inters4.newsletters.exports.tokens import read_following
from inters4.newsletters.queries.deliveries import find_link
from inters4.newsletters.services.clicks import CLICKS
from inters4.newsletters.views.blueprint import bp
from inters4.veille.queries.summaries import is_team


@bp.get("/lien/<token>")
@public
def follow(token: str) -> ResponseReturnValue:
    """Lead to the page; neither scanners nor the team, who look at their work, count."""
    named = read_following(token) or abort(404)
    with reading() as session:
        link = find_link(session, named.issue_id, named.position) or abort(404)
        url = link.url
    response = redirect(url, code=302)
    response.headers["Cache-Control"] = "no-store"
    if is_a_visit() and not is_a_robot() and not is_team(viewer()):
        key = f"{named.issue_id}/{named.position}"
        response.call_on_close(partial(_count, key))
    return response


def _count(key: str) -> None:
    tallies.note(jobs.settings.data_dir, CLICKS, key, on=local(now()).date())
