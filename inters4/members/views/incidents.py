"""`/admin/incidents`: the register of confidentiality incidents. Nothing in it is taken back."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core import audit
from inters4.core.access import STAFF
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError, NotAllowed
from inters4.core.i18n import _
from inters4.core.tables import CSV
from inters4.core.web.downloads import as_file
from inters4.core.web.requests import request_id, requires, viewer
from inters4.members.exports.incidents import STEPS, incidents_csv
from inters4.members.forms.incidents import FollowForm, IncidentForm
from inters4.members.models import IncidentStep
from inters4.members.queries import incidents as queries
from inters4.members.services.incidents import add_incident, follow_incident
from inters4.members.views.downloads import gives_file
from inters4.members.views.proof import recently_proved
from inters4.members.views.sign_in import bp


@bp.get("/admin/incidents")
@requires(*STAFF)
def incidents() -> ResponseReturnValue:
    """The register, the latest first."""
    with reading() as session:
        g.session = session
        page, records = queries.list_incidents(session, page=request.args.get("page", 1, type=int))
        return render_template(
            "members/incidents.html",
            page=page,
            records=records,
            steps=IncidentStep,
            url_of=lambda number: url_for(".incidents", page=number),
        )


@bp.get("/admin/incidents.csv")
@requires(*STAFF)
@recently_proved
@gives_file
def incidents_as_csv() -> ResponseReturnValue:
    """The whole register, for whoever the law gives it to."""
    with writing() as session:
        audit.record(session, "privacy.incidents_exported", by=viewer(), request_id=request_id())
    with reading() as session:
        text = "".join(incidents_csv(queries.every_incident(session)))
    return as_file(text, CSV, "registre-incidents-inters4.csv", is_private=True)


@bp.route("/admin/incidents/nouveau", methods=["GET", "POST"])
@requires(*STAFF)
def new_incident() -> ResponseReturnValue:
    """Write a line in the register."""
    form = IncidentForm()
    if request.method == "POST" and form.validate():
        try:
            with writing() as session:
                public_id = add_incident(
                    session,
                    title=form.titre.data,
                    noticed_on=form.connu_le.data,
                    happened=form.quand.data or "",
                    circumstances=form.circonstances.data,
                    data=form.renseignements.data,
                    people=form.personnes.data,
                    is_serious=form.serieux.data == "oui",
                    assessment=form.evaluation.data or "",
                    by=viewer(),
                    request_id=request_id(),
                ).public_id
        except NotAllowed:
            raise
        except DomainError as refusal:
            form.connu_le.errors = [refusal.message]
        else:
            flash(_("L’incident est au registre."), "success")
            return redirect(url_for(".incident", public_id=public_id), code=303)
    status = 422 if request.method == "POST" else 200
    return render_template("members/incident_new.html", form=form), status


@bp.route("/admin/incidents/<public_id>", methods=["GET", "POST"])
@requires(*STAFF)
def incident(public_id: str) -> ResponseReturnValue:
    """One incident, and what followed; a line is added at the end."""
    form = FollowForm()
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            with writing() as session:
                found = queries.find_incident(session, public_id) or abort(404)
                follow_incident(
                    session,
                    found.incident,
                    step=IncidentStep(form.suite.data),
                    text=form.texte.data,
                    by=viewer(),
                    request_id=request_id(),
                )
            flash(_("C’est au registre."), "success")
            return redirect(url_for(".incident", public_id=public_id), code=303)
    with reading() as session:
        g.session = session
        record = queries.find_incident(session, public_id) or abort(404)
        page = render_template(
            "members/incident.html", record=record, form=form, labels=STEPS, steps=IncidentStep
        )
    return page, status
