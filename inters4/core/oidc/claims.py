"""What a provider says of a person, as plain values: what is odd is read as nothing."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from inters4.core.oidc.errors import SignOnRefused
from inters4.core.oidc.tokens import LEEWAY
from inters4.core.values import dataclass

_LONGEST_EMAIL, _LONGEST_NAME = 254, 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Who the provider says has come.

    Attributes:
        subject: names the person at the provider, for ever.
        email: empty when it gives none.
        methods: how they signed in there, as `amr` and `acr` say.
        authenticated_at: when they last did; None when it does not say.
    """

    issuer: str
    subject: str
    email: str
    is_email_verified: bool
    name: str
    methods: frozenset[str]
    authenticated_at: datetime | None

    def is_fresh(self, since: datetime) -> bool:
        """True when the person signed in at the provider since then."""
        return self.authenticated_at is not None and self.authenticated_at >= since - LEEWAY


def read_claims(held: Mapping[str, Any], *, issuer: str) -> Claims:
    """The person of a token that was verified.

    Raises:
        SignOnRefused: the moment of their sign-in cannot be read.
    """
    amr, acr = held.get("amr"), held.get("acr")
    methods = {one for one in (amr if isinstance(amr, list) else []) if isinstance(one, str)}
    moment = held.get("auth_time")
    try:
        authenticated = datetime.fromtimestamp(moment, UTC) if moment is not None else None
    except (TypeError, ValueError, OverflowError, OSError):
        raise SignOnRefused("claim_auth_time") from None
    parts = (_text(held.get("given_name")), _text(held.get("family_name")))
    email, verified = _text(held.get("email")), held.get("email_verified")
    return Claims(
        issuer=issuer,
        subject=held["sub"],
        email=email if len(email) <= _LONGEST_EMAIL else "",
        is_email_verified=verified is True or verified == "true",  # some write it as text
        name=(_text(held.get("name")) or " ".join(filter(None, parts)))[:_LONGEST_NAME],
        methods=frozenset(methods | ({acr} if isinstance(acr, str) else set())),
        authenticated_at=authenticated,
    )


def _text(value: object) -> str:
    """A text on one line, without what nobody sees; empty for anything else."""
    found = " ".join(value.split()) if isinstance(value, str) else ""
    return found if found.isprintable() else ""
