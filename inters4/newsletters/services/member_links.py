"""A subscriber who is a person registered: the journal of members says the same, both ways.

There is one answer to « do they want the infolettre »: who leaves by a link takes back their
consent in the journal, and who agrees there is subscribed.
"""

from sqlalchemy.orm import Session

from inters4.core.i18n import current_locale
from inters4.members.models import ConsentPurpose, Member
from inters4.members.queries.consents import newsletter_consent
from inters4.members.queries.people import find_member_by_email
from inters4.members.services.consents import record_consent
from inters4.newsletters.models import Subscriber
from inters4.newsletters.services.subscriber_life import Proof


def link_member(session: Session, subscriber: Subscriber, *, proof: Proof) -> None:
    """The person who has this address, when there is one, is this subscriber and agreed."""
    if subscriber.member_id is None:
        member = find_member_by_email(session, subscriber.address or "")
        if member is None or not member.is_active:
            return
        subscriber.member_id = member.id
    held = newsletter_consent(session, subscriber.member_id)
    if held is None or not held.is_given:
        _record(session, subscriber, proof.text, current_locale(), proof.source, is_given=True)


def note_leaving(session: Session, subscriber: Subscriber, *, source: str) -> None:
    """Who left takes back what they agreed to, in its words."""
    if subscriber.member_id is None:
        return
    held = newsletter_consent(session, subscriber.member_id)
    if held is not None and held.is_given:
        _record(session, subscriber, held.text.text, held.text.locale, source, is_given=False)


def _record(
    session: Session, subscriber: Subscriber, text: str, locale: str, source: str, *, is_given: bool
) -> None:
    member = session.get_one(Member, subscriber.member_id)
    record_consent(
        session,
        ConsentPurpose.NEWSLETTER,
        email=member.email,
        text=text,
        locale=locale,
        source=source,
        is_given=is_given,
        member_id=member.id,
    )
