"""A server of PostgreSQL, where planning a statement takes longer than running most of them.

What a connection has prepared is planned once: pages ask for the same few hundred statements.
"""

from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.orm import Session

LEAVING = "leaving"
_PREPARED = 256
"""Those that a connection keeps, some tens of kilobytes each in the server."""
_SEEN_BEFORE = 1
"""How often a statement was asked when it is prepared."""


def make_server_engine(url: URL) -> Engine:
    """An engine whose connections keep what they prepared, the one that has most being taken."""
    made = create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=20,
        pool_use_lifo=True,
    )
    event.listen(made, "connect", _set_up)
    return made


def _set_up(connection: Any, _record: object) -> None:
    connection.prepare_threshold, connection.prepared_max = _SEEN_BEFORE, _PREPARED


def leave(session: Session) -> None:
    """Commit what `session` read: at a ROLLBACK, psycopg forgets whatever it had prepared.

    Objects that a transaction made may be gone then; reading makes none.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.info[LEAVING] = True
        session.commit()
