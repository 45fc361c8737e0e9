"""What the balance sheet costs on a large portal: `python -m bench.balance`.

CPU of counting every figure over a fiscal year, and of one page of the longest lists, on SQLite,
by what is counted: subscribers and their steps, messages, accounts, reactions, readings by day.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from inters4.app import load_domains
from inters4.core import db, migrate
from inters4.core.access import Grant, Role, Viewer
from inters4.core.clock import local, now
from inters4.core.figures import Span
from inters4.core.hooks import hooks
from inters4.indicators.queries.balance import count_figures, list_figure
from inters4.members.models import Member, MemberState, StateChange
from inters4.newsletters.models import (
    Delivery,
    DeliveryState,
    Issue,
    IssueState,
    Newsletter,
    Subscriber,
    SubscriberState,
    SubscriberStep,
)
from inters4.practices.models import Origin, Practice, PracticeState
from inters4.practices.models.readership import DAYS_KEPT, PracticeReading
from inters4.reactions.models import Answer, Reaction
from inters4.settings import Settings

LIMIT_MS = 600.0
"""Of CPU, for both periods of a page."""
_YEAR = 365
_LISTS = ("abonnements-en-cours", "messages", "fiches-lues", "avis")
_BATCH = 50_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 1 when counting a page costs more than it may."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m bench.balance")
    parser.add_argument("--subscribers", type=int, default=20_000)
    parser.add_argument("--issues", type=int, default=5, help="each sent to every subscriber")
    parser.add_argument("--sheets", type=int, default=250, help="each read on each day kept")
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        settings = Settings.from_env({"INTERS4_DATA_DIR": folder, "INTERS4_MAIL": "memory"})
        load_domains()
        db.dispose()
        db.bind(settings.database_url)
        migrate.upgrade()
        _fill(options)
        spent = _measure()
        size = (Path(folder) / "inters4.db").stat().st_size
        db.dispose()
    sys.stdout.write(
        f"{options.subscribers} subscribers, {options.subscribers * options.issues} messages, "
        f"{options.sheets * DAYS_KEPT} days of readings, {size / 1e6:.0f} MB\n"
    )
    for name, milliseconds in spent.items():
        sys.stdout.write(f"{name:<24}{milliseconds:8.1f} ms\n")
    is_over = spent["both periods"] > LIMIT_MS
    sys.stdout.write(f"{'OVER' if is_over else 'ok'} (limit {LIMIT_MS:.0f} ms)\n")
    return int(is_over)


def _measure() -> dict[str, float]:
    team = Viewer(member_id=1, grants=frozenset({Grant(Role.COORDINATION)}))
    today = local(now()).date()
    spans = [
        Span(today - timedelta(days=_YEAR * back + _YEAR - 1), today - timedelta(days=_YEAR * back))
        for back in (0, 1)
    ]
    figures = tuple(hooks.figures.values())
    with db.reading() as session:

        def count() -> None:
            for span in spans:
                count_figures(session, figures, span)

        def read(key: str) -> Callable[[], Any]:
            return lambda: list_figure(session, hooks.figures[key], spans[0], page=5, viewer=team)

        return {"both periods": _cpu(count)} | {key: _cpu(read(key)) for key in _LISTS}


def _cpu(act: Callable[[], Any]) -> float:
    """Median of five, in milliseconds; the first time is not counted."""
    act()
    spent = []
    for _time in range(5):
        began = time.process_time()
        act()
        spent.append(time.process_time() - began)
    return statistics.median(spent) * 1000


def _fill(options: argparse.Namespace) -> None:
    chance = random.Random(8)  # noqa: S311  (the same bench each time)
    began = now() - timedelta(days=2 * _YEAR)

    def moment() -> datetime:
        return began + timedelta(seconds=chance.randrange(2 * _YEAR * 86_400))

    with db.writing() as session:
        newsletter = Newsletter(id="banc", title="Banc", description="Mesurer.")
        newsletter.write("")
        session.add(newsletter)
        session.flush()
        for number in range(1, options.issues + 1):
            issue = Issue(id=f"banc-{number}", newsletter_id="banc", number=number, title="Banc")
            issue.description, issue.state, issue.published_at = "", IssueState.SENT, moment()
            issue.write("")
            session.add(issue)
        for number in range(options.sheets):
            sheet = Practice(id=f"banc-{number}", slug=f"banc-{number}", title="Banc")
            sheet.origin, sheet.state = Origin.STARTER, PracticeState.PUBLISHED
            sheet.published_at = moment()
            session.add(sheet)
    with db.writing() as session:
        _people(session, options, moment)
    with db.writing() as session:
        _readings(session, options.sheets)


def _people(session: Session, options: argparse.Namespace, moment: Callable[[], datetime]) -> None:
    _insert(
        session,
        Subscriber,
        [
            {"email": f"{n}@exemple.ca", "address": f"{n}@exemple.ca", "public_id": f"s{n}"}
            | {"state": SubscriberState.ACTIVE}
            for n in range(options.subscribers)
        ],
    )
    numbers = session.scalars(select(Subscriber.id)).all()
    steps, sent = [], []
    states = SubscriberState
    for number in numbers:
        at = moment()
        moves = [(None, states.TO_CONFIRM), (states.TO_CONFIRM, states.ACTIVE)]
        if number % 5 == 0:
            moves.append((states.ACTIVE, states.UNSUBSCRIBED))
        steps += [
            {"subscriber_id": number, "before": before, "after": after, "at": at}
            for before, after in moves
        ]
    for issue in session.execute(select(Issue.id, Issue.published_at)):
        sent += [
            {
                "issue_id": issue.id,
                "subscriber_id": number,
                "address": f"{number}@exemple.ca",
                "state": DeliveryState.SENT,
                "message_id": f"<{issue.id}-{number}>",
                "sent_at": issue.published_at + timedelta(seconds=number // 100),
            }
            for number in numbers
        ]
    _insert(session, SubscriberStep, steps)
    _insert(session, Delivery, sent)
    people = range(1, options.subscribers // 7 + 1)
    active = MemberState.ACTIVE
    _insert(
        session,
        Member,
        [
            {"id": n, "name": "Banc", "email": f"m{n}@exemple.ca", "state": active, "locale": "fr"}
            for n in people
        ],
    )
    _insert(
        session,
        StateChange,
        [{"member_id": n, "from_state": None, "to_state": active, "at": moment()} for n in people],
    )
    _insert(
        session,
        Reaction,
        [
            {"kind": "fiche", "document_id": f"banc-{n % options.sheets}", "browser": f"b{n}"}
            | {"answer": Answer.YES, "created_at": moment()}
            for n in range(options.subscribers)
        ],
    )


def _readings(session: Session, sheets: int) -> None:
    today = local(now()).date()
    _insert(
        session,
        PracticeReading,
        [
            {"practice_id": f"banc-{n}", "on_day": today - timedelta(days=day), "number": 3}
            for n in range(sheets)
            for day in range(DAYS_KEPT)
        ],
    )


def _insert(session: Session, table: type[Any], rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _BATCH):
        session.execute(insert(table), rows[start : start + _BATCH])


if __name__ == "__main__":
    sys.exit(main())
