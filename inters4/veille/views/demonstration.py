"""`/veille/demonstration/…`: the feeds of a demonstration, so that its desk is alive offline.

There is no such page in any other portal.
"""

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from inters4.core.web.requests import public
from inters4.members.views.demo import database_is_demo
from inters4.veille.services.demo import FEEDS, feeds_dir
from inters4.veille.views.blueprint import bp


@bp.get("/demonstration/<name>")
@public
def demo_feed(name: str) -> ResponseReturnValue:
    """One feed, with the headers that tell whoever comes back that it has not changed."""
    feed = next((one for one in FEEDS if one.file == name), None)
    if feed is None or not database_is_demo():
        abort(404)
    answer = Response((feeds_dir() / feed.file).read_bytes(), mimetype=feed.media_type)
    answer.add_etag()
    return answer.make_conditional(request)
