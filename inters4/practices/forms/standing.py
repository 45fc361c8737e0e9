"""How far each block of a sheet is: empty, begun, whole, or to mend."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from inters4.core.values import dataclass
from inters4.practices.forms.pages import PAGES, FormPage
from inters4.practices.models import PracticeRevision, PracticeState
from inters4.practices.services.drafts import Reader, texts_of
from inters4.practices.services.requirements import REQUIRED, Gate, lacks_of


class Standing(StrEnum):
    """How far a block is."""

    EMPTY = "empty"
    BEGUN = "begun"
    WHOLE = "whole"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class BlockStanding:
    """One block, how far it is, and whether readers must have it."""

    page: FormPage
    standing: Standing
    is_required: bool


def standings_of(revision: PracticeRevision, read: Reader) -> Sequence[BlockStanding]:
    """Each block, in the order of the form."""
    held: Mapping[str, object] = {**revision.values, **texts_of(revision)}
    wrong = {one.field for one in read.mistakes}
    missing = {one.field for one in lacks_of(read.sheet, PracticeState.REVIEW)}
    found = []
    for page in PAGES:
        fields = set(page.fields)
        if fields & wrong:
            standing = Standing.WRONG
        elif not any(held.get(name) for name in fields):
            standing = Standing.EMPTY
        else:
            standing = Standing.BEGUN if fields & missing else Standing.WHOLE
        is_required = any(REQUIRED.get(name, Gate.READERS) <= Gate.REVIEW for name in fields)
        found.append(BlockStanding(page, standing, is_required))
    return found
