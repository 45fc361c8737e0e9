"""The queue goes and comes back: one line each, whoever learns of it late."""

import time

from structlog.testing import capture_logs

from inters4.core.jobs.outage import Outage

GONE = OSError("connection refused")


def told(events: object) -> list[str]:
    assert isinstance(events, list)
    return [event["event"] for event in events]


def test_an_answer_that_was_on_its_way_when_the_queue_went_ends_nothing() -> None:
    outage = Outage()
    with capture_logs() as events:
        asked = time.monotonic()
        outage.note(GONE, asked=time.monotonic())
        outage.over(asked=asked)

    assert told(events) == ["queue_unreachable"]


def test_a_failure_heard_of_after_the_return_begins_nothing() -> None:
    outage = Outage()
    with capture_logs() as events:
        outage.note(GONE, asked=time.monotonic())
        asked = time.monotonic()
        outage.over(asked=time.monotonic())
        outage.note(GONE, asked=asked)

    assert told(events) == ["queue_unreachable", "queue_back"]


def test_going_twice_is_told_twice() -> None:
    outage = Outage()
    with capture_logs() as events:
        for _ in range(2):
            outage.note(GONE, asked=time.monotonic())
            outage.note(GONE, asked=time.monotonic())
            outage.over(asked=time.monotonic())
            outage.over(asked=time.monotonic())

    assert told(events) == ["queue_unreachable", "queue_back"] * 2
