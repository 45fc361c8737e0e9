"""Where the portal keeps its data, listens, and is found; what it asks of the machine."""

from dataclasses import dataclass
from pathlib import Path

from inters4.settings import addresses, parsing
from inters4.settings.declared.setting import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingSettings:
    """The machine and the network."""

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
