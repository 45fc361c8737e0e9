"""A suggested duplicate merged into the finding it repeats, or declared to be another article."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict
from inters4.core.i18n import _
from inters4.veille.models import (
    Act,
    DiscardReason,
    Finding,
    FindingKey,
    FindingState,
    KeyKind,
    Sighting,
)
from inters4.veille.services.gestures import Gesture, check_free, check_not_summarised, perform
from inters4.veille.services.standing import load_findings, set_standing, standing


def merge(session: Session, finding: Finding, *, by: Viewer) -> Gesture:
    """Make the other finding the only one: it takes the keys, sightings, themes and labels.

    This one is left discarded as a duplicate, so that the gesture can be undone.

    Raises:
        Conflict: nothing is suggested, it is summarised, or somebody else holds it.
    """
    other = _other(session, finding)

    def one(finding: Finding, gesture: Gesture) -> None:
        check_not_summarised(finding)
        check_free(session, finding, by=by)
        before, there = standing(finding), standing(other)
        moved = _move(session, finding, other)
        set_standing(
            other,
            {
                "themes": [*there["themes"], *before["themes"]],
                "labels": [*there["labels"], *before["labels"]],
            },
        )
        finding.state, finding.reason = FindingState.DISCARDED, DiscardReason.DUPLICATE
        finding.owner_id = finding.claimed_at = None
        finding.decided_by_id, finding.decided_at = by.member_id, now()
        gesture.note(session, other, Act.LABEL, there, standing(other))
        gesture.note(
            session,
            finding,
            Act.MERGE,
            {**before, "moved": None},
            {**standing(finding), "moved": moved},
        )

    return perform(session, [finding], one, by=by)


def separate(session: Session, finding: Finding, *, by: Viewer) -> Gesture:
    """Say that the two are different articles: nothing is suggested any more.

    Raises:
        Conflict: nothing is suggested.
    """
    _other(session, finding)

    def one(finding: Finding, gesture: Gesture) -> None:
        before = standing(finding)
        finding.like_id = finding.id
        gesture.note(session, finding, Act.SEPARATE, before, standing(finding))

    return perform(session, [finding], one, by=by)


def give_back(session: Session, finding: Finding, moved: dict[str, Any]) -> None:
    """Undo what `merge` moved: keys and sightings come back to `finding`."""
    for kind, value in moved["keys"]:
        key = session.get(FindingKey, (KeyKind(kind), value))
        if key is not None:
            key.finding_id = finding.id
    rows = session.scalars(select(Sighting).where(Sighting.id.in_(moved["sightings"])))
    for row in rows:
        row.finding_id = finding.id


def _move(session: Session, finding: Finding, other: Finding) -> dict[str, Any]:
    keys = session.scalars(select(FindingKey).where(FindingKey.finding_id == finding.id)).all()
    seen = set(session.scalars(select(Sighting.source_id).where(Sighting.finding_id == other.id)))
    sightings = [
        row
        for row in session.scalars(select(Sighting).where(Sighting.finding_id == finding.id))
        if row.source_id not in seen
    ]
    for key in keys:
        key.finding_id = other.id
    for row in sightings:
        row.finding_id = other.id
    return {
        "keys": [[key.kind.value, key.value] for key in keys],
        "sightings": [row.id for row in sightings],
    }


def _other(session: Session, finding: Finding) -> Finding:
    found = load_findings(session, [finding.suggested_id or 0])
    if not found or finding.state is FindingState.DISCARDED:
        raise Conflict(_("Aucun doublon n’est proposé pour cette trouvaille."))
    return found[0]
