"""`/admin/organisations/ID`: adding an organisation, or changing what is said of one."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.access import STAFF
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _
from inters4.core.web.requests import requires, viewer
from inters4.members.models import OrganisationKind
from inters4.members.queries.organisations import find_organisation
from inters4.members.services.organisations import (
    Description,
    describe_organisation,
)
from inters4.members.views.sign_in import bp
from inters4.vocabulary.queries import vocabulary

_NEW = "nouvelle"
_FIELDS = {"slug": "identifiant", "name": "nom", "short_name": "nom_court", "website": "site"}


@bp.get("/admin/organisations/<slug>")
@requires(*STAFF)
def organisation_form(slug: str) -> ResponseReturnValue:
    """The form of one organisation; `nouvelle` for one that is not there yet."""
    return _page(slug)


@bp.post("/admin/organisations/<slug>")
@requires(*STAFF)
def save_organisation(slug: str) -> ResponseReturnValue:
    """Keep it; what was typed stays when it cannot be kept."""
    named = request.form.get("identifiant", "").strip() if slug == _NEW else slug
    try:
        with writing() as session:
            is_known = find_organisation(session, named) is not None
            if slug == _NEW and is_known:
                raise Conflict(
                    _("Cet identifiant est déjà celui d’une organisation : donnez-en un autre."),
                    about="slug",
                )
            if slug != _NEW and not is_known:
                abort(404)
            known = vocabulary(session).ids("regions")
            describe_organisation(session, named, _typed(known), by=viewer())
    except DomainError as refusal:
        return _page(slug, refusal)
    flash(_("L’organisation est enregistrée."), "success")
    return redirect(url_for(".organisation_list"), code=303)


def _typed(regions: frozenset[str]) -> Description:
    form = request.form
    kind = form.get("sorte", "")
    return Description(
        name=" ".join(form.get("nom", "").split()),
        short_name=" ".join(form.get("nom_court", "").split()),
        kind=OrganisationKind(kind) if kind in set(OrganisationKind) else OrganisationKind.OTHER,
        website=form.get("site", "").strip(),
        is_consortium_member="membre" in form,
        regions=frozenset(form.getlist("regions")) & regions,
        keeps_former_name="ancien" in form,
    )


def _page(slug: str, refusal: DomainError | None = None) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        found = find_organisation(session, slug)
        if found is None and slug != _NEW:
            abort(404)
        words = vocabulary(session)
        shown = _typed(words.ids("regions")) if refusal else None
        body = render_template(
            "members/organisation_form.html",
            slug=slug,
            organisation=found,
            shown=shown or found,
            field=_FIELDS.get(refusal.about, "") if refusal else "",
            typed_id=request.form.get("identifiant", ""),
            regions=shown.regions if shown else set(found.region_ids if found else ()),
            words=words,
            told=refusal.message if refusal else "",
        )
    return body, max(refusal.status, 422) if refusal else 200
