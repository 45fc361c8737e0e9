"""« Est-ce que ça marcherait ici? »: four questions, kept for one's organisation alone."""

from flask import abort, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError, NotAllowed, NotFound
from inters4.core.i18n import _
from inters4.core.web.requests import signed_in, viewer
from inters4.practices.models import Practice, TransferAssessment
from inters4.practices.queries import load_parts
from inters4.practices.queries.transfer import assessments_of, find_assessment
from inters4.practices.services.adopting import LONGEST_TEAM
from inters4.practices.services.assessing import (
    LONGEST_ANSWER,
    Answers,
    change_assessment,
    remove_assessment,
    start_assessment,
)
from inters4.practices.views.adopting import own_organisations, readable_sheet
from inters4.practices.views.blueprint import bp
from inters4.vocabulary.queries import vocabulary


@bp.get("/<slug>/ici")
@signed_in
def transfer(slug: str) -> ResponseReturnValue:
    """The four questions, what the sheet says of them, and what our teams answered already."""
    with reading() as session:
        return _page(session, readable_sheet(session, slug))


@bp.post("/<slug>/ici")
@signed_in
def start_transfer(slug: str) -> ResponseReturnValue:
    """Keep the answers of a team."""
    said = _typed()
    number = request.form.get("organisation", 0, type=int)
    try:
        with writing() as session:
            made = start_assessment(
                session, readable_sheet(session, slug), said, organisation_id=number, by=viewer()
            )
    except (Conflict, NotAllowed, NotFound):
        raise
    except DomainError as refusal:
        with reading() as session:
            body = _page(session, readable_sheet(session, slug), said=said, told=refusal.message)
        return make_response(body, 422)
    flash(_("Vos réponses sont gardées, pour votre organisation seulement."), "success")
    return redirect(url_for(".assessment", slug=slug, public_id=made.public_id), code=303)


@bp.get("/<slug>/ici/<public_id>")
@signed_in
def assessment(slug: str, public_id: str) -> ResponseReturnValue:
    """The answers of a team, to print and discuss."""
    with reading() as session:
        g.session = session
        row = _found(session, slug, public_id)
        return render_template(
            "practices/adoption/assessment.html",
            row=row,
            practice=load_parts(session, row.practice),
            words=vocabulary(session),
        )


@bp.get("/<slug>/ici/<public_id>/modifier")
@signed_in
def edit_assessment(slug: str, public_id: str) -> ResponseReturnValue:
    """The same in a form."""
    with reading() as session:
        row = _found(session, slug, public_id)
        return _page(session, row.practice, row=row, said=_said_by(row))


@bp.post("/<slug>/ici/<public_id>/modifier")
@signed_in
def save_assessment(slug: str, public_id: str) -> ResponseReturnValue:
    """Answer again."""
    said, seen = _typed(), request.form.get("version", 0, type=int)
    try:
        with writing() as session:
            change_assessment(
                session, _found(session, slug, public_id), said, seen=seen, by=viewer()
            )
    except (Conflict, NotAllowed, NotFound):
        raise
    except DomainError as refusal:
        with reading() as session:
            row = _found(session, slug, public_id)
            body = _page(session, row.practice, row=row, said=said, told=refusal.message)
        return make_response(body, 422)
    flash(_("Vos réponses sont gardées."), "success")
    return redirect(url_for(".assessment", slug=slug, public_id=public_id), code=303)


@bp.post("/<slug>/ici/<public_id>/effacement")
@signed_in
def erase_assessment(slug: str, public_id: str) -> ResponseReturnValue:
    """Forget the answers."""
    with writing() as session:
        remove_assessment(session, _found(session, slug, public_id), by=viewer())
    flash(_("Ces réponses sont effacées."), "success")
    return redirect(url_for(".transfer", slug=slug), code=303)


def _typed() -> Answers:
    form = request.form
    return Answers(
        team=form.get("equipe", ""),
        fit=form.get("convient", ""),
        worth=form.get("vaut", ""),
        feasible=form.get("faisable", ""),
        how=form.get("comment", ""),
    )


def _said_by(row: TransferAssessment) -> Answers:
    return Answers(team=row.team, fit=row.fit, worth=row.worth, feasible=row.feasible, how=row.how)


def _found(session: Session, slug: str, public_id: str) -> TransferAssessment:
    return find_assessment(session, slug, public_id, viewer=viewer()) or abort(404)


def _page(
    session: Session,
    practice: Practice,
    *,
    row: TransferAssessment | None = None,
    said: Answers | None = None,
    told: str = "",
) -> str:
    g.session = session
    return render_template(
        "practices/adoption/transfer.html",
        practice=load_parts(session, practice),
        row=row,
        said=said or Answers(team=""),
        told=told,
        organisations=own_organisations(session),
        kept=[] if row else assessments_of(session, practice.id, viewer=viewer()),
        words=vocabulary(session),
        longest_team=LONGEST_TEAM,
        longest=LONGEST_ANSWER,
    )
