"""One provider, asked by this process: where its doors are, its keys, and what a code is worth.

What it says of itself is kept an hour; a signature by a key that is not known asks for its keys
again, twice a minute at most, so that keys may change at any time. Few threads wait for a provider
at once, and one that was away is not asked again for ten seconds: its slowness stays its own.
"""

import base64
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

import structlog

from inters4.core.clock import now
from inters4.core.fetch import Fetched, Fetcher, FetchError, FetchPolicy, FetchTooLarge
from inters4.core.oidc.claims import Claims, read_claims
from inters4.core.oidc.errors import ProviderAway, SignOnRefused, UnknownKey, denied
from inters4.core.oidc.kept import Kept
from inters4.core.oidc.provider import Key, Metadata, read_json, read_keys, read_metadata
from inters4.core.oidc.tokens import Expected, read_id_token
from inters4.settings import Settings

log = structlog.get_logger(__name__)
_AT_ONCE, _TURN_SECONDS = 6, 2
_CONNECT_SECONDS, _TOTAL_SECONDS, _MOST_BYTES = 4, 8, 300_000
_LONGEST_CODE = 4_000


class Client:
    """What this installation asks of its provider. Safe to share between threads."""

    def __init__(self, settings: Settings, *, patience: float = _TOTAL_SECONDS) -> None:
        self._settings = settings
        self._fetcher = _fetcher(settings, patience=patience)
        self._turns = threading.BoundedSemaphore(_AT_ONCE)
        self._metadata = Kept[Metadata]()
        self._keys = Kept[tuple[Key, ...]]()

    def address(
        self, *, redirect_to: str, state: str, nonce: str, verifier: str, again: bool = False
    ) -> str:
        """Where the browser goes; `again` asks the person to sign in anew there.

        Raises:
            SignOnRefused: the provider does not answer, or is not the one of the settings.
        """
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # noqa: PLC0415  (an extra)
        from authlib.oauth2.rfc7636 import create_s256_code_challenge  # noqa: PLC0415

        asked = {"prompt": "login", "max_age": "0"} if again else {}
        written: str = prepare_grant_uri(
            self._known().authorization,
            self._settings.sso_client_id,
            "code",
            redirect_uri=redirect_to,
            scope=self._settings.sso_scopes,
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
            **asked,
        )
        return written

    def claims(
        self,
        answer: Mapping[str, str],
        *,
        redirect_to: str,
        nonce: str,
        verifier: str,
        begun_at: datetime,
    ) -> Claims:
        """What the provider says of who came back with `answer`, the parameters of the address.

        Raises:
            SignOnRefused: with the reason; nothing of the answer may be used.
        """
        known = self._known()
        named = answer.get("iss")
        if named is None and known.names_itself:
            raise SignOnRefused("answer_issuer")
        if named is not None and named != self._settings.sso_issuer:
            raise SignOnRefused("answer_issuer")
        if error := answer.get("error"):
            raise denied(error)
        code = answer.get("code", "")
        if not code or len(code) > _LONGEST_CODE:
            raise SignOnRefused("no_code")
        id_token, access_token = self._redeem(code, redirect_to=redirect_to, verifier=verifier)
        expected = Expected(
            issuer=self._settings.sso_issuer,
            client_id=self._settings.sso_client_id,
            nonce=nonce,
            begun_at=begun_at,
            access_token=access_token,
        )
        held = dict(self._read(id_token, expected))
        if not held.get("email") and access_token and known.userinfo:
            held.pop("email_verified", None)  # it is said of the address beside it, or of none
            held |= self._ask_more(known.userinfo, access_token, held["sub"])
        return read_claims(held, issuer=self._settings.sso_issuer)

    def check(self) -> None:
        """See that the provider is there, is the one of the settings, and has keys.

        Raises:
            SignOnRefused: with the reason.
        """
        if not self._load_keys():
            raise ProviderAway("keys")

    def _load_keys(self) -> tuple[Key, ...]:
        return read_keys(self._get(self._known().keys))

    def _known(self) -> Metadata:
        issuer = self._settings.sso_issuer
        address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        return self._metadata.get(lambda: read_metadata(self._get(address), issuer=issuer))

    def _read(self, token: str, expected: Expected) -> Mapping[str, Any]:
        keys = self._keys.get(self._load_keys)
        try:
            return read_id_token(token, keys=keys, expected=expected, at=now())
        except UnknownKey:
            if not self._keys.may_renew():
                raise
        return read_id_token(
            token, keys=self._keys.renew(self._load_keys), expected=expected, at=now()
        )

    def _redeem(self, code: str, *, redirect_to: str, verifier: str) -> tuple[str, str]:
        """The ID token and the access token that a code is worth, once."""
        known, settings = self._known(), self._settings
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_to,
            "code_verifier": verifier,
        }
        headers = {}
        if known.takes_posted_secret:
            form |= {"client_id": settings.sso_client_id, "client_secret": settings.sso_secret}
        else:
            pair = f"{quote(settings.sso_client_id, safe='')}:{quote(settings.sso_secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        answered = self._ask(known.token, form=form, headers=headers)
        found = read_json(answered.body)
        if answered.status != 200:
            error = found.get("error")
            log.warning("provider_refused_code", status=answered.status, error=str(error)[:60])
            raise SignOnRefused("code_refused")
        id_token, access_token = found.get("id_token"), found.get("access_token", "")
        if not isinstance(id_token, str) or not isinstance(access_token, str):
            raise SignOnRefused("no_token")
        return id_token, access_token

    def _ask_more(self, address: str, access_token: str, subject: str) -> Mapping[str, Any]:
        """What the provider says of the person elsewhere; only of this very person."""
        if not access_token.isascii() or not access_token.isprintable():
            raise SignOnRefused("no_token")
        answered = self._ask(address, headers={"Authorization": f"Bearer {access_token}"})
        found = read_json(answered.body) if answered.status == 200 else {}
        if found and found.get("sub") != subject:
            raise SignOnRefused("userinfo_sub")
        wanted = ("email", "email_verified", "name", "given_name", "family_name")
        return {name: found[name] for name in wanted if name in found}

    def _get(self, address: str) -> bytes:
        answered = self._ask(address)
        if answered.status != 200:
            raise ProviderAway(f"status_{answered.status}")
        return answered.body

    def _ask(
        self,
        address: str,
        *,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Fetched:
        with self._turn():
            try:
                answered = self._fetcher.ask(address, form=form, headers=headers)
            except FetchTooLarge:
                raise ProviderAway("too_large") from None
            except FetchError as error:
                log.warning("provider_away", error=error.message)
                raise ProviderAway("unreachable") from None
        if 300 <= answered.status < 400:
            raise ProviderAway("redirected")
        if answered.status >= 500:
            raise ProviderAway(f"status_{answered.status}")
        return answered

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=_TURN_SECONDS):
            raise ProviderAway("busy")
        try:
            yield
        finally:
            self._turns.release()


def _fetcher(settings: Settings, *, patience: float) -> Fetcher:
    """Goes to the provider of the settings wherever it lives, and elsewhere to public hosts."""
    parts = urlsplit(settings.sso_issuer)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = parts.hostname or ""
    own = f"{f'[{host}]' if ':' in host else host}:{port}"
    general = FetchPolicy.from_settings(settings)
    policy = FetchPolicy(
        ports=general.ports | {port},
        allowed=general.allowed | {own},
        connect_seconds=_CONNECT_SECONDS,
        total_seconds=patience,
        max_bytes=_MOST_BYTES,
        max_redirects=0,
        user_agent=general.user_agent,
    )
    if settings.sso_ca is None:
        return Fetcher(policy)
    trusted = ssl.create_default_context()
    trusted.load_verify_locations(cafile=settings.sso_ca)
    return Fetcher(policy, ssl_context=trusted)


@lru_cache(maxsize=4)
def client_of(settings: Settings) -> Client:
    """The one client of these settings in this process."""
    return Client(settings)
