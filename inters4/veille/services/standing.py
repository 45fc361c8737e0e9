"""Where a finding stands, as plain values: what a gesture changed, and what undoing puts back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from inters4.veille.models import (
    DiscardReason,
    Finding,
    FindingLabel,
    FindingState,
    FindingTheme,
)

_COLUMNS = (
    "state",
    "reason",
    "note",
    "owner_id",
    "claimed_at",
    "decided_by_id",
    "decided_at",
    "summary_id",
    "like_id",
)


def load_findings(session: Session, ids: Iterable[int], *, is_locked: bool = True) -> list[Finding]:
    """These findings as they are now, with themes and labels, in the order of their numbers."""
    session.flush()
    statement = (
        select(Finding)
        .where(Finding.id.in_(sorted(ids)))
        .order_by(Finding.id)
        .options(selectinload(Finding.themes), selectinload(Finding.labels))
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(statement.with_for_update() if is_locked else statement))


def standing(finding: Finding) -> dict[str, Any]:
    """What people decided of a finding, as plain values: themes and labels must be loaded."""
    found = {name: _plain(getattr(finding, name)) for name in _COLUMNS}
    found["themes"] = [row.theme for row in finding.themes]
    found["labels"] = sorted(row.label for row in finding.labels)
    return found


def set_standing(finding: Finding, values: Mapping[str, Any]) -> None:
    """Make a finding be again what `standing` said."""
    for name, value in values.items():
        if name == "themes":
            set_themes(finding, value)
        elif name == "labels":
            set_labels(finding, value)
        else:
            setattr(finding, name, _typed(name, value))


def set_themes(finding: Finding, themes: Sequence[str]) -> None:
    """These themes, in this order."""
    present = {row.theme: row for row in finding.themes}
    rows = []
    for position, theme in enumerate(dict.fromkeys(themes)):
        row = present.get(theme) or FindingTheme(theme=theme)
        row.position = position
        rows.append(row)
    finding.themes[:] = rows


def set_labels(finding: Finding, labels: Iterable[str]) -> None:
    """These labels."""
    present = {row.label: row for row in finding.labels}
    finding.labels[:] = [
        present.get(label) or FindingLabel(label=label) for label in sorted(set(labels))
    ]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "state":
        return FindingState(value)
    if name == "reason":
        return DiscardReason(value)
    return datetime.fromisoformat(value) if name in {"claimed_at", "decided_at"} else value
