"""How one setting is declared."""

from collections.abc import Callable
from dataclasses import field
from typing import Any


def setting(
    variable: str,
    parse: Callable[[str], Any],
    explanation: str,
    *,
    default: str | None,
    is_secret: bool = False,
) -> Any:
    """Declare one setting; `default` is written as in the environment, None when computed.

    A secret is never repeated in a message, and may come from the file named by `VARIABLE_FILE`.
    """
    return field(
        metadata={
            "variable": variable,
            "parse": parse,
            "explanation": explanation,
            "default": default,
            "is_secret": is_secret,
        }
    )
