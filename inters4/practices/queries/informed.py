"""Who could read the ratings of an earlier passage of a sheet: they do not rate the next one.

What people were shown is not kept; what was open to them is: their roles, what they were asked, and
the journal, which says what was taken back from them since.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.audit import AuditEntry
from inters4.members.queries.holders import holders_at, holders_of, left_since
from inters4.practices.models import (
    PracticeApproval,
    PracticeReview,
    PracticeRevision,
    PracticeState,
)

APPROVAL_ASKED = "practices.approval_asked"
"""What the journal calls the demand to an organisation: `organisation` and `revision` say which."""
_TEAM = (Role.BROKER, Role.COORDINATION)
_SIGNING = (Role.SIGNATORY, Role.RESPONDENT)


def informed_of(session: Session, revision: PracticeRevision) -> frozenset[int]:
    """The team, whoever was asked to settle the gap, and who signs for an organisation asked.

    A revision that was given up counts too, and whoever held such a role then.
    """
    is_earlier = or_(PracticeRevision.id != revision.id, PracticeReview.round < revision.round)
    asked = session.execute(
        select(
            PracticeReview.revision_id,
            PracticeReview.reviewer_id,
            PracticeReview.is_adjudication,
            PracticeReview.submitted_at,
        )
        .join(PracticeRevision, PracticeRevision.id == PracticeReview.revision_id)
        .where(
            PracticeRevision.practice_id == revision.practice_id,
            PracticeRevision.state != PracticeState.PUBLISHED,
            is_earlier,
        )
    ).all()
    sent = [row for row in asked if row.submitted_at is not None]
    if not sent:
        return frozenset()
    settling = frozenset(row.reviewer_id for row in asked if row.is_adjudication)
    since = min(row.submitted_at for row in sent)
    team = holders_of(session, _TEAM) | left_since(session, _TEAM, since)
    judged = {row.revision_id for row in sent}
    return settling | team | _signers(session, revision.practice_id, judged, since)


def _signers(
    session: Session, practice_id: str, revisions: Collection[int], since: datetime
) -> frozenset[int]:
    """Who signs, or signed since, for an organisation that was asked about these revisions.

    One that the text names no more is asked no more; the journal knows that it was.
    """
    places = set(
        session.scalars(
            select(PracticeApproval.organisation_id).where(
                PracticeApproval.revision_id.in_(revisions)
            )
        )
    )
    entries = session.scalars(
        select(AuditEntry.detail).where(
            AuditEntry.action == APPROVAL_ASKED, AuditEntry.subject == f"fiche:{practice_id}"
        )
    )
    places |= {told["organisation"] for told in entries if told.get("revision") in revisions}
    if not places:
        return frozenset()
    gone = left_since(session, _SIGNING, since, organisations=places)
    return holders_at(session, _SIGNING, places) | gone
