"""What each command refuses, in one French line; and that commands speak one language at a time."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from inters4.cli.root import make_root
from inters4.core.i18n import use_locale
from inters4.core.speech import choose_language
from tests.builders.demonstration import COMMAND
from tests.integration.cli.test_commands import only_line, run, run_alone

ENGLISH = re.compile(r"\b(Usage:|Options:|Commands:|Show|Error|No such|Try|Missing|Invalid|the)\b")


@pytest.fixture
def speak(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The language of commands, chosen as the console script does."""
    monkeypatch.setenv("LANGUAGE", "")
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.delenv("INTERS4_LANG", raising=False)
    with use_locale("fr"):
        choose_language()
        yield


def commands(command: click.Command, *before: str) -> Iterator[tuple[list[str], click.Command]]:
    """Every command, and the words that call it."""
    yield list(before), command
    if isinstance(command, click.Group):
        with click.Context(command) as context:
            for name in command.list_commands(context):
                found = command.get_command(context, name)
                assert found is not None
                yield from commands(found, *before, name)


@pytest.mark.usefixtures("speak")
def test_every_command_explains_itself_in_french(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["inters4", "--help"])
    root = make_root()
    asked = list(commands(root))
    assert len(asked) > 15

    for words, command in asked:
        monkeypatch.setattr(command, "_help_option", None)  # kept from a test in another language
        told = CliRunner().invoke(root, [*words, "--help"], prog_name="inters4")
        assert told.exit_code == 0, words
        assert not ENGLISH.search(told.output), told.output
        assert "Usage\u00a0:" in told.output
        assert "..." not in told.output.partition("\n")[0], "named as the code does"
        assert "Montre cette aide." in told.output, words


@pytest.mark.usefixtures("speak")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["dmeo"], "La commande « dmeo » n’existe pas."),
        (["check", "--bad"], "L’option --bad n’existe pas."),
        (["check", "--mail"], "L’option --mail demande une valeur."),
        (["db", "status", "trop"], "argument de trop (trop)"),
        (["db", "status", "--help=1"], "ne prend pas de valeur"),
    ],
)
def test_what_is_mistyped_is_answered_in_french(words: list[str], said: str) -> None:
    told = CliRunner().invoke(make_root(), words, prog_name="inters4")

    assert told.exit_code == 2
    assert said in told.output.replace("\u00a0", " ")
    assert not ENGLISH.search(told.output), told.output


def test_a_command_speaks_english_when_asked(tmp_path: Path) -> None:
    told = run_alone(tmp_path, "--help", INTERS4_LANG="en")
    refused = run_alone(tmp_path, "check", INTERS4_LANG="en", INTERS4_PORT="0", LANGUAGE="fr")

    assert "Usage: inters4" in told.stdout
    assert "Serves the pages only." in told.stdout
    assert only_line(refused) == "INTERS4_PORT=0: give a whole number from 1 to 65535."


def test_the_package_of_commands_runs_as_a_module() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "inters4.cli", "--version"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("inters4, version ")


def test_a_machine_in_english_hears_french_all_the_same(tmp_path: Path) -> None:
    told = run_alone(tmp_path, "--help", LANG="en_US.UTF-8", LANGUAGE="en_US:en", LC_ALL="C")

    assert "Commandes\u00a0:" in told.stdout


@pytest.mark.parametrize("command", [("index", "rebuild"), ("index", "verify")])
def test_an_index_that_cannot_be_made_gets_one_line(
    installed: Path, command: tuple[str, ...]
) -> None:
    (installed / "index").write_text("a file where the folder should be")

    refused = run(installed, *command)

    assert refused.returncode == 1
    said = refused.stderr.strip().splitlines()[-1]
    assert said.startswith(str(installed / "index"))
    assert "n’est pas un dossier" in said
    assert "INTERS4_DATA_DIR" in said
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("held", "command", "said"),
    [
        (None, "status", "inters4 db upgrade"),
        (b"not a database at all" * 200, "status", "est abîmée"),
        (b"not a database at all" * 200, "upgrade", "est abîmée"),
    ],
)
def test_a_database_that_cannot_be_used_gets_one_line(
    tmp_path: Path, held: bytes | None, command: str, said: str
) -> None:
    if held is not None:
        (tmp_path / "inters4.db").write_bytes(held)

    refused = run(tmp_path, "db", command)

    assert refused.returncode == 1
    assert said in only_line(refused)


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_postgresql_that_does_not_answer_gets_one_line(tmp_path: Path) -> None:
    url = "postgresql+psycopg://compte:mot-secret@127.0.0.1:1/savoirs"

    refused = run(tmp_path, "db", "status", INTERS4_DATABASE_URL=url)

    assert refused.returncode == 1
    assert "INTERS4_DATABASE_URL" in only_line(refused)
    assert "mot-secret" not in refused.stderr


def test_a_full_disk_stops_an_upgrade_in_one_line(tmp_path: Path) -> None:
    limited = f"ulimit -f 100 && exec {COMMAND} db upgrade"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("INTERS4_")}
    refused = subprocess.run(
        ["bash", "-c", limited],
        env={**clean, "INTERS4_DATA_DIR": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert refused.returncode == 1
    assert "Faites de la place" in only_line(refused)
    assert run(tmp_path, "db", "upgrade").returncode == 0


def test_the_check_closes_what_is_open_when_asked(installed: Path) -> None:
    installed.chmod(0o755)
    (installed / "secret_key").chmod(0o644)
    told = run(installed, "check")

    mended = run(installed, "check", "--repair")

    assert told.stderr.count("inters4 check --repair") == 2
    assert f"chmod 700 {installed}" in told.stderr
    assert mended.stdout.count("fermé aux autres comptes") == 2
    assert installed.stat().st_mode & 0o077 == 0
    assert (installed / "secret_key").stat().st_mode & 0o077 == 0
    assert "--repair" not in mended.stderr
