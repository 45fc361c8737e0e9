"""Settings that take one value among a few."""

from enum import StrEnum


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
