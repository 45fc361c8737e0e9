"""What readers have is corrected by two people: one writes the correction, another publishes it.

A correction waits where readers do not see it. Whoever wrote or corrected a word of the summary,
this correction included, does not publish it: its publisher is its second reader. They publish it
or give it back with remarks; anyone of the team may drop it.
"""

from collections.abc import Mapping
from contextlib import suppress

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.members.queries.holders import holders_of
from inters4.veille.exports.summary_notices import (
    PUBLISH_KIND,
    STEP_KIND,
    TEAM,
    about_correction,
)
from inters4.veille.models import (
    READABLE,
    Opinion,
    Summary,
    SummaryCorrection,
    SummaryReview,
)
from inters4.veille.queries.summaries import is_team
from inters4.veille.queries.writing import waiting_correction, writer_ids
from inters4.veille.services.drafting import Typed, change_fields, marks_of, stored_fields, tidied
from inters4.veille.services.life import LONGEST_REASON, Move, check_move, check_team, go
from inters4.veille.services.requirements import check_complete
from inters4.veille.services.reviewing import LONGEST_COMMENTS, tell_writers, tidy_comments
from inters4.veille.services.summaries import tell_readers


def may_correct(summary: Summary, correction: SummaryCorrection | None, *, by: Viewer) -> bool:
    """True of the team, while readers have the summary and nobody else's correction waits."""
    if by.member_id is None or not is_team(by) or summary.state not in READABLE:
        return False
    return correction is None or correction.by_id in {None, by.member_id}


def propose_correction(
    session: Session,
    summary: Summary,
    typed: Mapping[str, Typed],
    *,
    seen: Mapping[str, str],
    reason: str,
    by: Viewer,
    over: str | None = None,
    request_id: str = "",
) -> None:
    """Keep a correction for its second reader, in the place of one's own that waits.

    `over` is the stamp of the one from which the form was drawn, empty for none: the older of two
    tabs erases nothing. The summary is left as readers have it; it is locked, and its parts must
    be loaded again.

    Raises:
        NotFound: `by` is not of the team.
        Conflict: readers have it no more, or another correction waits.
        StaleFields: somebody corrected the same fields meanwhile.
        DomainError: nothing changes, or nothing says why.
        Incomplete: what would be shown breaks a rule.
    """
    by_id = check_team(by)
    waiting = waiting_correction(session, summary.id)
    if not may_correct(summary, waiting, by=by):
        raise Conflict(_waits() if summary.is_readable else _moved())
    reason = " ".join(reason.split())
    if not reason:
        raise DomainError(_("Écrivez pourquoi, en une phrase ou deux."), about="raison")
    if len(reason) > LONGEST_REASON:
        raise DomainError(_("Raccourcissez la raison : 600 caractères au plus."), about="raison")
    summary_id, marks = summary.id, marks_of(stored_fields(summary))
    changed = _tried(session, summary, typed, seen)
    written = {name: tidied(name, typed[name]) for name in changed}
    if over not in {None, waiting.stamp if waiting else ""}:
        if waiting is not None and (waiting.typed, waiting.reason) == (written, reason):
            return  # pressed twice
        raise Conflict(_overtaken())
    correction = waiting or SummaryCorrection(summary_id=summary_id)
    correction.typed = written
    correction.seen = {name: marks[name] for name in changed}
    correction.reason, correction.by_id = reason, by_id
    correction.at, correction.returned_at = now(), None
    session.add(correction)
    _note(session, summary_id, "propose-correction", by=by, request_id=request_id)
    hooks.notifier.settle(session, STEP_KIND, subject=about_correction(summary_id))
    hooks.notifier.notify(
        session,
        PUBLISH_KIND,
        sorted(second_readers(session, summary, correction)),
        subject=about_correction(summary_id),
        once=f"correction/{correction.at.isoformat()}",
    )


class _TriedError(Exception):
    """What was tried is put back."""


def _tried(
    session: Session, summary: Summary, typed: Mapping[str, Typed], seen: Mapping[str, str]
) -> tuple[str, ...]:
    """The fields that would change, once it is known that what would be shown breaks no rule."""
    changed: tuple[str, ...] = ()
    with suppress(_TriedError), session.begin_nested():
        changed = change_fields(summary, typed, seen=seen)
        if not changed:
            raise DomainError(_("Rien n’a changé dans le résumé : corrigez-le d’abord."))
        check_complete(summary)
        raise _TriedError
    return changed


def second_readers(
    session: Session, summary: Summary, correction: SummaryCorrection
) -> frozenset[int]:
    """Those of the team who may publish a correction."""
    writers = writer_ids(session, summary) | {correction.by_id}
    return frozenset(holders_of(session, TEAM)) - writers


