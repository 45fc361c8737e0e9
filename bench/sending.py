"""Sends an issue while its sender is killed.

`python -m bench.sending --recipients 20000 --kills 20`

A relay on loopback counts what each recipient receives. The sender is a process of its own, killed
without warning at random moments; its leases are then ended, as if ten minutes had passed, and
another takes over. Nobody may be left out, and whoever receives the issue twice must be one of
those that the portal itself calls uncertain.

Without kills, the same run measures how fast one process sends, every delivery settled durably,
beside the least that anyone must do: smtplib handing one ready message to the same relay for each
recipient, and a row noted durably each time. How long a disk takes to keep a row changes from one
minute to the next: it is the share of that peer's pace that can be compared.
"""

import argparse
import os
import random
import smtplib
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import structlog
from sqlalchemy import func, insert, select, update

from bench.sink import HOST, Sink
from inters4.app import load_domains
from inters4.core import db, migrate
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.jobs import jobs
from inters4.core.mail.bodies import Body
from inters4.core.mail.render import Rendered
from inters4.newsletters.exports.message import Block, Link, MessageParts, Piece, Section
from inters4.newsletters.jobs import send_issues
from inters4.newsletters.models import (
    UNSETTLED,
    Delivery,
    DeliveryState,
    Issue,
    IssueState,
    Newsletter,
    Subscriber,
    SubscriberState,
    Subscription,
)
from inters4.newsletters.services.freezing import freeze_issue
from inters4.settings import Settings

LEAST_PER_SECOND = 150
LEAST_SHARE = 0.5
"""Of the pace of the bare loop, where the disk or the machine lets nobody reach that number."""
_PEER = 1_000
_KEY = "k" * 40
_SENDER = "savoirs@exemple.ca"
_PARAGRAPH = "<p>Un résumé d’article, en quelques phrases que l’on lit d’un trait.</p>\n"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run gave.

    Attributes:
        lost: recipients who received nothing.
        twice: recipients who received it more than once.
        unexplained: those of them whose delivery is not called uncertain.
        uncertain: deliveries that the portal calls so.
        cpu_seconds: of the sender, for the whole issue; 0 after kills.
        peer_per_second: messages a second of the bare loop; 0 after kills.
    """

    recipients: int
    kills: int
    freezing_seconds: float
    sending_seconds: float
    lost: int
    twice: int
    unexplained: int
    uncertain: int
    cpu_seconds: float
    peer_per_second: float

    @property
    def per_second(self) -> float:
        """Messages a second."""
        return self.recipients / self.sending_seconds

    @property
    def share(self) -> float:
        """How much of the pace of the bare loop that is."""
        return self.per_second / self.peer_per_second

    @property
    def is_fast(self) -> bool:
        """True as well after kills, which measure nothing."""
        if self.kills:
            return True
        return self.per_second >= LEAST_PER_SECOND or self.share >= LEAST_SHARE

    @property
    def is_right(self) -> bool:
        """True when nobody was left out, and what left twice was said."""
        return not self.lost and not self.unexplained and self.twice <= self.kills


class Sender(Protocol):
    """A process that sends until nothing is due; as `Popen` has it."""

    def poll(self) -> int | None:
        """How it ended, if it has."""

    def kill(self) -> None:
        """End it without warning, if it has not ended."""

    def wait(self, timeout: float) -> int:
        """How it ended, once it has."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 1 when somebody was left out or written to twice unsaid, or it was slow."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m bench.sending")
    parser.add_argument("--recipients", type=int, default=5_000)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        outcome = run(
            environment(Path(folder)),
            recipients=options.recipients,
            kills=options.kills,
            chance=random.Random(options.seed),  # noqa: S311
        )
    sys.stdout.write(
        f"{outcome.recipients} recipients, {outcome.kills} kills\n"
        f"frozen in {outcome.freezing_seconds:.1f} s, sent in {outcome.sending_seconds:.1f} s: "
        f"{outcome.per_second:.0f} messages a second\n"
        f"lost: {outcome.lost}; received twice: {outcome.twice}; of them not called uncertain: "
        f"{outcome.unexplained}; called uncertain: {outcome.uncertain}\n"
    )
    if not outcome.kills:
        sys.stdout.write(
            f"{1000 * outcome.cpu_seconds / outcome.recipients:.1f} ms of CPU a message; a bare "
            f"loop noting each durably: {outcome.peer_per_second:.0f} a second; share: "
            f"{outcome.share:.2f}\n"
        )
    return 0 if outcome.is_right and outcome.is_fast else 1


