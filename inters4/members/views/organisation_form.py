"""`/admin/organisations/ID`: adding an organisation, or changing what is said of one."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.access import Role
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _
from inters4.core.web.requests import requires, viewer
from inters4.members.models import OrganisationKind
from inters4.members.queries.organisations import find_organisation
from inters4.members.services.organisations import (
    LONGEST_SHORT_NAME,
    Description,
    describe_organisation,
    is_organisation_id,
    is_organisation_name,
    is_site,
)
from inters4.members.views.sign_in import bp
from inters4.vocabulary.queries import vocabulary

_STAFF = (Role.COORDINATION, Role.ADMIN)
_NEW = "nouvelle"


@bp.get("/admin/organisations/<slug>")
@requires(*_STAFF)
def organisation_form(slug: str) -> ResponseReturnValue:
    """The form of one organisation; `nouvelle` for one that is not there yet."""
    return _page(slug)


@bp.post("/admin/organisations/<slug>")
@requires(*_STAFF)
def save_organisation(slug: str) -> ResponseReturnValue:
    """Keep it; what was typed stays when it cannot be kept."""
    named = request.form.get("identifiant", "").strip() if slug == _NEW else slug
    try:
        with writing() as session:
            is_known = find_organisation(session, named) is not None
            if slug == _NEW and is_known:
                raise Conflict(_("Cet identifiant est déjà celui d’une organisation."))
            if slug != _NEW and not is_known:
                abort(404)
            known = vocabulary(session).ids("regions")
            describe_organisation(session, named, _typed(known), by=viewer())
    except DomainError as refusal:
        return _page(slug, told=refusal.message, status=max(refusal.status, 422))
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


def _stopped_by(slug: str, shown: Description) -> str:
    """The id of the field that the refusal is about, in the order in which they are looked at."""
    named = request.form.get("identifiant", "").strip()
    if slug == _NEW and not is_organisation_id(named):
        return "identifiant"
    if not is_organisation_name(shown.name):
        return "nom"
    if len(shown.short_name) > LONGEST_SHORT_NAME:
        return "nom_court"
    is_site_read = not shown.website or is_site(shown.website)
    return "identifiant" if slug == _NEW and is_site_read else "site"


def _page(slug: str, *, told: str = "", status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        found = find_organisation(session, slug)
        if found is None and slug != _NEW:
            abort(404)
        words = vocabulary(session)
        shown = _typed(words.ids("regions")) if told else None
        body = render_template(
            "members/organisation_form.html",
            slug=slug,
            organisation=found,
            shown=shown or found,
            field=_stopped_by(slug, shown) if shown else "",
            typed_id=request.form.get("identifiant", ""),
            regions=shown.regions if shown else set(found.region_ids if found else ()),
            words=words,
            told=told,
        )
    return body, status
