"""Every setting of the portal, read once from `INTERS4_*` environment variables."""

from inters4.settings.addresses import is_loopback
from inters4.settings.choices import LogFormat, MailTransport, SmtpSecurity
from inters4.settings.declared import Settings, declarations
from inters4.settings.problems import Problem, SettingsError, system_reason, unwritable

__all__ = [
    "LogFormat",
    "MailTransport",
    "Problem",
    "Settings",
    "SettingsError",
    "SmtpSecurity",
    "declarations",
    "is_loopback",
    "system_reason",
    "unwritable",
]
