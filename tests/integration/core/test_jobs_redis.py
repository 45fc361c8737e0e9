"""Redis comes and goes; jobs run all the same, and the journal stays short."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from inters4.core.jobs.consumer import Consumer
from inters4.core.jobs.registry import Jobs
from inters4.settings import Settings
from tests.builders.small_redis import SmallRedis

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
PATIENCE = 20.0
Redis = Callable[[int], SmallRedis]


@pytest.fixture
def redis() -> Iterator[Redis]:
    pytest.importorskip("redis")
    started: list[SmallRedis] = []

    def start(port: int) -> SmallRedis:
        started.append(SmallRedis(port))
        return started[-1]

    yield start
    for one in started:
        one.stop()


def jobs_on(port: int, directory: Path) -> Jobs:
    made = Jobs()
    made.bind(
        Settings.from_env(
            {
                "INTERS4_DATA_DIR": str(directory),
                "INTERS4_SECRET_KEY": "k" * 40,
                "INTERS4_QUEUE_URL": f"redis://127.0.0.1:{port}/0",
            }
        )
    )
    return made


def test_a_nudge_through_redis_is_heard(redis: Redis, tmp_path: Path) -> None:
    jobs = jobs_on(redis(0).port, tmp_path)
    runs = threading.Semaphore(0)
    jobs.periodic("mail.send", every=3600)(runs.release)
    consumer = Consumer(jobs)
    consumer.start()

    assert runs.acquire(timeout=PATIENCE)  # the one of the start
    jobs.nudge("mail.send")

    assert runs.acquire(timeout=PATIENCE)
    assert consumer.stop(timeout=PATIENCE)
    jobs.close()


def test_redis_goes_and_comes_back_in_two_lines_of_journal(redis: Redis, tmp_path: Path) -> None:
    server = redis(0)
    jobs = jobs_on(server.port, tmp_path)
    runs = threading.Semaphore(0)
    jobs.periodic("mail.send", every=0.3)(runs.release)
    consumer = Consumer(jobs)
    with capture_logs() as events:
        consumer.start()
        assert runs.acquire(timeout=PATIENCE)
        server.stop()
        while not any(event["event"] == "queue_unreachable" for event in events):
            assert runs.acquire(timeout=PATIENCE)
        for _ in range(3):  # at its period, without the queue
            assert runs.acquire(timeout=PATIENCE)
            jobs.nudge("mail.send")  # a page does not fail, and does not wait
        redis(server.port)
        while not any(event["event"] == "queue_back" for event in events):
            assert runs.acquire(timeout=PATIENCE)
        for _ in range(2):
            assert runs.acquire(timeout=PATIENCE)
        assert consumer.stop(timeout=PATIENCE)
    jobs.close()

    names = [event["event"] for event in events if "queue" in event["event"]]
    assert set(names) == {"queue_unreachable", "queue_back"}
    assert len(names) <= 4
    assert not any("exc_info" in event for event in events)
