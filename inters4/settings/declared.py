"""Every setting, declared once: its variable, how it is read, its help in French, its default.

The README's table is checked against these declarations. All mistakes are reported together,
because whoever installs the portal should not discover them one at a time.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

from inters4.settings import addresses, dkim, parsing
from inters4.settings.choices import LogFormat, MailTransport, SmtpSecurity
from inters4.settings.reading import own_secret, read


def setting(
    variable: str,
    parse: Callable[[str], Any],
    explanation: str,
    *,
    default: str | None,
    is_secret: bool = False,
) -> Any:
    """Declare one setting; `default` is written as in the environment, None when computed.

    A secret is never repeated in a message, and may come from the file named by `VARIABLE_FILE`.
    """
    return field(
        metadata={
            "variable": variable,
            "parse": parse,
            "explanation": explanation,
            "default": default,
            "is_secret": is_secret,
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the whole process knows of its surroundings. Build it with `from_env`."""

    data_dir: Path = setting(
        "INTERS4_DATA_DIR",
        parsing.path,
        "Dossier des données : base, index, fichiers, courriels, secrets.",
        default="var",
    )
    host: str = setting(
        "INTERS4_HOST", parsing.host, "Adresse sur laquelle le portail écoute.", default="127.0.0.1"
    )
    port: int = setting(
        "INTERS4_PORT",
        parsing.whole(1, 65535),
        "Port sur lequel le portail écoute.",
        default="8000",
    )
    url: str = setting(
        "INTERS4_URL",
        addresses.site,
        "Adresse publique, seule source des liens absolus. Par défaut, http://HÔTE:PORT.",
        default=None,
    )
    database_url: str = setting(
        "INTERS4_DATABASE_URL",
        addresses.database,
        "Base de données : SQLite dans le dossier des données, ou postgresql+psycopg://…",
        default=None,
    )
    secret_key: str = setting(
        "INTERS4_SECRET_KEY",
        parsing.secret_key,
        "Clé de signature. Par défaut, créée au premier démarrage dans DONNÉES/secret_key.",
        default=None,
        is_secret=True,
    )
    languages: tuple[str, ...] = setting(
        "INTERS4_LANGUAGES",
        parsing.languages,
        "Langues offertes, le français d’abord.",
        default="fr,en",
    )
    command_language: str = setting(
        "INTERS4_LANG",
        parsing.one_of("fr", "en"),
        "Langue des commandes : « fr » ou « en ».",
        default="fr",
    )
    search: str = setting(
        "INTERS4_SEARCH",
        parsing.one_of("whoosh", "whoosh-plain"),
        "Moteur de recherche : « whoosh », ou « whoosh-plain », plus lent.",
        default="whoosh",
    )
    web_workers: int = setting(
        "INTERS4_WEB_WORKERS", parsing.whole(1, 64), "Processus web.", default="1"
    )
    web_threads: int = setting(
        "INTERS4_WEB_THREADS", parsing.whole(1, 64), "Fils par processus web.", default="24"
    )
    proxies: int = setting(
        "INTERS4_PROXIES",
        parsing.whole(0, 5),
        "Nombre de serveurs mandataires de confiance devant le portail; sans eux, X-Forwarded-* "
        "est ignoré.",
        default="0",
    )
    queue_url: str = setting(
        "INTERS4_QUEUE_URL",
        addresses.queue,
        "Réveil des tâches : vide pour SQLite, ou redis://…",
        default="",
        is_secret=True,
    )
    fetch_ports: tuple[int, ...] = setting(
        "INTERS4_FETCH_PORTS",
        parsing.ports,
        "Ports où le portail peut aller chercher une page ou un flux.",
        default="80,443",
    )
    fetch_allow: tuple[str, ...] = setting(
        "INTERS4_FETCH_ALLOW",
        parsing.host_and_ports,
        "Exceptions « hôte:port » vers des adresses privées.",
        default="",
    )
    mail: MailTransport = setting(
        "INTERS4_MAIL",
        parsing.choice(MailTransport),
        "Transport des courriels : « maildir » (dossier DONNÉES/courriels), « smtp » ou "
        "« memory » (essais).",
        default="maildir",
    )
    mail_from: str = setting(
        "INTERS4_MAIL_FROM",
        parsing.email,
        "Adresse d’expédition.",
        default="inters4@exemple.invalid",
    )
    mail_sender: str = setting(
        "INTERS4_MAIL_SENDER", parsing.sender_name, "Nom d’expédition.", default="InterS4"
    )
    smtp_host: str = setting(
        "INTERS4_SMTP_HOST", parsing.host, "Relais de courriel.", default="localhost"
    )
    smtp_port: int = setting(
        "INTERS4_SMTP_PORT", parsing.whole(1, 65535), "Port du relais.", default="587"
    )
    smtp_security: SmtpSecurity = setting(
        "INTERS4_SMTP_SECURITY",
        parsing.choice(SmtpSecurity),
        "Protection du relais : « starttls », « tls » ou « none ».",
        default="starttls",
    )
    smtp_user: str = setting(
        "INTERS4_SMTP_USER", parsing.text, "Compte auprès du relais, au besoin.", default=""
    )
    smtp_password: str = setting(
        "INTERS4_SMTP_PASSWORD",
        parsing.text,
        "Mot de passe auprès du relais.",
        default="",
        is_secret=True,
    )
    smtp_ca: Path | None = setting(
        "INTERS4_SMTP_CA",
        parsing.certificates,
        "Fichier PEM de l’autorité qui signe le certificat du relais, quand elle est propre à "
        "l’organisation.",
        default="",
    )
    returns: str = setting(
        "INTERS4_RETURNS",
        parsing.email_or_nothing,
        "Boîte où reviennent les infolettres non remises; ce qui suit un « + » y nomme le message. "
        "Vide : elles reviennent à l’adresse d’expédition, et rien n’est lu.",
        default="",
    )
    send_rate: int = setting(
        "INTERS4_SEND_RATE",
        parsing.whole(0, 10_000),
        "Infolettres par seconde, au plus, tous processus ensemble; 0 sans limite.",
        default="20",
    )
    send_domain_rate: int = setting(
        "INTERS4_SEND_DOMAIN_RATE",
        parsing.whole(0, 10_000),
        "Infolettres par seconde vers un même domaine, au plus, tous processus ensemble; 0 sans "
        "limite.",
        default="10",
    )
    release_alone: bool = setting(
        "INTERS4_RELEASE_ALONE",
        parsing.boolean,
        "Permet à la coordination de libérer seule, avec une raison écrite au journal et au bilan, "
        "un numéro d’infolettre que personne n’approuve; jamais à qui l’a écrit.",
        default="non",
    )
    dkim_key: Path | None = setting(
        "INTERS4_DKIM_KEY",
        dkim.private_key,
        "Fichier PEM de la clé RSA qui signe les courriels (DKIM), fermé aux autres comptes; vide, "
        "le relais signe ou personne.",
        default="",
    )
    dkim_selector: str = setting(
        "INTERS4_DKIM_SELECTOR",
        dkim.name,
        "Sélecteur sous lequel cette clé est publiée.",
        default="",
    )
    dkim_domain: str = setting(
        "INTERS4_DKIM_DOMAIN",
        dkim.name,
        "Domaine qui signe; vide, celui de INTERS4_MAIL_FROM.",
        default="",
    )
    contact: str = setting(
        "INTERS4_CONTACT",
        parsing.email,
        "Adresse de l’équipe de courtage, montrée au pied des pages.",
        default="courtage@exemple.invalid",
    )
    licence: str = setting(
        "INTERS4_LICENCE",
        parsing.label,
        "Licence sous laquelle les fiches publiées sont données, comme la page des données "
        "ouvertes l’écrit.",
        default="CC BY 4.0",
    )
    licence_url: str = setting(
        "INTERS4_LICENCE_URL",
        addresses.page,
        "Adresse du texte de cette licence.",
        default="https://creativecommons.org/licenses/by/4.0/deed.fr",
    )
    question_delay_days: int = setting(
        "INTERS4_QUESTION_DELAY_DAYS",
        parsing.whole(1, 60),
        "Délai annoncé à qui pose une question, en jours ouvrables; passé ce délai, la file la "
        "dit en retard.",
        default="5",
    )
    upload_megabytes: int = setting(
        "INTERS4_UPLOAD_MB",
        parsing.whole(1, 100),
        "Taille maximale d’un fichier déposé.",
        default="10",
    )
    second_factor: bool = setting(
        "INTERS4_SECOND_FACTOR",
        parsing.boolean,
        "Exige la validation en deux étapes de l’équipe de courtage, de la coordination et de "
        "l’administration : sans elle, leurs rôles attendent.",
        default="oui",
    )
    sso_issuer: str = setting(
        "INTERS4_SSO_ISSUER",
        addresses.issuer,
        "Fournisseur d’identité OpenID Connect de l’organisation (extra « sso ») : l’adresse "
        "« issuer », en https. Vide : on entre par mot de passe seulement.",
        default="",
    )
    sso_client_id: str = setting(
        "INTERS4_SSO_CLIENT_ID",
        parsing.token,
        "Nom du portail chez ce fournisseur.",
        default="",
    )
    sso_secret: str = setting(
        "INTERS4_SSO_SECRET",
        parsing.text,
        "Secret du portail chez ce fournisseur.",
        default="",
        is_secret=True,
    )
    sso_label: str = setting(
        "INTERS4_SSO_LABEL",
        parsing.label,
        "Ce qui suit « Continuer avec » sur le bouton; vide, « le compte de votre organisation ».",
        default="",
    )
    sso_domains: tuple[str, ...] = setting(
        "INTERS4_SSO_DOMAINS",
        parsing.mail_domains,
        "Domaines de courriel dont le fournisseur répond, ou « * » pour tous; une adresse "
        "d’ailleurs se confirme par courriel, comme sans lui.",
        default="",
    )
    sso_scopes: str = setting(
        "INTERS4_SSO_SCOPES",
        parsing.scopes,
        "Portées demandées au fournisseur.",
        default="openid email profile",
    )
    sso_second_factor: tuple[str, ...] = setting(
        "INTERS4_SSO_SECOND_FACTOR",
        parsing.tokens,
        "Valeurs de « amr » ou « acr » qui prouvent une deuxième étape chez le fournisseur, comme "
        "« mfa »; vide, celle du portail est demandée.",
        default="",
    )
    sso_ca: Path | None = setting(
        "INTERS4_SSO_CA",
        parsing.certificates,
        "Fichier PEM de l’autorité qui signe le certificat du fournisseur, quand elle est propre à "
        "l’organisation.",
        default="",
    )
    legal_form: str = setting(
        "INTERS4_LEGAL_FORM",
        parsing.one_of("public", "corporation"),
        "Ce qu’est l’organisation responsable du portail : « public » (organisme public) ou "
        "« corporation » (entreprise, OBNL); la politique de confidentialité en dépend.",
        default="public",
    )
    privacy_officer: str = setting(
        "INTERS4_PRIVACY_OFFICER",
        parsing.sender_name,
        "Nom et titre de la personne responsable de la protection des renseignements personnels.",
        default="",
    )
    privacy_email: str = setting(
        "INTERS4_PRIVACY_EMAIL",
        parsing.email_or_nothing,
        "Son adresse de courriel; sans elle, INTERS4_CONTACT.",
        default="",
    )
    log_level: str = setting(
        "INTERS4_LOG_LEVEL",
        parsing.one_of("debug", "info", "warning", "error"),
        "Journal : debug, info, warning ou error.",
        default="info",
    )
    log_format: LogFormat = setting(
        "INTERS4_LOG_FORMAT",
        parsing.choice(LogFormat),
        "Lignes du journal : « text » ou « json ».",
        default="text",
    )
    allow_demo_data: bool = setting(
        "INTERS4_ALLOW_DEMO_DATA",
        parsing.boolean,
        "Permet à « inters4 serve » d’ouvrir une base de démonstration.",
        default="non",
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read and check everything; reads no file but those of secrets.

        The signing key is created when there is none.

        Raises:
            SettingsError: with every mistake found, unknown `INTERS4_*` names included.
        """
        values = read([(item.name, item.metadata) for item in fields(cls)], environ)
        values.setdefault("url", f"http://{_in_url(values['host'])}:{values['port']}")
        values.setdefault("database_url", f"sqlite:///{values['data_dir'] / 'inters4.db'}")
        if "secret_key" not in values:
            values["secret_key"] = own_secret(values["data_dir"])
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


def _in_url(host: str) -> str:
    if host in {"0.0.0.0", "::"}:  # noqa: S104  (compared, not bound)
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
