"""Findings on the desk, as sources would bring them. A case gives only what it is about."""

import itertools
from typing import Any

from sqlalchemy.orm import Session

from inters4.veille.models import (
    Finding,
    FindingKey,
    FindingLabel,
    FindingTheme,
    KeyKind,
    Sighting,
    Source,
    Watch,
)
from inters4.veille.services.filling import search_text_of

_numbers = itertools.count(1)
_EMPTY: dict[str, Any] = {"authors": [], "pmid": "", "url": "", "abstract": ""}


def make_finding(
    session: Session,
    watch: Watch,
    title: str = "",
    *,
    source: Source | None = None,
    themes: tuple[str, ...] = (),
    labels: tuple[str, ...] = (),
    **values: Any,
) -> Finding:
    """A new finding of `watch`, with a DOI of its own, seen by `source` if any."""
    number = next(_numbers)
    title = title or f"Article numéro {number}"
    given = {"doi": f"10.1234/{number}", "journal": "Une revue", "year": 2026, **values}
    finding = Finding(
        watch_id=watch.id,
        title=title,
        search_text=search_text_of({**_EMPTY, **given, "title": title}),
        themes=[FindingTheme(theme=one, position=place) for place, one in enumerate(themes)],
        labels=[FindingLabel(label=one) for one in labels],
        sightings=[],
        **given,
    )
    session.add(finding)
    session.flush()
    if given["doi"]:
        session.add(FindingKey(kind=KeyKind.DOI, value=given["doi"], finding_id=finding.id))
    if source is not None:
        session.add(Sighting(finding_id=finding.id, source_id=source.id, guid=str(number)))
    session.flush()
    return finding
