"""`/admin/sante/index`: asking the worker to check, repair or rebuild the index."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core import audit
from inters4.core.access import Role
from inters4.core.db import writing
from inters4.core.i18n import _
from inters4.core.web.requests import request_id, requires, viewer
from inters4.search.models import IndexTask
from inters4.search.services.requests import request_index
from inters4.search.views.blueprint import bp


@bp.post("/admin/sante/index")
@requires(Role.COORDINATION, Role.ADMIN)
def ask_index() -> ResponseReturnValue:
    """Leave a request; the worker executes it while searches go on."""
    asked = request.form.get("demande", "")
    if asked not in set(IndexTask):
        abort(400)
    with writing() as session:
        request_index(session, IndexTask(asked))
        audit.record(
            session, "search.index_asked", by=viewer(), request_id=request_id(), asked=asked
        )
    flash(
        _("C’est demandé. Rouvrez cette page dans un moment pour voir où cela en est."), "success"
    )
    return redirect(url_for("members.health") + "#index", code=303)
