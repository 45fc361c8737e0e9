"""Signing in by OpenID Connect: what the protocol asks, and nothing of accounts.

Authorization code with PKCE, state and nonce. Authlib reads what it is good at (challenges, claims,
signed tokens); what goes out goes through `core.fetch`, as everything else does. Authlib is an
extra: it is imported when someone signs in, never at start.
"""

from inters4.core.oidc.client import Claims, Client, client_of
from inters4.core.oidc.errors import ProviderAway, SignOnRefused

__all__ = ["Claims", "Client", "ProviderAway", "SignOnRefused", "client_of"]
