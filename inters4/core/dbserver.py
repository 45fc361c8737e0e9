"""A server of PostgreSQL, where planning a statement takes longer than running most of them.

What a connection has prepared is planned once: pages ask for the same few hundred statements.
"""

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


def make_server_engine(url: URL) -> Engine:
    """An engine whose connections keep what they prepared, the one that has most being taken."""
    made = create_engine(
        url,
        hide_parameters=True,
        pool_size=10,
        max_overflow=20,
        pool_use_lifo=True,
    )
    dialect = made.dialect

    def check_out(connection: Any, record: Any, _proxy: Any) -> None:
        if monotonic() - record.info.get(_SERVED, 0.0) < _SURE_SECONDS:
            return
        try:
            dialect.do_ping(connection)
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


def _note(_connection: Any, record: Any) -> None:
    record.info[_SERVED] = monotonic()


def _leave_rows_out(context: ExceptionContext) -> None:
    """Leave of an error its first sentence: below, the server quotes rows, which name people."""
    error, wrapped = context.original_exception, context.sqlalchemy_exception
    sentence = getattr(getattr(error, "diag", None), "message_primary", None)
    if sentence and wrapped is not None:
        whole, error.args = str(error), (sentence,)
        wrapped.args = tuple(str(told).replace(whole, sentence) for told in wrapped.args)
