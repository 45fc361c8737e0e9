"""A browser in which an account was opened, or proved by a letter, is known again.

It is judged on its own errors.

It holds a random name, signed with the account's number: a neighbour of the same network who
guesses does not make the owner wait, and the name of one account is worth nothing for another.
"""

import hmac
import secrets
from datetime import timedelta

from inters4.core.jobs import jobs
from inters4.members.services.sessions import Origin

KEPT_FOR = timedelta(days=90)


def name_device(member_id: int) -> str:
    """What the browser keeps once the account was opened in it, or proved by a letter."""
    name = secrets.token_urlsafe(16)
    return f"{name}.{_signature(name, member_id)}"


def counted_by(origin: Origin, member_id: int | None) -> str:
    """By what errors are counted: the browser when it knows the account, else its network."""
    name, _dot, signature = origin.device.partition(".")
    wanted = _signature(name, member_id or 0)
    is_known = hmac.compare_digest(signature.encode(), wanted.encode())
    return f"device {wanted[:32]}" if is_known and member_id is not None else origin.network


def _signature(name: str, member_id: int) -> str:
    key = jobs.settings.secret_key.encode()
    return hmac.digest(key, f"device {name} of member {member_id}".encode(), "sha256").hex()
