"""The database that one test after the other is lent: each finds it as the migrations left it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from inters4.core import db
from inters4.core.installation import Installation, name_installation
from tests import postgres
from tests.sqlite import Migrated


@pytest.fixture
def lender(_migrated: Migrated | postgres.Migrated) -> Iterator[Migrated]:
    if not isinstance(_migrated, Migrated):
        pytest.skip("PostgreSQL has no file to copy again")
    made = Migrated(_migrated.template)
    yield made
    made.close()


def fills(path: Path) -> None:
    with db.writing() as session:
        name_installation(session)
    (path.parent / "secret_key").write_text("left by a test")


def adds_a_table(path: Path) -> None:
    with db.writing() as session:
        session.execute(text("CREATE TABLE added (id INTEGER)"))


def replaces_the_file(path: Path) -> None:
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[:4096])


def removes_the_folder(path: Path) -> None:
    for file in path.parent.iterdir():
        file.unlink()
    path.parent.rmdir()


def says_another_revision(path: Path) -> None:
    with db.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))


def forgets_a_transaction(path: Path) -> None:
    session = Session(db.engine())
    session.add(Installation(instance="of a test"))
    session.flush()
    FORGOTTEN.append(session)


FORGOTTEN: list[Session] = []


@pytest.mark.parametrize(
    "act",
    [
        fills,
        adds_a_table,
        replaces_the_file,
        removes_the_folder,
        says_another_revision,
        forgets_a_transaction,
    ],
)
def test_whatever_a_test_does_to_it_the_next_finds_it_empty_and_whole(
    lender: Migrated, tmp_path: Path, act: Callable[[Path], None]
) -> None:
    folder = tmp_path / "var"
    path = folder / "inters4.db"
    with lender.lent(folder):
        db.bind(f"sqlite:///{path}")
        act(path)

    with lender.lent(folder):
        names = {entry.name for entry in folder.iterdir()}
        with db.writing() as session:
            assert session.query(Installation).all() == []
            tables = set(session.scalars(text("SELECT name FROM sqlite_master")))
            [revision] = session.scalars(text("SELECT version_num FROM alembic_version"))

    assert names <= {"inters4.db", "inters4.db-wal", "inters4.db-shm"}
    assert "added" not in tables
    assert revision != "0001"
    while FORGOTTEN:
        FORGOTTEN.pop().close()


def test_connections_serve_again_when_a_test_only_filled_it(
    lender: Migrated, tmp_path: Path
) -> None:
    folder = tmp_path / "var"
    seen = []
    for _ in range(2):
        with lender.lent(folder):
            db.bind(f"sqlite:///{folder / 'inters4.db'}")
            with db.writing() as session:
                name_installation(session)
                seen.append(session.connection().connection.dbapi_connection)

    assert seen[0] is seen[1]


def test_rows_asked_in_no_order_come_last_first(lender: Migrated, tmp_path: Path) -> None:
    folder = tmp_path / "var"
    with lender.lent(folder):
        db.bind(f"sqlite:///{folder / 'inters4.db'}")
        with db.writing() as session:
            session.execute(text("CREATE TABLE told (word TEXT)"))
            session.execute(text("INSERT INTO told VALUES ('first'), ('last')"))
            found = list(session.scalars(text("SELECT word FROM told")))

    assert found == ["last", "first"]
