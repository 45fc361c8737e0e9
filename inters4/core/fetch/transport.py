"""httpx over our own network: the modules that are slow to import, and that a page never needs."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpcore
import httpx

from inters4.core.fetch.deadline import Deadline, Resolver
from inters4.core.fetch.errors import FetchError, FetchFailed
from inters4.core.fetch.network import GuardedBackend
from inters4.core.fetch.policy import FetchPolicy
from inters4.core.i18n import _


@contextmanager
def asked(
    url: httpx.URL,
    headers: Mapping[str, str],
    *,
    guard: tuple[FetchPolicy, Deadline, Resolver],
    trusts: ssl.SSLContext,
    form: Mapping[str, str] | None = None,
) -> Iterator[httpx.Response]:
    """The answer of one hop, its body still to be read; by POST when there is a `form`."""
    with (
        _explained(),
        httpx.Client(
            transport=_Transport(GuardedBackend(*guard), trusts), trust_env=False
        ) as client,
        client.stream(
            "GET" if form is None else "POST", url, headers=headers, data=form, timeout=None
        ) as response,
    ):
        yield response


def led_to(url: httpx.URL, location: str) -> str:
    """Where a redirect of `url` leads.

    Raises:
        FetchFailed: nowhere that can be read.
    """
    try:
        return str(url.join(location))
    except (httpx.InvalidURL, ValueError):
        raise FetchFailed(
            _("Le site renvoie vers une adresse mal écrite."), code="redirects"
        ) from None


class _Transport(httpx.BaseTransport):
    """httpx over a pool of one connection, made by our own network."""

    def __init__(self, backend: GuardedBackend, ssl_context: ssl.SSLContext) -> None:
        self._backend = backend
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl_context,
            max_connections=1,
            max_keepalive_connections=0,
            http1=True,
            http2=False,
            network_backend=backend,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.read(),
            )
        )
        self._backend.expect_body()
        return httpx.Response(
            status_code=answer.status, headers=answer.headers, stream=_Body(answer)
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


@contextmanager
def _explained() -> Iterator[None]:
    """Let our own refusals through; say in French what the libraries found wrong."""
    try:
        yield
    except FetchError:
        raise
    except (httpcore.RemoteProtocolError, httpcore.LocalProtocolError, httpx.DecodingError):
        raise FetchFailed(_("La réponse du site n’est pas du HTTP valide."), code="http") from None
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
        raise FetchFailed(_("Le site a coupé la connexion."), code="cut") from None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        raise FetchFailed(_("La réponse du site n’est pas du HTTP valide."), code="http") from None
