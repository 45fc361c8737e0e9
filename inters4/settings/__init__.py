"""Every setting of the portal, read once from `INTERS4_*` environment variables."""

from inters4.settings.checks import SettingsError, unwritable
from inters4.settings.choices import LogFormat, MailTransport, SmtpSecurity
from inters4.settings.declared import Settings, declarations

__all__ = [
    "LogFormat",
    "MailTransport",
    "Settings",
    "SettingsError",
    "SmtpSecurity",
    "declarations",
    "unwritable",
]