def environment(folder: Path) -> dict[str, str]:
    """The settings of an installation that sends as fast as it can."""
    return {
        "INTERS4_DATA_DIR": str(folder),
        "INTERS4_SECRET_KEY": _KEY,
        "INTERS4_MAIL": "smtp",
        "INTERS4_MAIL_FROM": _SENDER,
        "INTERS4_SMTP_HOST": HOST,
        "INTERS4_SMTP_SECURITY": "none",
        "INTERS4_SEND_RATE": "0",
        "INTERS4_SEND_DOMAIN_RATE": "0",
    }


def run(
    environ: dict[str, str],
    *,
    recipients: int,
    kills: int,
    chance: random.Random,
    blocks: int = 12,
    start: Callable[[dict[str, str], Path], Sender] | None = None,
) -> Outcome:
    """Freeze an issue for so many, and send it by as many processes as it takes.

    `start` gives one, that writes in a file how many seconds of CPU it took.
    """
    with Sink() as sink:
        environ = {**environ, "INTERS4_SMTP_PORT": str(sink.port)}
        settings = Settings.from_env(environ)
        _prepare(settings, recipients)
        began = time.monotonic()
        with writing() as session:
            issue = session.scalars(select(Issue)).one()
            freeze_issue(session, issue, message(blocks), settings=settings)
        frozen = time.monotonic() - began
        db.dispose()
        moments = sorted(chance.randrange(recipients) for _kill in range(kills))
        peer = 0.0 if kills else _peer(settings, min(recipients, _PEER))
        sink.taken.clear()
        sink.total = 0
        seconds, cpu = _send(environ, sink, moments, chance, start or _started)
        with reading() as session:
            rows = session.execute(select(Delivery.address, Delivery.uncertain)).all()
        db.dispose()
    twice = {address for address, count in sink.taken.items() if count > 1}
    said = {row.address for row in rows if row.uncertain}
    return Outcome(
        recipients,
        kills,
        frozen,
        seconds,
        lost=len({row.address for row in rows} - set(sink.taken)) + recipients - len(rows),
        twice=sum(count - 1 for count in sink.taken.values()),
        unexplained=len(twice - said),
        uncertain=len(said),
        cpu_seconds=0.0 if kills else cpu,
        peer_per_second=peer,
    )


def message(blocks: int) -> MessageParts:
    """The message of an issue of some forty kilobytes."""
    nothing = Piece("", "")
    leave = "\uf8f0unsubscribe\uf8f1"
    made = tuple(
        Block(
            f"article-{number}",
            (),
            Piece(
                f'<h3><a href="\uf8f0link{number}\uf8f1">Titre</a></h3>' + _PARAGRAPH * 40,
                "Titre\n\n" + "Un résumé d’article.\n" * 12,
            ),
            Piece("<p>Titre</p>", "Titre"),
        )
        for number in range(blocks)
    )
    return MessageParts(
        subject="L’infolettre de novembre",
        sender="Courtage de connaissances",
        reply_to="courtage@exemple.ca",
        language="fr",
        preheader="",
        opening=Piece("<html><body><h1>Novembre</h1>", "Novembre"),
        contents=(nothing, nothing),
        sections=(Section(nothing, nothing, made),),
        before_earlier=nothing,
        earlier=(),
        after_earlier=nothing,
        closing=Piece(f'<a href="{leave}">Se désabonner</a></body></html>', leave),
        links=tuple(
            Link("", f"https://revue.exemple.ca/article/{number}") for number in range(blocks)
        ),
    )


