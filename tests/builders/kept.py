"""Preparations that a worker makes once: the rows that one wrote are written again for the next.

A sheet that seven people bring to its approval costs a hundred statements and a dozen letters, to
reach what hundreds of tests start from. The first time, it is done as it always was, and the rows
that came of it are noted; the next time, they are written as they were. That holds only where
nothing else was written before, in the same test: preparations follow each other in the same order
from an empty database, and anything between two of them has the following ones made anew.
"""

import os
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from inters4.core.clock import local, now
from inters4.core.db import after_commit, writing
from inters4.core.hooks import hooks
from inters4.core.i18n import current_locale
from tests.builders.kept_rows import Noted, dump, filled, write_again

Made = TypeVar("Made")
_AFTER = "after_commit"
_WRITING = ("INSERT", "UPDATE", "DELETE")
_WROTE = "wrote, and has not committed"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a session is to do after its commit, and what it noted of itself meanwhile."""

    actions: tuple[Callable[[], None], ...] = ()
    flags: Mapping[Any, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session) -> "_Asked":
        """What it has been asked so far."""
        flags = {name: value for name, value in session.info.items() if name != _AFTER}
        return cls(tuple(session.info.get(_AFTER, ())), flags)

    def since(self, before: "_Asked") -> "_Asked":
        """What was asked after `before`."""
        flags = {name: value for name, value in self.flags.items() if name not in before.flags}
        return _Asked(self.actions[len(before.actions) :], flags)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a preparation did, and what tells its result among its rows."""

    noted: Noted
    asked: _Asked = field(default_factory=_Asked)
    brief: Any = None

    def again(self, session: Session, start: datetime) -> Any:
        """Do it again; what tells its result."""
        write_again(session, self.noted, start)
        session.info.update(self.asked.flags)
        for action in self.asked.actions:
            after_commit(session, action)
        return self.brief


@dataclass(slots=True)
class _Standing:
    """What the database of the present test holds, as far as preparations know.

    Attributes:
        test: the one that asked for them.
        names: preparations, in order.
        writes: what `_Writes` counted when the last of them ended.
    """

    test: str = ""
    names: tuple[Hashable, ...] = ()
    writes: int = -1

    def stand(self, names: tuple[Hashable, ...]) -> None:
        """They are what there is."""
        self.test, self.names, self.writes = _test(), names, _writes.number


@dataclass(slots=True)
class _Writes:
    """How many statements of this process wrote something, or took back what they wrote."""

    number: int = 0

    def note(self, connection: Connection, statement: str) -> None:
        if statement.lstrip()[:6].upper() in _WRITING:
            self.number += 1
            connection.info[_WROTE] = True

    def forget(self, connection: Connection) -> None:
        if connection.invalidated or connection.info.pop(_WROTE, False):
            self.number += 1


_writes = _Writes()
_standing = _Standing()
_notes: dict[tuple[Hashable, ...], "_Kept"] = {}


@event.listens_for(Engine, "before_cursor_execute")
def _on_statement(
    connection: Connection, _cursor: object, statement: str, *_others: object
) -> None:
    _writes.note(connection, statement)


@event.listens_for(Engine, "rollback")
def _on_rollback(connection: Connection) -> None:
    _writes.forget(connection)


@event.listens_for(Engine, "rollback_savepoint")
def _on_return(connection: Connection, *_others: object) -> None:
    if connection.invalidated or connection.info.get(_WROTE, False):
        _writes.number += 1


@event.listens_for(Engine, "commit")
def _on_commit(connection: Connection) -> None:
    connection.info.pop(_WROTE, None)


def kept(
    session: Session,
    name: Hashable,
    make: Callable[[], Made],
    *,
    brief: Callable[[Made], Any] = lambda made: made,
    recall: Callable[[Any], Made] = lambda brief: brief,
) -> Made:
    """What `make` makes, or the same rows again; `name` tells it from others of that function.

    `brief` says in a value without rows what was made, which `recall` finds again among them.
    """
    session.flush()
    start, before = now(), _before(session)
    if before is None:
        return make()
    names = _named(before, name, make)
    if names in _notes:
        made = recall(_notes[names].again(session, start))
        session.flush()
    else:
        asked, rows = _Asked.of(session), dump(session)
        made = make()
        session.flush()
        noted = Noted.of(rows, dump(session), since=start)
        _notes[names] = _Kept(noted, _Asked.of(session).since(asked), brief(made))
    _standing.stand(names)
    return made


def kept_apart(name: Hashable, make: Callable[[], None]) -> None:
    """The same of what opens `writing()` by itself, and gives nothing back."""
    with writing() as session:
        start, before = now(), _before(session)
        if before is not None and (names := _named(before, name, make)) in _notes:
            _notes[names].again(session, start)
            _standing.stand(names)
            return
        rows = dump(session)
    make()
    if before is not None:
        with writing() as session:
            _notes[names] = _Kept(Noted.of(rows, dump(session), since=start))
            _standing.stand(names)


def _named(
    before: tuple[Hashable, ...], name: Hashable, make: Callable[[], object]
) -> tuple[Hashable, ...]:
    where = (make.__module__, make.__qualname__)
    return (*before, (local(now()).date(), type(hooks.notifier), where, name))


def _before(session: Session) -> tuple[Hashable, ...] | None:
    """Preparations that fill the database with nothing beside; None when something else does."""
    is_usual = current_locale() == "fr" and abs(now() - datetime.now(UTC)) < timedelta(seconds=1)
    if not is_usual:
        return None
    if (_standing.test, _standing.writes) == (_test(), _writes.number):
        return _standing.names
    return None if filled(session) else ()


def _test() -> str:
    return os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
