"""How the text of a variable becomes a value.

A parser raises ValueError with half a sentence in French, which ends « VARIABLE=texte : … ».
"""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit


def text(value: str) -> str:
    """The value as written."""
    return value


def path(value: str) -> Path:
    """A folder, absolute."""
    if set(value) & set("?#%"):
        raise ValueError("choisissez un dossier sans ?, # ni % dans son nom")
    try:
        return Path(value).expanduser().absolute()
    except RuntimeError:
        raise ValueError("ce compte n’a pas de dossier personnel") from None


def boolean(value: str) -> bool:
    """« oui » or « non », and their English."""
    lowered = value.lower()
    if lowered in {"1", "true", "oui", "yes"}:
        return True
    if lowered in {"0", "false", "non", "no"}:
        return False
    raise ValueError("écrivez « oui » ou « non »")


def whole(low: int, high: int) -> Callable[[str], int]:
    """A parser of whole numbers between two bounds."""

    def parse(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise ValueError(f"donnez un nombre entier de {low} à {high}")
        return int(value)

    return parse


def choice(kind: type[StrEnum]) -> Callable[[str], StrEnum]:
    """A parser of the values of `kind`."""

    def parse(value: str) -> StrEnum:
        try:
            return kind(value.lower())
        except ValueError:
            known = ", ".join(f"« {member.value} »" for member in kind)
            raise ValueError(f"les valeurs possibles sont {known}") from None

    return parse


def listed(value: str) -> tuple[str, ...]:
    """Texts between commas."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def ports(value: str) -> tuple[int, ...]:
    """Port numbers between commas."""
    parse = whole(1, 65535)
    return tuple(parse(part) for part in listed(value))


def languages(value: str) -> tuple[str, ...]:
    """Languages between commas, French first."""
    found = listed(value.lower())
    if not found or found[0] != "fr" or set(found) - {"fr", "en"} or len(set(found)) != len(found):
        raise ValueError("écrivez « fr » ou « fr,en »")
    return found


def address(value: str) -> str:
    """The root of a site: scheme and host, nothing after."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("donnez l’adresse publique complète, comme « https://savoirs.exemple.ca »")
    if parts.path not in {"", "/"}:
        raise ValueError("le portail vit à la racine de son nom d’hôte : retirez le chemin")
    return f"{parts.scheme}://{parts.netloc}"


def host_and_ports(value: str) -> tuple[str, ...]:
    """`host:port` pairs between commas."""
    found = listed(value)
    for item in found:
        host, _, port = item.rpartition(":")
        if not host or not port.isdigit():
            raise ValueError("écrivez « hôte:port », séparés par des virgules")
    return found


def email(value: str) -> str:
    """One address."""
    local, _, domain = value.rpartition("@")
    if not local or "." not in domain or any(c.isspace() for c in value):
        raise ValueError("donnez une adresse comme « savoirs@exemple.ca »")
    return value
