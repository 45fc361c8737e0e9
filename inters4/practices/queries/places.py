"""Which organisation of ours a typed name means, however it is written: it answers all the same."""

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from indexer.analysis import fold
from inters4.members.models import Organisation, OrganisationName

_ARTICLE = re.compile(r"^(?:l'|(?:le|la|les|the) )")
_INITIALS = re.compile(r"\s*\([^()]*\)\s*$")
# A dash within a name (« Saguenay–Lac-Saint-Jean ») has no space beside it.
_PARTS = re.compile(r"\s+[-–—‑]+\s*|\s*[-–—‑]+\s+|[,;:/|()\[\]]|\s+·\s+|\.(?=\s|$)|\s+et\s+")


# What begins so answers for itself; a faculty, a service or a hospital may be of the one beside.
_ALONE = re.compile(
    r"(?:chu[ms]?|cusm|cisss|ciusss|crssss|cssspnql|inspq|inesss|iucpq|universite|university|cegep|"
    r"ministere|ministry|centre hospitalier (?:universitaire|de l'universite)|"
    r"centre universitaire de sante|institut (?:national|universitaire))\b"
)


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


def some_of(ours: Mapping[str, int], name: str) -> frozenset[int]:
    """The organisations that a typed name means: the whole of it, else each of its parts.

    « Université d’ailleurs – Faculté de médecine » is of the university; « Université A / CISSS B »
    is of both.
    """
    whole = _whole(ours, name)
    if whole is not None:
        return frozenset({whole})
    found = (ours.get(_bare(part)) for part in _PARTS.split(name))
    return frozenset(number for number in found if number is not None)


def others_beside(ours: Mapping[str, int], name: str) -> Sequence[str]:
    """The organisations that a typed name means and that are not ours.

    All of it when none is ours; « CHU X » in « CHU X – Université d’ailleurs », which answers for
    itself.
    """
    meant = some_of(ours, name)
    if not meant:
        return (name,) if name.strip() else ()
    if _whole(ours, name) is not None:
        return ()
    parts = (part.strip() for part in _PARTS.split(name))
    return [part for part in parts if _bare(part) not in ours and _ALONE.match(_bare(part))]


def _whole(ours: Mapping[str, int], name: str) -> int | None:
    return ours.get(_bare(name)) or ours.get(_bare(_INITIALS.sub("", name)))


def _bare(name: str) -> str:
    return _ARTICLE.sub("", " ".join(fold(name).split()).strip(" .,;"))
