"""What visiting feeds costs: `python -m bench.veille`.

A site in a process of its own serves feeds, each at a host of its own. One round of the portal
visits them all, with everything it does: the guarded fetch, the parser in its child, findings told
apart and kept in SQLite. CPU is that of the process and of its children. The peer does the least
that anyone can: one httpx client, feedparser in the same process, nothing kept.
"""

import argparse
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TypeVar, cast

import feedparser
import httpx

from inters4.app import load_domains
from inters4.core import db, migrate
from inters4.core.clock import day_of, now
from inters4.core.db import writing
from inters4.core.fetch import Fetcher, FetchPolicy
from inters4.core.jobs import jobs
from inters4.settings import Settings
from inters4.veille.jobs import Tally, visit_all
from inters4.veille.models import Source, SourceKind, Watch
from inters4.veille.services.polling import check_now, take_due

HOST = "127.0.0.1"
UNCHANGED_SECONDS, CHANGED_SECONDS = 5.0, 20.0
"""Seconds of CPU that 300 feeds may cost."""
_FEEDS = 300
T = TypeVar("T")


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 1 when a round costs more than it may."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m bench.veille")
    parser.add_argument("--feeds", type=int, default=_FEEDS)
    parser.add_argument("--entries", type=int, default=30, help="entries of each feed")
    options = parser.parse_args(arguments)
    with _site(options.entries) as port, TemporaryDirectory() as folder, _portal(folder):
        _add_sources(options.feeds, port)
        rounds = {
            "first visit": ("first", "all", CHANGED_SECONDS),
            "a tenth is new": ("next", "all", CHANGED_SECONDS),
            "unchanged (304)": ("next", "etag", UNCHANGED_SECONDS),
            "same body again": ("next", "plain", UNCHANGED_SECONDS),
        }
        return _compare(rounds, port, options.feeds)


def _compare(rounds: dict[str, tuple[str, str, float]], port: int, feeds: int) -> int:
    status = 0
    for label, (edition, manner, most) in rounds.items():
        httpx.put(f"http://{HOST}:{port}/{edition}/{manner}")
        ours, tally = _cpu(lambda: _round(port))
        bare, _nothing = _cpu(lambda said=manner: _bare(port, feeds, said))  # type: ignore[misc]
        limit = most * feeds / _FEEDS
        status |= ours > limit
        sys.stdout.write(
            f"{label:<16} {tally.new:6} new   {ours:6.2f} s CPU (limit {limit:.0f})   "
            f"bare loop {bare:6.2f} s   ratio {ours / bare:.2f}\n"
        )
        sys.stdout.flush()
    return status


def _round(port: int) -> Tally:
    with writing() as session:
        check_now(session, range(1, 100_000), at=now())
        visits = take_due(session, at=now())
    policy = FetchPolicy(allowed=frozenset(f"{visit.host}:{port}" for visit in visits))
    fetcher = Fetcher(policy, resolve=lambda _host, _port: [HOST])
    return visit_all(visits, fetcher=fetcher)


def _bare(port: int, feeds: int, manner: str) -> None:
    headers = {"If-None-Match": '"e"'} if manner == "etag" else {}
    with httpx.Client(trust_env=False) as client:
        for number in range(feeds):
            answer = client.get(f"http://{HOST}:{port}/{number}", headers=headers)
            if answer.content and manner == "all":
                feedparser.parse(answer.content)


def _cpu(work: Callable[[], T]) -> tuple[float, T]:
    before = _spent()
    done = work()
    return _spent() - before, done


def _spent() -> float:
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _add_sources(count: int, port: int) -> None:
    today = day_of(now())
    with writing() as session:
        watch = Watch(name="Mesures", purpose="Mesurer.", reviewed_on=today, review_on=today)
        session.add(watch)
        session.flush()
        session.add_all(
            Source(
                watch_id=watch.id,
                kind=SourceKind.FEED,
                name=f"Revue {number}",
                url=f"http://h{number}.test:{port}/{number}",
                url_key=str(number),
                next_check_at=now(),
            )
            for number in range(count)
        )


@contextmanager
def _portal(folder: str) -> Iterator[None]:
    settings = Settings.from_env({"INTERS4_DATA_DIR": folder})
    load_domains()
    db.bind(settings.database_url)
    db.create_file()
    migrate.upgrade()
    jobs.bind(settings)
    yield
    jobs.close()
    db.dispose()


@contextmanager
def _site(entries: int) -> Iterator[int]:
    """A process that serves feeds, so that what serving costs is nobody's."""
    script = Path(__file__).with_name("feeds.py")
    command = [sys.executable, str(script), str(entries)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as serving:
        yield int(cast("IO[str]", serving.stdout).readline())
        serving.kill()


if __name__ == "__main__":
    sys.exit(main())
