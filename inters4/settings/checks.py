"""What several settings say together, and what a driver that is not installed makes impossible."""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from inters4.settings.problems import Problem, mark


def check_together(values: Mapping[str, Any], problems: list[Problem]) -> None:
    """Add to `problems` what is wrong although each value was read."""
    if values.get("database_url", "").startswith("postgresql") and find_spec("psycopg") is None:
        problems.append(
            mark(
                "INTERS4_DATABASE_URL : PostgreSQL demande un pilote : python3 "
                "requirements/install.py runtime postgres, ou pip install inters4[postgres]."
            )
        )
    if values.get("queue_url") and find_spec("redis") is None:
        problems.append(
            mark(
                "INTERS4_QUEUE_URL : Redis demande une bibliothèque : python3 "
                "requirements/install.py runtime redis, ou pip install inters4[redis]."
            )
        )
    if values.get("smtp_password") and not values.get("smtp_user", "?"):
        problems.append(
            mark(
                "INTERS4_SMTP_PASSWORD ne sert à rien sans INTERS4_SMTP_USER : donnez aussi le "
                "compte, ou retirez le mot de passe."
            )
        )
