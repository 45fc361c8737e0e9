"""A backup holds everything, is believed only once read again, and comes back as a portal."""

import contextlib
import json
import os
import resource
import signal
import sqlite3
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.app import create_app
from inters4.core import db
from inters4.core.access import ANONYMOUS
from inters4.core.audit import AuditEntry, record
from inters4.core.backup import BackupRefused, back_up, restore, verify
from inters4.core.console import PlainProgress
from inters4.core.files import FileStore, StoredFile
from inters4.core.vitals.last_backup import last_backup
from inters4.settings import Settings
from tests.builders.demonstration import COMMAND
from tests.integration.cli.test_commands import only_line, rows, run


@pytest.fixture(autouse=True)
def _on_sqlite(database_kind: str) -> None:
    if database_kind != "sqlite":
        pytest.skip("the copy is that of SQLite")


@pytest.fixture
def shown() -> Iterator[PlainProgress]:
    with Path(os.devnull).open("w") as nowhere:
        yield PlainProgress("", None, stream=nowhere)


def deposit(settings: Settings, session: Session) -> StoredFile:
    store = FileStore(settings.data_dir / "files", 1_000_000)
    stored = store.accept(session, BytesIO(b"colonne\nvaleur\n"), "table.csv", by=ANONYMOUS)
    session.commit()
    return stored


def elsewhere(settings: Settings, folder: Path) -> Settings:
    return replace(settings, data_dir=folder, database_url=f"sqlite:///{folder / 'inters4.db'}")


def test_what_is_saved_comes_back(
    settings: Settings, session: Session, shown: PlainProgress, tmp_path: Path
) -> None:
    stored = deposit(settings, session)
    target = tmp_path / "copie.zip"
    saved = back_up(settings, target, progress=shown)
    known = last_backup(settings.data_dir)
    assert known is not None
    assert (known.size, known.has_database) == (saved.size, True)
    new = elsewhere(settings, tmp_path / "neuf")
    manifest = restore(new, target, progress=shown)

    assert (saved.files, saved.missing, saved.has_database) == (1, (), True)
    assert target.stat().st_mode & 0o077 == 0
    assert manifest.rows["stored_files"] == 1
    path = new.data_dir / "files" / stored.token[:2] / stored.token[2:4] / stored.token
    assert path.read_bytes() == b"colonne\nvaleur\n"
    assert rows(new.data_dir, "SELECT token FROM stored_files") == [(stored.token,)]


def test_the_database_comes_last_so_that_a_restore_cut_short_is_no_installation(
    settings: Settings, session: Session, shown: PlainProgress, tmp_path: Path
) -> None:
    deposit(settings, session)
    back_up(settings, tmp_path / "copie.zip", progress=shown)
    new = elsewhere(settings, tmp_path / "neuf")
    held: list[bool] = []

    class Watching:
        def advance(self, count: int = 1) -> None:  # noqa: ARG002
            held.append((new.data_dir / "inters4.db").exists())

    restore(new, tmp_path / "copie.zip", progress=Watching())

    assert held[-2:] == [False, True]
    assert held.count(True) == 1
    files = [path for path in new.data_dir.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o077 for path in (new.data_dir, *files)} == {0}


def test_no_secret_is_in_a_backup(
    settings: Settings, session: Session, shown: PlainProgress, tmp_path: Path
) -> None:
    settings = replace(settings, smtp_password="relais-secret", queue_url="redis://:mdp@hôte/0")
    back_up(settings, tmp_path / "copie.zip", progress=shown)

    with zipfile.ZipFile(tmp_path / "copie.zip") as archive:
        told = json.loads(archive.read("settings.json"))
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert told["INTERS4_LANGUAGES"] == "('fr', 'en')"
    for secret in (settings.secret_key, "relais-secret", "mdp@"):
        assert secret.encode() not in everything


