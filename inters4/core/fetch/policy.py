"""Where the portal may go, and how much it accepts from there."""

import re
from typing import TYPE_CHECKING

from inters4 import __version__
from inters4.core.fetch.addresses import literal
from inters4.core.fetch.errors import FetchRefused
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.settings import Settings

if TYPE_CHECKING:
    import httpx

MAX_URL_CHARS = 2_000
_DEFAULT_PORTS = {"http": 80, "https": 443}
# What parsers read in different ways has no place in an address.
_AMBIGUOUS = re.compile(r"[\x00-\x20\x7f\\]")
_CREDENTIALS = re.compile(r"[^/?#]*//[^/?#]*@")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|[0-9a-f:.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """Limits of every outgoing request.

    Attributes:
        ports: where any public host may be asked.
        allowed: exact `host:port` pairs exempt from the checks of port and address.
        connect_seconds: time to resolve and connect, each hop.
        total_seconds: wall clock of the whole fetch, redirects included.
        max_bytes: size of the body, decompressed.
        max_header_bytes: size of all headers of one answer.
        max_headers: their number.
        max_redirects: hops after the first.
        user_agent: how the portal introduces itself.
    """

    ports: frozenset[int] = frozenset({80, 443})
    allowed: frozenset[str] = frozenset()
    connect_seconds: float = 10
    total_seconds: float = 20
    max_bytes: int = 15_000_000
    max_header_bytes: int = 64_000
    max_headers: int = 200
    max_redirects: int = 5
    user_agent: str = f"InterS4/{__version__}"

    @classmethod
    def from_settings(cls, settings: Settings) -> "FetchPolicy":
        """The policy that this installation asked for."""
        return cls(
            ports=frozenset(settings.fetch_ports),
            allowed=frozenset(pair.lower() for pair in settings.fetch_allow),
            user_agent=f"InterS4/{__version__} (+{settings.url})",
        )

    def admits_privately(self, host: str, port: int) -> bool:
        """True when a setting lets the portal reach this very pair, wherever it leads."""
        shown = f"[{host}]" if ":" in host else host
        return f"{shown}:{port}" in self.allowed

    def check_url(self, written: str) -> "httpx.URL":
        """`written` parsed once for all, without its fragment.

        Raises:
            FetchRefused: anything but a plain http(s) address on an allowed port.
        """
        import httpx  # noqa: PLC0415  (slow to import, and most processes never go out)

        if len(written) > MAX_URL_CHARS or _AMBIGUOUS.search(written):
            raise FetchRefused(_("Cette adresse est mal écrite."))
        try:
            url = httpx.URL(written)
            host, port = _destination(url)
        except (httpx.InvalidURL, ValueError):
            raise FetchRefused(_("Cette adresse est mal écrite.")) from None
        if url.scheme not in _DEFAULT_PORTS:
            raise FetchRefused(_("Cette adresse doit commencer par http:// ou https://."))
        if _CREDENTIALS.match(written):
            raise FetchRefused(_("Retirez le nom d’utilisateur et le mot de passe de l’adresse."))
        if not _HOST.fullmatch(host) or ".." in host:
            raise FetchRefused(_("Cette adresse est mal écrite."))
        if port not in self.ports and not self.admits_privately(host, port):
            raise FetchRefused(
                _(
                    "Le portail ne va pas sur le port %(port)s de « %(host)s ».",
                    port=port,
                    host=host,
                ),
                code="port",
                host=host,
            )
        return url.copy_with(fragment=None, host=host)


def _destination(url: "httpx.URL") -> tuple[str, int]:
    """Host without its last dot and port of `url`.

    Raises:
        ValueError: the host is a number in disguise.
    """
    host = url.raw_host.decode("ascii").lower().removesuffix(".")
    literal(host)
    return host, _DEFAULT_PORTS.get(url.scheme, 0) if url.port is None else url.port
