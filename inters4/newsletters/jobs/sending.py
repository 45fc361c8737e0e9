"""Starts the issues whose hour has come, and sends what was started, one message at a time.

Nothing is sent inside a transaction. The end of a message and the claim of the next share one, and
that end is written however long the database is busy or away: a message that left and is not noted
would leave twice. Between two messages that must be apart, nothing is held.
"""

import secrets
import time
from collections.abc import Callable
from contextlib import closing

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from inters4.core.db import reading, writing
from inters4.core.jobs import jobs
from inters4.core.mail.contract import Transport
from inters4.core.mail.transports import open_transport
from inters4.core.trouble import is_passing
from inters4.newsletters.models import FrozenIssue, Issue, IssueState, Pause
from inters4.newsletters.services.alarm import Alarm
from inters4.newsletters.services.claiming import SENT, Claim, Outcome, settle
from inters4.newsletters.services.delivering import Outgoing, deliver, outgoing
from inters4.newsletters.services.forgiving import forgive
from inters4.newsletters.services.pacing import Pace, claim_paced, open_pace
from inters4.newsletters.services.pausing import (
    finish_sending,
    forget_troubles,
    note_trouble,
    open_sending,
    pause_by_itself,
)
from inters4.newsletters.services.starting import start_next_due
from inters4.newsletters.services.suppressing import suppress_ended
from inters4.settings import Settings

log = structlog.get_logger(__name__)

SEND_SECONDS = 20
_WRITE_ATTEMPTS = 12
_LONGEST_NAP = 0.5

Stopping = Callable[[], bool]


def run_sendings() -> None:
    """The job: start what is due, then send until nothing is."""
    settings = jobs.settings
    try:
        start_due(settings)
    except Exception:
        log.exception("issue_not_started")  # what was started before goes on
    with writing() as session:
        suppress_ended(session)
    send_issues(settings, is_stopping=lambda: jobs.is_stopping)


def start_due(settings: Settings) -> None:
    """Start, or hold for a person, each issue whose hour has come."""
    is_done = False
    while not (is_done or jobs.is_stopping):
        with writing() as session:
            is_done = start_next_due(session, settings=settings) is None


def send_issues(
    settings: Settings,
    *,
    transport: Transport | None = None,
    is_stopping: Stopping = lambda: False,
) -> int:
    """Send everything that is due of every issue that was started; how many messages left."""
    with reading() as session:
        found = (
            select(Issue.id)
            .join(FrozenIssue, FrozenIssue.issue_id == Issue.id)
            .where(Issue.state == IssueState.SENDING)
            .order_by(FrozenIssue.frozen_at)
        )
        started = session.scalars(found).all()
    if not started:
        return 0
    pace = Pace(each=settings.send_rate, by_domain=settings.send_domain_rate)
    with closing(transport or open_transport(settings)) as carrier:
        return sum(
            _Sending(issue_id, settings, carrier, pace, is_stopping).run()
            for issue_id in started
            if not is_stopping()
        )


class _Sending:
    """One sender at work on one issue."""

    def __init__(
        self,
        issue_id: str,
        settings: Settings,
        carrier: Transport,
        pace: Pace,
        is_stopping: Stopping,
    ) -> None:
        self._issue_id, self._settings, self._carrier = issue_id, settings, carrier
        self._pace, self._is_stopping = pace, is_stopping
        self._owner = secrets.token_hex(8)
        self._alarm = Alarm()
        self._is_troubled = False
        self._wait = 0.0

    def run(self) -> int:
        """Send until nothing is due, or something stands in the way; how many left."""
        with writing() as session:
            if not open_sending(session, self._issue_id):
                return 0
            open_pace(session)
        issue = self._outgoing()
        sent = 0
        claim = self._next()
        while claim is not None:
            outcome = deliver(claim, issue, self._carrier)
            sent += outcome is SENT
            self._alarm.note(claim.id, outcome)
            claim = self._settle(claim, outcome)
            if claim is None and not outcome.is_relay_away:
                claim = self._next()
        if not self._is_stopping():
            with writing() as session:
                finish_sending(session, self._issue_id)
        log.info("issue_sent", issue=self._issue_id, sent=sent)
        return sent

    def _outgoing(self) -> Outgoing:
        with reading() as session:
            issue = session.get_one(Issue, self._issue_id)
            frozen = session.get_one(FrozenIssue, self._issue_id)
            self._is_troubled = frozen.troubles > 0
            return outgoing(issue, frozen, settings=self._settings)

    def _settle(self, claim: Claim, outcome: Outcome) -> Claim | None:
        """Write the end of a message; claim the next with it when nothing must be waited for."""

        def work() -> Claim | None:
            self._wait = 0.0
            with writing() as session:
                settle(session, claim, outcome)
                if outcome.is_relay_away:
                    note_trouble(session, self._issue_id)
                    return None
                if outcome is SENT and self._is_troubled:
                    forget_troubles(session, self._issue_id)
                if self._alarm.rings:
                    forgive(session, self._alarm.refused)
                    pause_by_itself(session, self._issue_id, Pause.REFUSALS)
                    return None
                return None if self._is_stopping() else self._claim(session)

        found = _patiently(work)
        self._is_troubled = self._is_troubled and outcome is not SENT
        return found

    def _next(self) -> Claim | None:
        """The next message, once it may leave; None when nothing is due."""
        while not self._is_stopping():
            time.sleep(min(self._wait, _LONGEST_NAP))
            with writing() as session:
                claim = self._claim(session)
            if claim is not None or not self._wait:
                return claim
        return None

    def _claim(self, session: Session) -> Claim | None:
        """Hold a message that may leave now; how long the next one waits is kept."""
        claim, self._wait = claim_paced(session, self._issue_id, owner=self._owner, pace=self._pace)
        return claim


def _patiently(work: Callable[[], Claim | None]) -> Claim | None:
    """Do it however long the database is busy or away: what left must be noted."""
    for attempt in range(1, _WRITE_ATTEMPTS + 1):
        try:
            return work()
        except DBAPIError as error:
            if not is_passing(error) or attempt == _WRITE_ATTEMPTS:
                raise
            time.sleep(min(0.05 * 2**attempt, 5.0))
    raise AssertionError("unreachable")
