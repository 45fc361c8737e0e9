import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from inters4.core.jobs.consumer import Consumer
from inters4.core.jobs.registry import Jobs
from inters4.core.jobs.runner import ATTEMPTS, Runner
from inters4.settings import Settings

PATIENCE = 10.0


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    """An installation without a database: jobs need none."""
    return Settings.from_env(
        {"INTERS4_DATA_DIR": str(tmp_path / "var"), "INTERS4_SECRET_KEY": "k" * 40}
    )


@pytest.fixture
def jobs(own: Settings) -> Iterator[Jobs]:
    made = Jobs()
    made.bind(own)
    yield made
    made.close()


@pytest.fixture
def consume(jobs: Jobs) -> Iterator[Callable[[], Consumer]]:
    """Start a consumer on what is registered, stopped at the end."""
    started: list[Consumer] = []

    def start() -> Consumer:
        consumer = Consumer(jobs)
        started.append(consumer)
        consumer.start()
        return consumer

    yield start
    for consumer in started:
        consumer.stop(timeout=PATIENCE)


def test_every_job_runs_at_start(jobs: Jobs, consume: Callable[[], Consumer]) -> None:
    ran = threading.Event()
    jobs.periodic("index.drain", every=3600)(ran.set)

    consume()

    assert ran.wait(PATIENCE)


def test_a_nudge_runs_the_job_before_its_period(
    jobs: Jobs, consume: Callable[[], Consumer]
) -> None:
    runs = threading.Semaphore(0)
    jobs.periodic("mail.send", every=3600)(runs.release)
    consume()
    assert runs.acquire(timeout=PATIENCE)

    jobs.nudge("mail.send")

    assert runs.acquire(timeout=PATIENCE)


def test_a_nudge_from_another_process_is_heard(
    jobs: Jobs, own: Settings, consume: Callable[[], Consumer]
) -> None:
    runs = threading.Semaphore(0)
    jobs.periodic("mail.send", every=3600)(runs.release)
    consume()
    assert runs.acquire(timeout=PATIENCE)
    elsewhere = Jobs()
    elsewhere.bind(own)

    elsewhere.nudge("mail.send")
    elsewhere.close()

    assert runs.acquire(timeout=PATIENCE)


def test_a_copied_process_has_a_bell_of_its_own(jobs: Jobs) -> None:
    inherited = jobs.bell()
    copied = os.fork()
    if not copied:
        status = 1
        try:
            status = int(jobs.bell() is inherited)
        finally:
            os._exit(status)  # the copy is no second run of the tests, whatever happens

    assert os.waitstatus_to_exitcode(os.waitpid(copied, 0)[1]) == 0
    assert jobs.bell() is inherited


def test_nudges_that_wait_become_one(jobs: Jobs) -> None:
    jobs.periodic("mail.send", every=3600)(lambda: None)
    for _ in range(50):
        jobs.nudge("mail.send")

    assert jobs.bell().huey.storage.queue_size() == 1


def test_a_job_runs_every_so_often_without_any_nudge(
    jobs: Jobs, consume: Callable[[], Consumer]
) -> None:
    runs = threading.Semaphore(0)
    jobs.periodic("veille.poll", every=0.1)(runs.release)

    consume()

    assert all(runs.acquire(timeout=PATIENCE) for _ in range(3))


def test_a_job_never_runs_twice_at_the_same_time_but_runs_once_more(jobs: Jobs) -> None:
    started, may_end, runs = threading.Event(), threading.Event(), []

    @jobs.periodic("slow", every=3600)
    def slow() -> None:
        runs.append(threading.get_ident())
        started.set()
        may_end.wait(PATIENCE)

    runner = Runner(jobs)
    first = threading.Thread(target=runner.run, args=("slow",))
    first.start()
    assert started.wait(PATIENCE)

    runner.run("slow")
    runner.run("slow")
    assert len(runs) == 1
    may_end.set()
    first.join(PATIENCE)

    assert runs == [first.ident, first.ident]


class AskedWhileDeciding:
    """The lock of a runner: as soon as the runner lets go after a run, someone asks once more."""

    def __init__(self, ask: Callable[[], None], *, after: list[int]) -> None:
        self._lock, self._ask, self._runs = threading.Lock(), ask, after
        self._has_asked = False

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_error: object) -> None:
        self._lock.release()
        if self._runs and not self._has_asked:
            self._has_asked = True
            other = threading.Thread(target=self._ask)
            other.start()
            other.join(PATIENCE)


def test_a_request_that_comes_while_a_run_ends_is_not_lost(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[int] = []
    jobs.periodic("mail.send", every=3600)(lambda: runs.append(1))
    runner = Runner(jobs)
    ask = partial(runner.run, "mail.send")
    monkeypatch.setattr(runner, "_lock", AskedWhileDeciding(ask, after=runs))

    runner.run("mail.send")

    assert runs == [1, 1]


def test_a_job_that_fails_is_logged_and_runs_again_later(
    jobs: Jobs, consume: Callable[[], Consumer]
) -> None:
    runs = threading.Semaphore(0)

    @jobs.periodic("broken", every=0.1)
    def broken() -> None:
        runs.release()
        raise ValueError("no")

    consume()

    assert all(runs.acquire(timeout=PATIENCE) for _ in range(2))


def test_a_busy_database_is_tried_again_a_few_times_only(jobs: Jobs) -> None:
    attempts = []

    @jobs.periodic("busy", every=3600)
    def busy() -> None:
        attempts.append(1)
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("database is locked"))

    with capture_logs() as told:
        Runner(jobs).run("busy")

    assert len(attempts) == ATTEMPTS
    assert [line["event"] for line in told if "exc_info" in line] == []
    assert told[-1]["event"] == "database_busy"