def test_a_backup_taken_while_rows_are_written_is_of_one_instant(
    settings: Settings, session: Session, shown: PlainProgress, tmp_path: Path
) -> None:
    """Rows are written two by two, each pair in one transaction: no copy holds half of one."""
    is_over = threading.Event()

    def write() -> None:
        while not is_over.is_set():
            with db.writing() as opened:
                record(opened, "test.first", by=ANONYMOUS)
                record(opened, "test.second", by=ANONYMOUS)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(4):
            back_up(settings, tmp_path / f"copie-{number}.zip", progress=shown)
    finally:
        is_over.set()
        writer.join()
    for number in range(4):
        folder = tmp_path / f"neuf-{number}"
        restore(elsewhere(settings, folder), tmp_path / f"copie-{number}.zip", progress=shown)
        counts = rows(folder, "SELECT count(*) FROM audit_entries GROUP BY action")
        assert len({count for (count,) in counts}) <= 1
    written = session.scalar(select(func.count()).select_from(AuditEntry))
    assert written is not None
    assert written > 0


def test_a_backup_never_takes_the_place_of_a_file(
    settings: Settings, session: Session, shown: PlainProgress, tmp_path: Path
) -> None:
    (tmp_path / "copie.zip").write_text("précieux")

    with pytest.raises(BackupRefused, match="existe déjà"):
        back_up(settings, tmp_path / "copie.zip", progress=shown)
    assert (tmp_path / "copie.zip").read_text() == "précieux"


def test_a_file_lost_or_altered_on_the_disk_is_told(
    settings: Settings, session: Session, shown: PlainProgress, tmp_path: Path
) -> None:
    lost, altered = deposit(settings, session), deposit(settings, session)
    store = FileStore(settings.data_dir / "files", 1_000_000)
    store._path(lost.token).unlink()
    store._path(altered.token).write_bytes(b"autre chose")
    saved = back_up(settings, tmp_path / "copie.zip", progress=shown)

    assert saved.missing == tuple(sorted([lost.token, altered.token]))


