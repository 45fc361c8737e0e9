"""Questions that came of an item of an issue, for the balance of the issue."""

from collections.abc import Collection
from textwrap import shorten

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from inters4.core.richtext import Profile, plain_text
from inters4.home.models import Outcome, Question, Subject
from inters4.newsletters.queries.sequels import Sequel, SequelKind

_SHORT = 90
_KINDS = {
    Subject.QUESTION: SequelKind.QUESTION,
    Subject.EVIDENCE: SequelKind.EVIDENCE,
    Subject.PRACTICE: SequelKind.PRACTICE,
}


def asked_after(session: Session, items: Collection[str]) -> list[Sequel]:
    """Questions, and practices proposed by the same box; unwanted ones are left out."""
    rows = session.scalars(
        select(Question).where(
            Question.read_in.in_(items),
            or_(Question.outcome.is_(None), Question.outcome != Outcome.UNWANTED),
        )
    )
    return [
        Sequel(
            item=one.read_in,
            kind=_KINDS[one.subject],
            title=shorten(
                plain_text(one.text, profile=Profile.POST), width=_SHORT, placeholder="…"
            ),
            url=f"/equipe/questions/{one.public_id}",
            at=one.asked_at,
        )
        for one in rows
    ]
