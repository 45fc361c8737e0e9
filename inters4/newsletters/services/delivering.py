"""One message, written for one subscriber and handed to the relay; what became of it.

Nothing here touches the database: what is kept of a frozen issue is read once a sending. What is
the same for everyone is written once, the items once for all who want the same first, and a
message is that with its own addresses put in.
"""

from functools import cached_property, lru_cache
from urllib.parse import quote

import structlog

from inters4.core.mail.bodies import Body
from inters4.core.mail.compose import Envelope, Letterhead, UnsafeFieldError, clean_address
from inters4.core.mail.contract import (
    FateUnknown,
    RecipientRefused,
    RefusedForGood,
    RefusedForNow,
    RelayUnreachable,
    Transport,
)
from inters4.newsletters.exports.message import MessageParts, Places, assemble, from_json
from inters4.newsletters.exports.message.holes import PREFERENCES, UNSUBSCRIBE
from inters4.newsletters.exports.tokens import (
    choices_path,
    leave_path,
    link_path,
    return_address,
)
from inters4.newsletters.models import DeliveryState, FrozenIssue, Issue
from inters4.newsletters.services.bouncing import kind_of
from inters4.newsletters.services.claiming import MOST_UNCERTAIN, SENT, Claim, Outcome
from inters4.settings import Settings

log = structlog.get_logger(__name__)

_MOST_BODIES = 128
"""As many orders of the items are kept written: some ten megabytes at most."""


class Outgoing:
    """An issue as it leaves: what all its messages share, written once."""

    def __init__(self, issue: Issue, parts: MessageParts, *, settings: Settings) -> None:
        self.issue_id, self.newsletter_id, self.number = issue.id, issue.newsletter_id, issue.number
        self.parts, self.settings = parts, settings
        self._links = tuple(
            settings.url + link_path(issue.id, place) for place in range(len(parts.links))
        )
        self.body = lru_cache(maxsize=_MOST_BODIES)(self._body)

    @cached_property
    def letterhead(self) -> Letterhead:
        """The fields that are the same for everyone.

        Raises:
            UnsafeFieldError: one of them cannot be written.
        """
        domain = self.settings.mail_from.rpartition("@")[2]
        fields = {
            "List-Id": f"<{self.newsletter_id}.infolettres.{domain}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        if self.parts.reply_to:
            fields["Reply-To"] = clean_address(self.parts.reply_to)
        return Letterhead(
            self.parts.subject,
            locale=self.parts.language,
            settings=self.settings,
            headers=fields,
            sender_name=self.parts.sender,
        )

    def _body(self, wanted: tuple[str, ...], since: tuple[str, ...]) -> Body:
        """The message to those who want the same first; two addresses are left to be filled."""
        rendered = assemble(
            self.parts,
            wanted=wanted,
            since=since,
            places=Places(
                unsubscribe=UNSUBSCRIBE,
                preferences=PREFERENCES,
                web=f"{self.settings.url}/infolettres/{self.newsletter_id}/{self.number}",
                link=self._links.__getitem__,
            ),
        )
        return Body(rendered, gaps=(UNSUBSCRIBE, PREFERENCES))


def outgoing(issue: Issue, frozen: FrozenIssue, *, settings: Settings) -> Outgoing:
    """What every message of `issue` is made from."""
    return Outgoing(issue, from_json(frozen.parts), settings=settings)


def deliver(claim: Claim, issue: Outgoing, carrier: Transport) -> Outcome:
    """Write the message of `claim` and hand it over."""
    if claim.uncertain > MOST_UNCERTAIN:
        return Outcome(DeliveryState.FAILED, "L’envoi de ce message a été interrompu trop de fois.")
    if claim.uncertain:
        log.warning("delivery_uncertain", delivery=claim.id, issue=claim.issue_id)
    try:
        envelope = envelope_of(claim, issue)
    except UnsafeFieldError as error:
        return Outcome(DeliveryState.FAILED, str(error))
    except Exception as error:
        log.exception("delivery_unwritable", delivery=claim.id)
        reason = f"Le message n’a pas pu être écrit ({type(error).__name__}). Voyez le journal."
        return Outcome(DeliveryState.FAILED, reason)
    outcome = _handed_over(envelope, carrier)
    if outcome is not SENT:
        log.warning(
            "delivery_refused", delivery=claim.id, state=outcome.state, reason=outcome.reason
        )
    return outcome


def envelope_of(claim: Claim, issue: Outgoing) -> Envelope:
    """The message of `claim`, addressed.

    Raises:
        UnsafeFieldError: an address or a field cannot be written.
    """
    settings = issue.settings
    leave = settings.url + leave_path(claim.public_id, issue.issue_id)
    choices = settings.url + choices_path(claim.public_id, key=claim.key)
    returns = _returns(claim, settings)
    by_mail = returns or issue.parts.reply_to or settings.contact
    body = issue.body(claim.wanted, claim.since)
    return issue.letterhead.address(
        body.filled({UNSUBSCRIBE: leave, PREFERENCES: choices}),
        recipient=claim.address,
        message_id=claim.message_id,
        headers={"List-Unsubscribe": f"<{leave}>, <{_leave_by_mail(by_mail)}>"},
        returns_to=returns,
    )


def _leave_by_mail(box: str) -> str:
    """The mailbox of returns reads it alone; without one, a person does."""
    return f"mailto:{quote(box, safe='@+')}?subject=desabonnement"


def _returns(claim: Claim, settings: Settings) -> str:
    return return_address(settings.returns, claim.message_id) if settings.returns else ""


def _handed_over(envelope: Envelope, carrier: Transport) -> Outcome:
    """What became of it; whatever breaks on the way is a relay out of reach, never a lost row."""
    try:
        return _answered(envelope, carrier)
    except Exception as error:
        log.exception("delivery_broken", message=envelope.message_id)
        reason = f"L’envoi s’est brisé ({type(error).__name__}). Voyez le journal."
        return Outcome(DeliveryState.DEFERRED, reason, is_relay_away=True)


def _answered(envelope: Envelope, carrier: Transport) -> Outcome:
    try:
        carrier.send(envelope)
    except RefusedForGood as refusal:
        # some relays, Exchange among them, look for the address once they have the message
        is_of_address = isinstance(refusal, RecipientRefused) or refusal.status
        kind = kind_of(refusal.status) if is_of_address else None
        state = DeliveryState.BOUNCED if kind else DeliveryState.FAILED
        return Outcome(state, refusal.reason, status=refusal.status, bounce=kind)
    except FateUnknown as refusal:
        return Outcome(DeliveryState.DEFERRED, refusal.reason, is_uncertain=True)
    except RefusedForNow as refusal:
        return Outcome(DeliveryState.DEFERRED, refusal.reason, status=refusal.status)
    except RelayUnreachable as refusal:
        return Outcome(DeliveryState.DEFERRED, refusal.reason, is_relay_away=True)
    return SENT
