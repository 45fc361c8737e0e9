"""Settings that are addresses: of the portal, the database, the queue.

Each is taken apart here and refused in French, because the libraries that would read it later
do so in English, in the middle of something, or not before the first visitor.
"""

import ipaddress
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlsplit

from inters4.settings.problems import mark

_LABEL = re.compile(r"[\w]([\w-]{0,61}[\w])?")
_LONGEST_NAME, _HIGHEST_PORT = 253, 65535


def as_host(value: str) -> str:
    """A name of machine or an IP address, without brackets, its accents kept.

    Raises:
        ValueError: in French.
    """
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        pass
    labels = value.removesuffix(".").split(".")
    is_name = len(value) <= _LONGEST_NAME and all(_LABEL.fullmatch(label) for label in labels)
    if is_name and not labels[-1].isdigit():
        try:
            in_ascii(value)
        except UnicodeError:
            pass
        else:
            return value
    raise ValueError(
        mark("donnez un nom de machine ou une adresse IP, sans « http:// », sans port ni chemin")
    )


def in_ascii(host: str) -> str:
    """`host` as it travels: accents in punycode.

    Raises:
        UnicodeError: it has no such form.
    """
    return host if host.isascii() else host.encode("idna").decode("ascii")


def as_port(value: str | int | None) -> int:
    """A port number.

    Raises:
        ValueError: in French.
    """
    text = str(value)
    if text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= _HIGHEST_PORT:
        return int(text)
    raise ValueError(mark("un port est un nombre entier de 1 à 65535"))


def site(value: str) -> str:
    """The root of a site: scheme and host, nothing after, in small letters and ASCII."""
    parts = _split(value, ("http", "https"))
    if parts is None or parts.query or parts.fragment:
        raise ValueError(
            mark("donnez l’adresse publique complète, comme « https://savoirs.exemple.ca »")
        )
    if parts.path not in {"", "/"}:
        raise ValueError(mark("le portail vit à la racine de son nom d’hôte, retirez le chemin"))
    if "@" in parts.netloc:
        raise ValueError(mark("retirez le compte et le mot de passe de l’adresse"))
    host = in_ascii(as_host(parts.hostname or "")).lower()
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{_colon_port(parts)}"


def page(value: str) -> str:
    """A page of the web, with its path."""
    parts = _split(value, ("http", "https"))
    if parts is None or any(character.isspace() for character in value):
        raise ValueError(
            mark("donnez l’adresse complète d’une page, comme « https://exemple.ca/licence »")
        )
    as_host(parts.hostname or "")
    return value


def issuer(value: str) -> str:
    """Empty, or the name of an identity provider, kept as written: it is compared letter by letter.

    HTTPS, but on this very machine.
    """
    if not value:
        return value
    parts = _split(value, ("https", "http"))
    if parts is None or not value.isascii() or parts.query or parts.fragment:
        raise ValueError(
            mark("donnez l’adresse du fournisseur, comme « https://connexion.exemple.ca »")
        )
    if "@" in parts.netloc:
        raise ValueError(mark("retirez le compte et le mot de passe de l’adresse"))
    as_host(parts.hostname or "")
    _colon_port(parts)
    if parts.scheme != "https" and not is_loopback(value):
        raise ValueError(mark("l’adresse commence par « https:// »"))
    return value


def is_loopback(address: str) -> bool:
    """True for an address of this very machine."""
    try:
        return urlsplit(address).hostname in {"127.0.0.1", "localhost", "::1"}
    except ValueError:
        return False


def database(value: str) -> str:
    """`sqlite:///FILE` or `postgresql+psycopg://…`."""
    if value.startswith("sqlite:"):
        return _sqlite(value)
    parts = _split(value, ("postgresql+psycopg",))
    if parts is None:
        raise ValueError(mark("l’adresse commence par « sqlite:/// » ou « postgresql+psycopg:// »"))
    if parts.hostname:
        as_host(parts.hostname)
    _colon_port(parts)
    if not parts.path.strip("/"):
        raise ValueError(mark("nommez la base : « postgresql+psycopg://compte:secret@hôte/base »"))
    return value


def queue(value: str) -> str:
    """Empty, or `redis://host:port/number`."""
    if not value:
        return value
    parts = _split(value, ("redis", "rediss"))
    if parts is None or not parts.hostname:
        raise ValueError(mark("laissez vide, ou donnez « redis://hôte:6379/0 »"))
    as_host(parts.hostname)
    _colon_port(parts)
    if not re.fullmatch(r"(/[0-9]{0,4})?", parts.path):
        raise ValueError(mark("le chemin est un numéro de base, comme « redis://hôte:6379/0 »"))
    if not _are_known(parse_qsl(parts.query), ("ssl_cert_reqs", "ssl_ca_certs")):
        raise ValueError(mark("seuls ssl_ca_certs et ssl_cert_reqs peuvent suivre l’adresse"))
    return value


def _sqlite(value: str) -> str:
    name, _, options = value.removeprefix("sqlite://").partition("?")
    is_file = name.startswith("/") and name not in {"/", "/:memory:"}
    if not is_file or "mode=memory" in options:
        raise ValueError(
            mark(
                "l’adresse doit nommer un fichier, comme « sqlite:////chemin/inters4.db »; une "
                "base en mémoire ne serait pas la même d’un processus à l’autre"
            )
        )
    if Path(name.removeprefix("/")).is_dir():
        raise ValueError(mark("l’adresse doit nommer un fichier, et c’est un dossier"))
    return value


def _split(value: str, schemes: Iterable[str]) -> SplitResult | None:
    """The parts of an address of one of `schemes`, None when it is nothing of the kind."""
    try:
        parts = urlsplit(value)
        is_known = parts.scheme in schemes and "://" in value and " " not in value
    except ValueError:
        return None
    return parts if is_known else None


def _colon_port(parts: SplitResult) -> str:
    try:
        port = parts.port
    except ValueError:
        port = 0
    return "" if port is None else f":{as_port(port)}"


def _are_known(pairs: Iterable[tuple[str, str]], names: tuple[str, ...]) -> bool:
    return all(name in names for name, _value in pairs)
