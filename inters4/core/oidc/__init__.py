"""Signing in by OpenID Connect: what the protocol asks, and nothing of accounts.

Authorization code with PKCE, state and nonce. Authlib reads what it is good at (challenges, claims,
signed tokens); what goes out goes through `core.fetch`, as everything else does. Authlib is an
extra: it is imported when someone signs in, never at start, and so is `client`, which goes out.
"""

from inters4.core.oidc.claims import Claims
from inters4.core.oidc.errors import ProviderAway, SignOnRefused

__all__ = ["Claims", "ProviderAway", "SignOnRefused"]
