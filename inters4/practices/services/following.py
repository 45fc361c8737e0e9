"""A file made into a sheet; what is being written of it meanwhile follows, and none of it is lost.

A field that nobody changed takes what the file says. One that somebody changed too is a conflict,
and so is any while people judge the sheet: the file is refused whole, by name, and whoever imports
decides with those who write.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.errors import Conflict
from inters4.core.i18n import _
from inters4.practices.exports.sheets import PRACTICE, Sheet, sheet_of, write_sheet
from inters4.practices.models import READABLE, Block, Practice, PracticeRevision, PracticeState
from inters4.practices.queries import load_practice
from inters4.practices.queries.revisions import open_revision_of
from inters4.practices.services.drafts import KEPT_BY_THE_HOUSE, WRITTEN, texts_of
from inters4.practices.services.life import JUDGEMENTS
from inters4.practices.services.pieces import link_files
from inters4.practices.services.sheets import save_sheet
from inters4.practices.services.versions import keep_version, last_number

_JUDGED = frozenset({PracticeState.OWNER_VALIDATION, PracticeState.REVIEW, PracticeState.APPROVAL})
_TEXTS = {block.field: block.value for block in Block}


def fields_of(sheet: Sheet) -> dict[str, Any]:
    """By field, what a sheet says: values as files write them, long texts by `Block.field`."""
    return {
        **PRACTICE.write(sheet.values),
        **{block.field: text for block, text in sheet.blocks.items()},
    }


def changed_fields(there: Mapping[str, Any], here: Mapping[str, Any]) -> frozenset[str]:
    """Of what people write, the fields that differ; nothing and empty are the same."""
    return frozenset(
        name for name in (*WRITTEN, *_TEXTS) if (here.get(name) or "") != (there.get(name) or "")
    )


def import_sheet(session: Session, sheet: Sheet) -> Practice:
    """Make the practice be what a file says; what readers saw before is kept as a version.

    What is being written of it follows, field by field.

    Raises:
        Conflict: the file changes what somebody is changing too.
    """
    revision = open_revision_of(session, sheet.values["id"])
    practice = load_practice(session, sheet.values["id"])
    if practice is not None and revision is not None:
        follow_file(revision, was=sheet_of(practice), told=sheet)
    is_read = practice is not None and practice.is_readable
    before = write_sheet(sheet_of(practice)) if practice is not None and is_read else ""
    saved = save_sheet(session, sheet)
    link_files(session, saved)
    if saved.is_readable:
        keep_version(session, saved, write_sheet(sheet), before=before)
    if revision is not None and revision.base:
        revision.base = last_number(session, saved.id)
    return saved


def follow_file(revision: PracticeRevision, *, was: Sheet, told: Sheet) -> None:
    """Bring into a revision what a file changes of its sheet; `was` is the sheet before.

    Raises:
        Conflict: somebody changed the same fields or judges them now, or the file takes the sheet
            from its readers.
    """
    before, after = fields_of(was), fields_of(told)
    mine = {**revision.values, **texts_of(revision)}
    moved = changed_fields(before, after)
    disputed = moved & changed_fields(mine, after)
    if revision.state not in _JUDGED:
        disputed &= changed_fields(before, mine)
    is_taken_away = was.values["state"] in READABLE and told.values["state"] not in READABLE
    if disputed or is_taken_away:
        raise Conflict(
            _(
                "« %(id)s » est en révision sur le portail, et ce fichier change ce "
                "qu’on y écrit ou juge : %(fields)s. Publiez ou abandonnez cette révision, puis "
                "importez de nouveau.",
                id=revision.practice_id,
                fields=", ".join(sorted(disputed)) or "state",
            )
        )
    house = {
        name: after.get(name, "")
        for name in KEPT_BY_THE_HOUSE - {"state", *JUDGEMENTS}
        if after.get(name) != before.get(name)
    }
    values = {name: after.get(name, "") for name in moved if name not in _TEXTS}
    revision.values = {**revision.values, **house, **values}
    revision.blocks = {
        **revision.blocks,
        **{_TEXTS[name]: after.get(name, "") for name in moved if name in _TEXTS},
    }
    revision.stamps = {**revision.stamps, **dict.fromkeys(moved, revision.version + 1)}
