"""How the text of a variable becomes a value.

A parser raises ValueError with half a sentence in French, which ends « VARIABLE=texte : … ».
What holds signs that nobody sees, or is longer than anyone types, never reaches a parser.
"""

import re
import ssl
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from inters4.settings.addresses import as_host, as_port
from inters4.settings.problems import mark, system_reason

_MOST_DIGITS = 9
_LONGEST_LABEL = 60
_MAIL_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_TOKEN = re.compile(r"[!#-+\--\[\]-~]{1,200}")
_LONGEST_ADDRESS = 254


def text(value: str) -> str:
    """The value as written."""
    return value


def path(value: str) -> Path:
    """A folder, absolute."""
    if set(value) & set("?#%"):
        raise ValueError(
            mark("choisissez un dossier dont le nom n’a ni « ? », ni « # », ni pourcentage")
        )
    if "://" in value:
        raise ValueError(mark("donnez le chemin d’un dossier, non une adresse"))
    try:
        return Path(value).expanduser().absolute()
    except (RuntimeError, OSError):
        raise ValueError(mark("ce compte n’a pas de dossier personnel")) from None


def certificates(value: str) -> Path | None:
    """A file of certificates in PEM form; None when there is none."""
    if not value:
        return None
    found = path(value)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=found)
    except ssl.SSLError:
        raise ValueError(mark("ce fichier ne contient pas de certificat au format PEM")) from None
    except OSError as error:
        raise ValueError(
            mark("ce fichier ne peut pas être lu (%(reason)s)", reason=system_reason(error))
        ) from None
    return found


def secret_key(value: str) -> str:
    """A key long enough that nobody guesses it."""
    if len(value) < 32:
        raise ValueError(mark("clé trop courte, donnez au moins 32 caractères"))
    return value


def boolean(value: str) -> bool:
    """« oui » or « non », and their English."""
    lowered = value.lower()
    if lowered in {"1", "true", "oui", "yes"}:
        return True
    if lowered in {"0", "false", "non", "no"}:
        return False
    raise ValueError(mark("écrivez « oui » ou « non »"))


def whole(low: int, high: int) -> Callable[[str], int]:
    """A parser of whole numbers between two bounds."""

    def parse(value: str) -> int:
        is_number = value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS
        if not is_number or not low <= int(value) <= high:
            raise ValueError(
                mark("donnez un nombre entier de %(low)s à %(high)s", low=low, high=high)
            )
        return int(value)

    return parse


def choice(kind: type[StrEnum]) -> Callable[[str], StrEnum]:
    """A parser of the values of `kind`."""

    def parse(value: str) -> StrEnum:
        return kind(one_of(*(member.value for member in kind))(value))

    return parse


def one_of(*known: str) -> Callable[[str], str]:
    """A parser of one word among a few."""

    def parse(value: str) -> str:
        if value.lower() not in known:
            words = ", ".join(f"« {word} »" for word in known)
            raise ValueError(mark("les valeurs possibles sont %(known)s", known=words))
        return value.lower()

    return parse


def listed(value: str) -> tuple[str, ...]:
    """Texts between commas."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def ports(value: str) -> tuple[int, ...]:
    """Port numbers between commas."""
    found = tuple(as_port(part) for part in listed(value))
    if not found:
        raise ValueError(mark("donnez au moins un port"))
    return found


def languages(value: str) -> tuple[str, ...]:
    """Languages between commas, French first."""
    found = listed(value.lower())
    if not found or found[0] != "fr" or set(found) - {"fr", "en"} or len(set(found)) != len(found):
        raise ValueError(mark("écrivez « fr » ou « fr,en »"))
    return found


def host(value: str) -> str:
    """A name of machine or an IP address, alone."""
    return as_host(value)


def host_and_ports(value: str) -> tuple[str, ...]:
    """`host:port` pairs between commas."""
    found = listed(value)
    for item in found:
        name, colon, number = item.rpartition(":")
        if not colon:
            raise ValueError(mark("écrivez « hôte:port », séparés par des virgules"))
        as_host(name.removeprefix("[").removesuffix("]") if name.startswith("[") else name)
        as_port(number)
    return found


def email(value: str) -> str:
    """One address."""
    local, _, domain = value.rpartition("@")
    is_one = local and not set(local) & set(' @<>,;:"()[]\\') and len(value) <= _LONGEST_ADDRESS
    try:
        as_host(domain)
    except ValueError:
        is_one = False
    if not is_one or "." not in domain:
        raise ValueError(mark("donnez une adresse comme « savoirs@exemple.ca »"))
    return value


def email_or_nothing(value: str) -> str:
    """One address, or none."""
    return email(value) if value else ""


def mail_domains(value: str) -> tuple[str, ...]:
    """Domains of addresses between commas, or `*` alone for all of them."""
    found = listed(value.lower())
    if found == ("*",):
        return found
    if not all(map(_MAIL_DOMAIN.fullmatch, found)):
        raise ValueError(mark("écrivez des domaines comme « exemple.ca », ou « * » pour tous"))
    return found


def scopes(value: str) -> str:
    """OAuth scopes between spaces, `openid` among them."""
    found = value.split()
    if "openid" not in found or not all(map(_TOKEN.fullmatch, found)):
        raise ValueError(mark("séparez les portées par des espaces, avec « openid » parmi elles"))
    return " ".join(found)


def tokens(value: str) -> tuple[str, ...]:
    """Words of a protocol between commas."""
    found = listed(value)
    if not all(map(_TOKEN.fullmatch, found)):
        raise ValueError(mark("séparez les valeurs par des virgules, sans espace ni accent"))
    return found


def token(value: str) -> str:
    """One word of a protocol, or none."""
    if value and not _TOKEN.fullmatch(value):
        raise ValueError(mark("retirez les espaces et les accents"))
    return value


def label(value: str) -> str:
    """A few words on a button."""
    if len(value) > _LONGEST_LABEL:
        raise ValueError(mark("donnez %(most)s signes au plus", most=_LONGEST_LABEL))
    return value


def sender_name(value: str) -> str:
    """What stands before an address."""
    if "@" in value:
        raise ValueError(mark("donnez un nom, sans adresse"))
    return value