def publish_correction(
    session: Session,
    summary: Summary,
    *,
    by: Viewer,
    seen: str | None = None,
    request_id: str = "",
) -> None:
    """Show a correction to readers; the name of its writer stays on the step, the reader's on it.

    `seen` is the stamp of the correction that was read: nobody publishes another one.

    Raises:
        NotFound, Conflict, NotAllowed: as `check_move` says.
        Conflict: no correction waits, it was written again since, or what it changes was changed
            meanwhile.
        Incomplete: what would be shown breaks a rule.
    """
    correction = _waiting(session, summary, by)
    reason = check_move(session, summary, Move.CORRECT, by=by, reason=correction.reason)
    _check_read(correction, seen)
    change_fields(summary, correction.typed, seen=correction.seen)
    check_complete(summary)
    summary.state_reason, summary.state_since = reason, now()
    _answer(session, correction, Opinion.READY, "", by)
    step = go(session, summary, Move.CORRECT, by=by, reason=reason, request_id=request_id)
    step.by_id = correction.by_id
    forget_correction(session, summary.id)
    tell_writers(session, summary, step, by=by)
    tell_readers(session, summary)


def return_correction(
    session: Session,
    summary: Summary,
    *,
    comments: str,
    by: Viewer,
    seen: str | None = None,
    request_id: str = "",
) -> None:
    """Give a correction back to whoever wrote it, who is told why; `seen` as to publish it.

    Raises:
        NotFound, Conflict, NotAllowed: as `check_move` says.
        DomainError: nothing says what to mend, or it is too long.
    """
    correction = _waiting(session, summary, by)
    check_move(session, summary, Move.CORRECT, by=by, reason=correction.reason)
    _check_read(correction, seen)
    comments = tidy_comments(comments)
    if not comments:
        raise DomainError(_("Écrivez ce qu’il faut reprendre."), about="commentaires")
    if len(comments) > LONGEST_COMMENTS:
        raise DomainError(_("Raccourcissez vos remarques."), about="commentaires")
    _answer(session, correction, Opinion.REWORK, comments, by)
    correction.returned_at = now()
    _note(session, summary.id, "return-correction", by=by, request_id=request_id)
    hooks.notifier.settle(session, PUBLISH_KIND, subject=about_correction(summary.id))
    hooks.notifier.notify(
        session,
        STEP_KIND,
        [] if correction.by_id is None else [correction.by_id],
        subject=about_correction(summary.id),
        facts={"returned": correction.returned_at.isoformat()},
        once=f"correction/{correction.returned_at.isoformat()}",
    )


def drop_correction(
    session: Session,
    summary: Summary,
    *,
    by: Viewer,
    seen: str | None = None,
    request_id: str = "",
) -> None:
    """Give up the correction that waits; `seen` as to publish it.

    Raises:
        NotFound: `by` is not of the team.
        Conflict: no correction waits, or it was written again since.
    """
    check_team(by)
    if (waiting := waiting_correction(session, summary.id)) is not None:
        _check_read(waiting, seen)
    if not forget_correction(session, summary.id):
        raise Conflict(_gone())
    _note(session, summary.id, "drop-correction", by=by, request_id=request_id)


def _waiting(session: Session, summary: Summary, by: Viewer) -> SummaryCorrection:
    check_team(by)
    correction = waiting_correction(session, summary.id)
    if correction is None or correction.returned_at is not None:
        raise Conflict(_gone())
    return correction


def _check_read(correction: SummaryCorrection, seen: str | None) -> None:
    if seen not in {None, correction.stamp}:
        raise Conflict(
            _("Cette correction a été récrite depuis que vous l’avez ouverte : relisez-la.")
        )


def _answer(
    session: Session, correction: SummaryCorrection, opinion: Opinion, comments: str, by: Viewer
) -> None:
    session.add(
        SummaryReview(
            summary_id=correction.summary_id,
            reviewer_id=by.member_id,
            asked_by_id=correction.by_id,
            asked_at=correction.at,
            opinion=opinion,
            comments=comments,
            answered_at=now(),
        )
    )


def forget_correction(session: Session, summary_id: str) -> bool:
    """Nobody has a correction of this summary to read any more; False when none waited."""
    correction = waiting_correction(session, summary_id)
    if correction is None:
        return False
    for kind in (PUBLISH_KIND, STEP_KIND):
        hooks.notifier.settle(session, kind, subject=about_correction(summary_id))
    session.delete(correction)
    session.flush()
    return True


def _note(session: Session, summary_id: str, verb: str, *, by: Viewer, request_id: str) -> None:
    audit.record(
        session, f"veille.{verb}", by=by, subject=f"resume:{summary_id}", request_id=request_id
    )
    session.flush()


def _waits() -> str:
    return _("Une autre correction de ce résumé attend déjà : lisez-la d’abord.")


def _overtaken() -> str:
    return _(
        "Votre correction a changé dans un autre onglet, ou n’attend plus : rien n’est remplacé. "
        "Reprenez-la, puis recopiez ce qu’il faut."
    )


def _gone() -> str:
    return _("Plus aucune correction n’attend d’être lue.")


def _moved() -> str:
    return _("Ce résumé a changé d’étape entre-temps. Relisez où il en est, puis décidez.")
