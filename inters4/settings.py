"""Every setting of the portal, read once from `INTERS4_*` environment variables.

A setting is declared in one place, with its variable, its default and its help in French; the
README's table is checked against these declarations. All mistakes are reported together, because
whoever installs the portal should not discover them one at a time. No secret has a default: it is
generated on first start in the data directory, readable by its owner only.
"""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class SettingsError(Exception):
    """One or more settings are wrong; `problems` holds one French sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class MailTransport(StrEnum):
    """Where outgoing mail goes."""

    MAILDIR = "maildir"
    SMTP = "smtp"
    MEMORY = "memory"


class SmtpSecurity(StrEnum):
    """How the connection to the relay is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class LogFormat(StrEnum):
    """How log lines are written."""

    TEXT = "text"
    JSON = "json"


def _text(value: str) -> str:
    return value


def _path(value: str) -> Path:
    if set(value) & set("?#%"):
        raise ValueError("choisissez un dossier sans ?, # ni % dans son nom")
    try:
        return Path(value).expanduser().absolute()
    except RuntimeError:
        raise ValueError("ce compte n’a pas de dossier personnel") from None


def _boolean(value: str) -> bool:
    lowered = value.lower()
    if lowered in {"1", "true", "oui", "yes"}:
        return True
    if lowered in {"0", "false", "non", "no"}:
        return False
    raise ValueError("écrivez « oui » ou « non »")


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise ValueError(f"donnez un nombre entier de {low} à {high}")
        return int(value)

    return parse


def _choice(kind: type[StrEnum]) -> Callable[[str], StrEnum]:
    def parse(value: str) -> StrEnum:
        try:
            return kind(value.lower())
        except ValueError:
            known = ", ".join(f"« {member.value} »" for member in kind)
            raise ValueError(f"les valeurs possibles sont {known}") from None

    return parse


