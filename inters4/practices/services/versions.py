"""What readers saw, kept: each text that was published, as a file, and what changed in it."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.practices.models import Block, Practice, PracticeVersion

MINOR = frozenset(
    {
        "started",
        "started_year",
        "staffing",
        "equipment",
        "training",
        "funding",
        "transferability",
        "themes",
        "settings",
        "professions",
        "outcome_types",
        "attachments",
        Block.RESOURCES.field,
        Block.GOVERNANCE.field,
        Block.MONITORING.field,
        Block.PATIENT_ROLE.field,
    }
)
"""Fields and long texts that a minor change may touch.

The others are what the practice is called, is and does, which reviewers rated (title, context,
problem, solution, steps, conditions, pitfalls, people, results, costs, evaluation, core), what
organisations approved (who carries it, interests, funders) or what it rests on (sources): a field
is one of them unless it is named here.
"""

_PASSING = re.compile(r"^(?:state|review_due|translation_state): .*\n?", re.MULTILINE)


def keep_version(
    session: Session,
    practice: Practice,
    text: str,
    *,
    before: str = "",
    note: str = "",
    is_minor: bool = False,
    by_id: int | None = None,
) -> PracticeVersion | None:
    """Keep `text`, the file of a sheet that readers see now; None when nothing of it changed.

    That its review is due, when, or how a translation stands, is no change of the sheet.
    The first version has the day of the sheet, the others that on which they are kept.
    `before` is its file as it was: the first version of a sheet published before versions were
    kept.
    """
    number, last = _last(session, practice.id)
    if last is None and before and _lasting(before) != _lasting(text):
        number, last = 1, before
        session.add(
            PracticeVersion(
                practice_id=practice.id,
                number=1,
                edition=practice.edition,
                text=before,
                published_at=practice.published_at or now(),
            )
        )
    if last is not None and _lasting(last) == _lasting(text):
        return None
    version = PracticeVersion(
        practice_id=practice.id,
        number=number + 1,
        edition=practice.edition,
        text=text,
        note=note,
        is_minor=is_minor,
        by_id=by_id,
        published_at=(None if number else practice.published_at) or now(),
    )
    session.add(version)
    session.flush()
    return version


def last_number(session: Session, practice_id: str) -> int:
    """Number of the newest version; 0 when none was kept."""
    return _last(session, practice_id)[0]


def _lasting(text: str) -> str:
    """A file but for what is not said by those who write it."""
    head, fence, body = text.partition("\n---\n")
    return _PASSING.sub("", head) + fence + body


def _last(session: Session, practice_id: str) -> tuple[int, str | None]:
    found = session.execute(
        select(PracticeVersion.number, PracticeVersion.text)
        .where(PracticeVersion.practice_id == practice_id)
        .order_by(PracticeVersion.number.desc())
        .limit(1)
    ).first()
    return (found.number, found.text) if found else (0, None)
