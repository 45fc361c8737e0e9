"""The journal of consents: the exact words, the day, the page; rows are only ever added."""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.members.models import Consent, ConsentPurpose, ConsentText, normalise_email
from inters4.members.queries.tokens import keyed_digest


def record_consent(
    session: Session,
    purpose: ConsentPurpose,
    *,
    email: str,
    text: str,
    locale: str,
    source: str,
    is_given: bool,
    member_id: int | None = None,
) -> Consent:
    """Write that someone agreed to `text`, or took it back, on the page `source`."""
    digest = hashlib.sha256(f"{locale}\0{text}".encode()).digest()
    words = session.scalars(
        select(ConsentText).where(ConsentText.purpose == purpose, ConsentText.digest == digest)
    ).first()
    if words is None:
        words = ConsentText(purpose=purpose, digest=digest, locale=locale, text=text)
        session.add(words)
        session.flush()
    consent = Consent(
        subject=keyed_digest(f"consent {normalise_email(email)}"),
        member_id=member_id,
        text_id=words.id,
        is_given=is_given,
        source=source,
    )
    session.add(consent)
    return consent
