"""Connections to checked addresses only.

A name is resolved once, each of its addresses is judged, and the socket goes to one of those
very addresses while TLS and the Host header keep the name: there is no second resolution for an
attacker to answer otherwise. A deadline rules every read, so a slow drip is cut.
"""

import queue
import socket
import ssl
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import httpcore

from inters4.core.fetch.addresses import is_public
from inters4.core.fetch.deadline import Deadline, Resolver
from inters4.core.fetch.errors import FetchFailed, FetchRefused, FetchTimedOut, FetchTooLarge
from inters4.core.fetch.policy import FetchPolicy
from inters4.core.i18n import _

_READ_AHEAD = 200_000
"""What of the body may come with the headers, in one read."""


@dataclass(slots=True)
class _Budget:
    """How many bytes may still be read.

    Before the body there are few, and a read costs `least` whatever it brings: headers that drip,
    or endless « 100 Continue », cost processor and not bytes.
    """

    left: int
    least: int = 64

    def spend(self, size: int) -> None:
        self.left -= max(size, self.least)
        if self.left < 0:
            raise FetchTooLarge(_("La réponse du site est trop longue."))


class GuardedBackend(httpcore.NetworkBackend):
    """Resolves, judges and connects on behalf of one hop."""

    def __init__(self, policy: FetchPolicy, deadline: Deadline, resolve: Resolver) -> None:
        self._policy = policy
        self._deadline = deadline
        self._resolve = resolve
        self._budget = _Budget(policy.max_header_bytes + _READ_AHEAD)

    def expect_body(self) -> None:
        """The headers are read: from now on a body may come."""
        self._budget.left = self._policy.max_bytes + 1_000_000
        self._budget.least = 1

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  (the policy knows)
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """A connection to one of the checked addresses of `host`."""
        limit = Deadline(self._deadline.remaining(self._policy.connect_seconds))
        name = host.strip("[]")
        addresses = self._addresses(name, port, limit)
        if not self._policy.admits_privately(name, port):
            for address in addresses:
                _check(name, address)
        for address in addresses[:-1]:
            try:
                return self._connect(address, port, limit.remaining() / 2)
            except OSError:
                continue
        try:
            return self._connect(addresses[-1], port, limit.remaining())
        except TimeoutError:
            raise FetchTimedOut(
                _("« %(host)s » n’accepte pas la connexion à temps.", host=name),
                code="unreachable",
                host=name,
            ) from None
        except OSError:
            raise FetchFailed(
                _("« %(host)s » n’accepte pas la connexion.", host=name),
                code="unreachable",
                host=name,
            ) from None

    def connect_unix_socket(self, *_args: Any, **_options: Any) -> httpcore.NetworkStream:
        """Never."""
        raise FetchRefused(_("Cette adresse est mal écrite."))

    def _addresses(self, host: str, port: int, limit: Deadline) -> list[str]:
        """Resolve in a thread of its own: the system's resolver knows no deadline."""
        answer: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answer.put(self._resolve(host, port))
            except (OSError, UnicodeError) as error:
                answer.put(error)

        threading.Thread(target=ask, daemon=True, name="resolve").start()
        try:
            found = answer.get(timeout=limit.remaining())
        except queue.Empty:
            raise FetchTimedOut(
                _("Le nom « %(host)s » n’est pas résolu à temps.", host=host),
                code="unresolved",
                host=host,
            ) from None
        if isinstance(found, Exception) or not found:
            raise FetchFailed(
                _("Le nom « %(host)s » est introuvable.", host=host), code="unresolved", host=host
            )
        return found

    def _connect(self, address: str, port: int, seconds: float) -> httpcore.NetworkStream:
        connection = socket.create_connection((address, port), seconds)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return _Stream(connection, self._deadline, self._budget)


def _check(host: str, address: str) -> None:
    try:
        is_fine = is_public(ip_address(address))
    except ValueError:
        is_fine = False
    if not is_fine:
        raise FetchRefused(
            _("« %(host)s » mène à un réseau privé : le portail n’y va pas.", host=host),
            code="private",
            host=host,
        )


class _Stream(httpcore.NetworkStream):
    """A socket whose every operation ends before the deadline, and reads so many bytes."""

    def __init__(self, connection: socket.socket, deadline: Deadline, budget: _Budget) -> None:
        self._socket = connection
        self._deadline = deadline
        self._budget = budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._socket.settimeout(self._deadline.remaining(timeout))
        with _told():
            data = self._socket.recv(max_bytes)
        self._budget.spend(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        view = memoryview(buffer)
        while view:
            self._socket.settimeout(self._deadline.remaining(timeout))
            with _told():
                view = view[self._socket.send(view) :]

    def close(self) -> None:
        self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        self._socket.settimeout(self._deadline.remaining(timeout))
        try:
            with _told():
                secured = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
        except BaseException:
            self.close()
            raise
        return _Stream(secured, self._deadline, self._budget)

    def get_extra_info(self, info: str) -> Any:
        return self._socket if info == "socket" else None


class _told:  # noqa: N801  (reads as a verb: with _told())
    """Turns what the system says into what a person reads."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, TimeoutError):
            raise FetchTimedOut(
                _("Le site n’a pas répondu en entier dans le temps prévu.")
            ) from error
        if isinstance(error, ssl.SSLCertVerificationError):
            raise FetchFailed(
                _("Le certificat du site n’est pas valide."), code="certificate"
            ) from error
        if isinstance(error, ssl.SSLError):
            raise FetchFailed(
                _("La connexion sécurisée au site a échoué."), code="certificate"
            ) from error
        if isinstance(error, OSError):
            raise FetchFailed(_("Le site a coupé la connexion."), code="cut") from error
