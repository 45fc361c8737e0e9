"""What several settings say together, and what a driver that is not installed makes impossible."""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from inters4.settings.dkim import check_signing
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
    _check_sso(values, problems)
    check_signing(values, problems)
    if values.get("smtp_password") and not values.get("smtp_user", "?"):
        problems.append(
            mark(
                "INTERS4_SMTP_PASSWORD ne sert à rien sans INTERS4_SMTP_USER : donnez aussi le "
                "compte, ou retirez le mot de passe."
            )
        )


def _check_sso(values: Mapping[str, Any], problems: list[Problem]) -> None:
    given = {name: bool(values.get(name)) for name in ("sso_issuer", "sso_client_id", "sso_secret")}
    if given["sso_issuer"] and not (given["sso_client_id"] and given["sso_secret"]):
        problems.append(
            mark(
                "INTERS4_SSO_ISSUER va avec INTERS4_SSO_CLIENT_ID et INTERS4_SSO_SECRET : donnez "
                "les trois."
            )
        )
    for name, variable in (
        ("sso_client_id", "INTERS4_SSO_CLIENT_ID"),
        ("sso_secret", "INTERS4_SSO_SECRET"),
    ):
        if given[name] and "sso_issuer" in values and not given["sso_issuer"]:
            problems.append(
                mark(
                    "%(name)s ne sert à rien sans INTERS4_SSO_ISSUER : donnez aussi le "
                    "fournisseur, ou retirez ce réglage.",
                    name=variable,
                )
            )
    if given["sso_issuer"] and not (find_spec("authlib") and find_spec("joserfc")):
        problems.append(
            mark(
                "INTERS4_SSO_ISSUER : la connexion par OpenID Connect demande une bibliothèque : "
                "python3 requirements/install.py runtime sso, ou pip install inters4[sso]."
            )
        )
