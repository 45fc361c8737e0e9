"""What a draft lacks before readers may have it, as the team reads it."""

from dataclasses import dataclass

from inters4.veille.exports.files import file_of
from inters4.veille.models import Summary, paragraph_lacks, publishing_lacks
from inters4.veille.views.wording import FIELDS

_NAMED = {"authors": "auteurs", "url": "adresse de l’article", "themes": "thème"}
"""Words by which a person says that it is missing: nobody reads it twice."""


@dataclass(frozen=True, slots=True)
class Lacks:
    """What is not there, then what is there and breaks a rule."""

    missing: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def lacks_of(summary: Summary) -> Lacks:
    """What it waits for, in the words of who wrote it, then what the rules ask for."""
    values = {**file_of(summary).values, "missing": ()}
    told = " ".join(summary.missing).lower()
    found = [*publishing_lacks(values, summary.source), *paragraph_lacks(summary.source)]
    return Lacks(
        missing=(
            *summary.missing,
            *(
                _item(str(FIELDS[one.field]))
                for one in found
                if one.field and _NAMED.get(one.field, one.field) not in told
            ),
        ),
        faults=tuple(one.sentence for one in found if not one.field),
    )


def _item(name: str) -> str:
    """« Les auteurs de l’article. », as those that a person wrote."""
    return f"{name[:1].upper()}{name[1:]}."
