"""SQLite: how its connections are set up, and its file watched.

The file may be removed, moved or replaced while we serve, and SQLite itself notices nothing: it
goes on writing to a file that no longer has a name, and makes an empty one for whoever opens it
next. Here a missing file is never made, a connection to a file that is no longer the one at its
path is dropped, and a change is refused rather than written where nobody would find it. When the
file is back, so is the portal.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError, OperationalError

BEGIN = "inters4_begin"
"""The option of execution that says how a transaction begins, IMMEDIATE without it."""
_MOST_CONNECTIONS = 64
_PREPARED_STATEMENTS = 512
"""Those that a connection keeps: to prepare one takes longer than to run most of them."""
_INODE = "inters4_inode"
_PATIENCE = "inters4_patience"
_READS = "inters4_reads"
"""True of a connection that refuses to write, as a transaction that only reads does elsewhere."""


def make_file_engine(url: URL, *, patience: Callable[[], int]) -> Engine:
    """An engine whose transactions wait for a writer as many seconds as `patience` says then."""
    is_file = url.database not in {None, "", ":memory:"} and not url.query
    made = create_engine(
        url,
        hide_parameters=True,
        **({"max_overflow": _MOST_CONNECTIONS} if is_file else {}),
        connect_args={
            "timeout": patience(),
            "check_same_thread": False,
            "cached_statements": _PREPARED_STATEMENTS,
        },
    )

    def begin(connection: Connection) -> None:
        asked, seconds = connection.connection, patience()
        if asked.info.get(_PATIENCE) != seconds:
            asked.execute(f"PRAGMA busy_timeout={seconds * 1000}")
            asked.info[_PATIENCE] = seconds
        how = connection.get_execution_options().get(BEGIN, "IMMEDIATE")
        is_reader = how == "DEFERRED"
        if asked.info.get(_READS, False) != is_reader:
            asked.execute(f"PRAGMA query_only={int(is_reader)}")
            asked.info[_READS] = is_reader
        connection.exec_driver_sql(f"BEGIN {how}")

    if url.database and not url.query:
        _watch(made, Path(url.database))
    event.listen(made, "connect", _set_up)
    event.listen(made, "begin", begin)
    return made


def _set_up(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _watch(engine: Engine, path: Path) -> None:
    """Keep `engine` on the file that is at `path`."""
    address = f"file:{quote(str(path.absolute()))}?mode=rw"

    def connect(_dialect: Any, record: Any, _arguments: list[Any], options: dict[str, Any]) -> Any:
        connection = sqlite3.connect(address, uri=True, **options)
        record.info[_INODE] = _inode(path)
        return connection

    def check_out(_connection: Any, record: Any, _proxy: Any) -> None:
        if record.info.get(_INODE) != _inode(path):
            raise DisconnectionError("the database file was removed or replaced")

    def commit(connection: Connection) -> None:
        if connection.connection.info.get(_INODE) != _inode(path):
            raise OperationalError("COMMIT", None, _GoneError("the database file was removed"))

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "checkout", check_out)
    event.listen(engine, "commit", commit)


class _GoneError(sqlite3.OperationalError):
    """Told as SQLite tells a file that cannot be opened."""

    sqlite_errorname = "SQLITE_CANTOPEN"


def _inode(path: Path) -> tuple[int, int] | None:
    """What the file at `path` is, whatever its name; None without one."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
