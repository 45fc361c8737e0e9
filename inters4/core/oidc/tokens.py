"""The ID token: who signed it, for whom, when, and what it answers to."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from inters4.core.oidc.errors import SignOnRefused, UnknownKey
from inters4.core.oidc.provider import Key
from inters4.core.values import dataclass

ALGORITHMS = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC", "ES384": "EC"}
"""The only signatures taken, and the kind of key of each. Neither `none`, nor a shared secret."""
LEEWAY = timedelta(seconds=60)
_LONGEST_TOKEN, _LONGEST_SUBJECT = 16_000, 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the token must say.

    Attributes:
        nonce: the one that left with the browser.
        begun_at: when it left: a token made before is somebody else's.
        access_token: what came beside it.
    """

    issuer: str
    client_id: str
    nonce: str
    begun_at: datetime
    access_token: str


def read_id_token(
    token: str, *, keys: Sequence[Key], expected: Expected, at: datetime
) -> Mapping[str, Any]:
    """The claims of a token that is what it says.

    Raises:
        UnknownKey: no key of `keys` made its signature.
        SignOnRefused: it is not for us, not of now, or not an answer to this browser.
    """
    from authlib.oidc.core import CodeIDToken  # noqa: PLC0415  (an extra)
    from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError  # noqa: PLC0415

    if len(token) > _LONGEST_TOKEN:
        raise SignOnRefused("token_too_long")
    header, held = _opened(token, keys)
    claims = CodeIDToken(
        held,
        header,
        options={
            "iss": {"essential": True, "value": expected.issuer},
            "aud": {"essential": True, "value": expected.client_id},
        },
        params={
            "client_id": expected.client_id,
            "nonce": expected.nonce,
            "access_token": expected.access_token,
        },
    )
    try:
        claims.validate(now=int(at.timestamp()), leeway=int(LEEWAY.total_seconds()))
        made_at = datetime.fromtimestamp(held["iat"], UTC)
    except ExpiredTokenError:
        raise SignOnRefused("expired") from None
    except InvalidClaimError as error:
        raise SignOnRefused(f"claim_{error.claim}") from None
    except (JoseError, TypeError, ValueError, AttributeError, OverflowError, OSError):
        raise SignOnRefused("claims") from None
    if made_at < expected.begun_at - LEEWAY:
        raise SignOnRefused("claim_iat")
    subject = held["sub"]
    if not subject or len(subject) > _LONGEST_SUBJECT or not subject.isprintable():
        raise SignOnRefused("claim_sub")
    return held


def _opened(token: str, keys: Sequence[Key]) -> tuple[Mapping[str, Any], dict[str, Any]]:
    from joserfc import jwt  # noqa: PLC0415  (an extra)
    from joserfc.errors import (  # noqa: PLC0415
        BadSignatureError,
        JoseError,
        UnsupportedAlgorithmError,
    )
    from joserfc.jws import JWSRegistry  # noqa: PLC0415

    registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
    try:
        opened = jwt.decode(
            token, lambda unread: _fitting(keys, unread.headers()), registry=registry
        )
    except BadSignatureError:
        raise UnknownKey("signature") from None
    except UnsupportedAlgorithmError:
        raise SignOnRefused("algorithm") from None
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise SignOnRefused("token") from None
    return opened.header, opened.claims


def _fitting(keys: Sequence[Key], header: Mapping[str, Any]) -> Any:
    """The one key that may have made the signature."""
    algorithm, name = header.get("alg"), header.get("kid")
    kind = ALGORITHMS.get(algorithm) if isinstance(algorithm, str) else None
    if kind is None:
        raise SignOnRefused("algorithm")
    found = [
        one.key
        for one in keys
        if one.key.key_type == kind
        and one.algorithm in {"", algorithm}
        and (name is None or one.name == name)
    ]
    if len(found) != 1:
        raise UnknownKey("key")
    return found[0]
