"""What the worker does for the watch: sources visited when they are due, old findings forgotten.

Servers are asked by a few threads outside any transaction; what each visit taught is kept in a
transaction of its own, one at a time, so that a page waits for one source at most.
"""

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from inters4.core.clock import now
from inters4.core.db import writing
from inters4.core.fetch import FeedParser, Fetcher, FetchPolicy, ParserLimits
from inters4.core.jobs import jobs
from inters4.core.values import dataclass
from inters4.veille.services.collecting import Collected
from inters4.veille.services.hosts import PAUSE_SECONDS, Rounds
from inters4.veille.services.polling import give_back, keep_visit, take_due
from inters4.veille.services.visiting import Ending, Visit, Visited, visit_source

log = structlog.get_logger(__name__)

POLL_JOB, POLL_SECONDS = "veille.poll", 60
VISITORS = 8
_POSTPONED = timedelta(minutes=15)
"""How long the sources of a host that lets time run out again and again are left alone."""
_DEFECT = Visited(ending=Ending.FAILED, remark="defect")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A visit that ended; `collected` is None when its source was taken over meanwhile."""

    visit: Visit
    visited: Visited
    collected: Collected | None


@dataclass(frozen=True, slots=True)
class Tally:
    """What a round brought."""

    visited: int = 0
    new: int = 0
    unchanged: int = 0
    failed: int = 0

    def with_outcome(self, outcome: Outcome) -> "Tally":
        """The same with one more visit."""
        ending = outcome.visited.ending
        return replace(
            self,
            visited=self.visited + 1,
            new=self.new + (len(outcome.collected.new) if outcome.collected else 0),
            unchanged=self.unchanged + (ending is Ending.UNCHANGED),
            failed=self.failed + (ending in {Ending.FAILED, Ending.GONE}),
        )


def poll_due() -> Tally:
    """Every minute: visit what is due."""
    with writing() as session:
        visits = take_due(session, at=now())
    return visit_all(visits) if visits else Tally()


def visit_all(
    visits: Sequence[Visit],
    *,
    fetcher: Fetcher | None = None,
    limits: ParserLimits | None = None,
    pause: float = PAUSE_SECONDS,
    tell: Callable[[Outcome], object] = lambda _outcome: None,
) -> Tally:
    """Visit sources that are leased; `tell` hears of each as it ends, one at a time."""
    with FeedParser(limits) as trusted, FeedParser(limits) as doubtful:
        tour = _Tour(
            Rounds(visits, visitors=VISITORS, pause=pause),
            fetcher=fetcher or Fetcher(FetchPolicy.from_settings(jobs.settings)),
            parsers=(trusted, doubtful),
            tell=tell,
        )
        threads = [
            threading.Thread(target=tour.go, daemon=True, name=f"veille-{number}")
            for number in range(min(VISITORS, len(visits)))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return tour.tally


class _Tour:
    """What the threads of one round share."""

    def __init__(
        self,
        rounds: Rounds,
        *,
        fetcher: Fetcher,
        parsers: tuple[FeedParser, FeedParser],
        tell: Callable[[Outcome], object],
    ) -> None:
        self.tally = Tally()
        self._rounds = rounds
        self._fetcher = fetcher
        self._trusted, self._doubtful = parsers
        self._tell = tell
        self._keeping = threading.Lock()

    def go(self) -> None:
        """Visit and keep, until nothing is left or the worker stops."""
        while (visit := self._rounds.take()) is not None:
            if jobs.is_stopping:
                self._give_back((visit, *self._rounds.stop()))
                return
            visited = self._visit(visit)
            left = self._rounds.done(visit, is_slow=visited.is_slow)
            with self._keeping:
                self._keep(visit, visited)
                self._give_back(left, until=now() + _POSTPONED, remark=f"spared {visit.host}")

    def _visit(self, visit: Visit) -> Visited:
        # What hangs a parser keeps only other doubtful feeds waiting.
        parser = self._doubtful if visit.failures else self._trusted
        try:
            return visit_source(visit, fetcher=self._fetcher, parser=parser)
        except Exception:
            log.exception("source_visit_failed", source=visit.public_id)
            return _DEFECT

    def _keep(self, visit: Visit, visited: Visited) -> None:
        outcome = Outcome(visit, visited, None)
        for kept in (visited, _DEFECT):
            try:
                with writing() as session:
                    collected = keep_visit(
                        session,
                        visit,
                        kept,
                        at=now(),
                        chance=random.random(),  # noqa: S311
                    )
            except Exception:
                log.exception("source_not_kept", source=visit.public_id)
            else:
                outcome = Outcome(visit, kept, collected)
                break
        self.tally = self.tally.with_outcome(outcome)
        self._tell(outcome)

    def _give_back(
        self, visits: Sequence[Visit], *, until: datetime | None = None, remark: str = ""
    ) -> None:
        if visits:
            with writing() as session:
                give_back(session, visits, until=until, remark=remark)
