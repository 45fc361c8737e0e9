"""A figure before and after, drawn when both are numbers of the same thing."""

import re

from inters4.core.values import dataclass

_NUMBER = re.compile(
    r"(?P<number>\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:,(?P<part>\d+))?(?P<unit>[^\d]*)"
)


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Two lengths, from 0 to 100: the longer is 100."""

    before: float
    after: float


def drawn(before: str, after: str) -> BeforeAfter | None:
    """The lengths of two figures; None unless both are plain numbers, of one unit.

    « plus de 7 000 » is no number, and « 64 h » is of the same unit as « 0 ».
    """
    first, second = _read(before), _read(after)
    if first is None or second is None:
        return None
    units = {unit for _number, unit in (first, second) if unit}
    longest = max(first[0], second[0])
    if len(units) > 1 or not longest:
        return None
    return BeforeAfter(
        before=round(first[0] / longest * 100, 1), after=round(second[0] / longest * 100, 1)
    )


def _read(text: str) -> tuple[float, str] | None:
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    whole = re.sub(r"\D", "", found["number"])
    unit = " ".join(found["unit"].replace("\u00a0", " ").split())
    return float(f"{whole}.{found['part'] or 0}"), unit
