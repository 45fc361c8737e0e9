"""An author as references write it: family and given names, or the name of a group.

Sources give names in one string. `Author.parse` reads the forms met in French, in English and in
PubMed; what it cannot take apart stays whole, which no style reads as an error.
"""

import re
from collections.abc import Iterable
from typing import Self

from inters4.core.values import dataclass

_OTHERS = {"et al", "et al.", "et coll", "et coll.", "et autres", "and others"}
_PARTICLES = re.compile(
    r"(?:ap|b[ei]n|d[aeiou]|de[lnrs]|del(?:la|os)|dos|el|l[ae]|los|ste?|ten|ter|v[ao]n|zu)",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"\b(?:agen(?:ce|cy)|alliances?|assembl(?:ée|y)|association|bureau|canada|cent(?:er|re)|ch(?:u|um|uq)|"
    r"ciusss|cisss|coll[eè]ge|comit(?:é|tee)|commission(?:er|aire)?|consorti(?:um|a)|conseil|"
    r"council|department|direction|f[ée]d[ée]ration|fondation|foundation|gouvernement|"
    r"government|group(?:e)?|h[ôo]pital|hospital|institute?|laboratoire|minist(?:ère|ry)|"
    r"network|observatoire|office|ordre|organi[sz]ation|qu[ée]bec|r[ée]gie|r[ée]seau|services?|"
    r"soci[ée]t[ée]|society|team|unit[ée]?|universit[éy]|équipe)\b",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"(?:[A-ZÀ-Þ]\.?-?){1,3}")
_SUFFIX = re.compile(r",?\s+(?:Jr|Sr|II|III|IV)\.?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A person (`family`, `given`) or, when `literal` is set, a group named as it is written."""

    family: str = ""
    given: str = ""
    literal: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read « Given Family », « Family, Given », « Family GP », a group, or « et al. ».

        A particle belongs to the family name: « Jean de la Croix » is filed under « de la Croix ».
        """
        text = " ".join(text.split()).strip(" ,;")
        if text.casefold() in _OTHERS:
            return cls(literal="et al.")
        text = _SUFFIX.sub("", text)
        if text.count(",") == 1:
            family, given = (part.strip() for part in text.split(","))
            if family and given and not _GROUP.search(text):
                return cls(family=family, given=given)
        words = text.split()
        if len(words) == 1 or "," in text or _is_group(words):
            return cls(literal=text)
        if _INITIALS.fullmatch(words[-1]) and not text.isupper():
            return cls(family=" ".join(words[:-1]), given=words[-1])
        start = len(words) - 1
        while start > 1 and _is_particle(words[start - 1]):
            start -= 1
        return cls(family=" ".join(words[start:]), given=" ".join(words[:start]))

    @classmethod
    def parse_all(cls, names: Iterable[str]) -> tuple[Self, ...]:
        """Each of `names` read by `parse`; an « et al. » that ends a name becomes its own."""
        found = []
        for name in names:
            head = re.sub(r",?\s+et\s+al\.?$", "", name.strip(), flags=re.IGNORECASE)
            if head:
                found.append(cls.parse(head))
            if head != name.strip():
                found.append(cls(literal="et al."))
        return tuple(found)

    @property
    def stands_for_others(self) -> bool:
        """True for « et al. », which is nobody's name: formats have their own way to say it."""
        return self.literal == "et al."

    @property
    def inverted(self) -> str:
        """« Family, Given », or the group."""
        return self.literal or (f"{self.family}, {self.given}" if self.given else self.family)

    @property
    def natural(self) -> str:
        """« Given Family », or the group."""
        return self.literal or f"{self.given} {self.family}".strip()

    @property
    def short(self) -> str:
        """« Family, G. F. » as APA has it, or the group."""
        if self.literal or not self.given:
            return self.literal or self.family
        return f"{self.family}, {_initials(self.given)}"


def _is_group(words: list[str]) -> bool:
    """A word of organisations, a digit, or a common word in lower case that is no particle."""
    text = " ".join(words)
    return bool(
        _GROUP.search(text)
        or re.search(r"[\d&()/]", text)
        or any(word[0].islower() and not _is_particle(word) for word in words)
        or _PARTICLES.fullmatch(words[-1])
    )


def _is_particle(word: str) -> bool:
    return bool(_PARTICLES.fullmatch(word)) or word.startswith(("d’", "d'", "l’", "l'"))


def _initials(given: str) -> str:
    if _INITIALS.fullmatch(given):
        letters = re.findall(r"-?[A-ZÀ-Þ]", given)
        return " ".join(f"{letter}." for letter in letters).replace(" -", "-")
    words = [
        "-".join(f"{part[0].upper()}." for part in re.split(r"[-‐‑]", word) if part)
        for word in given.replace(".", ". ").split()
    ]
    return " ".join(word for word in words if word)