def test_two_functions_cannot_have_one_name(jobs: Jobs) -> None:
    jobs.periodic("mail.send", every=20)(lambda: None)

    with pytest.raises(RuntimeError, match=r"mail\.send"):
        jobs.periodic("mail.send", every=20)(lambda: None)


def test_a_nudge_never_fails_the_page(own: Settings, tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where the directory should be")
    jobs = Jobs()
    with capture_logs() as events:
        jobs.nudge("mail.send")
        assert events == []  # no worker is known: there is nobody to wake
        jobs.bind(own)

        jobs.nudge("mail.send")

    assert [event["event"] for event in events] == ["queue_unreachable"]


def test_a_damaged_queue_is_thrown_away(own: Settings, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "queue.db").write_bytes(b"not a database, by far" * 100)
    jobs = Jobs()
    jobs.bind(own)

    assert jobs.bell().ring("mail.send")
    jobs.close()


def test_jobs_run_although_their_queue_cannot_be_opened(own: Settings, tmp_path: Path) -> None:
    """On a full disk, say: a worker that did not start would take the portal down with it."""
    (tmp_path / "var" / "queue.db").mkdir(parents=True)
    jobs = Jobs()
    jobs.bind(own)
    runs = threading.Semaphore(0)
    jobs.periodic("mail.send", every=0.1)(runs.release)

    consumer = Consumer(jobs)
    consumer.start()

    assert all(runs.acquire(timeout=PATIENCE) for _ in range(2))
    assert consumer.stop(timeout=PATIENCE)
    jobs.close()


@pytest.fixture
def cut_off(tmp_path: Path) -> Iterator[Jobs]:
    """Jobs whose queue does not answer."""
    pytest.importorskip("redis")
    settings = Settings.from_env(
        {
            "INTERS4_DATA_DIR": str(tmp_path),
            "INTERS4_SECRET_KEY": "k" * 40,
            "INTERS4_QUEUE_URL": "redis://127.0.0.1:9/0",
        }
    )
    logging.getLogger("huey").setLevel(logging.CRITICAL)
    jobs = Jobs()
    jobs.bind(settings)
    yield jobs
    jobs.close()


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_jobs_run_at_their_period_when_the_queue_does_not_answer(cut_off: Jobs) -> None:
    runs = threading.Semaphore(0)
    cut_off.periodic("mail.send", every=0.1)(runs.release)
    consumer = Consumer(cut_off)
    consumer.start()

    assert all(runs.acquire(timeout=PATIENCE) for _ in range(2))
    assert consumer.stop(timeout=PATIENCE)


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_long_job_delays_no_other_when_the_queue_does_not_answer(cut_off: Jobs) -> None:
    may_end, overlaps = threading.Event(), []
    mails = threading.Semaphore(0)

    @cut_off.periodic("search.index", every=0.1)
    def rebuild() -> None:
        overlaps.append(sum(1 for one in threading.enumerate() if one.name == "job-search.index"))
        may_end.wait(PATIENCE)

    cut_off.periodic("mail.send", every=0.1)(mails.release)
    consumer = Consumer(cut_off)
    consumer.start()

    assert all(mails.acquire(timeout=PATIENCE) for _ in range(2))
    assert overlaps == [1]
    assert not consumer.stop(timeout=0.05)
    may_end.set()
    assert consumer.stop(timeout=PATIENCE)


def test_what_jobs_keep_is_released_once_they_all_ended(jobs: Jobs) -> None:
    started, may_end, ended, released = (threading.Event() for _ in range(4))

    @jobs.periodic("long", every=3600)
    def long() -> None:
        started.set()
        may_end.wait(PATIENCE)
        ended.set()

    @jobs.on_stop
    def broken() -> None:
        raise ValueError("no")

    @jobs.on_stop
    def release() -> None:
        assert ended.is_set()
        released.set()

    consumer = Consumer(jobs)
    consumer.start()
    assert started.wait(PATIENCE)

    assert not consumer.stop(timeout=0.05)
    assert not released.is_set()
    may_end.set()
    assert consumer.stop(timeout=PATIENCE)
    assert released.is_set()


def test_stopping_tells_long_jobs_and_waits_for_them(jobs: Jobs) -> None:
    started, ended = threading.Event(), threading.Event()

    @jobs.periodic("long", every=3600)
    def long() -> None:
        started.set()
        while not jobs.is_stopping:
            threading.Event().wait(0.01)
        ended.set()

    consumer = Consumer(jobs)
    consumer.start()
    assert started.wait(PATIENCE)

    assert consumer.stop(timeout=PATIENCE)
    assert ended.is_set()
