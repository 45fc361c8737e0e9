"""What is kept long enough goes, and one rule that fails keeps nothing else."""

import os
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from inters4.core import db
from inters4.core.clock import now
from inters4.core.hooks import RetentionRule, hooks
from inters4.core.jobs import jobs
from inters4.core.register import PurgeFailed, purge
from inters4.settings import Settings

purged: list[str] = []


def rule(name: str, *, fails: Exception | None = None) -> RetentionRule:
    def forget(_session: Session, before: datetime) -> int:
        if fails is not None:
            raise fails
        assert before <= now() - timedelta(days=30)
        purged.append(name)
        return 1

    return RetentionRule(name=name, reason=lambda: name, days=30, purge=forget)


@pytest.fixture(autouse=True)
def _bound(settings: Settings, database: str) -> Iterator[None]:
    purged.clear()
    jobs.bind(settings)
    yield
    jobs.close()


@pytest.fixture
def forgotten(settings: Settings) -> Path:
    """A file that no row names, since the day before yesterday."""
    path = settings.data_dir / "files" / "ab" / "cd" / ("abcd" + "0" * 28)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x")
    old = (now() - timedelta(days=2)).timestamp()
    os.utime(path, (old, old))
    return path


def keep(monkeypatch: pytest.MonkeyPatch, *rules: RetentionRule) -> None:
    monkeypatch.setattr(hooks, "retention", {one.name: one for one in rules})


def test_a_rule_that_fails_stops_no_other_and_is_reported(
    monkeypatch: pytest.MonkeyPatch, forgotten: Path
) -> None:
    keep(monkeypatch, rule("a"), rule("b", fails=ValueError("no")), rule("c"))

    with capture_logs() as events, pytest.raises(PurgeFailed, match=r"^b$"):
        purge()

    assert purged == ["a", "c"]
    assert not forgotten.exists()
    assert [event["what"] for event in events if event["event"] == "purge_failed"] == ["b"]


def test_a_busy_database_is_left_to_the_runner_which_tries_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    busy = OperationalError("DELETE", {}, sqlite3.OperationalError("database is locked"))
    keep(monkeypatch, rule("a", fails=busy))

    with pytest.raises(OperationalError):
        purge()


def test_files_are_swept_while_someone_else_writes(
    monkeypatch: pytest.MonkeyPatch, forgotten: Path
) -> None:
    keep(monkeypatch)
    with db.writing():
        purge()

    assert not forgotten.exists()
