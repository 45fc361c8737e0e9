"""What stands in a draft, and in what order: items added, moved, taken out."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.errors import DomainError
from inters4.core.i18n import _
from inters4.newsletters.models import Issue, IssueItem, ItemKind
from inters4.newsletters.services.composing import check_is_draft, note_writer
from inters4.newsletters.services.preparing import blank_item
from inters4.veille.services.life import check_team

MOST_ITEMS = 100


def add_items(
    session: Session,
    issue: Issue,
    items: Sequence[IssueItem],
    *,
    under: str = "",
    by: Viewer,
) -> None:
    """Put `items` at the end of the section whose heading is `under`, or at the end of all.

    What the issue tells already is not told twice.

    Raises:
        NotFound: `by` is not of the team.
        Conflict: the issue is not a draft any more.
        DomainError: the issue holds as many items as it may.
    """
    _check(issue, by)
    told = {_cited(item) for item in issue.items} - {""}
    fresh = []
    for item in items:
        if _cited(item) not in told:
            fresh.append(item)
            told |= {_cited(item)} - {""}
    if len(issue.items) + len(fresh) > MOST_ITEMS:
        raise DomainError(_("Un numéro contient 100 éléments au plus : retirez-en d’abord."))
    place = _end_of_section(issue.items, under)
    _settle(session, issue, [*issue.items[:place], *fresh, *issue.items[place:]], by)


def _cited(item: IssueItem) -> str:
    return item.summary_id or item.practice_id or ""


def new_item(kind: ItemKind, *, summary_id: str = "", practice_id: str = "") -> IssueItem:
    """An item to add; a summary or a sheet is named by its id."""
    cited = {"summary_id": summary_id, "practice_id": practice_id}
    return blank_item(kind, **{name: value for name, value in cited.items() if value})


def move_item(session: Session, issue: Issue, public_id: str, *, steps: int, by: Viewer) -> None:
    """Bring an item `steps` places down, or up when negative; at either end it stays."""
    _check(issue, by)
    items = list(issue.items)
    place = _place_of(items, public_id)
    if place is None:
        return
    item = items.pop(place)
    items.insert(max(0, place + steps), item)
    _settle(session, issue, items, by)


def order_items(session: Session, issue: Issue, order: Sequence[str], *, by: Viewer) -> None:
    """Put the items in this order; those that it does not name follow, in theirs."""
    _check(issue, by)
    rank = {public_id: place for place, public_id in enumerate(order)}
    items = sorted(issue.items, key=lambda one: rank.get(one.public_id, len(rank)))
    _settle(session, issue, items, by)


def remove_item(session: Session, issue: Issue, public_id: str, *, by: Viewer) -> None:
    """Take an item out; one that is gone already is no matter."""
    _check(issue, by)
    kept = [item for item in issue.items if item.public_id != public_id]
    _settle(session, issue, kept, by)


def _check(issue: Issue, by: Viewer) -> None:
    check_team(by)
    check_is_draft(issue, by=by)


def _settle(session: Session, issue: Issue, items: Sequence[IssueItem], by: Viewer) -> None:
    if list(items) == list(issue.items):
        return
    for position, item in enumerate(items):
        if item.position != position:
            item.position = position
    issue.items[:] = items
    note_writer(session, issue, by=by)
    session.flush()


def _place_of(items: Sequence[IssueItem], public_id: str) -> int | None:
    return next((place for place, one in enumerate(items) if one.public_id == public_id), None)


def _end_of_section(items: Sequence[IssueItem], under: str) -> int:
    """Where the next heading stands after the one named `under`."""
    start = _place_of(items, under)
    if start is None:
        return len(items)
    following = (
        place for place, item in enumerate(items) if place > start and item.kind is ItemKind.HEADING
    )
    return next(following, len(items))
