"""Reads of « Est-ce que ça marcherait ici? »: an organisation's own, and nobody else's.

Only `viewer.organisations` counts: no role opens these rows.
"""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from inters4.core.access import Viewer
from inters4.practices.models import Practice, TransferAssessment


def assessments_of(
    session: Session, practice_id: str, *, viewer: Viewer
) -> Sequence[TransferAssessment]:
    """What teams of the viewer's organisations answered of a sheet, the latest first."""
    return session.scalars(
        _own(viewer)
        .where(TransferAssessment.practice_id == practice_id)
        .order_by(TransferAssessment.updated_at.desc(), TransferAssessment.id)
    ).all()


def find_assessment(
    session: Session, slug: str, public_id: str, *, viewer: Viewer
) -> TransferAssessment | None:
    """One of them, with its sheet."""
    return session.scalars(
        _own(viewer)
        .join(Practice, Practice.id == TransferAssessment.practice_id)
        .where(Practice.slug == slug, TransferAssessment.public_id == public_id)
        .options(joinedload(TransferAssessment.practice))
    ).first()


def _own(viewer: Viewer) -> Select[TransferAssessment]:
    return (
        select(TransferAssessment)
        .where(TransferAssessment.organisation_id.in_(sorted(viewer.organisations)))
        .options(joinedload(TransferAssessment.organisation))
    )
