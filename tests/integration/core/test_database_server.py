"""Connections to a server of PostgreSQL: kept, with what they prepared, while they live."""

import traceback

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

from inters4.core import dbserver
from inters4.core.db import reading, writing
from inters4.core.installation import Installation

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
