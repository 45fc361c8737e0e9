"""`/reperes`: the digital plan, and figures that others published."""

from operator import itemgetter

from flask import abort, g, render_template
from flask.typing import ResponseReturnValue

from inters4.core.db import reading
from inters4.core.tables import CSV
from inters4.core.web.downloads import as_file
from inters4.core.web.requests import public
from inters4.indicators import queries
from inters4.indicators.exports.grouping import in_groups, tables_of
from inters4.indicators.exports.tables import plan_csv
from inters4.indicators.models import Topic
from inters4.indicators.views.blueprint import bp


@bp.get("/reperes/transformation-numerique")
@public
def digital_plan() -> ResponseReturnValue:
    """The objectives of the plan year by year, and what it says of itself."""
    with reading() as session:
        g.session = session
        plan = queries.find_plan(session) or abort(404)
        return render_template(
            "indicators/digital_plan.html",
            plan=plan,
            orientations=in_groups(plan.objectives, itemgetter("orientation")),
            levers=in_groups(plan.conditions, itemgetter("lever")),
            risks=in_groups(plan.risks, itemgetter("kind")),
            tables=tables_of(queries.list_facts(session, topic=Topic.DIGITAL_PLAN)),
        )


@bp.get("/reperes/transformation-numerique.csv")
@public
def digital_plan_csv() -> ResponseReturnValue:
    """The objectives and their targets, for a spreadsheet."""
    with reading() as session:
        plan = queries.find_plan(session) or abort(404)
        return as_file(plan_csv(plan), CSV, f"{plan.id}.csv")


@bp.get("/reperes/innovation")
@public
def innovation() -> ResponseReturnValue:
    """What the innovation office of the ministry says of its network."""
    with reading() as session:
        g.session = session
        facts = queries.list_facts(session, topic=Topic.INNOVATION)
        return render_template("indicators/innovation.html", tables=tables_of(facts))
