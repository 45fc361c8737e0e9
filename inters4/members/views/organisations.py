"""`/organisations`: who carries practices, and who takes them up.

What an organisation did is told by the domains above, in the slot `organisation.main`.
"""

from typing import Any

from flask import abort, g, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from inters4.core.clock import local, now
from inters4.core.db import reading
from inters4.core.web.requests import public, site
from inters4.members.models import Organisation, OrganisationKind
from inters4.members.queries import find_organisation, former_names, list_organisations
from inters4.members.views.sign_in import bp
from inters4.vocabulary.queries import vocabulary

_SCHEMA_TYPES = {
    OrganisationKind.ESTABLISHMENT: "MedicalOrganization",
    OrganisationKind.UNIVERSITY: "CollegeOrUniversity",
    OrganisationKind.OTHER: "Organization",
}
_ANYONE_MAY_KEEP = {"Cache-Control": "no-cache"}


@bp.get("/organisations")
@public
def organisations() -> ResponseReturnValue:
    """Members of the Consortium first, then the others, each in the order of a dictionary."""
    with reading() as session:
        g.session = session
        found = list_organisations(session)
        body = render_template(
            "members/organisations.html",
            groups=[
                [one for one in found if one.is_consortium_member is is_member]
                for is_member in (True, False)
            ],
            words=vocabulary(session),
        )
    return make_response(body, 200, _ANYONE_MAY_KEEP)


@bp.get("/organisations/<slug>")
@public
def organisation(slug: str) -> ResponseReturnValue:
    """One organisation, by its permanent id."""
    with reading() as session:
        g.session = session
        found = find_organisation(session, slug) or abort(404)
        words = vocabulary(session)
        body = render_template(
            "members/organisation.html",
            organisation=found,
            former=former_names(found, on=local(now()).date()),
            words=words,
            regions=[(region, words.label("regions", region)) for region in found.region_ids],
            metadata=_metadata(found, [words.label("regions", one) for one in found.region_ids]),
        )
    return make_response(body, 200, _ANYONE_MAY_KEEP)


def _metadata(found: Organisation, regions: list[str]) -> dict[str, Any]:
    """The organisation as schema.org describes one."""
    page = site() + url_for(".organisation", slug=found.slug)
    known: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": _SCHEMA_TYPES[found.kind],
        "identifier": found.slug,
        "name": found.name,
        "alternateName": [name for name in (found.short_name, found.name_en) if name],
        "url": page,
        "sameAs": found.website,
        "areaServed": [{"@type": "AdministrativeArea", "name": name} for name in regions],
    }
    return {name: value for name, value in known.items() if value}
