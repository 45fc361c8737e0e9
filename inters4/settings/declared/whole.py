"""All the settings, read together from the environment.

The README's table is checked against the declarations, in their order: each class adds a subject to
the one before. All mistakes are reported together, because whoever installs the portal should not
discover them one at a time.
"""

import os
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path

from inters4.settings import parsing
from inters4.settings.choices import LogFormat
from inters4.settings.declared.people import PeopleSettings
from inters4.settings.declared.setting import setting
from inters4.settings.reading import own_secret, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(PeopleSettings):
    """What the whole process knows of its surroundings. Build it with `from_env`."""

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