def test_killed_while_it_writes_it_leaves_nothing_under_the_final_name(
    settings: Settings, session: Session, shown: PlainProgress, tmp_path: Path
) -> None:
    """Its own pipe stops it in the middle: it waits there to be killed."""
    target = tmp_path / "copie.zip"
    pipe = settings.data_dir / "files" / "ab" / "cd" / ("abcd" + "0" * 28)
    pipe.parent.mkdir(parents=True)
    os.mkfifo(pipe)
    child = subprocess.Popen(
        [COMMAND, "backup", str(target)],
        env={**os.environ, "INTERS4_DATA_DIR": str(settings.data_dir)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with pipe.open("wb") as mouth:  # opened once the backup reads it: it is in the middle
        mouth.write(b"x")
        mouth.flush()
        child.send_signal(signal.SIGKILL)
        child.wait()
    pipe.unlink()

    assert not target.exists()
    back_up(settings, target, progress=shown)
    assert verify(target, progress=shown).rows["members"] == 0


def test_a_full_disk_is_told_and_leaves_nothing(
    settings: Settings, session: Session, tmp_path: Path
) -> None:
    limited = subprocess.run(
        [COMMAND, "backup", str(tmp_path / "copie.zip")],
        env={**os.environ, "INTERS4_DATA_DIR": str(settings.data_dir)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
        capture_output=True,
        text=True,
        check=False,
    )

    assert limited.returncode == 1
    assert "disque" in only_line(limited)
    assert not list(tmp_path.glob("*.zip"))
    assert not list(tmp_path.glob(".inters4*"))


def test_a_folder_that_does_not_exist_is_told_in_a_line(settings: Settings, tmp_path: Path) -> None:
    refused = run(settings.data_dir, "backup", str(tmp_path / "ailleurs" / "copie.zip"))

    assert refused.returncode == 1
    assert "ailleurs" in only_line(refused)


def altered(source: Path, target: Path, *, name: str = "", content: bytes = b"") -> Path:
    """The archive `source` with one entry more, or of another content."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
        new.writestr(name, content)
    return target


@pytest.mark.parametrize("name", ["../dehors", "/dehors", "files/../../x", "files/aa/bb/autre"])
def test_an_archive_that_would_write_elsewhere_is_refused(
    settings: Settings, session: Session, shown: PlainProgress, tmp_path: Path, name: str
) -> None:
    back_up(settings, tmp_path / "copie.zip", progress=shown)
    with zipfile.ZipFile(tmp_path / "copie.zip") as archive:
        told = json.loads(archive.read("manifest.json"))
    told["entries"][name] = {"size": 1, "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1"}
    step = altered(
        tmp_path / "copie.zip",
        tmp_path / "a.zip",
        name="manifest.json",
        content=json.dumps(told).encode(),
    )
    forged = altered(step, tmp_path / "b.zip", name=name, content=b"x")

    with pytest.raises(BackupRefused, match="n’est pas une sauvegarde"):
        restore(elsewhere(settings, tmp_path / "neuf"), forged, progress=shown)
    assert not (tmp_path / "neuf").exists()


def test_a_damaged_archive_puts_nothing_back(
    settings: Settings, session: Session, shown: PlainProgress, tmp_path: Path
) -> None:
    back_up(settings, tmp_path / "copie.zip", progress=shown)
    forged = altered(
        tmp_path / "copie.zip", tmp_path / "a.zip", name="inters4.db", content=b"autre base"
    )
    (tmp_path / "b.zip").write_bytes((tmp_path / "copie.zip").read_bytes()[:-200])

    with pytest.raises(BackupRefused, match="abîmée"):
        restore(elsewhere(settings, tmp_path / "neuf"), forged, progress=shown)
    with pytest.raises(BackupRefused, match="incomplet"):
        verify(tmp_path / "b.zip", progress=shown)
    assert not (tmp_path / "neuf").exists()


def test_a_folder_in_use_is_left_alone(
    settings: Settings, session: Session, file: Path, tmp_path: Path
) -> None:
    assert run(settings.data_dir, "backup", str(tmp_path / "copie.zip")).returncode == 0
    before = file.read_bytes()
    refused = run(settings.data_dir, "restore", str(tmp_path / "copie.zip"))

    assert refused.returncode == 1
    assert "n’est pas vide" in refused.stderr
    assert file.read_bytes() == before


def test_a_restored_portal_answers_and_nobody_is_still_signed_in(
    settings: Settings, session: Session, tmp_path: Path
) -> None:
    from tests.builders.members import make_member, sign_in_as

    token = sign_in_as(create_app(settings).test_client(), session, make_member(session))
    assert run(settings.data_dir, "backup", str(tmp_path / "copie.zip")).returncode == 0
    new = tmp_path / "neuf"
    new.mkdir()
    (new / "secret_key").write_text(settings.secret_key)
    restored = run(new, "restore", str(tmp_path / "copie.zip"))
    assert restored.returncode == 0, restored.stderr
    assert rows(new, "SELECT task, state FROM index_requests") == [("rebuild", "waiting")]
    assert rows(new, "SELECT count(*) FROM member_sessions WHERE revoked_at IS NULL") == [(0,)]
    with contextlib.closing(sqlite3.connect(settings.data_dir / "inters4.db")) as old:
        name = old.execute("SELECT instance FROM installation").fetchone()
    assert rows(new, "SELECT instance FROM installation") != [name]

    (new / "static").symlink_to(settings.data_dir / "static")
    client = create_app(elsewhere(settings, new)).test_client()
    client.set_cookie("session", token)
    page = client.get("/organisations")
    assert page.status_code == 200
    assert "Se connecter" in page.get_data(as_text=True)
    db.dispose()


@pytest.mark.parametrize("command", ["serve", "web", "worker"])
def test_a_restore_killed_before_its_end_is_not_served_until_it_is_finished(
    settings: Settings, session: Session, shown: PlainProgress, tmp_path: Path, command: str
) -> None:
    archive, new = tmp_path / "copie.zip", tmp_path / "neuf"
    back_up(settings, archive, progress=shown)
    restore(elsewhere(settings, new), archive, progress=shown)  # and nothing of what follows

    refused = run(new, command)

    assert refused.returncode != 0
    assert "inters4 restore --finish" in only_line(refused).replace("\N{NO-BREAK SPACE}", " ")
    assert run(new, "restore", "--finish", str(archive)).returncode == 0
    assert not (new / "restore-unfinished").exists()


def test_a_restore_killed_among_its_files_is_not_finished_without_them(
    settings: Settings, session: Session, shown: PlainProgress, tmp_path: Path
) -> None:
    archive, new = tmp_path / "copie.zip", tmp_path / "neuf"
    back_up(settings, archive, progress=shown)
    restore(elsewhere(settings, new), archive, progress=shown)
    (new / "inters4.db").unlink()  # it comes last

    refused = run(new, "restore", "--finish", str(archive))

    assert refused.returncode != 0
    assert "interrompue avant son dernier fichier" in refused.stderr
    assert not (new / "inters4.db").exists()
