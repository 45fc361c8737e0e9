"""The journal of consents: the exact words, the day, the page; rows are only ever added.

There is no other list of who wants the infolettre: the latest row of a person says it.
"""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.errors import NotFound
from inters4.core.hooks import hooks
from inters4.core.i18n import _, current_locale
from inters4.members.models import Consent, ConsentPurpose, ConsentText, Member, normalise_email
from inters4.members.queries.consents import newsletter_consent
from inters4.members.queries.tokens import keyed_digest

NEWSLETTER_AGREED = "members.newsletter_agreed"
NEWSLETTER_WITHDRAWN = "members.newsletter_withdrawn"


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


def choose_newsletter(
    session: Session, *, is_wanted: bool, text: str, by: Viewer, source: str
) -> bool:
    """Give or take back one's consent to the infolettre; False when it stood so already.

    `text` is what stood beside the button. What is taken back is what was agreed to, in its words.

    Raises:
        NotFound: `by` is nobody.
    """
    if by.member_id is None:
        raise NotFound(_("Cette page n’existe pas."))
    member = session.get_one(Member, by.member_id, with_for_update=True)
    held = newsletter_consent(session, member.id)
    if is_wanted is (held is not None and held.is_given):
        return False
    locale = current_locale()
    if held is not None and not is_wanted:
        text, locale = held.text.text, held.text.locale
    record_consent(
        session,
        ConsentPurpose.NEWSLETTER,
        email=member.email,
        text=text,
        locale=locale,
        source=source,
        is_given=is_wanted,
        member_id=member.id,
    )
    event = NEWSLETTER_AGREED if is_wanted else NEWSLETTER_WITHDRAWN
    hooks.emit(event, session, email=member.email, locale=member.locale, member_id=member.id)
    return True