def _list(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _ports(value: str) -> tuple[int, ...]:
    parse = _whole(1, 65535)
    return tuple(parse(part) for part in _list(value))


def _languages(value: str) -> tuple[str, ...]:
    found = _list(value.lower())
    if not found or found[0] != "fr" or set(found) - {"fr", "en"} or len(set(found)) != len(found):
        raise ValueError("écrivez « fr » ou « fr,en »")
    return found


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("donnez l’adresse publique complète, comme « https://savoirs.exemple.ca »")
    if parts.path not in {"", "/"}:
        raise ValueError("le portail vit à la racine de son nom d’hôte : retirez le chemin")
    return f"{parts.scheme}://{parts.netloc}"


def _host_and_ports(value: str) -> tuple[str, ...]:
    found = _list(value)
    for item in found:
        host, _, port = item.rpartition(":")
        if not host or not port.isdigit():
            raise ValueError("écrivez « hôte:port », séparés par des virgules")
    return found


def _email(value: str) -> str:
    local, _, domain = value.rpartition("@")
    if not local or "." not in domain or any(c.isspace() for c in value):
        raise ValueError("donnez une adresse comme « savoirs@exemple.ca »")
    return value


def setting(
    variable: str, parse: Callable[[str], Any], explanation: str, *, default: str | None
) -> Any:
    """Declare one setting; `default` is written as in the environment, None when computed."""
    return field(
        metadata={
            "variable": variable,
            "parse": parse,
            "explanation": explanation,
            "default": default,
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the whole process knows of its surroundings. Build it with `from_env`."""

    data_dir: Path = setting(
        "INTERS4_DATA_DIR",
        _path,
        "Dossier des données : base, index, fichiers, courriels, secrets.",
        default="var",
    )
    host: str = setting(
        "INTERS4_HOST", _text, "Adresse sur laquelle le portail écoute.", default="127.0.0.1"
    )
    port: int = setting(
        "INTERS4_PORT",
        _whole(1, 65535),
        "Port sur lequel le portail écoute.",
        default="8000",
    )
    url: str = setting(
        "INTERS4_URL",
        _address,
        "Adresse publique, seule source des liens absolus. Par défaut, http://HÔTE:PORT.",
        default=None,
    )
    database_url: str = setting(
        "INTERS4_DATABASE_URL",
        _text,
        "Base de données : SQLite dans le dossier des données, ou postgresql+psycopg://…",
        default=None,
    )
    secret_key: str = setting(
        "INTERS4_SECRET_KEY",
        _text,
        "Clé de signature. Par défaut, créée au premier démarrage dans DONNÉES/secret_key.",
        default=None,
    )
    languages: tuple[str, ...] = setting(
        "INTERS4_LANGUAGES", _languages, "Langues offertes, le français d’abord.", default="fr,en"
    )
    search: str = setting(
        "INTERS4_SEARCH", _text, "Moteur de recherche : « whoosh-plain ».", default="whoosh-plain"
    )
    web_workers: int = setting("INTERS4_WEB_WORKERS", _whole(1, 64), "Processus web.", default="1")
    web_threads: int = setting(
        "INTERS4_WEB_THREADS", _whole(1, 64), "Fils par processus web.", default="8"
    )
    proxies: int = setting(
        "INTERS4_PROXIES",
        _whole(0, 5),
        "Nombre de serveurs mandataires de confiance devant le portail; sans eux, X-Forwarded-* "
        "est ignoré.",
        default="0",
    )
    queue_url: str = setting(
        "INTERS4_QUEUE_URL",
        _text,
        "Réveil des tâches : vide pour SQLite, ou redis://…",
        default="",
    )
    fetch_ports: tuple[int, ...] = setting(
        "INTERS4_FETCH_PORTS",
        _ports,
        "Ports où le portail peut aller chercher une page ou un flux.",
        default="80,443",
    )
    fetch_allow: tuple[str, ...] = setting(
        "INTERS4_FETCH_ALLOW",
        _host_and_ports,
        "Exceptions « hôte:port » vers des adresses privées.",
        default="",
    )
    mail: MailTransport = setting(
        "INTERS4_MAIL",
        _choice(MailTransport),
        "Transport des courriels : « maildir » (dossier DONNÉES/courriels), « smtp » ou "
        "« memory » (essais).",
        default="maildir",
    )
    mail_from: str = setting(
        "INTERS4_MAIL_FROM", _email, "Adresse d’expédition.", default="inters4@exemple.invalid"
    )
    mail_sender: str = setting("INTERS4_MAIL_SENDER", _text, "Nom d’expédition.", default="InterS4")
    smtp_host: str = setting("INTERS4_SMTP_HOST", _text, "Relais de courriel.", default="localhost")
    smtp_port: int = setting(
        "INTERS4_SMTP_PORT", _whole(1, 65535), "Port du relais.", default="587"
    )
    smtp_security: SmtpSecurity = setting(
        "INTERS4_SMTP_SECURITY",
        _choice(SmtpSecurity),
        "Protection du relais : « starttls », « tls » ou « none ».",
        default="starttls",
    )
    smtp_user: str = setting(
        "INTERS4_SMTP_USER", _text, "Compte auprès du relais, au besoin.", default=""
    )
    smtp_password: str = setting(
        "INTERS4_SMTP_PASSWORD", _text, "Mot de passe auprès du relais.", default=""
    )
    contact: str = setting(
        "INTERS4_CONTACT",
        _email,
        "Adresse de l’équipe de courtage, montrée au pied des pages.",
        default="courtage@exemple.invalid",
    )
    upload_megabytes: int = setting(
        "INTERS4_UPLOAD_MB", _whole(1, 100), "Taille maximale d’un fichier déposé.", default="10"
    )
    log_level: str = setting(
        "INTERS4_LOG_LEVEL", _text, "Journal : debug, info, warning ou error.", default="info"
    )
    log_format: LogFormat = setting(
        "INTERS4_LOG_FORMAT",
        _choice(LogFormat),
        "Lignes du journal : « text » ou « json ».",
        default="text",
    )
    allow_demo_data: bool = setting(
        "INTERS4_ALLOW_DEMO_DATA",
        _boolean,
        "Permet à « inters4 serve » d’ouvrir une base de démonstration.",
        default="non",
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read and check everything; reads no file but the secret key, and creates it if absent.

        Raises:
            SettingsError: with every mistake found, unknown `INTERS4_*` names included.
        """
        values: dict[str, Any] = {}
        declared = {item.metadata["variable"]: item for item in fields(cls)}
        problems: list[str] = [
            f"{name} n’est pas un réglage connu. La liste est dans le README."
            for name in sorted(environ)
            if name.startswith("INTERS4_") and name not in declared
        ]
        for variable, item in declared.items():
            written = environ.get(variable, "").strip() or item.metadata["default"]
            if written is None:
                continue
            try:
                values[item.name] = item.metadata["parse"](written)
            except ValueError as error:
                problems.append(f"{variable}={written} : {error}.")
        _check_together(values, problems)
        if problems:
            raise SettingsError(problems)
        values.setdefault("url", f"http://{_in_url(values['host'])}:{values['port']}")
        values.setdefault("database_url", f"sqlite:///{values['data_dir'] / 'inters4.db'}")
        if "secret_key" not in values:
            try:
                values["secret_key"] = _kept_secret(values["data_dir"] / "secret_key")
                _check_together(values, problems)
            except OSError as error:
                raise SettingsError([unwritable(values["data_dir"], error)]) from error
            if problems:
                kept = values["data_dir"] / "secret_key"
                raise SettingsError(
                    [f"{kept} est vide ou abîmé : retirez-le, une clé neuve sera créée."]
                )
        return cls(**values)

    @property
    def index_dir(self) -> Path:
        """Root of the search index."""
        return self.data_dir / "index"

    @property
    def is_served_over_tls(self) -> bool:
        """True when the public address is https: cookies and HSTS depend on it."""
        return self.url.startswith("https://")


def declarations() -> list[tuple[str, str, str]]:
    """(variable, default as written or "—", explanation) of every setting, in order."""
    return [
        (
            item.metadata["variable"],
            "—" if item.metadata["default"] is None else item.metadata["default"],
            item.metadata["explanation"],
        )
        for item in fields(Settings)
        if item.default is MISSING
    ]


def unwritable(directory: Path, error: OSError) -> str:
    """Say that `directory` cannot be written, and what to do."""
    reason = error.strerror or str(error)
    return (
        f"Impossible d’écrire dans {directory} ({reason}). Donnez à INTERS4_DATA_DIR un dossier "
        "où ce compte peut écrire."
    )


def _in_url(host: str) -> str:
    if host in {"0.0.0.0", "::"}:  # noqa: S104  (compared, not bound)
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _check_together(values: Mapping[str, Any], problems: list[str]) -> None:
    database = values.get("database_url", "sqlite://")
    if not database.startswith(("sqlite:", "postgresql+psycopg:")):
        problems.append(
            "INTERS4_DATABASE_URL doit commencer par « sqlite:/// » ou « postgresql+psycopg:// »."
        )
    if len(values.get("secret_key", "x" * 32)) < 32:
        problems.append("INTERS4_SECRET_KEY est trop courte : donnez au moins 32 caractères.")
    if values.get("log_level", "info").lower() not in {"debug", "info", "warning", "error"}:
        problems.append("INTERS4_LOG_LEVEL doit être debug, info, warning ou error.")
    if values.get("search", "whoosh-plain") != "whoosh-plain":
        problems.append("INTERS4_SEARCH doit être « whoosh-plain ».")
    if database.startswith("postgresql") and find_spec("psycopg") is None:
        problems.append(
            "PostgreSQL demande un pilote : python3 requirements/install.py runtime postgres, "
            "ou pip install inters4[postgres]."
        )
    queue = values.get("queue_url", "")
    if queue and find_spec("redis") is None:
        problems.append(
            "Redis demande une bibliothèque : python3 requirements/install.py runtime redis, "
            "ou pip install inters4[redis]."
        )
    if queue and not queue.startswith(("redis://", "rediss://")):
        problems.append("INTERS4_QUEUE_URL doit être vide ou commencer par « redis:// ».")


def _kept_secret(path: Path) -> str:
    """Read the secret of this installation, made once and readable by its owner only."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    fresh = secrets.token_urlsafe(48)
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(fresh)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, path)  # two processes starting together keep the same one
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
    return path.read_text().strip()