def _prepare(settings: Settings, recipients: int) -> None:
    """An issue and its subscribers, in a database of its own or in the one that is bound."""
    load_domains()
    jobs.bind(settings)
    db.bind(settings.database_url)
    db.create_file()
    migrate.upgrade()
    with writing() as session:
        newsletter = Newsletter(id="en-bref", title="En bref", description="Une phrase.")
        newsletter.write("")
        session.add(newsletter)
        session.flush()
        numbers = range(1, recipients + 1)
        common = {"language": "fr", "state": SubscriberState.ACTIVE}
        session.execute(
            insert(Subscriber),
            [
                {"email": address, "address": address, **common}
                for address in (f"lectrice-{number}@exemple.ca" for number in numbers)
            ],
        )
        ids = session.scalars(select(Subscriber.id)).all()
        session.execute(
            insert(Subscription),
            [{"subscriber_id": one, "newsletter_id": "en-bref"} for one in ids],
        )
        issue = Issue(
            id="en-bref-1",
            newsletter_id="en-bref",
            number=1,
            title="Novembre",
            description="",
            state=IssueState.SCHEDULED,
            items=[],
        )
        issue.write("")
        session.add(issue)


def _send(
    environ: dict[str, str],
    sink: Sink,
    moments: Sequence[int],
    chance: random.Random,
    start: Callable[[dict[str, str], Path], Sender],
) -> tuple[float, float]:
    """Kill a sender at each moment, counted in messages.

    Seconds from the first message to the last, and those of CPU that the last sender took.
    """
    began = 0.0
    said = Path(environ["INTERS4_DATA_DIR"]) / "sender"
    for moment in [*moments, None]:
        said.write_text("")
        sender = start(environ, said)
        try:
            while sender.poll() is None and (moment is None or sink.total < moment):
                began = began or (time.monotonic() if sink.total else 0.0)
                time.sleep(0.002)
            if moment is not None:
                time.sleep(chance.uniform(0, 0.02))
                sender.kill()
            sender.wait(60)
        finally:
            sender.kill()
        _end_leases()
    if _is_unfinished():
        raise RuntimeError("the last sender left something behind")
    return time.monotonic() - began, float(said.read_text() or 0)


def _started(environ: dict[str, str], said: Path) -> Sender:
    return subprocess.Popen(
        [sys.executable, "-m", "bench.sending", "--sender", str(said)],
        env={**os.environ, **environ},
    )


def _peer(settings: Settings, count: int) -> float:
    """Messages a second of a loop that only hands over and notes, through the same relay."""
    data = Body(Rendered("", "", "<p>Un résumé d’article.</p>\n" * 1_600)).filled()
    path = settings.data_dir / "peer.db"
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as rows,
        smtplib.SMTP(settings.smtp_host, settings.smtp_port) as relay,
    ):
        for statement in ("journal_mode=WAL", "synchronous=FULL"):
            rows.execute(f"PRAGMA {statement}")
        rows.execute("CREATE TABLE deliveries (id INTEGER PRIMARY KEY, sent_at REAL)")
        rows.executemany("INSERT INTO deliveries (id) VALUES (?)", [(one,) for one in range(count)])
        began = time.monotonic()
        for one in range(count):
            relay.sendmail(_SENDER, f"lectrice-{one}@exemple.ca", data)
            rows.execute("UPDATE deliveries SET sent_at = ? WHERE id = ?", (time.time(), one))
        return count / (time.monotonic() - began)


def _end_leases() -> None:
    """As if the ten minutes of a lease had passed."""
    with writing() as session:
        session.execute(
            update(Delivery)
            .where(Delivery.state == DeliveryState.SENDING)
            .values(lease_until=now().replace(year=2020))
        )
    db.dispose()


def _is_unfinished() -> bool:
    with reading() as session:
        found = select(func.count()).where(Delivery.state.in_(UNSETTLED))
        return bool(session.scalar(found))


def send_all(said: Path) -> None:
    """What the process that is killed does: send until nothing is due."""
    settings = Settings.from_env()
    load_domains()
    jobs.bind(settings)
    db.bind(settings.database_url)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    began = time.process_time()
    while send_issues(settings):
        pass
    said.write_text(f"{time.process_time() - began}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--sender"]:
        send_all(Path(sys.argv[2]))
    else:
        sys.exit(main())
