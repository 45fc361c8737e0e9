"""Items of issues by their public id: whether everyone reads one, what it is called."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from inters4.core.outbox import DocumentRef
from inters4.newsletters.models import READABLE, Issue, IssueItem, ItemKind
from inters4.practices.models import Practice
from inters4.veille.models import Summary

_CITING = {
    Practice.document_kind: IssueItem.practice_id,
    Summary.document_kind: IssueItem.summary_id,
}


def is_read_by_everyone(session: Session, public_id: str, about: DocumentRef | None = None) -> bool:
    """True of an item of an issue that left, or is archived, and that cites `about`.

    A heading says nothing that one may act upon.
    """
    found = (
        select(IssueItem.id)
        .join(Issue, Issue.id == IssueItem.issue_id)
        .where(
            IssueItem.public_id == public_id,
            IssueItem.kind != ItemKind.HEADING,
            Issue.state.in_(READABLE),
        )
    )
    if about is not None:
        if about.kind not in _CITING:
            return False
        found = found.where(_CITING[about.kind] == about.id)
    return session.scalar(found) is not None


def title_of_item(session: Session, public_id: str) -> str:
    """The title of what an item cites, else its own; empty without such an item."""
    if not public_id:
        return ""
    item = session.scalars(
        select(IssueItem)
        .where(IssueItem.public_id == public_id)
        .options(joinedload(IssueItem.practice), joinedload(IssueItem.summary))
    ).first()
    return title_shown(item) if item is not None else ""


def title_shown(item: IssueItem) -> str:
    """The title that everyone may read of an item whose citation is loaded."""
    cited = item.practice or item.summary
    if cited is None:
        return item.title
    return cited.title if cited.is_readable or cited.is_tombstone else ""
