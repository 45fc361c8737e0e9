"""What a source says of an article besides its reference: design, country, open access.

Only what is written counts: a publication type, the title that names its own method, a heading of
place, a licence. A protocol, a correction or a comment has no design; what is not said is unknown.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from inters4.core.i18n import country_codes
from inters4.veille.models import OpenAccess
from inters4.veille.services.identity import folded

_TYPES: Mapping[str, tuple[str, ...]] = {
    "guide": ("practice guideline", "guideline"),
    "revue-sys": ("systematic review", "meta analysis", "network meta analysis"),
    "ecr": ("randomized controlled trial", "randomised controlled trial"),
    "observationnelle": ("observational study", "cohort study", "cross sectional study"),
    "qualitative": ("qualitative study", "qualitative research"),
    "mixte": ("mixed methods study",),
    "economique": ("economic evaluation",),
    "revue-autre": ("scoping review", "narrative review", "rapid review", "review"),
    "these": (
        *("thes", "thesis", "dissertation", "academic dissertation", "phdthesis"),
        "mastersthesis",
    ),
    "gris": ("rprt", "report", "technical report", "techreport"),
    "expert": ("editorial", "comment"),
}
"""Publication types of PubMed, of files and of journals, folded, by id of the vocabulary; of
several, the first of this list is believed."""
_TITLES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (design, re.compile(rf"\b(?:{words})\b"))
    for design, words in (
        ("guide", "practice guidelines?|guides? de pratique|lignes? directrices?"),
        (
            "revue-sys",
            (
                "systematic reviews?|meta ?analys[ei]s|umbrella review|revues? systematiques?"
                "|meta ?analyses?"
            ),
        ),
        (
            "revue-autre",
            (
                "(?:scoping|narrative|rapid|realist|integrative|literature) review"
                "|(?:revue|examen) (?:de la )?(?:portee|narrative|rapide|realiste|integrative)"
                "|recension des ecrits|revue de litterature"
            ),
        ),
        (
            "economique",
            (
                "cost (?:effectiveness|utility|benefit)|economic evaluation"
                "|cout (?:efficacite|utilite|benefice)|evaluation economique"
            ),
        ),
        ("mixte", "mixed methods?|methodes? mixtes?|devis mixte"),
        ("qualitative", "qualitative (?:\\w+ ){0,2}(?:study|analysis|research)|etude qualitative"),
        (
            "quasi",
            (
                "quasi experiment\\w*|non randomi[sz]ed|before (?:and )?after study"
                "|interrupted time series|etude avant apres"
            ),
        ),
        ("ecr", "randomi[sz]ed (?:\\w+ ){0,4}trial|essai (?:\\w+ ){0,3}randomise"),
        (
            "observationnelle",
            (
                "cohort study|cross sectional (?:\\w+ ){0,2}(?:study|survey|analysis)"
                "|case control study|observational study"
                "|etude (?:de cohorte|transversale|observationnelle|cas temoins)"
            ),
        ),
    )
)
_NO_STUDY = re.compile(
    r"\bprotocole?s?\b|^(?:correction|corrigendum|erratum|comment(?:ary|aire)?|retract\w+|reply"
    r"|response|reponse|letter|lettre)\b"
)
_OPEN = re.compile(
    r"https?://(?:(?:www\.)?ncbi\.nlm\.nih\.gov/pmc|pmc\.ncbi\.nlm\.nih\.gov|europepmc\.org)"
    r"/articles/(?:pmc/)?PMC\d|https?://(?:www\.)?creativecommons\.org/(?:licenses|publicdomain)/"
    r"|\bopen access\b|\blibre acces\b|^PMC\d{1,9}$",
    re.IGNORECASE,
)
_LONGEST_READ, _LONGEST_TITLE, _LONGEST_WORDS = 2_000, 500, 100
_ELSEWHERE = {
    **dict.fromkeys(("england", "scotland", "wales", "northern ireland"), "GB"),
    **dict.fromkeys(
        (
            *("alberta", "british columbia", "manitoba", "new brunswick", "nova scotia"),
            *("newfoundland and labrador", "nunavut", "ontario", "prince edward island"),
            *("quebec", "saskatchewan", "northwest territories", "yukon territory"),
        ),
        "CA",
    ),
    "republic of korea": "KR",
    "russian federation": "RU",
    "turkey": "TR",
    "georgia": "",
}
"""How PubMed names places otherwise; its « Georgia » is a state."""


def design_of(types: Iterable[str], *, title: str) -> str:
    """The id of the design that a publication type says, else the title itself; often empty."""
    name = folded(title[:_LONGEST_TITLE])
    if _NO_STUDY.search(name):
        return ""
    said = {folded(one[:_LONGEST_WORDS]) for one in types}
    found = (design for design, names in _TYPES.items() if not said.isdisjoint(names))
    named = (design for design, words in _TITLES if words.search(name))
    return next(found, "") or next(named, "")


def country_of(headings: Iterable[str]) -> str:
    """The ISO code of the one country among headings of subject; empty for none or several."""
    places = _places()
    found = {places.get(folded(one.partition("/")[0][:_LONGEST_WORDS]), "") for one in headings} - {
        ""
    }
    return found.pop() if len(found) == 1 else ""


def access_of(said: Iterable[str]) -> OpenAccess:
    """Open when an address, a licence or a number of PubMed Central says so, else unknown."""
    is_open = any(_OPEN.search(one.strip()[:_LONGEST_READ]) for one in said)
    return OpenAccess.YES if is_open else OpenAccess.UNKNOWN


@cache
def _places() -> Mapping[str, str]:
    return {folded(name): code for name, code in country_codes(language="en").items()} | _ELSEWHERE
