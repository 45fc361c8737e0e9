"""The file of a SQLite database, watched: it may be removed, moved or replaced while we serve.

SQLite itself notices nothing: it goes on writing to a file that no longer has a name, and makes
an empty one for whoever opens it next. Here a missing file is never made, a connection to a file
that is no longer the one at its path is dropped, and a change is refused rather than written
where nobody would find it. When the file is back, so is the portal.
"""

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DisconnectionError, OperationalError

_INODE = "inters4_inode"


def watch_file(engine: Engine, path: Path) -> None:
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
