"""Short secrets that must be read again, kept so that a copy of the database does not tell them.

AES-256-GCM under a key that HKDF derives from the installation's, with a fresh nonce; the purpose
is authenticated with it. What only needs to be recognised is hashed instead.
"""

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE, _KEY = 12, 32


class SealBroken(ValueError):
    """It was sealed under another key, or altered."""


def seal(secret: bytes, *, key: str, purpose: str) -> bytes:
    """`secret` as it may be kept: nonce, then what is hidden and its tag; `purpose` names its use.

    What was sealed for one purpose does not open for another.
    """
    nonce = secrets.token_bytes(_NONCE)
    return nonce + _cipher(key, purpose).encrypt(nonce, secret, purpose.encode())


def unseal(sealed: bytes, *, key: str, purpose: str) -> bytes:
    """The secret that was sealed.

    Raises:
        SealBroken: the key of the installation is not the one it was sealed with.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415  (slow to import)

    nonce, hidden = sealed[:_NONCE], sealed[_NONCE:]
    try:
        return _cipher(key, purpose).decrypt(nonce, hidden, purpose.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error


def _cipher(key: str, purpose: str) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    derived = HKDF(algorithm=SHA256(), length=_KEY, salt=None, info=purpose.encode())
    return AESGCM(derived.derive(key.encode()))
