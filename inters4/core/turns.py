"""Who counts before they write take turns: SQLite has one writer, PostgreSQL needs a lock.

A turn lasts until the transaction ends. The numbers are any, the same in every process.
"""

from enum import IntEnum

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

_PATIENCE = "lock_timeout"


class Turn(IntEnum):
    """What is done by one at a time."""

    FINDINGS = 7_361_405
    IMPORT = 0x1A7E4C0
    MIGRATION = 0x1A7E4D0
    PASSWORD = 7_361_401
    QUESTION = 7_361_402
    REGISTRATION = 7_361_403
    RESET = 7_361_404
    SUBSCRIPTION = 7_361_406


def wait_for_turn(door: Session | Connection, turn: Turn) -> None:
    """Go on once no other transaction holds this turn.

    A migration may be long: whoever comes for the next one waits until it ends, and for its locks
    no longer than for any.
    """
    bind = door.get_bind() if isinstance(door, Session) else door
    if bind.dialect.name != "postgresql":
        return
    usual = None
    if turn is Turn.MIGRATION:
        usual = door.scalar(select(func.current_setting(_PATIENCE)))
        door.execute(select(func.set_config(_PATIENCE, "0", True)))
    door.execute(select(func.pg_advisory_xact_lock(int(turn))))
    if usual is not None:
        door.execute(select(func.set_config(_PATIENCE, usual, True)))
