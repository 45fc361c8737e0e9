"""Codes of six digits that a telephone and the portal make from one secret (RFC 6238).

What every authenticator takes: SHA-1, thirty seconds, six digits. A code of the step before or
after is accepted, because clocks differ; whoever calls remembers the step, so that none passes
twice.
"""

import secrets
from base64 import b32encode
from datetime import datetime

import pyotp
from pyotp.utils import strings_equal

SECRET_BYTES = 20
STEP_SECONDS = 30
DIGITS = 6
_TOLERANCE = 1


def new_secret() -> bytes:
    """160 random bits, as RFC 4226 asks."""
    return secrets.token_bytes(SECRET_BYTES)


def code_at(secret: bytes, step: int) -> str:
    """The code of a step: six digits."""
    return _totp(secret).generate_otp(step)


def step_of(moment: datetime) -> int:
    """The number of the thirty seconds in which `moment` falls."""
    return int(moment.timestamp()) // STEP_SECONDS


def matching_step(secret: bytes, typed: str, *, at: datetime, after: int = 0) -> int | None:
    """The step whose code was typed, later than `after`; None when it is none of them."""
    found = None
    present = step_of(at)
    for step in range(present - _TOLERANCE, present + _TOLERANCE + 1):
        if strings_equal(code_at(secret, step), typed) and step > after:
            found = step
    return found


def spelled(secret: bytes) -> str:
    """The secret as it is typed by hand, in groups of four."""
    text = _base32(secret)
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def address(secret: bytes, *, issuer: str, account: str) -> str:
    """What the picture says to an authenticator."""
    return _totp(secret).provisioning_uri(name=account, issuer_name=issuer)


def _totp(secret: bytes) -> pyotp.TOTP:
    return pyotp.TOTP(_base32(secret), digits=DIGITS, interval=STEP_SECONDS)


def _base32(secret: bytes) -> str:
    return b32encode(secret).decode().rstrip("=")
