"""Adoptions that teams declare, and the organisations that declare them."""

from typing import Any

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.clock import local, now
from inters4.members.models import Organisation, OrganisationRegion
from inters4.practices.models import (
    Adoption,
    AdoptionEntry,
    AdoptionState,
    Aspect,
    Openness,
    Practice,
)
from inters4.practices.services.adopting import Declared, declare_adoption
from inters4.practices.services.journaling import Figure, write_entry
from tests.builders.members import make_organisation


def serve(
    session: Session, *regions: str, slug: str = "", name: str = "CISSS d’ici"
) -> Organisation:
    """An organisation that serves `regions`."""
    organisation = make_organisation(session, slug=slug, name=name)
    session.add_all(
        OrganisationRegion(organisation_id=organisation.id, region=region) for region in regions
    )
    session.flush()
    return organisation


def adopt(
    session: Session,
    practice: Practice,
    *,
    by: Viewer,
    team: str = "Équipe du littoral",
    state: AdoptionState = AdoptionState.TRIAL,
    openness: Openness = Openness.PUBLIC,
    **said: Any,
) -> Adoption:
    """The first organisation of `by` declares that it tries `practice`."""
    return declare_adoption(
        session,
        practice,
        Declared(team=team, openness=openness, **said),
        organisation_id=min(by.organisations),
        state=state,
        reason="Faute de monde." if state is AdoptionState.ABANDONED else "",
        by=by,
    )


def journal(
    session: Session,
    adoption: Adoption,
    *,
    by: Viewer,
    text: str = "Douze personnes vues en un mois.",
    aspect: Aspect = Aspect.REACH,
    figures: tuple[Figure, ...] = (
        Figure(indicator="Délai", before="40", after="12", unit="jours"),
    ),
) -> AdoptionEntry:
    """An entry of today."""
    return write_entry(
        session,
        adoption,
        aspect=aspect,
        on_day=local(now()).date(),
        text=text,
        figures=figures,
        by=by,
    )
