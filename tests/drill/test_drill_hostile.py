"""Hostile sources under the limits that installations have: time, memory, and nobody delayed.

The suite plays the same cases under small limits; here each costs what it really costs. What the
child that parses may take is bounded by the system itself.
"""

import gzip
import resource
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inters4.app import load_domains
from inters4.core import db, migrate
from inters4.core.clock import now
from inters4.core.db import writing
from inters4.core.fetch import Fetcher, FetchPolicy
from inters4.core.jobs import jobs
from inters4.settings import Settings
from inters4.veille.jobs import Outcome, visit_all
from inters4.veille.services.polling import take_due
from tests.builders.hostile import feed, misbehaving, resolve, rss, tolerated
from tests.builders.sites import Site, page
from tests.builders.watches import make_source, make_watch

pytestmark = [pytest.mark.drill, pytest.mark.allow_hosts(["127.0.0.1"])]

MOST_SECONDS = 30
MOST_BYTES = 200_000_000
GOOD = 20


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    settings = Settings.from_env({"INTERS4_DATA_DIR": str(tmp_path / "var")})
    load_domains()
    db.bind(settings.database_url)
    db.create_file()
    migrate.upgrade()
    jobs.bind(replace(settings, data_dir=tmp_path))
    running = Site()
    yield running
    running.close()
    jobs.close()
    db.dispose()


def test_every_hostile_source_costs_little_and_delays_nobody(site: Site) -> None:
    good = {f"good-{number}": feed(rss(f"Article {number}")) for number in range(GOOD)}
    cases = {**misbehaving(site), **tolerated()}
    ten_gigabytes = gzip.compress(bytes(100_000_000)) * 100
    site.pages = {
        **{f"/{name}": case.answer for name, case in cases.items()},
        **{f"/{name}": answer for name, answer in good.items()},
        "/ten-gigabytes": page(ten_gigabytes, "Content-Encoding: gzip"),
    }
    with writing() as session:
        watch = make_watch(session)
        for name in (*cases, "ten-gigabytes", *good):
            url = f"http://{name}.test:{site.port}/{name}"
            failures = 0 if name in good else 1
            make_source(session, watch, name=name, url=url, failures=failures, next_check_at=now())
        visits = take_due(session, at=now())
    policy = FetchPolicy(allowed=frozenset(f"{visit.host}:{site.port}" for visit in visits))
    ended: dict[str, float] = {}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1_024
    started = time.monotonic()

    def hear(outcome: Outcome) -> None:
        ended[outcome.visit.name] = time.monotonic() - started

    visit_all(visits, fetcher=Fetcher(policy, resolve=resolve), tell=hear)

    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1_024 - before
    assert threading.active_count() < len(visits)
    assert ended.keys() == {visit.name for visit in visits}
    assert max(ended[name] for name in good) < min(
        ended[name] for name in ("silence", "slow-headers", "slow-body")
    )
    assert max(ended.values()) < MOST_SECONDS
    assert grown < MOST_BYTES
