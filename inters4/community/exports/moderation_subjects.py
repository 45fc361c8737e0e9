"""What notices of moderation are about, by name, and the rows that they name."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from inters4.core.notices import Noticed

FLAG_KIND, WAITING_KIND = "community.flag", "community.first_post"
DECIDED_KIND, AUTHOR_KIND = "community.flag_decided", "community.moderated"
MEASURE_KIND = "community.measure"
Row = TypeVar("Row")


def about_post(number: int) -> str:
    """The subject of notices about a post."""
    return f"message:{number}"


def about_flag(number: int) -> str:
    """The subject of notices about a flag."""
    return f"signalement:{number}"


def about_line(number: int) -> str:
    """The subject of notices about a line of the journal."""
    return f"moderation:{number}"


def about_measure(number: int) -> str:
    """The subject of notices about a measure."""
    return f"mesure:{number}"


def numbers_in(notices: Iterable[Noticed]) -> set[int]:
    """Those of the rows that `notices` are about."""
    return {_number(one) for one in notices}


def found_among(
    notices: Iterable[Noticed], rows: Mapping[int, Row]
) -> Iterable[tuple[Noticed, Row]]:
    """Each notice with its row, where that is still there."""
    for one in notices:
        row = rows.get(_number(one))
        if row is not None:
            yield one, row


def _number(notice: Noticed) -> int:
    return int(notice.subject.partition(":")[2])
