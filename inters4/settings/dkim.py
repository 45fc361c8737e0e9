"""The key that signs messages (DKIM): who it belongs to, and who must not read it.

A key that cannot sign is told when settings are read, before anything starts: a message that
leaves unsigned by mistake is refused by those who were told that all are signed.
"""

import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from inters4.settings.parsing import path
from inters4.settings.problems import Problem, mark, system_reason

_LEAST_BITS = 1_024
_LARGEST = 64_000
_FOR_OTHERS = 0o037
"""What others may do, and what the group may beside reading."""
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


def private_key(value: str) -> Path | None:
    """A file that holds an RSA key in PEM form, closed to other accounts; None without one."""
    if not value:
        return None
    found = path(value)
    try:
        mode = found.stat().st_mode
        with found.open("rb") as file:
            pem = file.read(_LARGEST)
    except OSError as error:
        raise ValueError(
            mark("ce fichier ne peut pas être lu (%(reason)s)", reason=system_reason(error))
        ) from None
    if mode & _FOR_OTHERS:
        raise ValueError(
            mark(
                "cette clé est ouverte à d’autres comptes; refermez-la : chmod 600 %(path)s",
                path=found,
            )
        )
    _check_key(pem)
    return found


def name(value: str) -> str:
    """A selector, or a domain in ASCII; nothing when there is none."""
    lowered = value.lower().rstrip(".")
    if lowered and not _NAME.fullmatch(lowered):
        raise ValueError(mark("écrivez un nom de domaine, sans accent, comme « exemple.ca »"))
    return lowered


def check_signing(values: Mapping[str, Any], problems: list[Problem]) -> None:
    """Add to `problems` what the settings of DKIM say together."""
    if not values.get("dkim_key"):
        return
    if not values.get("dkim_selector", "?"):
        problems.append(
            mark(
                "INTERS4_DKIM_KEY va avec INTERS4_DKIM_SELECTOR : donnez le sélecteur sous lequel "
                "la clé est publiée."
            )
        )
    sender = values.get("mail_from", "").rpartition("@")[2].lower()
    domain = values.get("dkim_domain") or sender
    if sender and sender != domain and not sender.endswith(f".{domain}"):
        problems.append(
            mark(
                "INTERS4_DKIM_DOMAIN : le domaine qui signe (%(domain)s) est celui de "
                "INTERS4_MAIL_FROM (%(sender)s), ou un domaine qui le contient.",
                domain=domain,
                sender=sender,
            )
        )
    if find_spec("dkim") is None:
        problems.append(
            mark(
                "INTERS4_DKIM_KEY : signer les messages demande une bibliothèque : python3 "
                "requirements/install.py runtime dkim, ou pip install inters4[dkim]."
            )
        )


def _check_key(pem: bytes) -> None:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  (for whoever signs)
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        load_pem_private_key,
    )

    try:
        key = load_pem_private_key(pem, password=None)
    except TypeError:
        raise ValueError(mark("cette clé demande un mot de passe; donnez-en une sans")) from None
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError(mark("ce fichier ne contient pas de clé privée au format PEM")) from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < _LEAST_BITS:
        raise ValueError(mark("donnez une clé RSA de 1024 bits au moins (2048 de préférence)"))
