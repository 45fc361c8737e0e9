"""Which organisation of ours a typed name means, however it is written: it answers all the same."""

import re
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from indexer.analysis import fold
from inters4.members.models import Organisation, OrganisationName

_ARTICLE = re.compile(r"^(?:l'|(?:le|la|les|the) )")
_INITIALS = re.compile(r"\s*\([^()]*\)\s*$")


def ours_by_name(session: Session) -> Mapping[str, int]:
    """The number of each organisation by its identifier and its names; those of today prevail."""
    today: dict[str, int] = {}
    before: dict[str, int] = {}
    for place, former in session.execute(
        select(Organisation, OrganisationName.name).outerjoin(
            OrganisationName, OrganisationName.organisation_id == Organisation.id
        )
    ):
        today[place.slug] = place.id
        for name in filter(None, (place.name, place.short_name, place.name_en)):
            today[_bare(name)] = place.id
        if former:
            before[_bare(former)] = place.id
    return {**before, **today}


def one_of(ours: Mapping[str, int], name: str) -> int | None:
    """The organisation that a typed name means: as it is, or without what stands in brackets."""
    return ours.get(_bare(name)) or ours.get(_bare(_INITIALS.sub("", name)))


def _bare(name: str) -> str:
    return _ARTICLE.sub("", " ".join(fold(name).split()))
