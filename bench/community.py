"""What communities cost at a hundred thousand posts: `python -m bench.community`.

Twenty thousand people, twenty spaces, a thread of a thousand posts (see `bench.crowd`), on SQLite.
Median CPU of requests through the WSGI application, signed in: what is unread, for who reads
everything and for who read nothing in years, a space, the long thread, an answer posted, a search
with rights. Peers of the same run: the small application of `bench.pages`; for posting, one row
kept durably; for search, a scan of the texts by SQL. Statements must be as many with a tenth of it.
"""

import argparse
import random
import re
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from bench.corpus import queries, vocabulary
from bench.crowd import ABSENT, DILIGENT, LEADING, USUAL, Size, fill, install
from bench.pages import Caller, counted, cpu_times, peer
from indexer.analysis import fold
from inters4.app import create_app
from inters4.community.exports.paths import thread_path
from inters4.community.models import Membership, Post, Space, Thread, Visibility
from inters4.core import db
from inters4.core.clock import now
from inters4.members.services.sessions import Origin, open_session
from inters4.search.jobs import bring_up_to_date
from inters4.settings import Settings

PAGE_MS, POST_MS, SEARCH_MS = 50.0, 15.0, 50.0
"""Limits of the medians of pages and of posting, of the 95th percentile of searches."""
PEER_MS = 0.16
"""The small page where these limits were set; a core that neighbours slow down slows both."""
_POSTS_EACH = 3
"""Of one person: past five in two minutes the portal asks them to wait."""
_CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of CPU, and statements of one request.

    `best` says what a quiet machine would: neighbours slow a core down, nothing speeds it up.
    """

    best: float
    median: float
    p95: float
    statements: int
    limit: float
    peer: float
    slowness: float
    by_p95: bool = False

    @property
    def is_over(self) -> bool:
        """True when it costs more than it may, as much slower as the small page just was."""
        return (self.p95 if self.by_p95 else self.median) > self.limit * self.slowness

    def line(self, name: str, few: "Cost") -> str:
        """What is printed of it."""
        verdict = "OVER" if self.is_over or self.statements != few.statements else "ok"
        allowed = self.limit * self.slowness
        what = f"{'p95' if self.by_p95 else 'median'} within {allowed:.0f} ms now"
        return (
            f"{name:<26}{self.best:7.1f} /{self.median:7.1f} /{self.p95:7.1f}"
            f"   x{self.median / self.peer:<8.2f}"
            f"{self.statements:4} SQL ({few.statements} at a tenth)  {verdict} ({what})\n"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 1 when something costs more than it may, or more statements than with fewer."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m bench.community")
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=40, help="of each kind of page")
    parser.add_argument("--folder", type=Path, help="kept there, and taken from there again")
    options = parser.parse_args(arguments)
    few = _measure(Size.of(options.posts // 10), 4, options.folder)
    found = _measure(Size.of(options.posts), options.requests, options.folder)
    sys.stdout.write(f"{'milliseconds of CPU':26}{'best':>7} /{'median':>7} /{'p95':>7}   peer\n")
    for name, cost in found.items():
        sys.stdout.write(cost.line(name, few[name]))
    return int(
        any(cost.is_over or cost.statements != few[name].statements for name, cost in found.items())
    )


def _measure(size: Size, times: int, folder: Path | None) -> Mapping[str, Cost]:
    with _portal(size, folder) as (settings, app):
        reader = {one: _signed_in(app, one) for one in (DILIGENT, ABSENT, USUAL)}
        slug, long = _long_thread()
        last = (size.long - 1) // 20 + 1
        pages = {
            "unread, read everything": (DILIGENT, "/communaute/non-lus"),
            "unread, read nothing": (ABSENT, "/communaute/non-lus"),
            "unread, its last page": (ABSENT, "/communaute/non-lus?page=9999"),
            "spaces": (ABSENT, "/communaute"),
            "a space and its threads": (ABSENT, f"/communaute/{slug}"),
            "long thread, first page": (DILIGENT, long),
            "long thread, in its middle": (ABSENT, f"{long}?page={last // 2 + 1}"),
            "long thread, last page": (ABSENT, f"{long}?page={last}"),
        }
        found = {name: _page(reader[who], address, times) for name, (who, address) in pages.items()}
        found["search with rights"] = _search(reader[USUAL], times)
        found["a post"] = _posting(app, long, times)
        sys.stdout.write(
            f"{size.posts} posts: the worker brings those just posted in the longest thread to the "
            f"index in {_cpu(partial(bring_up_to_date, settings)):.0f} ms\n"
        )
    return found


@contextmanager
def _portal(size: Size, folder: Path | None) -> Iterator[tuple[Settings, Flask]]:
    """A portal of this size, made now unless `folder` has it."""
    with TemporaryDirectory() as thrown_away:
        place = (folder or Path(thrown_away)) / str(size.posts)
        is_there = (place / "inters4.db").exists()
        settings = install(place)
        if not is_there:
            sys.stderr.write(f"{size.posts} posts are written and indexed\n")
            fill(settings, size)
        try:
            yield settings, create_app(settings)
        finally:
            db.dispose()


def _signed_in(app: Flask, number: int) -> FlaskClient:
    with db.writing() as session:
        token = open_session(session, number, origin=Origin(address="192.0.2.1")).token
    client = app.test_client()
    client.set_cookie("session", token)
    return client


def _long_thread() -> tuple[str, str]:
    """The slug of the space of the longest thread, and its address."""
    with db.reading() as session:
        thread, slug = session.execute(
            select(Thread, Space.slug).join(Thread.space).order_by(Thread.last_number.desc())
        ).first() or sys.exit("no thread")
        return slug, thread_path(slug, thread.id, thread.title)


def _page(client: FlaskClient, address: str, times: int) -> Cost:
    def call(path: str) -> bytes:
        answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        return answer.get_data()

    base = _small_page(times)
    spent = cpu_times(call, [address], times=times)
    with counted() as sent:
        call(address)
    return Cost(*_shares(spent), len(sent), PAGE_MS, base, _slowness(base))


def _small_page(times: int) -> float:
    return statistics.median(cpu_times(Caller(peer()), ["/"], times=4 * times))


def _slowness(base: float) -> float:
    """How much slower than where the limits were set; never faster."""
    return max(1.0, base / PEER_MS)


def _search(client: FlaskClient, times: int) -> Cost:
    """Each query once, of every sort that people type; the peer scans the texts for its words."""
    asked = queries(2 * times, among=1_000)

    def call(text: str) -> None:
        answer = client.get("/recherche", query_string={"type": "fil", "q": text})
        if answer.status_code != 200:
            raise RuntimeError(f"{text}: {answer.status}")
        answer.get_data()

    call("domicile")
    slow = _slowness(_small_page(times))
    spent = [_cpu(partial(call, text)) for _sort, text in asked]
    with counted() as sent:
        call("domicile")
    base = statistics.median(_scans([text for _sort, text in asked[:8]]))
    return Cost(*_shares(spent), len(sent), SEARCH_MS, base, slow, by_p95=True)


def _scans(texts: Sequence[str]) -> Iterator[float]:
    """The threads of spaces open to members where a post holds every word, the latest first."""
    open_to = (Visibility.PUBLIC, Visibility.MEMBERS)
    with db.reading() as session:
        for text in texts:
            words = [word for word in fold(text).split() if len(word) > 3]
            statement = (
                select(Thread.id, Thread.title)
                .join(Post, Post.thread_id == Thread.id)
                .join(Space, Space.id == Post.space_id)
                .where(Space.visibility.in_(open_to), *(Post.source.contains(one) for one in words))
                .group_by(Thread.id)
                .order_by(func.max(Post.created_at).desc())
                .limit(20)
            )
            yield _cpu(partial(session.execute, statement))


def _posting(app: Flask, address: str, times: int) -> Cost:
    """Answers to the long thread, each by a form of its own."""
    with db.reading() as session:
        thread = session.scalars(select(Thread).order_by(Thread.last_number.desc())).first()
        assert thread is not None  # noqa: S101  (it was just read)
        everyone = session.scalars(
            select(Membership.member_id).where(
                Membership.space_id == thread.space_id, Membership.member_id > USUAL + LEADING
            )
        ).all()
        path = f"{address.rpartition('/')[0]}/{thread.id}/repondre"
    slow = _slowness(_small_page(times))
    chance = random.Random(f"posts {now()}")  # noqa: S311
    people = chance.sample(everyone, times // _POSTS_EACH + 2)
    spent: list[float] = []
    statements = 0
    for number in people:
        client = _signed_in(app, number)
        token = _CSRF.search(client.get(address).get_data(as_text=True))
        if token is None:
            raise RuntimeError(f"{address}: no form")
        for turn in range(_POSTS_EACH):
            form = {"texte": _text(chance), "cle": f"{chance.getrandbits(128):032x}"}
            with counted() as sent:
                cost = _cpu(partial(_sends, client, path, {**form, "csrf_token": token[1]}))
            if number == people[0]:
                continue
            spent.append(cost)
            statements = len(sent) if turn else statements
    return Cost(*_shares(spent), statements, POST_MS, statistics.median(_kept(times)), slow)


def _sends(client: FlaskClient, path: str, form: dict[str, str]) -> None:
    answer = client.post(path, data=form)
    if answer.status_code != 303:
        raise RuntimeError(f"{path}: {answer.status}\n{answer.get_data(as_text=True)[:2000]}")


def _text(chance: random.Random) -> str:
    words, weights = vocabulary()
    return "\n\n".join(
        " ".join(chance.choices(words, cum_weights=weights, k=30)).capitalize() + "."
        for _paragraph in range(3)
    )


def _kept(times: int) -> list[float]:
    """What keeping a text durably costs, and nothing else: one row, one commit."""
    chance = random.Random(1)  # noqa: S311
    with TemporaryDirectory() as folder:
        connection = sqlite3.connect(f"{folder}/peer.db", isolation_level=None)
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE posts (text)"
        )
        texts = [_text(chance) for _time in range(times)]
        spent = [
            _cpu(partial(connection.execute, "INSERT INTO posts VALUES (?)", [text]))
            for text in texts
        ]
        connection.close()
    return spent


def _cpu(act: Callable[[], object]) -> float:
    began = time.process_time_ns()
    act()
    return (time.process_time_ns() - began) / 1e6


def _shares(spent: Sequence[float]) -> tuple[float, float, float]:
    """The least, the median, the 95th percentile."""
    ranked = sorted(spent)
    return (
        ranked[0],
        statistics.median(ranked),
        ranked[min(len(ranked) - 1, int(len(ranked) * 0.95))],
    )


if __name__ == "__main__":
    sys.exit(main())
