"""The database taken away while the portal serves: said, and over when it is back."""

import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from inters4.core import db, trouble
from inters4.core.installation import find_installation, name_installation
from inters4.core.trouble import Trouble

PAGES = (
    "/",
    "/pratiques",
    "/veille",
    "/recherche?q=soins",
    "/infolettres",
    "/ma-region",
)


@pytest.mark.parametrize("page", PAGES)
def test_pages_say_that_the_database_is_away_and_serve_when_it_is_back(
    app: Flask, client: FlaskClient, file: Path, tmp_path: Path, page: str
) -> None:
    before = client.get(page).status_code
    db.engine().dispose()  # as a server stopped on the way: nothing is left in the journal
    away = shutil.move(file, tmp_path / "away.db")

    refused = client.get(page)

    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    assert "hors d’atteinte" in refused.text
    assert "rien n’est perdu" not in refused.text, "what is sent now is"
    assert refused.text.count("éessayer") == 1
    assert not file.exists()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    shutil.move(away, file)
    assert client.get(page).status_code == before
    assert client.get("/readyz").status_code in {200, 503}


def test_what_is_written_goes_to_the_file_that_is_there(
    database: str, file: Path, tmp_path: Path
) -> None:
    with db.writing() as session:
        instance = name_installation(session).instance
    db.dispose()
    copy = shutil.copy(file, tmp_path / "copy.db")
    with db.writing() as session:  # keeps a connection to the first file
        name_installation(session).demo_since = None
    file.unlink()
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    shutil.move(copy, file)

    with db.reading() as session:
        found = find_installation(session)

    assert found is not None
    assert found.instance == instance


def test_a_change_under_way_when_the_file_goes_is_refused(database: str, file: Path) -> None:
    with pytest.raises(OperationalError) as refused, db.writing() as session:
        name_installation(session)
        session.flush()
        file.unlink()

    assert trouble.trouble_of(refused.value) is Trouble.MISSING
    assert "inters4 db upgrade" in trouble.told(refused.value)


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """No file grows past `size` bytes: what a full disk does, without filling one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_refuses_writes_keeps_what_is_there_and_serves_pages(
    app: Flask, client: FlaskClient, file: Path
) -> None:
    assert client.get("/pratiques").status_code == 200
    with db.reading() as session:
        token = session  # a reader that began before sees its own moment to the end
        assert find_installation(token) is None
        with full_disk(4096):
            with pytest.raises(OperationalError) as refused, db.writing() as writer:
                name_installation(writer)
            served = client.get("/pratiques").status_code

    assert trouble.trouble_of(refused.value) is Trouble.FULL
    assert "Faites de la place" in trouble.told(refused.value)
    assert served == 200
    with db.writing() as writer:
        name_installation(writer)
    with db.reading() as session:
        assert find_installation(session) is not None
