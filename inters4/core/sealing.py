"""Short secrets that must be read again, kept so that a copy of the database does not tell them.

A keystream of HMAC-SHA256 under the installation's key and a fresh nonce, and a tag over both:
the standard construction, from the standard library. Meant for secrets of one block; what only
needs to be recognised is hashed instead.
"""

import hmac
import secrets

_NONCE, _TAG, _LONGEST = 16, 32, 32


class SealBroken(ValueError):
    """It was sealed under another key, or altered."""


def seal(secret: bytes, *, key: str, purpose: str) -> bytes:
    """`secret` (32 bytes at most) as it may be kept; `purpose` keeps two uses apart."""
    if len(secret) > _LONGEST:
        raise ValueError("too long to be sealed")
    nonce = secrets.token_bytes(_NONCE)
    hidden = bytes(a ^ b for a, b in zip(secret, _stream(nonce, key, purpose), strict=False))
    return nonce + hidden + _tag(nonce + hidden, key, purpose)


def unseal(sealed: bytes, *, key: str, purpose: str) -> bytes:
    """The secret that was sealed.

    Raises:
        SealBroken: the key of the installation is not the one it was sealed with.
    """
    body, tag = sealed[:-_TAG], sealed[-_TAG:]
    if not hmac.compare_digest(tag, _tag(body, key, purpose)):
        raise SealBroken
    nonce, hidden = body[:_NONCE], body[_NONCE:]
    return bytes(a ^ b for a, b in zip(hidden, _stream(nonce, key, purpose), strict=False))


def _stream(nonce: bytes, key: str, purpose: str) -> bytes:
    return hmac.digest(key.encode(), f"stream {purpose} ".encode() + nonce, "sha256")


def _tag(body: bytes, key: str, purpose: str) -> bytes:
    return hmac.digest(key.encode(), f"tag {purpose} ".encode() + body, "sha256")
