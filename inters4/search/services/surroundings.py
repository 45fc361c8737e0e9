"""What the portal holds of a place: a region, an organisation."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.hooks import hooks
from inters4.core.values import dataclass
from inters4.members.models import Organisation
from inters4.members.queries import list_organisations
from inters4.practices.models import Adoption
from inters4.practices.queries.adoptions import public_around
from inters4.search.models import NOWHERE, Criteria, Place
from inters4.search.models.page import Shelf
from inters4.search.queries.adoptions import Reported, adoptions_by, adoptions_in
from inters4.search.services.asking import admitted
from inters4.search.services.cards import CardMaker
from inters4.search.services.labels import Labels
from inters4.search.services.shelves import make_shelves

_SHEET = "fiche"


@dataclass(frozen=True, slots=True)
class AdoptionLine:
    """An adoption, and where its sheet is."""

    adoption: Reported
    url: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Documents by kind, adoptions that sources report or teams declare, organisations."""

    shelves: tuple[Shelf, ...]
    adoptions: tuple[AdoptionLine, ...]
    declared: Sequence[Adoption] = ()
    organisations: tuple[Organisation, ...] = ()


def of_organisation(
    session: Session, organisation: Organisation, *, viewer: Viewer, place: Place = NOWHERE
) -> Surroundings:
    """What an organisation carries, and what it took up from others.

    Raises:
        IndexUnavailable: no index can be read now.
    """
    criteria = Criteria().choosing("organisation", organisation.slug)
    labels, within = Labels.load(session), admitted(session, viewer)
    cards = CardMaker(labels, place.followed(labels.words.present))
    return Surroundings(
        make_shelves(session, criteria, viewer=viewer, within=within, cards=cards),
        _lines(adoptions_by(session, organisation.id)),
        public_around(session, organisation_id=organisation.id),
    )


def of_region(session: Session, region: str, *, viewer: Viewer) -> Surroundings:
    """What comes from a region, what was taken up there, and who serves it.

    Raises:
        IndexUnavailable: no index can be read now.
    """
    criteria = Criteria().choosing("region", region)
    cards, within = CardMaker(Labels.load(session)), admitted(session, viewer)
    return Surroundings(
        make_shelves(session, criteria, viewer=viewer, within=within, cards=cards),
        _lines(adoptions_in(session, region)),
        public_around(session, region=region),
        tuple(found for found in list_organisations(session) if region in found.region_ids),
    )


def _lines(adoptions: Sequence[Reported]) -> tuple[AdoptionLine, ...]:
    kind = hooks.document_kinds.get(_SHEET)
    if kind is None:
        return ()
    return tuple(
        AdoptionLine(adoption, kind.url(adoption.practice_id, {"slug": adoption.slug}))
        for adoption in adoptions
    )
