"""What the desk of the watch costs at ten thousand findings: `python -m bench.desk`.

Median CPU of a request through the WSGI application, signed in, on SQLite: the list, a box, a word
sought, a filter, the last page, a finding opened. The peer is the small application of
`bench.pages`. Statements must be as many at a tenth of the findings.
"""

import argparse
import random
import statistics
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.orm import Session

from bench.pages import Caller, counted, cpu_times, peer
from indexer.analysis import fold
from inters4.app import create_app, load_domains
from inters4.core import db, migrate
from inters4.core.access import Role
from inters4.core.clock import day_of, now
from inters4.members.models import Member, MemberState, RoleGrant
from inters4.members.services.sessions import Origin, open_session
from inters4.settings import Settings
from inters4.veille.models import (
    Finding,
    FindingState,
    FindingTheme,
    Sighting,
    Source,
    SourceKind,
    Watch,
)

LIMIT_MS = 60.0
_SUBJECTS = ("suivi à domicile", "télésanté", "proches aidants", "paramédecine", "gestion de cas")
_PLACES = ("au Nord", "en région éloignée", "en milieu rural", "en première ligne")
_ABSTRACT = "Une phrase de résumé comme il y en a dans les articles de santé. " * 25


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 1 when a page costs more than it may, or more statements than with fewer."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m bench.desk")
    parser.add_argument("--findings", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=40, help="of each kind of page")
    options = parser.parse_args(arguments)
    few = _measure(options.findings // 10, 1)
    found = _measure(options.findings, options.requests)
    base = statistics.median(cpu_times(Caller(peer()), ["/"], times=options.requests))
    status = 0
    for name, (spent, sent) in found.items():
        is_over = spent > LIMIT_MS or sent != few[name][1]
        status |= is_over
        verdict = "OVER" if is_over else "ok"
        sys.stdout.write(
            f"{name:<12}{spent:7.1f} ms   x{spent / base:5.1f}{sent:5} SQL "
            f"({few[name][1]} at a tenth)  {verdict} (limit {LIMIT_MS:.0f} ms)\n"
        )
    return status


def _measure(many: int, times: int) -> Mapping[str, tuple[float, int]]:
    """By page, its median in milliseconds of CPU and its statements."""
    with TemporaryDirectory() as folder:
        app, token, opened = _portal(Path(folder), many)
        client = app.test_client()
        client.set_cookie("session", token)
        pages = {
            "list": "/veille/bureau",
            "box": "/veille/bureau?etat=ecartees",
            "word": "/veille/bureau?q=telesante+nord",
            "theme": "/veille/bureau?theme=telesante",
            "last page": "/veille/bureau?page=9999",
            "opened": f"/veille/bureau/trouvailles/{opened}",
        }
        found = {name: _cost(client, path, times) for name, path in pages.items()}
        db.dispose()
    return found


def _cost(client: FlaskClient, path: str, times: int) -> tuple[float, int]:
    def call(address: str) -> bytes:
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status}")
        return answer.get_data()

    spent = statistics.median(cpu_times(call, [path], times=times))
    with counted() as sent:
        call(path)
    return spent, len(sent)


def _portal(folder: Path, many: int) -> tuple[Flask, str, str]:
    """An installation with so many findings: the application, a session, a finding."""
    settings = Settings.from_env({"INTERS4_DATA_DIR": str(folder), "INTERS4_MAIL": "memory"})
    load_domains()
    db.dispose()
    db.bind(settings.database_url)
    migrate.upgrade()
    with db.writing() as session:
        broker = Member(name="Banc", email="banc@exemple.invalid", state=MemberState.ACTIVE)
        session.add(broker)
        session.flush()
        session.add(RoleGrant(member_id=broker.id, role=Role.BROKER))
        day = day_of(now())
        watch = Watch(name="Banc", purpose="Mesurer.", reviewed_on=day, review_on=day)
        session.add(watch)
        session.flush()
        sources = [
            Source(
                watch_id=watch.id,
                kind=SourceKind.FEED,
                name=f"Source {number}",
                url=f"https://s{number}.exemple.invalid/",
                url_key=f"s{number}.exemple.invalid",
            )
            for number in range(30)
        ]
        session.add_all(sources)
        session.flush()
        opened = _add_findings(session, watch, sources, many)
        token = open_session(session, broker.id, origin=Origin(address="192.0.2.1")).token
    return create_app(settings), token, opened


def _add_findings(session: Session, watch: Watch, sources: Sequence[Source], many: int) -> str:
    chance = random.Random(7)  # noqa: S311  (the same bench each time)
    at = now()
    rows = []
    for number in range(many):
        title = (
            f"{chance.choice(_SUBJECTS).capitalize()} {chance.choice(_PLACES)} : "
            f"étude {number} auprès de {chance.randrange(20, 900)} personnes"
        )
        rows.append(
            {
                "id": number + 1,
                "public_id": f"{number:012x}",
                "watch_id": watch.id,
                "title": title,
                "journal": "Une revue",
                "doi": f"10.5555/{number}",
                "language": chance.choice(("fr", "en")),
                "abstract": _ABSTRACT,
                "search_text": fold(f"{title} une revue 10.5555/{number}"),
                "state": chance.choice((FindingState.NEW, FindingState.DISCARDED)),
                "first_seen_at": at - timedelta(minutes=number),
            }
        )
    session.execute(insert(Finding), rows)
    session.execute(
        insert(Sighting),
        [{"finding_id": row["id"], "source_id": chance.choice(sources).id} for row in rows],
    )
    session.execute(
        insert(FindingTheme),
        [
            {"finding_id": row["id"], "theme": chance.choice(("telesante", "aines")), "position": 0}
            for row in rows
        ],
    )
    return f"{many // 2:012x}"


if __name__ == "__main__":
    sys.exit(main())
