"""The same sheet in other languages."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from inters4.practices.models import Practice, TranslationState
from inters4.practices.queries.sheets import is_readable


def translations_of(session: Session, practice: Practice) -> Sequence[Practice]:
    """Those that everyone may read; no statement for a sheet that says it has none."""
    if practice.translation_of is None and practice.translation_state is TranslationState.ABSENT:
        return ()
    named = {"original": practice.translation_of or practice.id, "id": practice.id}
    return session.scalars(_translations(), named).all()


@cache
def _translations() -> Select[Practice]:
    of_the_same = or_(
        Practice.translation_of == bindparam("original"), Practice.id == bindparam("original")
    )
    return (
        select(Practice)
        .where(of_the_same, Practice.id != bindparam("id"), is_readable())
        .order_by(Practice.language, Practice.id)
    )
