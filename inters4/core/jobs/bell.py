"""The queue through which any process wakes the worker: SQLite by default, Redis by setting.

It holds nothing that cannot be lost: job names, each at most once. Nothing is synchronised to
disk for it, a damaged file is thrown away, and messages are signed because huey reads pickles.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from inters4.core.jobs.lean import import_huey
from inters4.settings import Settings

if TYPE_CHECKING:
    from huey import Huey

log = structlog.get_logger(__name__)

_PATIENCE_SECONDS = 1.0
_QUEUE = "inters4"


class Bell:
    """Rings in any process, is heard in the worker."""

    def __init__(self, settings: Settings, *, is_deaf: bool = False) -> None:
        """`is_deaf` hears this process only: for a worker whose queue cannot be opened."""
        self._answer: Callable[[str], None] | None = None
        self.huey = _open_in_memory() if is_deaf else _open(settings)
        self._task: Any = self.huey.task(name="nudge")(self._heard)

    def ring(self, name: str) -> bool:
        """Leave a note for the worker; False when the same note waits already.

        Raises:
            sqlite3.Error, redis.RedisError: the queue does not answer.
        """
        if not self.huey.storage.put_if_empty(_note(name), b"1"):
            return False
        self._task(name)
        return True

    def take(self, name: str) -> bool:
        """Remove the note before the work starts, so that what changes meanwhile rings anew.

        False when it was taken already: the work that followed saw all there was to see.
        """
        return bool(self.huey.storage.delete_data(_note(name)))

    def answer_with(self, answer: Callable[[str], None]) -> None:
        """Name the function that the worker calls with the name of a job."""
        self._answer = answer

    def clear(self) -> None:
        """Forget the notes of a former worker; every job runs at start anyway."""
        self.huey.storage.flush_all()

    def close(self) -> None:
        """Close this thread's connection; those of every thread where they share a pool."""
        self.huey.storage.close()
        pool = getattr(self.huey.storage, "pool", None)
        if pool is not None:
            pool.disconnect()

    def _heard(self, name: str) -> None:
        if self._answer is not None:
            self._answer(name)


def _note(name: str) -> bytes:
    return f"nudged:{name}".encode()


def _open_in_memory() -> "Huey":
    from huey import Huey  # noqa: PLC0415
    from huey.storage import MemoryStorage  # noqa: PLC0415

    return Huey(_QUEUE, storage_class=MemoryStorage, results=False)


def _open(settings: Settings) -> "Huey":
    import_huey(settings)
    from huey import Huey  # noqa: PLC0415  (slow to import; a page that changes nothing needs none)
    from huey.serializer import SignedSerializer  # noqa: PLC0415

    options: dict[str, Any] = {
        "results": False,
        "serializer": SignedSerializer(secret=settings.secret_key, salt="inters4.jobs"),
    }
    if settings.queue_url:
        from huey.storage import RedisStorage  # noqa: PLC0415
        from redis import ConnectionPool  # noqa: PLC0415

        pool = ConnectionPool.from_url(
            settings.queue_url,
            protocol=2,  # what every Redis speaks, old ones included
            socket_connect_timeout=_PATIENCE_SECONDS,
            socket_timeout=5,
        )
        return Huey(_QUEUE, storage_class=RedisStorage, connection_pool=pool, **options)
    from huey.storage import SqliteStorage  # noqa: PLC0415

    path = settings.data_dir / "queue.db"
    path.parent.mkdir(parents=True, exist_ok=True)
    _discard_if_damaged(path)
    return Huey(
        _QUEUE,
        storage_class=SqliteStorage,
        filename=str(path),
        fsync=False,
        cache_mb=1,
        timeout=_PATIENCE_SECONDS,
        **options,
    )


def _discard_if_damaged(path: Path) -> None:
    if not path.exists():
        return
    connection = sqlite3.connect(path, timeout=_PATIENCE_SECONDS)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError:
        return  # busy, not damaged
    except sqlite3.DatabaseError:
        log.warning("queue_discarded", path=str(path))
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    finally:
        connection.close()
