"""The commands as people type them: what they prepare, and what they refuse in one line."""

import socket
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from inters4.core.paths import content_dir
from tests.builders.commands import typed
from tests.builders.copied import settled
from tests.builders.demonstration import COMMAND, prepared


def run(data: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Type a command in an installation of its own."""
    return typed(*arguments, INTERS4_DATA_DIR=str(data), **environment)


def run_alone(data: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The same in a process that starts from nothing, as people have it."""
    return subprocess.run(
        [COMMAND, *arguments],
        env=settled({"INTERS4_DATA_DIR": str(data), **environment}),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def rows(data: Path, query: str) -> list[tuple[object, ...]]:
    engine = create_engine(f"sqlite:///{data / 'inters4.db'}")
    with engine.begin() as connection:
        result = connection.execute(text(query))
        found = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return found


def only_line(result: subprocess.CompletedProcess[str]) -> str:
    """The one line of a refusal: nothing else is said, and no traceback."""
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    return lines[0]


def test_a_demonstration_is_prepared_and_a_second_run_keeps_the_data(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    first = prepared(tmp_path_factory)
    data = first.copy(tmp_path / "données d’essai")
    rows(data, "UPDATE members SET name = 'Ariane' WHERE email LIKE 'camille@%'")
    secret = (data / "secret_key").read_text()
    second = run(data, "demo", "--no-serve")

    assert second.returncode == 0, second.stderr
    assert "camille@exemple.invalid" in first.said
    assert rows(data, "SELECT name FROM members WHERE email LIKE 'camille@%'") == [("Ariane",)]
    shipped = len(list((content_dir() / "practices").glob("*.md")))
    drafts = len(rows(data, "SELECT id FROM practice_revisions WHERE base = 0"))
    assert rows(data, "SELECT count(*) FROM practices") == [(shipped + drafts,)]
    assert rows(data, "SELECT count(*) FROM outbox") == [(0,)]
    assert (data / "secret_key").read_text() == secret
    assert "démonstration" in only_line(run(data, "serve"))


def test_a_real_database_never_becomes_a_demonstration(installed: Path) -> None:
    rows(
        installed,
        "INSERT INTO content_imports (kind, item_id, file, file_digest, row_digest, imported_at) "
        "VALUES ('practice', 'a', 'a.md', '', '', '2026-01-01 00:00:00')",
    )
    refused = run(installed, "demo", "--no-serve")

    assert refused.returncode == 1
    assert "n’est pas une démonstration" in refused.stderr
    assert rows(installed, "SELECT count(*) FROM members") == [(0,)]
    assert rows(installed, "SELECT demo_since FROM installation") == [(None,)]


@pytest.mark.parametrize("command", [("content", "check"), ("index", "status"), ("serve",)])
def test_a_command_before_the_database_exists_says_what_to_do(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    refused = run(tmp_path, *command)

    assert refused.returncode == 1
    assert "inters4 db upgrade" in only_line(refused)


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_busy_port_gets_one_line_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = run(tmp_path / "var", "demo", INTERS4_PORT=port)

    assert refused.returncode == 1
    assert "INTERS4_PORT" in only_line(refused)
    assert not (tmp_path / "var" / "inters4.db").exists()


def test_a_directory_that_is_a_file_gets_one_line(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    refused = run(tmp_path / "var", "demo", "--no-serve")

    assert refused.returncode == 2
    assert "INTERS4_DATA_DIR" in only_line(refused)


def test_every_wrong_setting_gets_its_line(tmp_path: Path) -> None:
    refused = run_alone(
        tmp_path, "check", INTERS4_PORT="x", INTERS4_MAIL="pigeon", INTERS4_PROT="1"
    )

    assert refused.returncode == 2
    assert len(refused.stderr.strip().splitlines()) == 3


def test_the_check_says_what_is_wrong_and_then_that_all_is_well(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = run(tmp_path / "empty", "check")
    data = prepared(tmp_path_factory).copy(tmp_path / "var")
    after = run(data, "check")
    data.chmod(0o755)
    opened = run(data, "check")

    assert opened.returncode == 1
    assert "chmod 700" in opened.stderr
    assert before.returncode == 1
    assert "inters4 db upgrade" in before.stderr
    assert after.returncode == 0, after.stderr


def test_an_unknown_command_is_answered_in_a_line(tmp_path: Path) -> None:
    refused = run(tmp_path, "dmeo")

    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr
