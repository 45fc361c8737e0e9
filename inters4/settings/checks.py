"""What several settings say together, and how mistakes are told: all at once, in French."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any


class SettingsError(Exception):
    """One or more settings are wrong; `problems` holds one French sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def unwritable(directory: Path, error: OSError) -> str:
    """Say that `directory` cannot be written, and what to do."""
    reason = error.strerror or str(error)
    return (
        f"Impossible d’écrire dans {directory} ({reason}). Donnez à INTERS4_DATA_DIR un dossier "
        "où ce compte peut écrire."
    )


def check_together(values: Mapping[str, Any], problems: list[str]) -> None:
    """Add to `problems` what is wrong although each value was read."""
    database = values.get("database_url", "sqlite:////file")
    if not database.startswith(("sqlite:", "postgresql+psycopg:")):
        problems.append(
            "INTERS4_DATABASE_URL doit commencer par « sqlite:/// » ou « postgresql+psycopg:// »."
        )
    elif database.startswith("sqlite:") and not _names_a_file(database):
        problems.append(
            "INTERS4_DATABASE_URL doit nommer un fichier : « sqlite:////chemin/inters4.db ». Une "
            "base en mémoire ne serait pas la même d’un processus à l’autre."
        )
    if len(values.get("secret_key", "x" * 32)) < 32:
        problems.append("INTERS4_SECRET_KEY est trop courte : donnez au moins 32 caractères.")
    if values.get("log_level", "info").lower() not in {"debug", "info", "warning", "error"}:
        problems.append("INTERS4_LOG_LEVEL doit être debug, info, warning ou error.")
    if values.get("search", "whoosh") not in {"whoosh", "whoosh-plain"}:
        problems.append("INTERS4_SEARCH doit être « whoosh » ou « whoosh-plain ».")
    if database.startswith("postgresql") and find_spec("psycopg") is None:
        problems.append(
            "PostgreSQL demande un pilote : python3 requirements/install.py runtime postgres, "
            "ou pip install inters4[postgres]."
        )
    queue = values.get("queue_url", "")
    if queue and find_spec("redis") is None:
        problems.append(
            "Redis demande une bibliothèque : python3 requirements/install.py runtime redis, "
            "ou pip install inters4[redis]."
        )
    if queue and not queue.startswith(("redis://", "rediss://")):
        problems.append("INTERS4_QUEUE_URL doit être vide ou commencer par « redis:// ».")


def _names_a_file(database: str) -> bool:
    path = database.removeprefix("sqlite://").partition("?")[0]
    return path.startswith("/") and path not in {"/", "/:memory:"} and "mode=memory" not in database
