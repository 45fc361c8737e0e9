"""The life of a subscriber as a table: what each move does from each state.

Only a new confirmation of the address brings back one that came back or complained; neither a file
nor a box ticked elsewhere does. Every move that changes something is a step, with its proof.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS, Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.newsletters.models import Subscriber, SubscriberState, SubscriberStep


class Move(StrEnum):
    """What happens to a subscriber."""

    CONFIRM = "confirm"
    AGREE = "agree"
    DECLARE = "declare"
    PAUSE = "pause"
    RESUME = "resume"
    LEAVE = "leave"
    ERASE = "erase"
    BOUNCE = "bounce"
    COMPLAIN = "complain"
    FORGIVE = "forgive"
    FORGIVE_RESTING = "forgive-resting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Of a consent, or of its withdrawal.

    Attributes:
        text: the words agreed to; `version` names them.
        source: the page, the message or the file that it came from.
        network: the truncated address of the browser.
        at: when it was given; None is now.
    """

    text: str = ""
    version: str = ""
    source: str = ""
    network: str = ""
    at: datetime | None = None


_S = SubscriberState
_NEVER = frozenset({_S.BOUNCED, _S.COMPLAINED, _S.ERASED})

TABLE: Mapping[Move, Mapping[SubscriberState, SubscriberState]] = {
    Move.CONFIRM: {state: _S.ACTIVE for state in _S if state is not _S.ERASED},
    Move.AGREE: {state: _S.ACTIVE for state in _S if state not in _NEVER},
    Move.DECLARE: {_S.TO_CONFIRM: _S.ACTIVE, _S.ACTIVE: _S.ACTIVE, _S.PAUSED: _S.PAUSED},
    Move.PAUSE: {_S.ACTIVE: _S.PAUSED, _S.PAUSED: _S.PAUSED},
    Move.RESUME: {_S.ACTIVE: _S.ACTIVE, _S.PAUSED: _S.ACTIVE},
    Move.LEAVE: {
        _S.TO_CONFIRM: _S.UNSUBSCRIBED,
        _S.ACTIVE: _S.UNSUBSCRIBED,
        _S.PAUSED: _S.UNSUBSCRIBED,
        _S.UNSUBSCRIBED: _S.UNSUBSCRIBED,
        _S.BOUNCED: _S.UNSUBSCRIBED,
        _S.COMPLAINED: _S.COMPLAINED,
        _S.ERASED: _S.ERASED,
    },
    Move.ERASE: dict.fromkeys(_S, _S.ERASED),
    Move.BOUNCE: {_S.ACTIVE: _S.BOUNCED, _S.PAUSED: _S.BOUNCED},
    Move.COMPLAIN: {_S.ACTIVE: _S.COMPLAINED, _S.PAUSED: _S.COMPLAINED},
    Move.FORGIVE: {_S.BOUNCED: _S.ACTIVE},
    Move.FORGIVE_RESTING: {_S.BOUNCED: _S.PAUSED},
}
"""From each state, where a move leads; a state that a move does not name refuses it."""


def may(subscriber: Subscriber, move: Move) -> bool:
    """True when `move` is not refused from where the subscriber stands."""
    return subscriber.state in TABLE[move]


def make(
    session: Session,
    subscriber: Subscriber,
    move: Move,
    *,
    proof: Proof | None = None,
    by: Viewer = ANONYMOUS,
    reason: str = "",
    issue_id: str | None = None,
) -> bool:
    """Make `move`; False when it leads where the subscriber stands already.

    `by` nobody in particular is the subscriber themselves; `issue_id` is the issue whose message
    led out.

    Raises:
        Conflict: the move is refused from this state.
    """
    before = subscriber.state
    after = TABLE[move].get(before)
    if after is None:
        raise Conflict(_("Cet abonnement n’est plus dans l’état que la page montrait."))
    if after is before:
        return False
    note(
        session,
        subscriber,
        before=before,
        after=after,
        proof=proof,
        by=by,
        reason=reason,
        issue_id=issue_id,
    )
    subscriber.state = after
    if after not in {_S.PAUSED, _S.BOUNCED}:
        subscriber.paused_until = None  # a bounce that is forgiven gives its pause back
    if after is _S.ACTIVE and subscriber.confirmed_at is None:
        subscriber.confirmed_at = now()
    return True


def note(
    session: Session,
    subscriber: Subscriber,
    *,
    before: SubscriberState | None,
    after: SubscriberState,
    proof: Proof | None = None,
    by: Viewer = ANONYMOUS,
    reason: str = "",
    issue_id: str | None = None,
) -> None:
    """Add a step; the subscriber has its number already."""
    proof = proof or Proof()
    session.add(
        SubscriberStep(
            subscriber_id=subscriber.id,
            before=before,
            after=after,
            text_version=proof.version,
            text=proof.text,
            source=proof.source,
            network=proof.network,
            by_id=by.member_id,
            reason=reason,
            issue_id=issue_id,
            at=proof.at or now(),
        )
    )
