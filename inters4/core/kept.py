"""Answers about a whole table, kept while no row of it changes.

A list of two thousand rows costs ten times a page of it, and says the same a hundred times a day.
The state of the table is read first, from one index: how many rows, the last change, the sum of
their versions. An answer given in one state is never given in another, in whatever process.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import field
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Pool, func, select
from sqlalchemy.orm import Session

from inters4.core.values import dataclass
from inters4.core.wholes import Whole

_MOST_ANSWERS = 300
T = TypeVar("T")


@dataclass(slots=True)
class _Held:
    """The answers of one database, in its last known state."""

    state: Hashable = None
    answers: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)


class Kept:
    """The answers about one table, by database."""

    def __init__(self, model: type[Whole]) -> None:
        self._statement = select(func.count(), func.max(model.updated_at), func.sum(model.version))
        self._held: WeakKeyDictionary[Pool, _Held] = WeakKeyDictionary()
        self._lock = Lock()

    def now(self, session: Session) -> "Now":
        """The table as this transaction sees it: one statement."""
        return Now(self, session, tuple(session.execute(self._statement).one()))

    def find(self, session: Session, state: Hashable, name: Hashable) -> tuple[Any, ...]:
        """The answer under `name`, alone in a tuple; an empty one when it must be computed."""
        with self._lock:
            held = self._of(session)
            if held.state != state or name not in held.answers:
                return ()
            held.answers.move_to_end(name)
            return (held.answers[name],)

    def keep(self, session: Session, state: Hashable, name: Hashable, answer: object) -> None:
        """Keep an answer computed in `state`; those of another state go."""
        with self._lock:
            held = self._of(session)
            if held.state != state:
                held.state = state
                held.answers.clear()
            held.answers[name] = answer
            while len(held.answers) > _MOST_ANSWERS:
                held.answers.popitem(last=False)

    def _of(self, session: Session) -> _Held:
        """By pool: a session has an engine of its own, the pool is that of the database."""
        pool = session.get_bind().engine.pool
        return self._held.setdefault(pool, _Held())


@dataclass(frozen=True, slots=True)
class Now:
    """A table in one state."""

    _kept: Kept
    _session: Session
    _state: Hashable

    def answer(self, name: Hashable, compute: Callable[[], T]) -> T:
        """What `compute` says, computed once a state; it must not hold rows of the session."""
        found = self._kept.find(self._session, self._state, name)
        if found:
            kept: T = found[0]
            return kept
        answer = compute()
        self._kept.keep(self._session, self._state, name, answer)
        return answer
