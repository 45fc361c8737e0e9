"""What an organisation is asked about a sheet, for those who sign for it and the coordination."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from inters4.core.access import Role, Viewer
from inters4.core.values import dataclass
from inters4.members.models import Organisation
from inters4.practices.models import PracticeApproval, PracticeRevision
from inters4.practices.queries.revisions import signs_for


@dataclass(frozen=True, slots=True)
class FoundApproval:
    """An approval with what it is about."""

    approval: PracticeApproval
    revision: PracticeRevision
    organisation: Organisation


def find_approval(
    session: Session, practice_id: str, slug: str, *, viewer: Viewer
) -> FoundApproval | None:
    """The newest one of this organisation about this sheet, when `viewer` may know of it."""
    statement = (
        select(PracticeApproval, PracticeRevision, Organisation)
        .join(PracticeRevision, PracticeRevision.id == PracticeApproval.revision_id)
        .join(Organisation, Organisation.id == PracticeApproval.organisation_id)
        .options(joinedload(PracticeRevision.practice))
        .where(PracticeRevision.practice_id == practice_id, Organisation.slug == slug)
        .order_by(PracticeRevision.id.desc())
        .limit(1)
    )
    if not viewer.has(Role.COORDINATION):
        statement = statement.where(Organisation.id.in_(signs_for(viewer)))
    row = session.execute(statement).first()
    return FoundApproval(row[0], row[1], row[2]) if row else None
