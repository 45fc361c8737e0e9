"""Connections to a server of PostgreSQL: kept, with what they prepared, while they live."""

import socket
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import NullPool

from inters4.core import db, dbserver, migrate
from inters4.core.db import reading, writing
from inters4.core.installation import Installation, name_installation
from inters4.core.trouble import Trouble, trouble_of
from inters4.core.turns import Turn

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _server(database_kind: str) -> None:
    if database_kind != "postgresql":
        pytest.skip("SQLite has no server")


def read() -> int:
    """What one page asks; the number of the connection in the server."""
    with reading() as session:
        session.scalar(select(Installation.id))
        return int(session.scalar(text("SELECT pg_backend_pid()")) or 0)


def cut(url: str, pid: int) -> None:
    beside = create_engine(url, poolclass=NullPool)
    with beside.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def test_what_one_page_had_prepared_serves_the_next() -> None:
    served = {read() for _ in range(3)}
    with reading() as session:
        prepared = session.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert len(served) == 1
    assert any("FROM installation" in statement for statement in prepared)


def test_a_connection_that_the_server_cut_is_replaced(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dbserver, "_SURE_SECONDS", 0.0)
    before = read()
    cut(database, before)
    assert read() not in {0, before}


def test_a_page_that_met_a_connection_cut_just_before_says_so_and_the_next_is_served(
    database: str, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dbserver, "_SURE_SECONDS", 60.0)
    assert client.get("/pratiques").status_code == 200
    cut(database, read())

    refused, served = client.get("/pratiques"), client.get("/pratiques")

    assert refused.status_code == 503
    assert "Retry-After" in refused.headers
    assert served.status_code == 200


_EMAIL = "marie@exemple.org"
_KEEP = text("INSERT INTO people VALUES (:email, :name)")


@pytest.mark.parametrize(
    ("name", "reason"), [("Zoé", "duplicate key value"), (None, "null value in column")]
)
def test_an_error_does_not_quote_the_row_that_was_refused(name: str | None, reason: str) -> None:
    with pytest.raises(IntegrityError, match=reason) as refused, writing() as session:
        session.execute(text("CREATE TEMP TABLE people (email text UNIQUE, name text NOT NULL)"))
        for called in ("Marie", name):
            session.execute(_KEEP, {"email": _EMAIL, "name": called})

    assert _EMAIL not in "".join(traceback.format_exception(refused.value))


@contextmanager
def held(url: str, statement: str) -> Iterator[None]:
    """A session beside ours that has asked `statement`, and leaves its transaction open."""
    beside = create_engine(url, poolclass=NullPool)
    with beside.connect() as connection:
        connection.execute(text(statement))
        yield


def test_a_page_waits_a_moment_for_a_lock_that_another_session_holds(
    database: str, client: FlaskClient
) -> None:
    assert client.get("/pratiques").status_code == 200
    db.bind(database, patience=1)
    with held(database, "LOCK TABLE practices IN ACCESS EXCLUSIVE MODE"):
        refused = client.get("/pratiques")

    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "2"
    assert client.get("/pratiques").status_code == 200


def test_a_change_waits_a_moment_for_a_lock_that_another_session_holds(database: str) -> None:
    db.bind(database, patience=1)
    with (
        held(database, "LOCK TABLE installation IN ACCESS EXCLUSIVE MODE"),
        pytest.raises(DBAPIError) as refused,
        writing() as session,
    ):
        name_installation(session)

    assert trouble_of(refused.value) is Trouble.BUSY
    with writing() as session:
        name_installation(session)


def test_an_upgrade_waits_for_another_however_long(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "head", lambda: "not yet")
    monkeypatch.setattr("alembic.command.upgrade", lambda *_arguments: None)
    db.bind(database, patience=1)
    upgrading = threading.Thread(target=migrate.upgrade)
    with held(database, f"SELECT pg_advisory_xact_lock({int(Turn.MIGRATION)})"):
        upgrading.start()
        upgrading.join(2.5)
        was_waiting = upgrading.is_alive()
    upgrading.join(10)

    assert was_waiting
    assert not upgrading.is_alive()


@pytest.mark.parametrize(
    ("state", "trouble"),
    [
        ("57014", Trouble.BUSY),  # a statement that ran longer than the server allows
        ("53100", Trouble.FULL),
        ("53200", Trouble.AWAY),  # out of memory
        ("57P03", Trouble.AWAY),  # starting, or stopping
        ("58030", Trouble.AWAY),  # its disk
    ],
)
def test_what_the_server_lacks_is_no_defect_of_ours(state: str, trouble: Trouble) -> None:
    raised = f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$"
    with pytest.raises(DBAPIError) as refused, reading() as session:
        session.execute(text(raised))

    assert trouble_of(refused.value) is trouble


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_server_that_takes_connections_and_answers_none_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dbserver, "_CONNECT_SECONDS", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql+psycopg://nobody@127.0.0.1:{silent.getsockname()[1]}/nothing"
        beside = db.make_engine(url)
        with pytest.raises(DBAPIError) as refused, beside.connect():
            pass

    assert trouble_of(refused.value) is Trouble.AWAY
