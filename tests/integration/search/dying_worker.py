"""A worker that kills itself in the middle of a drain: `python -m … put|commit|delete`."""

import os
import signal
import sys
from typing import Any

from indexer import open_writer
from inters4.app import load_domains
from inters4.core import db
from inters4.core.hooks import hooks
from inters4.search.jobs import draining
from inters4.search.jobs import worker as room
from inters4.search.jobs.worker import IndexWorker
from inters4.settings import Settings
from tests.builders.search import make_kinds


def die(*_arguments: object, **_named: object) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


class Dying:
    """A writer that dies instead of doing one thing."""

    def __init__(self, writer: Any, place: str) -> None:
        self._writer, self._place = writer, place

    def __getattr__(self, name: str) -> Any:
        return die if name == self._place else getattr(self._writer, name)


def main(place: str) -> None:
    settings = Settings.from_env()
    load_domains()
    hooks.document_kinds = make_kinds()
    db.bind(settings.database_url)
    opened = open_writer
    vars(room)["open_writer"] = lambda root, *, backend: Dying(opened(root, backend=backend), place)
    if place == "delete":
        vars(draining)["delete"] = die
    IndexWorker(settings.index_dir, backend=settings.search).work()


if __name__ == "__main__":
    main(sys.argv[1])
