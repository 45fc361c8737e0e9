"""`/admin/sante`: queues, index, jobs, disk, backup, versions; what to do when one is bad."""

from flask import current_app, g, render_template
from flask.typing import ResponseReturnValue

from inters4.core.access import Role
from inters4.core.db import reading
from inters4.core.vitals import Level, vitals
from inters4.core.web.requests import requires
from inters4.members.views.sign_in import bp


@bp.get("/admin/sante")
@requires(Role.COORDINATION, Role.ADMIN)
def health() -> ResponseReturnValue:
    """Real figures, as they are now."""
    with reading() as session:
        g.session = session
        return render_template(
            "members/health.html",
            sections=vitals.read(session, current_app.config["SETTINGS"]),
            levels=Level,
        )
