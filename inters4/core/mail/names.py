"""Asking DNS what is published under a name: briefly, and only where the library is installed.

The standard library asks for addresses alone. dnspython, which comes with what signs messages,
asks for the rest; where it is not, whoever looks is told how to ask by themselves.
"""

from collections.abc import Callable
from importlib.util import find_spec

from inters4.core.i18n import _

SECONDS = 2.0
Ask = Callable[[str, str], list[str]]
"""What is published under a name, by type; nothing when there is nothing. Raises NotAsked."""


class NotAsked(Exception):
    """Nobody knows what is published; `reason` is a French sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def can_ask() -> bool:
    """True where the library is installed."""
    return find_spec("dns") is not None


def ask_dns(name: str, kind: str) -> list[str]:
    """What the name server of the machine says; texts are whole, without quotes.

    Raises:
        NotAsked: the library is absent, or nothing answered in time.
    """
    if not can_ask():
        raise NotAsked(
            _(
                "Le portail ne peut pas demander ce qui est publié : l’extra « dkim » n’est pas "
                "installé."
            )
        )
    from dns import exception, resolver  # noqa: PLC0415  (an extra)

    try:
        asker = resolver.get_default_resolver()
        patience = min(SECONDS, asker.lifetime)
        answer = asker.resolve(name, kind, search=False, lifetime=patience)
    except (resolver.NXDOMAIN, resolver.NoAnswer):
        return []
    except (exception.DNSException, OSError) as error:
        raise NotAsked(
            _("Le serveur de noms n’a pas répondu : réessayez, ou demandez à qui tient le domaine.")
        ) from error
    return [
        b"".join(row.strings).decode("utf-8", "replace") if kind == "TXT" else row.to_text()
        for row in answer
    ]
