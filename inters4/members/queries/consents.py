"""Reads of the journal of consents: what a person agreed to, and what stands now."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from inters4.members.models import Consent, ConsentPurpose, ConsentText


def newsletter_consent(session: Session, member_id: int) -> Consent | None:
    """The latest a person said of the infolettre, given or taken back; None when nothing."""
    wanted = _of(member_id).where(ConsentText.purpose == ConsentPurpose.NEWSLETTER)
    return session.scalars(wanted.limit(1)).first()


def consents_of(session: Session, member_id: int) -> Sequence[Consent]:
    """All that a person agreed to or took back, with the words; the latest first."""
    return session.scalars(_of(member_id)).all()


def _of(member_id: int) -> Select[Consent]:
    return (
        select(Consent)
        .join(Consent.text)
        .options(contains_eager(Consent.text))
        .where(Consent.member_id == member_id)
        .order_by(Consent.id.desc())
    )
