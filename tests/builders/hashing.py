"""Passwords hashed quickly: the same argon2id, of the least cost it has.

What a hash costs is no part of what most tests say, and each would pay it. Those that are about
the cost ask for the fixture `full_cost`; the demonstration is prepared, and opened in the browser,
by processes of its own, which know nothing of this.
"""

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from inters4.members.services import passwords

_FULL = (passwords._hasher, passwords.DECOY_HASH)
_MEMORY_KIB = 64  # more than the least, so that a hash of the least is an older one


def hash_quickly() -> None:
    """From now on in this process."""
    cost = f"m={passwords._MEMORY_KIB},"
    passwords._hasher = PasswordHash(
        (Argon2Hasher(time_cost=1, memory_cost=_MEMORY_KIB, parallelism=1),)
    )
    passwords.DECOY_HASH = _FULL[1].replace(cost, f"m={_MEMORY_KIB},")


def hash_fully(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the cost that the portal pays, for the time of a test."""
    monkeypatch.setattr(passwords, "_hasher", _FULL[0])
    monkeypatch.setattr(passwords, "DECOY_HASH", _FULL[1])
