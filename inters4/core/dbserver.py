"""A server of PostgreSQL, where planning a statement takes longer than running most of them.

What a connection has prepared is planned once: pages ask for the same few hundred statements.

Left to itself, the server waits for ever: for a lock that a forgotten session holds, and for a
connection that nothing answers. Here it waits no longer than SQLite does for its writer.
"""

from collections.abc import Callable
from time import monotonic
from typing import Any

from sqlalchemy import URL, Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import InvalidatePoolError

_PREPARED = 256
"""Those that a connection keeps, some tens of kilobytes each in the server."""
_SEEN_BEFORE = 1
"""How often a statement was asked when it is prepared."""
_SURE_SECONDS = 1.0
"""For how long a connection that has just served is taken for alive: a page takes several turns."""
_SERVED = "inters4_served"
_PATIENCE = "inters4_patience"
_CONNECT_SECONDS = 10
"""A server that takes connections and answers none is away; an address may say otherwise."""


def make_server_engine(url: URL, *, patience: Callable[[], int]) -> Engine:
    """An engine whose connections keep what they prepared, the one that has most being taken.

    They wait for a lock as many seconds as `patience` says when they are taken.
    """
    made = create_engine(
        url,
        hide_parameters=True,
        pool_size=10,
        max_overflow=20,
        pool_use_lifo=True,
        connect_args={}
        if "connect_timeout" in url.query
        else {"connect_timeout": _CONNECT_SECONDS},
    )
    dialect = made.dialect

    def check_out(connection: Any, record: Any, _proxy: Any) -> None:
        seconds = patience()
        is_patient = record.info.get(_PATIENCE) == seconds
        if is_patient and monotonic() - record.info.get(_SERVED, 0.0) < _SURE_SECONDS:
            return
        try:
            if is_patient:
                dialect.do_ping(connection)
            else:
                _wait_for_locks(connection, seconds)
                record.info[_PATIENCE] = seconds
        except dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error

    event.listen(made, "connect", _set_up)
    event.listen(made, "checkin", _note)
    event.listen(made, "checkout", check_out)
    event.listen(made, "handle_error", _leave_rows_out)
    return made


def _set_up(connection: Any, record: Any) -> None:
    connection.prepare_threshold, connection.prepared_max = _SEEN_BEFORE, _PREPARED
    _note(connection, record)


def _wait_for_locks(connection: Any, seconds: int) -> None:
    """Set it outside any transaction: a ROLLBACK would take it back."""
    was, connection.autocommit = connection.autocommit, True
    connection.execute(f"SET lock_timeout = '{seconds}s'")
    connection.autocommit = was


def _note(_connection: Any, record: Any) -> None:
    record.info[_SERVED] = monotonic()


def _leave_rows_out(context: ExceptionContext) -> None:
    """Leave of an error its first sentence: below, the server quotes rows, which name people."""
    error, wrapped = context.original_exception, context.sqlalchemy_exception
    sentence = getattr(getattr(error, "diag", None), "message_primary", None)
    if sentence and wrapped is not None:
        whole, error.args = str(error), (sentence,)
        wrapped.args = tuple(str(told).replace(whole, sentence) for told in wrapped.args)
