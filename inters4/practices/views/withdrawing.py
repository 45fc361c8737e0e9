"""`/pratiques/SLUG/retrait`: the coordination takes a sheet away from readers, and says why."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError, NotAllowed
from inters4.core.i18n import _
from inters4.core.web.requests import request_id, requires, viewer
from inters4.practices import queries
from inters4.practices.forms.posted import read_reason
from inters4.practices.models import TOMBSTONES, Practice
from inters4.practices.queries.revisions import find_revision
from inters4.practices.services.leaving import withdraw
from inters4.practices.views.blueprint import bp


@bp.get("/<slug>/retrait")
@requires(Role.COORDINATION)
def withdrawal(slug: str) -> ResponseReturnValue:
    """Why, and what replaces it if anything does."""
    return _page(slug)


@bp.post("/<slug>/retrait")
@requires(Role.COORDINATION)
def withdraw_sheet(slug: str) -> ResponseReturnValue:
    """Withdraw it; its address says why, and never answers 404."""
    try:
        with writing() as session:
            practice = queries.find_head(session, slug, viewer=viewer()) or abort(404)
            queries.lock_practices(session, [practice.id])
            session.refresh(practice)
            if practice.state not in TOMBSTONES:
                withdraw(
                    session,
                    practice,
                    reason=read_reason(request.form, most=1_000),
                    by=viewer(),
                    replaced_by=_replacement(session, practice),
                    request_id=request_id(),
                )
    except NotAllowed:
        raise
    except DomainError as refusal:
        return _page(slug, told=refusal.message, status=409 if refusal.status == 409 else 422)
    flash(_("La fiche est retirée; son adresse dit pourquoi."), "success")
    return redirect(url_for(".show", slug=slug), code=303)


def _replacement(session: Session, practice: Practice) -> Practice | None:
    """The sheet whose address was given, when one replaces the other.

    Raises:
        DomainError: no sheet that everyone reads has this address.
    """
    given = request.form.get("remplacement", "").strip().rstrip("/").rpartition("/")[2]
    if not given:
        return None
    found = queries.find_head(session, given, viewer=viewer())
    if found is None or not found.is_readable or found is practice:
        raise DomainError(
            _("L’adresse de la fiche qui la remplace n’est pas celle d’une fiche lue.")
        )
    return found


def _page(slug: str, *, told: str = "", status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        practice = queries.find_head(session, slug, viewer=viewer())
        if practice is None or not (practice.is_readable or told):
            abort(404)
        body = render_template(
            "practices/withdrawal.html",
            practice=practice,
            told=told,
            typed=request.form,
            is_written=find_revision(session, practice.id, viewer=viewer()) is not None,
        )
    return body, status
