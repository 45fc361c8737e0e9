"""How the translation of a sheet stands, said by the brokering team, or by the sheet that changes.

A state says nothing of the practice: changing it makes no version, and what was published last
follows.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.errors import Conflict, NotAllowed
from inters4.core.i18n import _
from inters4.practices.exports.sheets import sheet_of, write_sheet
from inters4.practices.models import Practice, PracticeVersion, TranslationState
from inters4.practices.queries import load_parts
from inters4.practices.services.deciding import is_team


def note_translation(
    session: Session,
    practice: Practice,
    state: TranslationState,
    *,
    by: Viewer,
    request_id: str = "",
) -> None:
    """Say how the translation of a sheet that readers see stands.

    Raises:
        NotAllowed: `by` is not of the brokering team.
        Conflict: readers do not see it, or it is itself a translation.
    """
    if not is_team(by):
        raise NotAllowed(_("L’équipe de courtage suit les traductions."))
    if not practice.is_readable or practice.translation_of:
        raise Conflict(_("La traduction se suit depuis la fiche publiée qu’elle traduit."))
    if practice.translation_state is state:
        return
    before = practice.translation_state
    published = write_sheet(sheet_of(load_parts(session, practice)))
    practice.translation_state = state
    last = session.scalars(
        select(PracticeVersion)
        .where(PracticeVersion.practice_id == practice.id)
        .order_by(PracticeVersion.number.desc())
        .limit(1)
    ).first()
    if last is not None and last.text == published:
        last.text = write_sheet(sheet_of(practice))
    audit.record(
        session,
        "practices.translation",
        by=by,
        subject=f"fiche:{practice.id}",
        request_id=request_id,
        before=before.value,
        after=state.value,
    )
    session.flush()


def after_change(practice: Practice) -> TranslationState:
    """What becomes of the state once another version is published: a review is outdated."""
    if practice.translation_state is TranslationState.REVIEWED:
        return TranslationState.OUTDATED
    return practice.translation_state
