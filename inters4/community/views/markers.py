"""What people read is noted after the answer: never for a look ahead, nor for HEAD.

The first thread of the process that has something to note writes it, with whatever others noted
meanwhile, in one transaction; nobody waits. A marker that could not be written is written the next
time that the person opens the page.
"""

from functools import partial
from threading import Lock

import structlog
from flask import Response, after_this_request
from sqlalchemy.exc import DBAPIError

from inters4.community.models import Space, Thread
from inters4.community.queries.unread import Mark, is_behind
from inters4.community.services.reading import write_marks
from inters4.core.db import reading, writing
from inters4.core.paging import PAGE_SIZE
from inters4.core.web.requests import viewer
from inters4.core.web.visits import is_a_visit

log = structlog.get_logger(__name__)


def remember_page(thread: Thread, page: int) -> None:
    """The viewer is given this page of `thread`: twenty numbers."""
    number = min(page * PAGE_SIZE, thread.last_number)
    _remember(thread.space_id, thread_id=thread.id, number=number)


def remember_visit(space: Space) -> None:
    """The viewer is given the page of a space."""
    _remember(space.id)


def _remember(space_id: int, *, thread_id: int | None = None, number: int = 0) -> None:
    present = viewer()
    belongs = space_id in present.spaces
    if present.member_id is None or not is_a_visit() or not (belongs or thread_id):
        return
    mark = Mark(
        member_id=present.member_id,
        space_id=space_id if belongs else None,
        thread_id=thread_id,
        number=number,
    )

    @after_this_request
    def note(response: Response) -> Response:
        if response.status_code == 200:
            response.call_on_close(partial(_marks.note, mark))
        return response


class _Marks:
    """What this process has to write: one of its threads writes, the others leave theirs to it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[Mark] = []
        self._is_writing = False

    def note(self, mark: Mark) -> None:
        """Write `mark`, or leave it to who is writing."""
        with self._lock:
            self._waiting.append(mark)
            if self._is_writing:
                return
            self._is_writing = True
        try:
            while batch := self._next():
                _write(batch)
        except BaseException:
            with self._lock:
                self._is_writing = False
            raise

    def _next(self) -> list[Mark]:
        with self._lock:
            batch, self._waiting = self._waiting, []
            if not batch:
                self._is_writing = False
            return batch


_marks = _Marks()


def _write(batch: list[Mark]) -> None:
    try:
        with reading() as session:
            behind = [mark for mark in dict.fromkeys(batch) if is_behind(session, mark)]
        if behind:
            with writing() as session:
                write_marks(session, behind)
    except DBAPIError:
        log.warning("reading_not_noted", exc_info=True)
