"""Who carries a sheet: co-authors added by their whole name or address, and taken off."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import writing
from inters4.core.i18n import _
from inters4.core.web.requests import request_id, signed_in, viewer
from inters4.practices.queries.carrying import carriers_of
from inters4.practices.queries.revisions import find_revision
from inters4.practices.services.authors import remove_author, seek_author
from inters4.practices.views.blueprint import bp
from inters4.practices.views.dossier import dossier_page


@bp.post("/dossiers/<practice_id>/equipe")
@signed_in
def add_carrier(practice_id: str) -> ResponseReturnValue:
    """Let another person carry the sheet too."""
    with writing() as session:
        revision = find_revision(session, practice_id, viewer=viewer()) or abort(404)
        is_found = seek_author(
            session,
            revision.practice,
            request.form.get("personne", ""),
            by=viewer(),
            request_id=request_id(),
        )
    if not is_found:
        told = _(
            "Personne n’a été ajouté : écrivez le nom complet ou l’adresse de courriel d’une "
            "personne inscrite. Si deux personnes ont ce nom, donnez l’adresse."
        )
        return dossier_page(practice_id, unfound=told, typed=request.form, status=422)
    flash(_("Cette personne porte maintenant la fiche avec vous."), "success")
    return _back(practice_id)


@bp.post("/dossiers/<practice_id>/equipe/retrait")
@signed_in
def remove_carrier(practice_id: str) -> ResponseReturnValue:
    """Take a co-author off; whoever leaves by themselves no longer sees the dossier."""
    with writing() as session:
        revision = find_revision(session, practice_id, viewer=viewer()) or abort(404)
        asked = request.form.get("personne", "")
        carriers = carriers_of(session, practice_id)
        found = next((one for one in carriers if one.public_id == asked), None) or abort(404)
        remove_author(
            session, revision.practice, found.member_id, by=viewer(), request_id=request_id()
        )
    flash(_("%(name)s ne porte plus la fiche.", name=found.name), "success")
    if found.member_id == viewer().member_id:
        return redirect(url_for("members.account"), code=303)
    return _back(practice_id)


def _back(practice_id: str) -> ResponseReturnValue:
    return redirect(url_for(".dossier", practice_id=practice_id, _anchor="equipe"), code=303)
