"""`inters4 veille poll`, typed by an operator, and the same work done by the worker."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from inters4.core.clock import now
from inters4.core.db import writing
from inters4.core.jobs import jobs
from inters4.settings import Settings
from inters4.veille.cli import veille
from inters4.veille.jobs import POLL_JOB, Tally, poll_due
from tests.builders.hostile import feed, rss
from tests.builders.sites import HOST, Site, page
from tests.builders.watches import make_source, make_watch

pytestmark = pytest.mark.allow_hosts([HOST])


@pytest.fixture
def site(settings: Settings, database: str) -> Iterator[Site]:
    """A site where this installation may go."""
    running = Site()
    jobs.bind(replace(settings, fetch_allow=(f"{HOST}:{running.port}",)))
    yield running
    running.close()
    jobs.close()


def add_source(site: Site, path: str, *, minutes: int = 0) -> str:
    with writing() as session:
        watch = make_watch(session, path)
        source = make_source(
            session,
            watch,
            name=f"Revue {path}",
            url=site.url + path,
            next_check_at=now() + timedelta(minutes=minutes),
        )
        return source.public_id


def typed(*arguments: str) -> Result:
    return CliRunner().invoke(veille, ["poll", *arguments])


def test_what_is_due_is_visited_and_told(site: Site) -> None:
    site.pages = {"/a": feed(rss("Un", "Deux")), "/b": page(b"", status="404 Not Found")}
    add_source(site, "/a")
    failing = add_source(site, "/b", minutes=-1)
    add_source(site, "/plus-tard", minutes=10)

    done = typed()

    assert done.exit_code == 0
    assert done.stdout.replace("\u00a0", " ").splitlines() == [
        "Sources visitées : 2",
        "Trouvailles nouvelles : 2",
        "Sans changement : 0",
        "En échec : 1",
    ]
    assert f"Revue /b ({failing})" in done.stderr
    assert "Cette adresse n’existe pas, ou n’existe plus (404)." in done.stderr
    assert "Visites" in done.stderr


def test_one_source_is_visited_before_its_hour(site: Site) -> None:
    site.pages = {"/a": feed(rss("Un"))}
    source = add_source(site, "/a", minutes=10)
    add_source(site, "/b")

    assert "visitées\u00a0: 1" in typed("--source", source).stdout
    assert len(site.requests) == 1


def test_a_source_that_nobody_knows_is_refused_in_one_line(site: Site) -> None:
    done = typed("--source", "inconnue")

    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "Aucune source à visiter ne porte cet identifiant, ou sa visite est en cours."
    ]


def test_nothing_due_is_no_work(site: Site) -> None:
    assert typed().exit_code == 0
    assert poll_due() == Tally()


def test_the_worker_visits_what_is_due_and_what_is_unchanged_is_not_read_again(
    site: Site,
) -> None:
    site.pages = {"/a": feed(rss("Un"))}
    source = add_source(site, "/a")

    jobs[POLL_JOB].work()
    again = typed("--source", source)

    assert "Sans changement\u00a0: 1" in again.stdout
    assert "nouvelles\u00a0: 0" in again.stdout
