"""Visits handed out to several threads: each host at its own pace."""

import threading
from datetime import UTC, datetime

from inters4.veille.services.hosts import Rounds
from inters4.veille.services.visiting import Visit

AT = datetime(2026, 11, 22, 15, tzinfo=UTC)


def visit(url: str, *, failures: int = 0) -> Visit:
    return Visit(
        source_id=1,
        public_id=url,
        name=url,
        url=url,
        etag="",
        last_modified="",
        body_digest=None,
        language="",
        failures=failures,
        lease_until=AT,
    )


def taken(rounds: Rounds) -> Visit:
    found = rounds.take()
    assert found is not None
    return found


def test_a_host_is_visited_once_at_a_time_and_others_meanwhile() -> None:
    first, second = visit("https://a.example/1"), visit("https://A.example/2")
    other = visit("https://b.example/1")
    rounds = Rounds([first, second, other], visitors=8, pause=0)

    assert [taken(rounds), taken(rounds)] == [first, other]
    rounds.done(first)
    assert taken(rounds) is second
    assert rounds.take() is None


def test_who_waits_for_a_host_is_woken_when_its_visit_ends() -> None:
    first, second = visit("https://a.example/1"), visit("https://a.example/2")
    rounds = Rounds([first, second], visitors=8, pause=0.01)
    assert taken(rounds) is first
    found: list[Visit | None] = []
    waiting = threading.Thread(target=lambda: found.append(rounds.take()))
    waiting.start()

    rounds.done(first)
    waiting.join(20)

    assert found == [second]


def test_a_slow_source_does_not_put_off_the_others_of_its_host() -> None:
    slow, fine, last = (visit(f"https://a.example/{number}") for number in range(3))
    rounds = Rounds([slow, fine, last], visitors=8, pause=0)
    taken(rounds)

    assert rounds.done(slow, is_slow=True) == ()
    assert taken(rounds) is fine
    assert rounds.done(fine) == ()
    assert taken(rounds) is last


def test_a_host_that_lets_time_run_out_again_is_left_alone() -> None:
    visits = [visit(f"https://a.example/{number}") for number in range(3)]
    rounds = Rounds(visits, visitors=8, pause=0)

    assert rounds.done(taken(rounds), is_slow=True) == ()
    assert rounds.done(taken(rounds), is_slow=True) == (visits[2],)
    assert rounds.take() is None


def test_hosts_that_failed_never_take_every_visitor() -> None:
    failing = [visit(f"https://f{number}.example/", failures=3) for number in range(4)]
    healthy = [visit(f"https://h{number}.example/") for number in range(2)]
    rounds = Rounds([*failing, *healthy], visitors=4, pause=0)

    assert [taken(rounds) for _ in range(4)] == [*failing[:2], *healthy]
    rounds.done(failing[0])
    assert taken(rounds) is failing[2]


def test_what_was_not_handed_out_is_given_back_when_the_worker_stops() -> None:
    first, second = visit("https://a.example/1"), visit("https://b.example/1")
    rounds = Rounds([first, second], visitors=8)
    taken(rounds)

    assert rounds.stop() == (second,)
    assert rounds.take() is None


def test_an_address_that_cannot_be_read_has_no_host() -> None:
    assert visit("https://[a/").host == ""
