"""One GET, redirects followed by hand: each hop is judged as if a person had typed it.

A service is asked once, and its redirects are not followed.

No proxy from the environment, no cookie, no credential, no connection kept: nothing of one fetch
reaches the next.
"""

import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from inters4.core.fetch.deadline import Deadline, Resolver, system_resolver
from inters4.core.fetch.decoding import ACCEPT_ENCODING, read_body
from inters4.core.fetch.errors import FetchFailed, FetchTooLarge
from inters4.core.fetch.policy import FetchPolicy
from inters4.core.i18n import _
from inters4.core.values import dataclass

if TYPE_CHECKING:
    import httpx

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, "
    "application/json;q=0.9, text/html;q=0.8, */*;q=0.5"
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back, whatever its status: 304, 404, 410, 429 or 503 are answers.

    Attributes:
        url: the address asked for.
        final_url: the address that answered.
        status: HTTP status of that answer.
        headers: its headers, names in lower case, repeated ones joined by commas.
        body: decompressed; empty unless the status is 2xx.
        permanent_redirects: addresses reached by 301 or 308 in a row from the start; the last
            is where the resource now lives.
        elapsed: seconds from start to end.
    """

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    permanent_redirects: tuple[str, ...]
    elapsed: float

    @property
    def etag(self) -> str | None:
        """To send back next time."""
        return self.headers.get("etag")

    @property
    def last_modified(self) -> str | None:
        """To send back next time."""
        return self.headers.get("last-modified")

    @property
    def content_type(self) -> str:
        """As the server names it, its parameters included; empty when it does not say."""
        return self.headers.get("content-type", "")


@cache
def _authorities() -> ssl.SSLContext:
    """Who vouches for sites: read once a process, it takes as long as a page."""
    import httpx  # noqa: PLC0415  (slow to import, and most processes never go out)

    return httpx.create_ssl_context(trust_env=False)


class Fetcher:
    """Goes out under a policy. Safe to share between threads."""

    def __init__(
        self,
        policy: FetchPolicy,
        *,
        resolve: Resolver = system_resolver,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self.policy = policy
        self._resolve = resolve
        self._ssl_context = ssl_context or _authorities()

    def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> Fetched:
        """Get `url`, unless it has not changed since `etag` or `last_modified` (then 304).

        Raises:
            FetchRefused: the portal does not go there, at whatever hop.
            FetchFailed: no whole answer; `FetchTimedOut` when time ran out.
            FetchTooLarge: headers or body pass their limit.
        """
        started = time.monotonic()
        deadline = Deadline(self.policy.total_seconds)
        headers = self._headers(etag, last_modified)
        target = self.policy.check_url(url)
        moved: list[str] = []
        all_permanent = True
        for _hop in range(self.policy.max_redirects + 1):
            with self._hop(target, headers, deadline) as response:
                following = self._following(target, response)
                if following is None:
                    return Fetched(
                        url=url,
                        final_url=str(target),
                        status=response.status_code,
                        headers=_plain(response.headers),
                        body=self._body(response),
                        permanent_redirects=tuple(moved),
                        elapsed=time.monotonic() - started,
                    )
            all_permanent = all_permanent and response.status_code in _PERMANENT
            if all_permanent:
                moved.append(str(following))
            target = following
        raise FetchFailed(_("Le site renvoie d’adresse en adresse sans fin."), code="redirects")

    def ask(
        self,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Fetched:
        """Ask a service once, by POST when there is a `form`.

        A redirect is its answer and is not followed; the body is kept whatever the status.

        Raises:
            FetchRefused: the portal does not go there.
            FetchFailed: no whole answer; `FetchTimedOut` when time ran out.
            FetchTooLarge: headers or body pass their limit.
        """
        started = time.monotonic()
        deadline = Deadline(self.policy.total_seconds)
        target = self.policy.check_url(url)
        sent = {
            "User-Agent": self.policy.user_agent,
            "Accept": "application/json",
            "Accept-Encoding": ACCEPT_ENCODING,
        } | dict(headers or {})
        with self._hop(target, sent, deadline, form=form) as response:
            return Fetched(
                url=url,
                final_url=str(target),
                status=response.status_code,
                headers=_plain(response.headers),
                body=self._whole(response),
                permanent_redirects=(),
                elapsed=time.monotonic() - started,
            )

    def _headers(self, etag: str | None, last_modified: str | None) -> dict[str, str]:
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        return {
            "User-Agent": self.policy.user_agent,
            "Accept": _ACCEPT,
            "Accept-Encoding": ACCEPT_ENCODING,
        } | {
            name: value
            for name, value in conditions.items()
            if value and value.isascii() and value.isprintable()
        }

    @contextmanager
    def _hop(
        self,
        url: "httpx.URL",
        headers: Mapping[str, str],
        deadline: Deadline,
        *,
        form: Mapping[str, str] | None = None,
    ) -> "Iterator[httpx.Response]":
        from inters4.core.fetch.transport import asked  # noqa: PLC0415  (slow, as above)

        guard = (self.policy, deadline, self._resolve)
        with asked(url, headers, guard=guard, trusts=self._ssl_context, form=form) as response:
            self._check_headers(response.headers)
            yield response

    def _check_headers(self, headers: "httpx.Headers") -> None:
        size = sum(len(name) + len(value) for name, value in headers.raw)
        if size > self.policy.max_header_bytes or len(headers.raw) > self.policy.max_headers:
            raise FetchTooLarge(_("Les en-têtes de la réponse du site sont trop longs."))

    def _following(self, url: "httpx.URL", response: "httpx.Response") -> "httpx.URL | None":
        location = response.headers.get("location")
        if response.status_code not in _REDIRECTS or not location:
            return None
        from inters4.core.fetch.transport import led_to  # noqa: PLC0415  (slow, as above)

        return self.policy.check_url(led_to(url, location))

    def _body(self, response: "httpx.Response") -> bytes:
        return self._whole(response) if response.is_success else b""

    def _whole(self, response: "httpx.Response") -> bytes:
        return read_body(
            response.iter_raw(),
            encoding=response.headers.get("content-encoding", ""),
            max_bytes=self.policy.max_bytes,
        )


def _plain(headers: "httpx.Headers") -> Mapping[str, str]:
    return MappingProxyType({name.lower(): value for name, value in headers.items()})
