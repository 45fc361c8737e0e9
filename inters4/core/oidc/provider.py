"""What a provider says of itself, read with suspicion: the discovery document and its keys."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from inters4.core.oidc.errors import ProviderAway, SignOnRefused
from inters4.core.values import dataclass
from inters4.settings import is_loopback

_MOST_KEYS = 50
_SHORTEST_RSA = 2_048


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Where the provider's doors are.

    Attributes:
        userinfo: empty when there is none.
        names_itself: its answers carry `iss` (RFC 9207), which is then required.
        takes_posted_secret: it takes the client's secret in the form, and not as HTTP Basic.
    """

    authorization: str
    token: str
    keys: str
    userinfo: str
    names_itself: bool
    takes_posted_secret: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A public key of the provider; `algorithm` is empty when it does not say."""

    name: str
    algorithm: str
    key: Any


def read_json(body: bytes) -> Mapping[str, Any]:
    """An object in JSON.

    Raises:
        ProviderAway: it is something else.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise ProviderAway("not_json") from None
    if not isinstance(found, dict):
        raise ProviderAway("not_json")
    return found


def read_metadata(body: bytes, *, issuer: str) -> Metadata:
    """The discovery document of `issuer`.

    Raises:
        SignOnRefused: it speaks for another issuer, or leads out of HTTPS.
        ProviderAway: it is no such document.
    """
    found = read_json(body)
    if found.get("issuer") != issuer:
        raise SignOnRefused("issuer")
    may_be_plain = is_loopback(issuer)
    supported = found.get("token_endpoint_auth_methods_supported")
    methods = supported if isinstance(supported, list) else ["client_secret_basic"]
    return Metadata(
        authorization=_door(found, "authorization_endpoint", may_be_plain=may_be_plain),
        token=_door(found, "token_endpoint", may_be_plain=may_be_plain),
        keys=_door(found, "jwks_uri", may_be_plain=may_be_plain),
        userinfo=(
            _door(found, "userinfo_endpoint", may_be_plain=may_be_plain)
            if found.get("userinfo_endpoint")
            else ""
        ),
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
        takes_posted_secret=(
            "client_secret_basic" not in methods and "client_secret_post" in methods
        ),
    )


def _door(found: Mapping[str, Any], name: str, *, may_be_plain: bool) -> str:
    written = found.get(name)
    if not isinstance(written, str) or not written.isascii() or not written.isprintable():
        raise ProviderAway("metadata")
    try:
        parts = urlsplit(written)
        is_fine = bool(parts.hostname) and "@" not in parts.netloc and not parts.fragment
    except ValueError:
        raise ProviderAway("metadata") from None
    is_safe = parts.scheme == "https" or (
        may_be_plain and parts.scheme == "http" and is_loopback(written)
    )
    if not is_fine or " " in written or not is_safe:
        raise SignOnRefused("insecure_endpoint")
    return written


def read_keys(body: bytes) -> tuple[Key, ...]:
    """The public keys that sign; those that cannot be read, or are weak, are left out.

    A secret shared with the provider has no place there: symmetric keys are never taken.
    """
    from joserfc.errors import JoseError  # noqa: PLC0415  (an extra, needed when someone signs in)
    from joserfc.jwk import ECKey, RSAKey  # noqa: PLC0415

    rows = read_json(body).get("keys")
    if not isinstance(rows, list):
        raise ProviderAway("keys")
    kinds: dict[str, type[RSAKey | ECKey]] = {"RSA": RSAKey, "EC": ECKey}
    found = []
    for row in rows[:_MOST_KEYS]:
        if not isinstance(row, dict) or row.get("use", "sig") != "sig":
            continue
        kind = kinds.get(str(row.get("kty")))
        if kind is None:
            continue
        public = {name: row[name] for name in ("kty", "n", "e", "crv", "x", "y") if name in row}
        try:
            key = kind.import_key(public)
            is_weak = isinstance(key, RSAKey) and key.raw_value.key_size < _SHORTEST_RSA
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        if not is_weak:
            name, algorithm = str(row.get("kid", "")), str(row.get("alg", ""))
            found.append(Key(name=name, algorithm=algorithm, key=key))
    return tuple(found)
